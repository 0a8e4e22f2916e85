// The question that compiling within a boundary turns on.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/policy/gate_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary::policy {

enum class BoundaryVerdict : std::uint8_t {
  kNotProved,  ///< the budget did not suffice, or nothing can tell
  kOutside,    ///< the Gate allows what the boundary does not
  kInside,     ///< proved: whatever the Gate allows, the boundary allows
};

struct BoundaryProof {
  BoundaryVerdict verdict = BoundaryVerdict::kNotProved;
  SourcePlace place;  ///< in the Gate, of the rule that allows what is outside
  std::string why;    ///< for people, where it is not inside: an example of what is outside, or what kept from a proof
};

/// Both compile. Allocates. Pure.
[[nodiscard]] BoundaryProof prove_within(std::string_view gate_json, std::string_view boundary_json,
                                         const Limits& limits);

}  // namespace ostiary::policy
