// The Identity that a token of given claims would give, for tests of policies: everything is asked of it but what needs
// a key.
#pragma once

#include "adapt/json.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/token_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// The members of a JSON object and others added to it, laid out as a JsonReader does. Owns its texts.
class StubClaims {
 public:
  /// Copies the object values[0] and what is below it, wherever it stood in its document.
  explicit StubClaims(std::span<const adapt::JsonValue> values);
  StubClaims(const StubClaims&) = delete;
  StubClaims& operator=(const StubClaims&) = delete;
  ~StubClaims() = default;

  [[nodiscard]] bool has(std::string_view name) const noexcept;
  /// What is added borrows until settle().
  void add_text(std::string_view name, std::string_view value);
  void add_integer(std::string_view name, std::int64_t value);

  /// Puts all names and texts into one run, as write_identity wants them; nothing may be added after.
  void settle();

  [[nodiscard]] std::span<const adapt::JsonValue> values() const noexcept { return values_; }
  [[nodiscard]] std::string_view texts() const noexcept { return texts_; }

 private:
  void add(adapt::JsonValue value);

  std::vector<adapt::JsonValue> values_;
  std::string texts_;
};

/// What is asked of the claims of a token under `policy`, asked of these; header, key and signature are taken for good.
/// Every Reason of verify_token about claims can come of it. The Identity borrows `memory`.
[[nodiscard]] Result<Identity> stub_identity(const StubClaims& claims, const TokenPolicy& policy, std::int64_t now_s,
                                             const Limits& limits, std::span<char> memory) noexcept;

}  // namespace ostiary
