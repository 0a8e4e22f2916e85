// What was taken back before it expired.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace ostiary {

/// What a token says about itself that can stand on a RevocationList. A view whose data() is nullptr is absent.
struct TokenMarks {
  std::string_view issuer;                    ///< iss
  std::string_view key_id;                    ///< kid of the key that signed it
  std::string_view token_id;                  ///< jti
  std::string_view subject;                   ///< sub
  std::string_view session;                   ///< sid
  std::optional<std::int64_t> issued_at_s{};  ///< iat, whole seconds since 1970
};

/// Immutable list of revoked tokens, subjects, sessions and keys. Share it freely between threads; swap the pointer to
/// replace it. Finding takes the same time whatever the size of the list.
class RevocationList {
 public:
  /// Reads a list from strict JSON:
  ///
  ///     {"revoked": [{"iss": "https://login.example", "jti": "a1"},
  ///                  {"iss": "https://login.example", "sub": "ada", "issued_before": 1760000000},
  ///                  {"iss": "https://login.example", "sid": "s7"},
  ///                  {"iss": "https://login.example", "kid": "2024"}]}
  ///
  /// Each entry has iss, which is not empty, and exactly one of jti, sub, sid and kid; nothing else may stand anywhere.
  /// `issued_before`, seconds since 1970 from 0 to 2^53 - 1 and only beside sub, revokes the subject's tokens whose iat
  /// is smaller or absent; without it every token of the subject is revoked. A kid revokes all tokens of its key, those
  /// that do not name it too. Of several entries for one subject the one that revokes most holds. An empty list revokes
  /// nothing. Reasons, with the byte of `json`: REVOCATION_JSON, REVOCATION_LIMIT, NO_MEMORY. Allocates.
  [[nodiscard]] static Result<std::shared_ptr<const RevocationList>> from_json(std::string_view json,
                                                                               const Limits& limits = {}) noexcept;

  ~RevocationList();
  RevocationList(const RevocationList&) = delete;
  RevocationList& operator=(const RevocationList&) = delete;

  /// Entries, repeated ones counted once.
  [[nodiscard]] std::size_t size() const noexcept;

  /// Whether any entry speaks of these marks. Allocates nothing. Pure.
  [[nodiscard]] bool revokes(const TokenMarks& marks) const noexcept;

  /// A hash over the entries, whatever their order: the revocation epoch. Lists that revoke the same have the same.
  [[nodiscard]] const std::array<std::uint8_t, 32>& fingerprint() const noexcept;

 private:
  struct Impl;

  // May run out of memory by exception; from_json turns that into a Reason.
  static Result<std::shared_ptr<const RevocationList>> import(std::string_view json, const Limits& limits);

  explicit RevocationList(std::unique_ptr<Impl> impl) noexcept;

  std::unique_ptr<Impl> impl_;
};

}  // namespace ostiary
