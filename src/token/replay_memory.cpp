#include "adapt/crypto.hpp"

#include <ostiary/core/memory.hpp>
#include <ostiary/token/replay_memory.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace ostiary {

namespace {

constexpr std::size_t kSlotsMax = 0xffffffffU;  // so that a place can be told by one multiplication of 64 bits

/// A hash over the id and whose it is. The length in front keeps the two apart.
std::optional<adapt::Sha256Digest> name_of(const ProofUse& use) noexcept {
  const std::uint64_t size = use.key_thumbprint.size();
  std::array<char, sizeof(size)> length;
  std::memcpy(length.data(), &size, sizeof(size));
  const std::array<std::string_view, 3> pieces{std::string_view(length.data(), length.size()), use.key_thumbprint,
                                               use.id};
  return adapt::sha256(pieces);
}

std::string_view text_of(const adapt::Sha256Digest& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

ReplayMemory::ReplayMemory(std::span<std::byte> memory, std::span<const std::byte, kSecretSize> secret,
                           std::int64_t forgotten_until_s) noexcept
    : forgotten_until_s_(forgotten_until_s) {
  std::memcpy(secret_.data(), secret.data(), secret_.size());
  const std::size_t usable = memory.size() - std::min(memory.size(), alignof(Slot) - 1);
  const std::size_t slots = std::min(usable / sizeof(Slot) / 2, kSlotsMax);
  Arena arena(memory);
  for (Generation* generation : {&newer_, &older_}) {
    Slot* const first = arena.allocate<Slot>(slots);
    if (first == nullptr) return;
    std::fill_n(first, slots, Slot{});
    generation->slots = {first, slots};
  }
  capacity_ = slots - (slots + 3) / 4;  // a quarter stays empty, which ends every search soon
}

ReplayMemory::~ReplayMemory() { adapt::erase(secret_); }

std::size_t ReplayMemory::Generation::place_of(const Mark& mark) const noexcept {
  const std::uint64_t start = (mark.high >> 32U) * slots.size() >> 32U;
  for (std::size_t place = start;; place = place + 1 == slots.size() ? 0 : place + 1) {
    const Slot& slot = slots[place];
    if (slot.tag != tag || (slot.high == mark.high && slot.low == mark.low)) return place;
  }
}

bool ReplayMemory::Generation::holds(const Mark& mark) const noexcept {
  return count > 0 && slots[place_of(mark)].tag == tag;
}

void ReplayMemory::Generation::add(const Mark& mark, const ProofUse& use) noexcept {
  slots[place_of(mark)] = {mark.high, mark.low, tag};
  if (count++ == 0) {
    first_refused_from_s = last_refused_from_s = use.refused_from_s;
    last_issued_s = use.issued_at_s;
  }
  last_refused_from_s = std::max(last_refused_from_s, use.refused_from_s);
  last_issued_s = std::max(last_issued_s, use.issued_at_s);
}

void ReplayMemory::Generation::clear() noexcept {
  count = 0;
  if (++tag != 0) return;
  std::fill(slots.begin(), slots.end(), Slot{});
  tag = 1;
}

void ReplayMemory::forget_older() noexcept {
  if (older_.count > 0) forgotten_until_s_ = std::max(forgotten_until_s_, older_.last_issued_s);
  older_.clear();
  std::swap(older_, newer_);
}

bool ReplayMemory::make_room(std::int64_t now_s) noexcept {
  const bool full = newer_.count >= capacity_;
  // Turning before the newer one is full keeps what is old from taking the room of a burst.
  const bool turn = newer_.count > 0 && (full || now_s >= newer_.first_refused_from_s);
  if (turn && older_.is_over(now_s)) forget_older();
  return newer_.count < capacity_;
}

ReplayAnswer ReplayMemory::record(const ProofUse& use) noexcept {
  const auto name = name_of(use);
  const auto keyed = name ? adapt::hmac_sha256({secret_.data(), secret_.size()}, text_of(*name)) : std::nullopt;
  if (!keyed) return ReplayAnswer::kUnknown;
  Mark mark;
  std::memcpy(&mark.high, keyed->data(), sizeof(mark.high));
  std::memcpy(&mark.low, keyed->data() + sizeof(mark.high), sizeof(mark.low));

  const std::lock_guard<std::mutex> guard(lock_);
  if (newer_.holds(mark) || older_.holds(mark)) return ReplayAnswer::kSeen;
  if (use.issued_at_s <= forgotten_until_s_ || !make_room(use.now_s)) return ReplayAnswer::kUnknown;
  newer_.add(mark, use);
  return ReplayAnswer::kFresh;
}

}  // namespace ostiary
