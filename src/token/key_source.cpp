#include "token/fetch_plan.hpp"
#include "token/fetch_uri.hpp"
#include "token/key_clock.hpp"
#include "token/key_ring.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/token/discovery.hpp>
#include <ostiary/token/key_source.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <span>
#include <utility>

namespace ostiary {

namespace {

using Cell = SnapshotCell<detail::KeySnapshot>;

// A kid becomes a segment of a path: nothing that could end it, leave it or be decoded in it.
constexpr std::size_t kPathKeyIdSizeMax = 64;
constexpr std::uint32_t kAgeMax_s = 10 * 366 * 24 * 3600;

bool is_path_key_id(std::string_view key_id) noexcept {
  return !key_id.empty() && key_id.size() <= kPathKeyIdSizeMax &&
         std::all_of(key_id.begin(), key_id.end(), [](char c) { return is_alpha(c) || is_digit(c) || c == '-'; });
}

bool ages_are_consistent(const KeySourceOptions& options) noexcept {
  for (const std::uint32_t age : {options.soft_age_min_s, options.soft_age_s, options.soft_age_max_s,
                                  options.hard_age_s, options.unknown_key_cooldown_s, options.retry_min_s,
                                  options.retry_max_s, options.fetch_timeout_s, options.discovery_age_s}) {
    if (age == 0 || age > kAgeMax_s) return false;
  }
  return options.soft_age_min_s <= options.soft_age_s && options.soft_age_s <= options.soft_age_max_s &&
         options.soft_age_max_s <= options.hard_age_s && options.retry_min_s <= options.retry_max_s &&
         options.fetch_timeout_s < options.hard_age_s && options.fetch_timeout_s < options.discovery_age_s &&
         options.removed_key_grace_s <= options.hard_age_s;
}

/// The URI to begin with. Reasons: USAGE_ARGUMENT.
Result<std::string> first_uri(const KeySourceOptions& options) {
  const DiscoveryOptions how{options.allow_loopback_http};
  if (options.issuer.empty() || options.issuer.size() > options.limits.fetch_uri_size_max)
    return Reason::kUsageArgument;
  if (options.kind == KeySourceKind::kDiscovery) {
    Result<std::string> usual = discovery_uri(options.issuer, DiscoveryPlace::kOpenId, how, options.limits);
    if (!usual || options.uri.data() == nullptr) return usual;
  }
  const bool pem = options.kind == KeySourceKind::kPemByKeyId;
  const bool good = options.uri.size() <= options.limits.fetch_uri_size_max &&
                    is_fetch_uri(options.uri, options.allow_loopback_http) &&
                    (!pem || (options.uri.back() == '/' && options.uri.find('?') == std::string_view::npos));
  if (!good) return Reason::kUsageArgument;
  return std::string(options.uri);
}

bool counts_are_consistent(const KeySourceOptions& options) noexcept {
  return options.pem_key_count_max > 0 && options.pem_key_count_max <= options.limits.key_count_max;
}

/// Runs what may run out of memory by exception.
template <typename Answer, typename Work>
Answer guarded(Answer without_memory, const Work& work) noexcept {
#if defined(__cpp_exceptions)
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return without_memory;
  }
#else
  static_cast<void>(without_memory);
  return work();
#endif
}

}  // namespace

/// Joins clock, plan and ring. Every function that is not noexcept may run out of memory; then what readers see is as
/// it was.
struct KeySource::Impl {
  Impl(const KeySourceOptions& options, std::string first)
      : options_(options),
        issuer_(options.issuer),
        uri_(std::move(first)),
        plan_({options.kind, options.unknown_key_cooldown_s, options.retry_min_s, options.retry_max_s,
               options.fetch_timeout_s, options.discovery_age_s}) {
    options_.issuer = issuer_;
    options_.uri = uri_;
    plan_.reserve(options.limits.key_id_size_max);
  }

  // --- what happens by time alone ---

