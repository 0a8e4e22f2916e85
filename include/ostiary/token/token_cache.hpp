// Tokens that were verified before need no second signature check.
#pragma once

#include <ostiary/core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace ostiary {

/// Sizes are bytes.
struct TokenCacheOptions {
  /// All the memory the cache ever holds.
  std::size_t memory_size = std::size_t{16} * 1024 * 1024;
  /// What one entry may take: the token, its payload and its Identity image, about two and a half times the token, and
  /// 80 more. Larger ones are verified every time. At least 512.
  std::uint32_t entry_size_max = 8 * 1024;
  /// At least 16 bytes that nobody can guess, such as from the operating system's random source. Whoever knows it can
  /// make tokens push each other out, and no more.
  std::string_view key{};
};

/// Counts since the cache was made. Plain data.
struct TokenCacheStatistics {
  std::uint64_t hits = 0;        ///< answered from an entry
  std::uint64_t misses = 0;      ///< no entry for this token and this verifier
  std::uint64_t expired = 0;     ///< an entry was found whose time was over; it is gone, and the answer came from it
  std::uint64_t busy = 0;        ///< another thread was in the way, and the signature was checked instead
  std::uint64_t admissions = 0;  ///< entries made
  std::uint64_t evictions = 0;   ///< entries that had to go for another, before their time was over
  std::uint64_t too_large = 0;   ///< tokens that were good and did not fit an entry
};

/// Holds what tokens proved, for TokenVerifier::verify. Share it between threads and between verifiers.
///
/// An entry answers for exactly its bytes, for verifiers with the binding of the one that made it, and while the dates
/// of the token hold: all three are asked on every hit. A token is taken in when it verified for the second time, so
/// that tokens that come once push nobody out. What did not verify leaves no trace. Who presents the token is no part
/// of an entry: sender constraints are checked again every time.
///
/// Memory is taken once, when the cache is made. Synchronised: threads wait for each other a microsecond or two at
/// most, then go on as if the cache did not know the token.
class TokenCache {
 public:
  /// Reasons: USAGE_ARGUMENT (a size too small for one entry, a key too short), NO_MEMORY.
  [[nodiscard]] static Result<std::unique_ptr<TokenCache>> make(const TokenCacheOptions& options) noexcept;

  ~TokenCache();
  TokenCache(const TokenCache&) = delete;
  TokenCache& operator=(const TokenCache&) = delete;

  /// How many entries there is room for.
  [[nodiscard]] std::size_t capacity() const noexcept;

  /// Walks the whole cache; not for the request path.
  [[nodiscard]] TokenCacheStatistics statistics() const noexcept;

  /// No later call is answered from an entry made before. Takes no time, and is needed for no rotation or revocation:
  /// those change the binding.
  void clear() noexcept;

 private:
  friend class TokenCacheParts;  // src/token
  struct Impl;
  explicit TokenCache(std::unique_ptr<Impl> impl) noexcept;

  std::unique_ptr<Impl> impl_;
};

}  // namespace ostiary
