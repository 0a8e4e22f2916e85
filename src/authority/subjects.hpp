// How patterns of subjects lie to the parts of a subject: tenant, workload, and what follows.
#pragma once

#include "authority/globs.hpp"
#include "authority/issuers.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ostiary::authority {

enum class Fault : std::uint8_t {
  kNone,
  kEverything,  ///< every subject matches
  kTenant,      ///< a wildcard where the tenant stands
  kCrossing,    ///< a wildcard that reaches past the part it stands in
  kTemplate,    ///< not of the issuer's own form
};

/// Where the parts of a pattern stand, and what is wrong with it.
struct PatternView {
  Fault fault = Fault::kNone;
  bool has_tenant = false;    ///< the tenant is literal
  bool is_immutable = false;  ///< GitHub's owner@id form
};

[[nodiscard]] PatternView view_pattern(const KnownIssuer& issuer, const Glob& pattern);

/// A subject that the pattern takes and its author hardly meant: of another tenant, of another workload, or with more
/// parts than it shows.
[[nodiscard]] std::string stray_subject(const KnownIssuer& issuer, const Glob& pattern, Fault fault);

/// A subject as the author meant it.
[[nodiscard]] std::string plain_subject(const KnownIssuer& issuer, const Glob& pattern);

/// A subject of the pattern in GitHub's owner@id form; nothing when it takes none.
[[nodiscard]] std::optional<std::string> immutable_subject(const KnownIssuer& issuer, const Glob& pattern);

/// A subject of the pattern that a pull request has; nothing when it takes none.
[[nodiscard]] std::optional<std::string> pull_request_subject(const KnownIssuer& issuer, const Glob& pattern);

/// The claim `repository` of GitHub: tenant and workload alone.
[[nodiscard]] const KnownIssuer& repository_shape() noexcept;

}  // namespace ostiary::authority