  void tell(std::int64_t now_s, Cell& cell) {
    if (clock_.tell(now_s)) unpublished_ = true;
    if (plan_.timed_out(now())) lost(Reason::kKeysNotFound);
    if (ring_.any_dead(now())) {
      KeyRing alive = ring_.without_dead(now());
      if (ring_.usable() && !alive.usable()) died_ = now();
      ring_ = std::move(alive);
      unpublished_ = true;
    }
    if (unpublished_) static_cast<void>(publish(ring_, cell));
  }

  // --- what the host asks ---

  [[nodiscard]] std::optional<FetchWanted> wanted() {
    const std::optional<FetchPlan::Offer> offer = plan_.offer(needs());
    if (!offer) return std::nullopt;
    return FetchWanted{offer->ticket, offer->fetch.kind,   offer->fetch.reason, clock_.wall_s(offer->fetch.due),
                       issuer_,       uri_of(offer->fetch)};
  }

  [[nodiscard]] Reason begin(std::uint64_t ticket) {
    if (!plan_.begin(ticket, needs(), now())) return Reason::kKeySourceTicket;
    ++status_.fetches;
    return Reason::kOk;
  }

  [[nodiscard]] Result<KeyChange> complete(std::uint64_t ticket, std::string_view body,
                                           std::optional<std::int64_t> lifetime_s, Cell& cell) {
    const FetchPlan::Flight* flight = plan_.flight(ticket);
    if (flight == nullptr) return Reason::kKeySourceTicket;
    Result<KeyChange> change = take(*flight, body, ages_of(*flight, lifetime_s), cell);
    if (!change) {
      lost(change.reason());
      return change;
    }
    if (flight->fetch.kind == FetchKind::kDiscovery) {
      plan_.discovered(now());
    } else {
      plan_.succeeded();
    }
    answered(*change);
    return change;
  }

  [[nodiscard]] Reason fail(std::uint64_t ticket, FetchFailure failure, Cell& cell) {
    const FetchPlan::Flight* flight = plan_.flight(ticket);
    if (flight == nullptr) return Reason::kKeySourceTicket;
    if (failure == FetchFailure::kUnreachable || flight->fetch.kind != FetchKind::kPem) {
      lost(Reason::kKeysNotFound);
      return Reason::kOk;
    }
    KeyChange change;
    KeyRing ring = ring_.without(flight->fetch.key_id, change);
    if (const Reason reason = commit(std::move(ring), cell); reason != Reason::kOk) return reason;
    plan_.succeeded();
    answered(change);
    status_.last_error = Reason::kKeysNotFound;
    return Reason::kOk;
  }

  [[nodiscard]] KeySourceStatus status() const noexcept {
    KeySourceStatus status = status_;
    status.usable = ring_.usable();
    status.under_way = plan_.under_way();
    status.age_s = status.usable ? now() - ring_.asked() : 0;
    status.failures = plan_.failures();
    status.unknown_keys = unknown_keys_.load(std::memory_order_relaxed);
    return status;
  }

  // --- what verifying threads report ---

  bool unknown_key(std::string_view key_id) noexcept {
    const bool pem = options_.kind == KeySourceKind::kPemByKeyId;
    if (plan_.unknown_reported() || key_id.size() > options_.limits.key_id_size_max) return false;
    if (pem ? !is_path_key_id(key_id) : !ring_.usable()) return false;
    if (key_id.data() != nullptr && ring_.holds(key_id)) return false;
    plan_.report_unknown(key_id, now());
    return true;
  }

  std::mutex mutex_;
  std::atomic<bool> unknown_pending_{false};  ///< follows the plan, so that a flood need not take the lock
  std::atomic<std::uint64_t> unknown_keys_{0};

  /// At the end of each call that held the lock.
  void settle() noexcept {
    // The answer may hold what was reported while it was on its way.
    if (plan_.unknown_reported() && ring_.holds(plan_.unknown_key_id())) plan_.forget_unknown();
    unknown_pending_.store(plan_.unknown_reported(), std::memory_order_relaxed);
  }

 private:
  [[nodiscard]] std::int64_t now() const noexcept { return clock_.passed_s(); }

