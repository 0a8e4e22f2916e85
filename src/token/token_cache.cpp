#include "adapt/crypto.hpp"
#include "token/token_cache_parts.hpp"

#include <ostiary/core/sip_hash.hpp>
#include <ostiary/token/token_cache.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <iterator>
#include <new>
#include <type_traits>
#include <utility>

namespace ostiary {

namespace {

constexpr std::size_t kKeySizeMin = 16;
constexpr std::uint32_t kEntrySizeMin = 512;
constexpr unsigned kWays = 8;
constexpr unsigned kAllWays = (1U << kWays) - 1;
constexpr std::size_t kLine = 64;

// A holder copies a few kilobytes. One that has lost its processor meanwhile is not waited for: checking the signature
// takes less time than it will be gone.
constexpr int kLockTries = 100;

/// Tokens that verified once, for each set. The more of them, the longer a token may take to come again.
constexpr std::size_t kSeenCount = 32;

using Counter = std::atomic<std::uint64_t>;

void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

/// By the holder of the lock, so that no other thread adds at the same time.
void add_locked(Counter& counter) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void add(Counter& counter) noexcept { counter.fetch_add(1, std::memory_order_relaxed); }

/// The half of the hash that does not say in which set the token stands.
std::uint32_t tag_of(std::uint64_t hash) noexcept { return static_cast<std::uint32_t>(hash) | 1U; }

bool is_over(Reason reason) noexcept { return reason == Reason::kTokenExpired || reason == Reason::kTokenTooOld; }

/// What precedes the bytes of an entry: token, image, payload.
struct EntryHead {
  TokenBinding binding;
  TokenLifetime lifetime;
  std::uint32_t token_size;
  std::uint32_t image_size;
  std::uint32_t payload_size;
  std::uint32_t reserved;
};
static_assert(sizeof(EntryHead) == 72 && std::is_trivially_copyable_v<EntryHead>);

/// Where eight entries stand, behind one lock. A hit needs the first line only.
struct alignas(kLine) Set {
  std::atomic<bool> locked{false};
  std::uint8_t used = 0;        ///< bit n: way n holds an entry
  std::uint8_t referenced = 0;  ///< bit n: way n had a hit since the last reset
  std::uint8_t hand = 0;        ///< the way to give up next
  std::uint32_t epoch = 0;
  std::uint32_t tags[kWays] = {};
  Counter hits{0};
  Counter misses{0};
  std::uint8_t seen_next = 0;

  alignas(kLine) std::uint32_t seen[kSeenCount] = {};  ///< a ring of tags; 0: none

  Counter expired{0};
  Counter busy{0};
  Counter admissions{0};
  Counter evictions{0};
  Counter too_large{0};

  [[nodiscard]] bool lock() noexcept {
    for (int tries = 0; tries < kLockTries; ++tries) {
      if (!locked.exchange(true, std::memory_order_acquire)) return true;
      pause();
    }
    add(busy);
    return false;
  }
  void unlock() noexcept { locked.store(false, std::memory_order_release); }

  [[nodiscard]] bool holds(unsigned way) const noexcept { return (used >> way & 1U) != 0; }

  void drop(unsigned way) noexcept {
    used = static_cast<std::uint8_t>(used & ~(1U << way));
    referenced = static_cast<std::uint8_t>(referenced & ~(1U << way));
  }

  void forget_all(std::uint32_t now) noexcept {
    used = 0;
    referenced = 0;
    std::fill(std::begin(seen), std::end(seen), 0U);
    epoch = now;
  }

  /// The ways that may hold a token of this tag, one bit each.
  [[nodiscard]] unsigned candidates(std::uint32_t tag) const noexcept {
    unsigned same = 0;
    for (unsigned way = 0; way < kWays; ++way) same |= (tags[way] == tag ? 1U : 0U) << way;
    return same & used;
  }

  /// Whether this tag was noted before; it is now.
  [[nodiscard]] bool note(std::uint32_t tag) noexcept {
    if (std::find(std::begin(seen), std::end(seen), tag) != std::end(seen)) return true;
    seen[seen_next] = tag;
    seen_next = static_cast<std::uint8_t>((seen_next + 1U) % kSeenCount);
    return false;
  }
};
static_assert(sizeof(Set) == 4 * kLine);

struct alignas(kLine) Line {
  std::byte bytes[kLine];
};

}  // namespace

struct TokenCache::Impl {
  SipKey key;
  std::atomic<std::uint32_t> epoch{0};
  std::uint32_t set_count = 0;
  std::uint32_t entry_size_max = 0;
  std::size_t entry_lines = 0;
  std::unique_ptr<Set[]> sets;
  std::unique_ptr<Line[]> lines;  ///< touched only where entries come to stand

