// When to fetch what: cool-down, back-off, time-out, single flight. Times are those of KeyClock::passed_s.
#pragma once

#include <ostiary/token/key_source.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostiary {

/// What should be fetched next and from when on.
struct PlannedFetch {
  FetchKind kind = FetchKind::kKeySet;
  FetchReason reason = FetchReason::kFirst;
  std::int64_t due = 0;
  std::string key_id;  ///< of a PEM key
};

/// What the plan must know about the keys.
struct KeyNeeds {
  std::int64_t now = 0;
  bool had_keys = false;  ///< at any time
  bool usable = false;
  std::int64_t soft = 0;         ///< when the first is wanted anew; means something while usable
  std::int64_t died = 0;         ///< when the last died; means something when had_keys and not usable
  std::string_view soft_key_id;  ///< of a PEM key
};

struct PlanOptions {
  KeySourceKind kind = KeySourceKind::kDiscovery;
  std::int64_t cooldown = 0;
  std::int64_t retry_min = 0;
  std::int64_t retry_max = 0;
  std::int64_t timeout = 0;
  std::int64_t discovery_age = 0;
};

/// Confined.
class FetchPlan {
 public:
  struct Flight {
    std::uint64_t ticket = 0;
    PlannedFetch fetch;
    std::int64_t begun = 0;
  };

  explicit FetchPlan(const PlanOptions& options) noexcept : options_(options) {}

  /// The fetch to begin next and its ticket; nothing while one is under way or when nothing is known to be missing.
  struct Offer {
    std::uint64_t ticket = 0;
    PlannedFetch fetch;
  };
  [[nodiscard]] std::optional<Offer> offer(const KeyNeeds& needs);

  /// False when the ticket is not that of the offer as it is now, or too early.
  [[nodiscard]] bool begin(std::uint64_t ticket, const KeyNeeds& needs, std::int64_t now);

  /// The fetch under way that has this ticket, or nullptr.
  [[nodiscard]] const Flight* flight(std::uint64_t ticket) const noexcept {
    return flight_ && flight_->ticket == ticket ? &*flight_ : nullptr;
  }
  [[nodiscard]] bool under_way() const noexcept { return flight_.has_value(); }
  [[nodiscard]] bool timed_out(std::int64_t now) const noexcept {
    return flight_ && now - flight_->begun >= options_.timeout;
  }
  [[nodiscard]] std::uint32_t failures() const noexcept { return failures_; }

  // How the fetch under way ended.
  void discovered(std::int64_t now) noexcept;
  void succeeded() noexcept;
  void failed(std::int64_t now) noexcept;

  /// A token named an unknown key. `key_id` is of a size for which there is room; see reserve(). Allocates nothing.
  void report_unknown(std::string_view key_id, std::int64_t now) noexcept;
  void reserve(std::size_t key_id_size) { unknown_key_id_.reserve(key_id_size); }
  [[nodiscard]] bool unknown_reported() const noexcept { return unknown_; }
  [[nodiscard]] std::string_view unknown_key_id() const noexcept { return unknown_key_id_; }
  void forget_unknown() noexcept { unknown_ = false; }

 private:
  [[nodiscard]] std::optional<PlannedFetch> next(const KeyNeeds& needs) const;
  [[nodiscard]] std::optional<PlannedFetch> next_pem(const KeyNeeds& needs) const;
  [[nodiscard]] PlannedFetch unknown_fetch() const;
  [[nodiscard]] PlannedFetch after_failures(PlannedFetch fetch) const noexcept;
  [[nodiscard]] bool discovery_is_due(std::int64_t at) const noexcept;

  PlanOptions options_;
  std::uint64_t tickets_ = 0;
  std::optional<Offer> offered_;
  std::optional<Flight> flight_;

  std::uint32_t failures_ = 0;
  std::int64_t retry_at_ = 0;
  std::optional<std::int64_t> cooling_since_;  ///< when the fetch began from which the cool-down counts

  std::optional<std::int64_t> discovered_at_;  ///< nothing: the document is wanted before the keys
  std::optional<PlannedFetch> follow_up_;      ///< the keys, after a discovery document

  bool unknown_ = false;
  std::string unknown_key_id_;
  std::int64_t unknown_at_ = 0;
};

}  // namespace ostiary
