// The keys of a source, each with the time at which it dies. Times are those of KeyClock::passed_s.
#pragma once

#include "token/key_clock.hpp"

#include <ostiary/core/result.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/key_source.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace ostiary {

struct RingKey {
  std::shared_ptr<const KeySet> set;
  std::size_t index = 0;
  std::int64_t asked = 0;  ///< when the answer that holds it was asked for
  std::int64_t soft = 0;   ///< when it is wanted anew
  std::int64_t dies = 0;
  bool removed = false;  ///< no longer in the newest answer, and usable for the grace only

  [[nodiscard]] KeySet::KeyInfo info() const noexcept { return set->key(index); }
};

/// When an answer was asked for and what that makes of its keys.
struct KeyAges {
  std::int64_t asked = 0;
  std::int64_t soft = 0;
  std::int64_t dies = 0;
};

/// What becomes of keys that the newest answer no longer holds.
struct KeyGrace {
  std::int64_t now = 0;
  std::int64_t end = 0;      ///< when the last of them dies; those with a kid only
  std::size_t kept_max = 0;  ///< how many are kept
};

/// Changes are made to a copy, so that nothing is lost when memory is short. Confined.
class KeyRing {
 public:
  /// Whether there are keys of the newest answer.
  [[nodiscard]] bool usable() const noexcept;
  [[nodiscard]] bool holds(std::string_view key_id) const noexcept;
  /// The key that is wanted anew first, or nullptr. Borrows the ring.
  [[nodiscard]] const RingKey* softest() const noexcept;
  /// When the answer with the oldest keys was asked for; 0 without keys.
  [[nodiscard]] std::int64_t asked() const noexcept;

  /// Whether a key has died by `now`. It does not remove it.
  [[nodiscard]] bool any_dead(std::int64_t now) const noexcept;
  [[nodiscard]] KeyRing without_dead(std::int64_t now) const;

  /// All keys are those of `set`, besides the removed ones in their grace.
  [[nodiscard]] KeyRing with_set(std::shared_ptr<const KeySet> set, const KeyAges& ages, const KeyGrace& grace,
                                 KeyChange& change) const;

  /// The one key of `set`, which has a kid, besides the others. The oldest go when there are more than `count_max`.
  [[nodiscard]] KeyRing with_pem(std::shared_ptr<const KeySet> set, const KeyAges& ages, std::size_t count_max,
                                 KeyChange& change) const;
  [[nodiscard]] KeyRing without(std::string_view key_id, KeyChange& change) const;

  /// What readers see. Where the keys are those of `before`, its KeySet stays. Reasons: NO_MEMORY.
  [[nodiscard]] Result<std::shared_ptr<const detail::KeySnapshot>> snapshot(const KeyClock& clock,
                                                                            std::int64_t hard_age_s,
                                                                            const detail::KeySnapshot* before) const;

 private:
  [[nodiscard]] const RingKey* match(const KeySet::KeyInfo& key) const noexcept;
  [[nodiscard]] Result<std::shared_ptr<const KeySet>> joined(std::int64_t alive_at,
                                                             const std::shared_ptr<const KeySet>& before) const;

  std::vector<RingKey> keys_;
};

}  // namespace ostiary