  [[nodiscard]] KeyNeeds needs() const noexcept {
    KeyNeeds needs{
        .now = now(), .had_keys = had_keys_, .usable = ring_.usable(), .soft = 0, .died = died_, .soft_key_id = {}};
    if (const RingKey* softest = ring_.softest()) {
      needs.soft = softest->soft;
      needs.soft_key_id = softest->info().key_id;
    }
    return needs;
  }

  [[nodiscard]] std::string uri_of(const PlannedFetch& fetch) const {
    switch (fetch.kind) {
      case FetchKind::kDiscovery: return uri_;
      case FetchKind::kKeySet: return options_.kind == KeySourceKind::kDiscovery ? jwks_uri_ : uri_;
      case FetchKind::kPem: return uri_ + fetch.key_id;
    }
    return {};
  }

  [[nodiscard]] KeyAges ages_of(const FetchPlan::Flight& flight,
                                std::optional<std::int64_t> lifetime_s) const noexcept {
    const std::int64_t soft = std::clamp<std::int64_t>(lifetime_s.value_or(options_.soft_age_s),
                                                       options_.soft_age_min_s, options_.soft_age_max_s);
    return {flight.begun, flight.begun + soft, flight.begun + options_.hard_age_s};
  }

  [[nodiscard]] Result<KeyChange> take(const FetchPlan::Flight& flight, std::string_view body, const KeyAges& ages,
                                       Cell& cell) {
    switch (flight.fetch.kind) {
      case FetchKind::kDiscovery: return take_discovery(body);
      case FetchKind::kKeySet: return take_set(body, ages, cell);
      case FetchKind::kPem: return take_pem(body, flight.fetch.key_id, ages, cell);
    }
    return Reason::kInternal;
  }

  [[nodiscard]] Result<KeyChange> take_discovery(std::string_view body) {
    Result<Discovery> read = read_discovery(body, issuer_, {options_.allow_loopback_http}, options_.limits);
    if (!read) return read.error();
    jwks_uri_ = std::move(read).value().jwks_uri;
    return KeyChange{};
  }

  [[nodiscard]] Result<KeyChange> take_set(std::string_view body, const KeyAges& ages, Cell& cell) {
    KeySetReport report;
    Result<std::shared_ptr<const KeySet>> set = KeySet::from_jwks(body, options_.limits, report);
    if (!set) return set.error();
    KeyChange change{.added = {}, .removed = {}, .replaced = {}, .skipped = std::move(report.skipped)};
    const KeyGrace grace{now(), now() + options_.removed_key_grace_s, options_.limits.key_count_max};
    KeyRing ring = ring_.with_set(std::move(set).value(), ages, grace, change);
    if (const Reason reason = commit(std::move(ring), cell); reason != Reason::kOk) return reason;
    return change;
  }

  [[nodiscard]] Result<KeyChange> take_pem(std::string_view body, const std::string& key_id, const KeyAges& ages,
                                           Cell& cell) {
    const KeySet::PemKey key{body, key_id, std::nullopt};
    Result<std::shared_ptr<const KeySet>> set = KeySet::from_pem(std::span(&key, 1), options_.limits);
    if (!set) return set.error();
    KeyChange change;
    KeyRing ring = ring_.with_pem(std::move(set).value(), ages, options_.pem_key_count_max, change);
    if (const Reason reason = commit(std::move(ring), cell); reason != Reason::kOk) return reason;
    return change;
  }

  /// Readers see the ring, and it is the source's from now on.
  [[nodiscard]] Reason commit(KeyRing ring, Cell& cell) {
    if (const Reason reason = publish(ring, cell); reason != Reason::kOk) return reason;
    had_keys_ = had_keys_ || ring.usable();
    ring_ = std::move(ring);
    return Reason::kOk;
  }

  /// When readers are stopped inside every slot of the cell, the next call on the control side publishes.
  [[nodiscard]] Reason publish(const KeyRing& ring, Cell& cell) {
    Result<std::shared_ptr<const detail::KeySnapshot>> made =
        ring.snapshot(clock_, options_.hard_age_s, published_.get());
    if (!made) return made.reason();
    unpublished_ = !cell.store(*made);
    if (!unpublished_) published_ = std::move(made).value();
    return Reason::kOk;
  }

