#include "token/key_ring.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace ostiary {

namespace {

KeyMark mark_of(const KeySet::KeyInfo& key) {
  return {key.has_key_id, std::string(key.key_id), key.algorithm, key.thumbprint};
}

bool is_same_key(const KeySet::KeyInfo& a, const KeySet::KeyInfo& b) noexcept {
  return a.algorithm == b.algorithm && a.thumbprint == b.thumbprint;
}

/// Whether both stand for the same thing in two answers: the same kid, or without kids the same key.
bool is_counterpart(const KeySet::KeyInfo& a, const KeySet::KeyInfo& b) noexcept {
  if (a.has_key_id != b.has_key_id) return false;
  return a.has_key_id ? a.key_id == b.key_id : is_same_key(a, b);
}

bool holds_counterpart(const KeySet& set, const KeySet::KeyInfo& key) noexcept {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (is_counterpart(set.key(i), key)) return true;
  }
  return false;
}

bool has_same_keys(const std::shared_ptr<const KeySet>& a, const std::shared_ptr<const KeySet>& b) noexcept {
  return a && b && a->fingerprint() == b->fingerprint();
}

}  // namespace

bool KeyRing::usable() const noexcept {
  return std::any_of(keys_.begin(), keys_.end(), [](const RingKey& key) { return !key.removed; });
}

bool KeyRing::holds(std::string_view key_id) const noexcept {
  return std::any_of(keys_.begin(), keys_.end(), [key_id](const RingKey& key) {
    const KeySet::KeyInfo info = key.info();
    return info.has_key_id && info.key_id == key_id;
  });
}

const RingKey* KeyRing::softest() const noexcept {
  const RingKey* softest = nullptr;
  for (const RingKey& key : keys_) {
    if (!key.removed && (softest == nullptr || key.soft < softest->soft)) softest = &key;
  }
  return softest;
}

std::int64_t KeyRing::asked() const noexcept {
  const RingKey* oldest = nullptr;
  for (const RingKey& key : keys_) {
    if (!key.removed && (oldest == nullptr || key.asked < oldest->asked)) oldest = &key;
  }
  return oldest != nullptr ? oldest->asked : 0;
}

bool KeyRing::any_dead(std::int64_t now) const noexcept {
  return std::any_of(keys_.begin(), keys_.end(), [now](const RingKey& key) { return key.dies <= now; });
}

KeyRing KeyRing::without_dead(std::int64_t now) const {
  KeyRing alive(*this);
  std::erase_if(alive.keys_, [now](const RingKey& key) { return key.dies <= now; });
  return alive;
}

const RingKey* KeyRing::match(const KeySet::KeyInfo& key) const noexcept {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&key](const RingKey& held) {
    return !held.removed && is_counterpart(held.info(), key);
  });
  return found != keys_.end() ? &*found : nullptr;
}

KeyRing KeyRing::with_set(std::shared_ptr<const KeySet> set, const KeyAges& ages, const KeyGrace& grace,
                          KeyChange& change) const {
  if (const RingKey* now = softest(); now != nullptr && has_same_keys(now->set, set)) set = now->set;
  KeyRing ring;
  for (std::size_t i = 0; i < set->size(); ++i) {
    const KeySet::KeyInfo key = set->key(i);
    const RingKey* before = match(key);
    if (before == nullptr) change.added.push_back(mark_of(key));
    if (before != nullptr && !is_same_key(before->info(), key)) change.replaced.push_back(mark_of(key));
    ring.keys_.push_back({set, i, ages.asked, ages.soft, ages.dies, false});
  }
  for (const RingKey& before : keys_) {
    const KeySet::KeyInfo key = before.info();
    if (holds_counterpart(*set, key)) continue;
    if (!before.removed) change.removed.push_back(mark_of(key));
    RingKey kept = before;
    if (!before.removed) kept.dies = std::min(before.dies, grace.end);
    kept.removed = true;
    // Without a kid it would make tokens of the newer key ambiguous.
    const bool stays = kept.dies > grace.now && key.has_key_id && ring.keys_.size() < set->size() + grace.kept_max;
    if (stays) ring.keys_.push_back(std::move(kept));
  }
  return ring;
}

