// How the verifier asks a TokenCache, for the compiled half of this room only.
#pragma once

#include "token/token_lifetime.hpp"

#include <ostiary/core/reason.hpp>
#include <ostiary/token/token_cache.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// Stands for everything besides the token, the time and the sender that decides whether a token is good.
using TokenBinding = std::array<std::uint8_t, 32>;

/// One presentation of a token. Borrows everything.
struct CacheQuestion {
  std::string_view token;
  const TokenBinding& binding;
  std::int64_t now_s;
  std::uint64_t hash;  ///< see TokenCacheParts::hash
};

/// Memory of the caller's that an entry is copied to.
struct CacheRoom {
  std::span<char> image;
  std::span<char> payload;
};

struct CacheAnswer {
  bool found = false;
  Reason reason = Reason::kInternal;  ///< of an entry that was found: OK or a Reason of TokenLifetime::at
  std::size_t image_size = 0;         ///< with OK: what was copied
  std::size_t payload_size = 0;
};

/// What a token proved. Borrows everything.
struct CacheEntry {
  std::string_view image;
  std::string_view payload;
  TokenLifetime lifetime;
};

class TokenCacheParts {
 public:
  /// Tokens that end alike are told apart by comparing them, and only an issuer can make one that verifies: its last
  /// bytes are of the signature.
  static constexpr std::size_t kTailSize = 32;

  /// A token shorter than kTailSize has no place in the cache and no hash.
  [[nodiscard]] static bool may_hold(std::string_view token) noexcept { return token.size() >= kTailSize; }
  [[nodiscard]] static std::uint64_t hash(const TokenCache& cache, std::string_view token) noexcept;

  [[nodiscard]] static CacheAnswer find(TokenCache& cache, const CacheQuestion& question, CacheRoom room) noexcept;

  /// To be told about a token that has just verified. Takes it in when it was told before.
  static void verified(TokenCache& cache, const CacheQuestion& question, const CacheEntry& entry) noexcept;

  /// For tests: keeps everybody away from where tokens of this hash stand, as a thread does that is stopped there.
  static void hold(TokenCache& cache, std::uint64_t hash) noexcept;
  static void release(TokenCache& cache, std::uint64_t hash) noexcept;
};

}  // namespace ostiary
