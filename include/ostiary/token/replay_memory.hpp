// What remembers which DPoP proofs were used: a question that any shared store can answer, and a memory of fixed size
// that answers it within one process.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <span>
#include <string_view>

namespace ostiary {

/// One use of a proof that is right in every other respect. The views are borrowed during the call. Plain data.
struct ProofUse {
  std::string_view key_thumbprint;  ///< of the key that signed it (RFC 7638); whose id is meant
  std::string_view id;              ///< jti: unique among the proofs of one key only
  std::int64_t issued_at_s = 0;     ///< iat, whole seconds since 1970
  std::int64_t now_s = 0;           ///< seconds since 1970
  std::int64_t refused_from_s = 0;  ///< the first second at which the proof is too old; it may be forgotten then
};

enum class ReplayAnswer : std::uint8_t {
  kFresh,   ///< never used before; from now on it has been
  kSeen,    ///< used before
  kUnknown  ///< cannot be told: the memory is full, or the store does not answer
};

/// Remembers uses of proofs. A host with several processes or machines implements it over what they share; its answers
/// then have the time that a lookup there takes. record() is called once everything else about the proof was found
/// right, by many threads at once. It must be one step: of two calls for the same proof exactly one may be told kFresh.
class ReplayStore {
 public:
  [[nodiscard]] virtual ReplayAnswer record(const ProofUse& use) noexcept = 0;

 protected:
  ReplayStore() = default;
  ReplayStore(const ReplayStore&) = default;
  ReplayStore& operator=(const ReplayStore&) = default;
  ~ReplayStore() = default;
};

/// A ReplayStore of fixed size in memory of the caller. Synchronised: one lock, held while a few slots are looked at.
///
/// It keeps two generations of proofs. The older one is forgotten as a whole, and only when every proof in it is too
/// old to be accepted; until then a full memory answers kUnknown. It therefore never calls the same proof fresh twice,
/// whatever the clock does: what was issued no later than something forgotten is kUnknown too, which a clock that only
/// goes forward never meets as long as every use has the same window.
///
/// Proofs are told apart by 96 bits of an HMAC, so that nobody can choose where they lie; 16 bytes are kept of each.
class ReplayMemory final : public ReplayStore {
 public:
  static constexpr std::size_t kSecretSize = 32;
  static constexpr std::int64_t kNothingForgotten = std::numeric_limits<std::int64_t>::min();

  /// Bytes for a memory of at least this capacity().
  [[nodiscard]] static constexpr std::size_t size_for(std::size_t proofs) noexcept {
    return 2 * sizeof(Slot) * (proofs + proofs / 3 + 2) + alignof(Slot);
  }

  /// Takes the memory until it is destroyed, and writes all of it once. The secret is random and is copied. Proofs that
  /// were issued at `forgotten_until_s` or before are kUnknown: give the time of the start where proofs may have been
  /// used before it that are not too old yet.
  ReplayMemory(std::span<std::byte> memory, std::span<const std::byte, kSecretSize> secret,
               std::int64_t forgotten_until_s = kNothingForgotten) noexcept;
  ~ReplayMemory();
  ReplayMemory(const ReplayMemory&) = delete;
  ReplayMemory& operator=(const ReplayMemory&) = delete;

  /// As many proofs may be used within one window, that is between a use and its refused_from_s, without an answer
  /// kUnknown. 0 when the memory is too small for any.
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  [[nodiscard]] ReplayAnswer record(const ProofUse& use) noexcept override;

 private:
  struct Mark {
    std::uint64_t high = 0;
    std::uint32_t low = 0;
  };

  /// Holds a proof of its table's generation when it bears that generation's tag. Forgetting is another tag.
  struct Slot {
    std::uint64_t high;
    std::uint32_t low;
    std::uint32_t tag;
  };

  struct Generation {
    std::span<Slot> slots;
    std::uint32_t tag = 1;  // 0 is what empty slots have
    std::size_t count = 0;
    std::int64_t first_refused_from_s = 0;  // of the proof that came first
    std::int64_t last_refused_from_s = 0;   // of all
    std::int64_t last_issued_s = 0;         // of all

    [[nodiscard]] bool is_over(std::int64_t now_s) const noexcept { return count == 0 || now_s >= last_refused_from_s; }
    [[nodiscard]] std::size_t place_of(const Mark& mark) const noexcept;
    [[nodiscard]] bool holds(const Mark& mark) const noexcept;
    void add(const Mark& mark, const ProofUse& use) noexcept;
    void clear() noexcept;
  };

  [[nodiscard]] bool make_room(std::int64_t now_s) noexcept;
  void forget_older() noexcept;

  std::array<char, kSecretSize> secret_;
  std::mutex lock_;
  std::size_t capacity_ = 0;
  std::int64_t forgotten_until_s_;
  Generation newer_;
  Generation older_;
};

}  // namespace ostiary