  void lost(Reason reason) noexcept {
    status_.last_error = reason;
    plan_.failed(now());
  }

  void answered(const KeyChange& change) noexcept {
    ++status_.answers;
    if (!change.same_keys()) ++status_.changes;
    status_.last_error = Reason::kOk;
  }

  KeySourceOptions options_;
  std::string issuer_;
  std::string uri_;
  std::string jwks_uri_;  ///< as discovered

  KeyClock clock_;
  FetchPlan plan_;
  KeyRing ring_;
  std::shared_ptr<const detail::KeySnapshot> published_;
  bool unpublished_ = false;
  bool had_keys_ = false;
  std::int64_t died_ = 0;
  KeySourceStatus status_;
};

KeySource::KeySource(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
KeySource::~KeySource() = default;

Result<std::shared_ptr<KeySource>> KeySource::make(const KeySourceOptions& options) noexcept {
  using Made = Result<std::shared_ptr<KeySource>>;
  return guarded<Made>(Reason::kNoMemory, [&options]() -> Made { return made_of(options); });
}

Result<std::shared_ptr<KeySource>> KeySource::made_of(const KeySourceOptions& options) {
  if (!ages_are_consistent(options) || !counts_are_consistent(options)) return Reason::kUsageArgument;
  Result<std::string> uri = first_uri(options);
  if (!uri) return uri.error();
  return std::shared_ptr<KeySource>(new KeySource(std::make_unique<Impl>(options, std::move(uri).value())));
}

bool KeySource::unknown_key(std::string_view key_id) noexcept {
  impl_->unknown_keys_.fetch_add(1, std::memory_order_relaxed);
  if (impl_->unknown_pending_.load(std::memory_order_relaxed)) return false;
  const std::unique_lock lock(impl_->mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return false;
  const bool news = impl_->unknown_key(key_id);
  impl_->settle();
  return news;
}

std::optional<FetchWanted> KeySource::wanted(std::int64_t now_s) noexcept {
  const std::lock_guard lock(impl_->mutex_);
  return guarded<std::optional<FetchWanted>>(std::nullopt, [this, now_s] {
    impl_->tell(now_s, cell_);
    return impl_->wanted();
  });
}

Reason KeySource::begin(std::uint64_t ticket, std::int64_t now_s) noexcept {
  const std::lock_guard lock(impl_->mutex_);
  const Reason reason = guarded<Reason>(Reason::kNoMemory, [this, ticket, now_s] {
    impl_->tell(now_s, cell_);
    return impl_->begin(ticket);
  });
  impl_->settle();
  return reason;
}

Result<KeyChange> KeySource::complete(std::uint64_t ticket, std::string_view body, std::int64_t now_s,
                                      std::optional<std::int64_t> lifetime_s) noexcept {
  const std::lock_guard lock(impl_->mutex_);
  Result<KeyChange> change = guarded<Result<KeyChange>>(Reason::kNoMemory, [&] {
    impl_->tell(now_s, cell_);
    return impl_->complete(ticket, body, lifetime_s, cell_);
  });
  impl_->settle();
  return change;
}

Reason KeySource::fail(std::uint64_t ticket, std::int64_t now_s, FetchFailure failure) noexcept {
  const std::lock_guard lock(impl_->mutex_);
  const Reason reason = guarded<Reason>(Reason::kNoMemory, [this, ticket, now_s, failure] {
    impl_->tell(now_s, cell_);
    return impl_->fail(ticket, failure, cell_);
  });
  impl_->settle();
  return reason;
}

KeySourceStatus KeySource::status(std::int64_t now_s) noexcept {
  const std::lock_guard lock(impl_->mutex_);
  return guarded<KeySourceStatus>({}, [this, now_s] {
    impl_->tell(now_s, cell_);
    return impl_->status();
  });
}

}  // namespace ostiary
