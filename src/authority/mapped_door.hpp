// Asks a compiled Gate whether it maps a token to a role: the second opinion about a witness.
#pragma once

#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/policy/gate.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ostiary::authority {

/// Borrows the Gate. Confined.
class MappedDoor {
 public:
  MappedDoor(const Gate& gate, const Limits& limits);

  /// Whether the identity that these claims (a JSON object) give is good at the issuer, and meets what some mapping to
  /// the role asks of an identity.
  [[nodiscard]] bool maps(const policy::IssuerSource& issuer, std::string_view claims, std::string_view role_arn);

 private:
  const Gate& gate_;
  Limits limits_;
  std::vector<char> memory_;
};

}  // namespace ostiary::authority
