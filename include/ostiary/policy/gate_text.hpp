// A Gate image for people who review it: what it holds, in the words of docs/language.md.
#pragma once

#include <ostiary/policy/gate.hpp>

#include <cstdint>
#include <string>

namespace ostiary {

/// Everything the image holds, as an outline in ASCII: whose it is, issuers, origins, routes with their rules in the
/// order of evaluation, rules, role mappings. Equal images give equal texts on every platform. Bytes that are no
/// printable ASCII, and the backslash, are written \xNN. Allocates; not for the request path. Pure.
[[nodiscard]] std::string gate_text(const Gate& gate);

/// The same as JSON, for programs. Allocates. Pure.
[[nodiscard]] std::string gate_json(const Gate& gate);

/// The condition in row `predicate` of the Gate's predicates, on one line: `identity.claims.tier equals "gold"`.
/// Allocates. Pure.
[[nodiscard]] std::string condition_text(const Gate& gate, std::uint32_t predicate);

}  // namespace ostiary
