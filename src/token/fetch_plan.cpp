#include "token/fetch_plan.hpp"

#include <limits>
#include <utility>

namespace ostiary {

namespace {

bool is_same_fetch(const PlannedFetch& a, const PlannedFetch& b) noexcept {
  return a.kind == b.kind && a.key_id == b.key_id;
}

}  // namespace

bool FetchPlan::discovery_is_due(std::int64_t at) const noexcept {
  if (options_.kind != KeySourceKind::kDiscovery) return false;
  return !discovered_at_ || at - *discovered_at_ >= options_.discovery_age;
}

/// Failures put everything off. A retry is called so unless it is for an unknown key: then the cool-down holds too.
PlannedFetch FetchPlan::after_failures(PlannedFetch fetch) const noexcept {
  if (failures_ == 0) return fetch;
  fetch.due = std::max(fetch.due, retry_at_);
  if (fetch.reason != FetchReason::kUnknownKey) fetch.reason = FetchReason::kRetry;
  return fetch;
}

PlannedFetch FetchPlan::unknown_fetch() const {
  PlannedFetch fetch{FetchKind::kKeySet, FetchReason::kUnknownKey, unknown_at_, {}};
  if (cooling_since_) fetch.due = std::max(fetch.due, *cooling_since_ + options_.cooldown);
  return fetch;
}

std::optional<PlannedFetch> FetchPlan::next(const KeyNeeds& needs) const {
  if (options_.kind == KeySourceKind::kPemByKeyId) return next_pem(needs);
  PlannedFetch fetch{FetchKind::kKeySet, FetchReason::kSoftAge, needs.soft, {}};
  if (follow_up_) {
    fetch = *follow_up_;
  } else if (!needs.usable) {
    fetch.reason = needs.had_keys ? FetchReason::kHardAge : FetchReason::kFirst;
    fetch.due = needs.had_keys ? needs.died : 0;
  } else if (unknown_) {
    if (PlannedFetch unknown = unknown_fetch(); unknown.due < fetch.due) fetch = std::move(unknown);
  }
  if (!follow_up_) fetch = after_failures(std::move(fetch));
  if (discovery_is_due(std::max(fetch.due, needs.now))) fetch.kind = FetchKind::kDiscovery;
  return fetch;
}

std::optional<PlannedFetch> FetchPlan::next_pem(const KeyNeeds& needs) const {
  std::optional<PlannedFetch> soonest;
  if (needs.usable) {
    soonest = after_failures({FetchKind::kPem, FetchReason::kSoftAge, needs.soft, std::string(needs.soft_key_id)});
  }
  if (!unknown_) return soonest;
  PlannedFetch unknown = after_failures(unknown_fetch());
  if (soonest && soonest->due <= unknown.due) return soonest;
  unknown.kind = FetchKind::kPem;
  unknown.key_id = unknown_key_id_;
  if (!needs.had_keys && failures_ == 0 && !cooling_since_) unknown.reason = FetchReason::kFirst;
  return unknown;
}

std::optional<FetchPlan::Offer> FetchPlan::offer(const KeyNeeds& needs) {
  if (flight_) return std::nullopt;
  std::optional<PlannedFetch> fetch = next(needs);
  if (!fetch) return std::nullopt;
  const bool same = offered_ && is_same_fetch(offered_->fetch, *fetch);
  const std::uint64_t ticket = same ? offered_->ticket : ++tickets_;
  offered_ = Offer{ticket, std::move(*fetch)};
  return offered_;
}

bool FetchPlan::begin(std::uint64_t ticket, const KeyNeeds& needs, std::int64_t now) {
  const std::optional<Offer> current = offer(needs);
  if (!current || current->ticket != ticket || current->fetch.due > now) return false;
  flight_ = Flight{ticket, current->fetch, now};
  offered_.reset();
  const FetchReason reason = current->fetch.reason;
  // Known PEM keys are no reason to let unknown ones wait: there are as many of those as keys are held.
  const bool counts = options_.kind != KeySourceKind::kPemByKeyId || reason == FetchReason::kUnknownKey ||
                      reason == FetchReason::kFirst;
  if (counts) cooling_since_ = now;
  const bool takes_up_report = current->fetch.kind != FetchKind::kPem || current->fetch.key_id == unknown_key_id_;
  if (takes_up_report) forget_unknown();
  return true;
}

void FetchPlan::discovered(std::int64_t now) noexcept {
  discovered_at_ = flight_->begun;
  follow_up_ = PlannedFetch{FetchKind::kKeySet, flight_->fetch.reason, now, {}};
  flight_.reset();
}

void FetchPlan::succeeded() noexcept {
  flight_.reset();
  follow_up_.reset();
  failures_ = 0;
}

void FetchPlan::failed(std::int64_t now) noexcept {
  constexpr std::uint32_t kDoublingsMax = 30;
  const std::int64_t wait = options_.retry_min << std::min(failures_, kDoublingsMax);
  retry_at_ = now + std::min(wait, options_.retry_max);
  if (failures_ != std::numeric_limits<std::uint32_t>::max()) ++failures_;
  flight_.reset();
  follow_up_.reset();
  // The keys may have moved.
  discovered_at_.reset();
}

void FetchPlan::report_unknown(std::string_view key_id, std::int64_t now) noexcept {
  unknown_ = true;
  unknown_at_ = now;
  unknown_key_id_.assign(key_id);
}

}  // namespace ostiary