KeyRing KeyRing::with_pem(std::shared_ptr<const KeySet> set, const KeyAges& ages, std::size_t count_max,
                          KeyChange& change) const {
  KeyRing ring(*this);
  const KeySet::KeyInfo key = set->key(0);
  if (const RingKey* before = match(key)) {
    if (!is_same_key(before->info(), key)) change.replaced.push_back(mark_of(key));
    if (has_same_keys(before->set, set)) set = before->set;
    ring.keys_[static_cast<std::size_t>(before - keys_.data())] = {std::move(set), 0,         ages.asked,
                                                                   ages.soft,      ages.dies, false};
    return ring;
  }
  change.added.push_back(mark_of(key));
  ring.keys_.push_back({std::move(set), 0, ages.asked, ages.soft, ages.dies, false});
  while (ring.keys_.size() > count_max) {
    const auto oldest = std::min_element(ring.keys_.begin(), ring.keys_.end(),
                                         [](const RingKey& a, const RingKey& b) { return a.asked < b.asked; });
    change.removed.push_back(mark_of(oldest->info()));
    ring.keys_.erase(oldest);
  }
  return ring;
}

KeyRing KeyRing::without(std::string_view key_id, KeyChange& change) const {
  KeyRing ring;
  for (const RingKey& key : keys_) {
    if (key.info().has_key_id && key.info().key_id == key_id) {
      change.removed.push_back(mark_of(key.info()));
    } else {
      ring.keys_.push_back(key);
    }
  }
  return ring;
}

/// The keys that are alive at `alive_at` as one set; nothing when there are none.
Result<std::shared_ptr<const KeySet>> KeyRing::joined(std::int64_t alive_at,
                                                      const std::shared_ptr<const KeySet>& before) const {
  std::vector<KeySet::KeyPlace> places;
  const RingKey* first = nullptr;
  bool one_set = true;
  for (const RingKey& key : keys_) {
    if (key.dies <= alive_at) continue;
    if (first == nullptr) first = &key;
    one_set = one_set && key.set == first->set;
    places.push_back({key.set.get(), key.index});
  }
  if (first == nullptr) return std::shared_ptr<const KeySet>();
  // Keys of one answer live and die together, so these are all of it.
  if (one_set && places.size() == first->set->size()) return first->set;
  Result<std::shared_ptr<const KeySet>> set = KeySet::selected(places);
  if (set && has_same_keys(*set, before)) return before;
  return set;
}

Result<std::shared_ptr<const detail::KeySnapshot>> KeyRing::snapshot(const KeyClock& clock, std::int64_t hard_age_s,
                                                                     const detail::KeySnapshot* before) const {
  if (keys_.empty()) return std::shared_ptr<const detail::KeySnapshot>();
  const auto [first, last] = std::minmax_element(keys_.begin(), keys_.end(),
                                                 [](const RingKey& a, const RingKey& b) { return a.dies < b.dies; });
  const auto made = std::make_shared<detail::KeySnapshot>();
  const std::shared_ptr<const KeySet> none;
  Result<std::shared_ptr<const KeySet>> all = joined(clock.passed_s(), before != nullptr ? before->keys : none);
  if (!all) return all.error();
  made->keys = *all;
  made->until_s = clock.wall_s(first->dies);
  made->from_s = clock.wall_s(clock.passed_s()) - hard_age_s;
  if (last->dies > first->dies) {
    Result<std::shared_ptr<const KeySet>> later = joined(last->dies - 1, before != nullptr ? before->later_keys : none);
    if (!later) return later.error();
    made->later_keys = *later;
    made->later_until_s = clock.wall_s(last->dies);
  }
  return std::shared_ptr<const detail::KeySnapshot>(made);
}

}  // namespace ostiary