  [[nodiscard]] bool take_memory(const TokenCacheOptions& options) noexcept;
  [[nodiscard]] Set& set_of(std::uint64_t hash) noexcept {
    return sets[static_cast<std::size_t>((hash >> 32) * set_count >> 32)];
  }
  [[nodiscard]] bool lock(Set& set) noexcept;
  [[nodiscard]] EntryHead& head(const Set& set, unsigned way) noexcept {
    const auto index = static_cast<std::size_t>(&set - sets.get()) * kWays + way;
    return *reinterpret_cast<EntryHead*>(lines[index * entry_lines].bytes);
  }
  [[nodiscard]] static char* bytes(EntryHead& head) noexcept {
    return reinterpret_cast<char*>(&head) + sizeof(EntryHead);
  }
  [[nodiscard]] unsigned find_way(Set& set, const CacheQuestion& question) noexcept;
  [[nodiscard]] CacheAnswer answer(Set& set, unsigned way, const CacheQuestion& question, CacheRoom room) noexcept;
  void consider(Set& set, const CacheQuestion& question, const CacheEntry& entry) noexcept;
  [[nodiscard]] unsigned make_way(Set& set, const CacheQuestion& question) noexcept;
  void write(Set& set, unsigned way, const CacheQuestion& question, const CacheEntry& entry) noexcept;
};

// Entries stand an odd number of lines apart, or their beginnings would compete for the same places of the processor's
// caches.
bool TokenCache::Impl::take_memory(const TokenCacheOptions& options) noexcept {
  entry_size_max = options.entry_size_max;
  entry_lines = ((std::size_t{entry_size_max} + kLine - 1) / kLine) | 1U;
  const std::size_t set_size = sizeof(Set) + kWays * entry_lines * kLine;
  set_count = static_cast<std::uint32_t>(std::min<std::size_t>(options.memory_size / set_size, UINT32_MAX));
  sets.reset(new (std::nothrow) Set[set_count]);
  lines.reset(new (std::nothrow) Line[std::size_t{set_count} * kWays * entry_lines]);
  return sets != nullptr && lines != nullptr;
}

bool TokenCache::Impl::lock(Set& set) noexcept {
  if (!set.lock()) return false;
  const std::uint32_t now = epoch.load(std::memory_order_relaxed);
  if (set.epoch != now) set.forget_all(now);
  return true;
}

/// kWays when there is none.
unsigned TokenCache::Impl::find_way(Set& set, const CacheQuestion& question) noexcept {
  for (unsigned left = set.candidates(tag_of(question.hash)); left != 0; left &= left - 1) {
    const auto way = static_cast<unsigned>(std::countr_zero(left));
    EntryHead& entry = head(set, way);
    if (entry.token_size == question.token.size() && entry.binding == question.binding &&
        std::memcmp(bytes(entry), question.token.data(), entry.token_size) == 0) {
      return way;
    }
  }
  return kWays;
}

CacheAnswer TokenCache::Impl::answer(Set& set, unsigned way, const CacheQuestion& question, CacheRoom room) noexcept {
  EntryHead& entry = head(set, way);
  CacheAnswer answer{true, entry.lifetime.at(question.now_s), entry.image_size, entry.payload_size};
  if (is_over(answer.reason)) {
    set.drop(way);
    add_locked(set.expired);
    return answer;
  }
  if (entry.image_size > room.image.size() || entry.payload_size > room.payload.size()) return {};
  set.referenced = static_cast<std::uint8_t>(set.referenced | 1U << way);
  add_locked(set.hits);
  if (answer.reason != Reason::kOk) return answer;
  const char* const image = bytes(entry) + entry.token_size;
  std::memcpy(room.image.data(), image, entry.image_size);
  std::memcpy(room.payload.data(), image + entry.image_size, entry.payload_size);
  return answer;
}

// An entry of another binding is in use only when another verifier shares the cache; mostly it is left from before a
// rotation. Those in use of either kind stay, but such an entry has to show it again before the next one is made.
unsigned TokenCache::Impl::make_way(Set& set, const CacheQuestion& question) noexcept {
  unsigned foreign = 0;
  for (unsigned way = 0; way < kWays; ++way) {
    EntryHead& entry = head(set, way);
    if (!set.holds(way) || is_over(entry.lifetime.at(question.now_s))) return way;
    if (entry.binding != question.binding) foreign |= 1U << way;
  }
  add_locked(set.evictions);
  const unsigned idle = kAllWays & ~unsigned{set.referenced};
  unsigned choice = (idle & foreign) != 0 ? idle & foreign : idle;
  set.referenced = static_cast<std::uint8_t>(set.referenced & ~foreign);
  if (choice == 0) {
    set.referenced = 0;
    choice = foreign != 0 ? foreign : kAllWays;
  }
  unsigned way = set.hand;
  while ((choice >> way & 1U) == 0) way = (way + 1) % kWays;
  set.hand = static_cast<std::uint8_t>((way + 1) % kWays);
  return way;
}

void TokenCache::Impl::write(Set& set, unsigned way, const CacheQuestion& question, const CacheEntry& entry) noexcept {
  set.drop(way);
  EntryHead& made = head(set, way);
  made = {question.binding,
          entry.lifetime,
          static_cast<std::uint32_t>(question.token.size()),
          static_cast<std::uint32_t>(entry.image.size()),
          static_cast<std::uint32_t>(entry.payload.size()),
          0};
  char* place = bytes(made);
  for (const std::string_view part : {question.token, entry.image, entry.payload}) {
    std::memcpy(place, part.data(), part.size());
    place += part.size();
  }
  set.tags[way] = tag_of(question.hash);
  set.used = static_cast<std::uint8_t>(set.used | 1U << way);
}

void TokenCache::Impl::consider(Set& set, const CacheQuestion& question, const CacheEntry& entry) noexcept {
  const std::uint32_t tag = tag_of(question.hash);
  const bool known = set.note(tag) || set.candidates(tag) != 0;
  // Two threads may have verified the same token at the same time.
  if (!known || find_way(set, question) != kWays) return;
  write(set, make_way(set, question), question, entry);
  add_locked(set.admissions);
}

TokenCache::TokenCache(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
TokenCache::~TokenCache() = default;

Result<std::unique_ptr<TokenCache>> TokenCache::make(const TokenCacheOptions& options) noexcept {
  if (options.key.size() < kKeySizeMin || options.entry_size_max < kEntrySizeMin) return Reason::kUsageArgument;
  std::unique_ptr<Impl> impl(new (std::nothrow) Impl);
  const auto digest = adapt::sha256(options.key);
  if (!impl || !digest || !impl->take_memory(options)) return Reason::kNoMemory;
  if (impl->set_count == 0) return Reason::kUsageArgument;
  impl->key = SipKey::from(digest->data());
  std::unique_ptr<TokenCache> cache(new (std::nothrow) TokenCache(std::move(impl)));
  if (!cache) return Reason::kNoMemory;
  return cache;
}

std::size_t TokenCache::capacity() const noexcept { return std::size_t{impl_->set_count} * kWays; }

TokenCacheStatistics TokenCache::statistics() const noexcept {
  TokenCacheStatistics sum;
  const auto read = [](const Counter& counter) { return counter.load(std::memory_order_relaxed); };
  for (std::size_t i = 0; i < impl_->set_count; ++i) {
    const Set& set = impl_->sets[i];
    sum.hits += read(set.hits);
    sum.misses += read(set.misses);
    sum.expired += read(set.expired);
    sum.busy += read(set.busy);
    sum.admissions += read(set.admissions);
    sum.evictions += read(set.evictions);
    sum.too_large += read(set.too_large);
  }
  return sum;
}

void TokenCache::clear() noexcept { impl_->epoch.fetch_add(1, std::memory_order_relaxed); }

std::uint64_t TokenCacheParts::hash(const TokenCache& cache, std::string_view token) noexcept {
  char text[kTailSize + sizeof(std::uint32_t)];
  const auto size = static_cast<std::uint32_t>(token.size());
  std::memcpy(text, token.data() + (token.size() - kTailSize), kTailSize);
  std::memcpy(text + kTailSize, &size, sizeof size);
  return sip_hash(cache.impl_->key, {text, sizeof text});
}

CacheAnswer TokenCacheParts::find(TokenCache& cache, const CacheQuestion& question, CacheRoom room) noexcept {
  TokenCache::Impl& impl = *cache.impl_;
  Set& set = impl.set_of(question.hash);
  if (!impl.lock(set)) return {};
  CacheAnswer answer;
  const unsigned way = impl.find_way(set, question);
  if (way != kWays) answer = impl.answer(set, way, question, room);
  if (!answer.found) add_locked(set.misses);
  set.unlock();
  return answer;
}

void TokenCacheParts::verified(TokenCache& cache, const CacheQuestion& question, const CacheEntry& entry) noexcept {
  TokenCache::Impl& impl = *cache.impl_;
  Set& set = impl.set_of(question.hash);
  const std::size_t size = sizeof(EntryHead) + question.token.size() + entry.image.size() + entry.payload.size();
  if (size > impl.entry_size_max) return add(set.too_large);
  if (!impl.lock(set)) return;
  impl.consider(set, question, entry);
  set.unlock();
}

void TokenCacheParts::hold(TokenCache& cache, std::uint64_t hash) noexcept {
  while (!cache.impl_->set_of(hash).lock()) {
  }
}

void TokenCacheParts::release(TokenCache& cache, std::uint64_t hash) noexcept { cache.impl_->set_of(hash).unlock(); }

}  // namespace ostiary
