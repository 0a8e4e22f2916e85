// What stands between a well-formed request and its route: rejections that the route does not waive, readings of the
// path that reach another route, and fields that a next program could take for a header that only the door may set.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/fields.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/lenses.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/decide.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/guarded_headers.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

namespace detail {

inline constexpr Error kAgreed{Reason::kOk, 0};

/// Whether the route that matched waives the rule. Where no route matched nobody does.
[[nodiscard]] inline bool is_waived(const Gate& gate, const RouteMatch& match, Reason rule) noexcept {
  return match.reason == Reason::kOk && gate.waives(gate.route(match.row), rule);
}

/// Memory for one reading at a time.
class ReadingMemory {
 public:
  ReadingMemory(std::size_t size, Arena& scratch) noexcept : memory_(scratch.allocate<std::byte>(size)), size_(size) {}

  [[nodiscard]] bool got() const noexcept { return memory_ != nullptr; }
  [[nodiscard]] Arena arena() const noexcept { return Arena(std::span<std::byte>(memory_, size_)); }

 private:
  std::byte* memory_;
  std::size_t size_;
};

/// Whether a back end that reads another path could be talked into another outcome: another route, or the same one
/// where its conditions look at the path. A reading that reaches no route is harmless only where the route waives the
/// rule: it has said that its back end does not read so.
[[nodiscard]] inline bool misleads(const Gate& gate, const RouteMatch& canonical, const RouteMatch& reading,
                                   bool is_same_path, bool waived) noexcept {
  const bool reaches = reading.reason == Reason::kOk;
  if (canonical.reason != Reason::kOk) return reaches;
  if (!reaches) return !waived;
  return reading.row != canonical.row || (!is_same_path && gate.route(canonical.row).reads_path == 1);
}

/// The refusal of a tangled path: the first rule with lenses that was met and is not waived, or the first that was met.
[[nodiscard]] inline Error tangle(const Gate& gate, const RouteMatch& match, const PathNotes& notes,
                                  std::uint32_t path) noexcept {
  Error fault = kAgreed;
  for (const LensRule& rule : kLensRules) {
    const std::uint32_t note = notes.*rule.note;
    if (note == PathNotes::kNowhere) continue;
    if (fault.reason == Reason::kOk) fault = Error{rule.rule, path + note};
    if (!is_waived(gate, match, rule.rule)) return Error{rule.rule, path + note};
  }
  return fault;
}

}  // namespace detail

/// Refuses with the rejection that stands first in the head among those that the inspector left to the route and this
/// one does not waive; so a waiver on one route changes nothing on another. Pure.
[[nodiscard]] inline Error judge_waivers(const Gate& gate, const Request& request, const RouteMatch& match) noexcept {
  Error first = detail::kAgreed;
  if (request.to_waive.empty()) return first;
  for (std::size_t i = 0; i < request.finding_count; ++i) {
    const Finding& finding = request.findings[i];
    if (!request.to_waive.has(finding.reason) || detail::is_waived(gate, match, finding.reason)) continue;
    if (first.reason == Reason::kOk || finding.offset < first.offset) first = Error{finding.reason, finding.offset};
  }
  return first;
}

/// Refuses a request whose path is read so by a back end of some kind that it reaches another route than its canonical
/// path does, or that is ambiguous in more ways than one. Only the lenses of rules that were met are looked through; a
/// path that is not ambiguous costs nothing. A back end that refuses the path itself is harmless. Takes at most the
/// size of the raw path in scratch. Reasons: those of kLensRules, kUsageScratchTooSmall. Pure but for scratch.
[[nodiscard]] inline Error judge_readings(const Gate& gate, const Request& request, const RouteMatch& canonical,
                                          Arena& scratch) noexcept {
  if (!request.ambiguous_path) return detail::kAgreed;
  const std::string_view raw = request.raw_path.in(request.head);
  const detail::ReadingMemory memory(raw.size(), scratch);
  if (!memory.got()) return Error{Reason::kUsageScratchTooSmall, 0};
  Arena notes_arena = memory.arena();
  const Result<PathNotes> notes = notes_of_path(raw, notes_arena);
  if (!notes) return notes.error();
  if (is_tangled(raw, *notes)) return detail::tangle(gate, canonical, *notes, request.raw_path.offset);
  for (const LensRule& rule : kLensRules) {
    const std::uint32_t note = *notes.*rule.note;
    if (note == PathNotes::kNowhere) continue;
    Arena arena = memory.arena();
    const Result<std::string_view> path = lens_path(raw, rule.lens, arena);
    if (!path) continue;
    const RouteMatch reading = match_route(gate, request.method, request.host, *path);
    const bool waived = detail::is_waived(gate, canonical, rule.rule);
    if (detail::misleads(gate, canonical, reading, *path == request.path, waived)) {
      return Error{rule.rule, request.raw_path.offset + note};
    }
  }
  return detail::kAgreed;
}

namespace detail {

/// Whether the Gate sets or removes a header that a back end could take `name` for.
[[nodiscard]] inline bool names_identity_header(const Gate& gate, std::string_view name) noexcept {
  for (std::uint32_t row = 0; row < gate.header().identity_headers.count; ++row) {
    if (could_be_same_name(name, gate.text(gate.identity_header(row).name))) return true;
  }
  return false;
}

}  // namespace detail

/// Refuses a field that a next program could take for a header only this door may set, and a Connection that would have
/// the next hop drop one. Looks at nothing when no name has an underscore and Connection names nothing.
/// Reasons: kFieldNameUnderscore, kFieldConnectionSpecific. Pure.
[[nodiscard]] inline Error judge_identity_headers(const Gate& gate, const Request& request) noexcept {
  return detail::judge_guarded(
      request, [&](std::string_view name) noexcept { return detail::names_identity_header(gate, name); });
}

}  // namespace ostiary
