// Whether the conditions of a Gate hold for one request: total, whatever the request and the identity.
#pragma once

#include <ostiary/http/host.hpp>
#include <ostiary/http/ip_address.hpp>
#include <ostiary/http/query.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/identity.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ostiary::detail {

/// The next segment of `rest`, which starts with a slash; `rest` is left at the following slash or empty.
[[nodiscard]] inline std::string_view take_segment(std::string_view& rest) noexcept {
  rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

/// One request under one Gate. What several conditions ask for is looked up once. Borrows everything. Confined.
class Evaluation {
 public:
  Evaluation(const Gate& gate, const Request& request, const Identity* identity, const Facts& facts) noexcept
      : gate_(gate), request_(request), identity_(identity), facts_(facts) {}

  [[nodiscard]] const Identity* identity() const noexcept { return identity_; }

  /// The claim in row `row` of the Gate's claim names; false when there is none, or no identity.
  [[nodiscard]] bool find_claim(std::uint32_t row, ClaimRecord& found) noexcept {
    const std::uint64_t bit = std::uint64_t{1} << row;
    if ((looked_up_ & bit) == 0) {
      looked_up_ |= bit;
      places_[row] = identity_ == nullptr ? kNoRow : identity_->find_place(gate_.claim_name(row));
    }
    if (places_[row] == kNoRow) return false;
    found = identity_->claim(places_[row]);
    return true;
  }
  [[nodiscard]] bool has_claim(std::uint32_t row) noexcept {
    ClaimRecord found;
    return find_claim(row, found);
  }

  /// The claim as a text; absent (null) when it is none.
  [[nodiscard]] std::string_view text_claim(std::uint32_t row) noexcept {
    ClaimRecord found;
    return find_claim(row, found) && found.kind == ClaimKind::kText ? identity_->text(found.text) : std::string_view();
  }

  [[nodiscard]] [[gnu::noinline]] bool holds(const PredicateRecord& predicate) noexcept {
    if (is_about_identity(predicate.kind) && identity_ == nullptr) return false;
    const std::uint32_t first = predicate.values.first;
    switch (predicate.kind) {
      case PredicateKind::kMethodIn: return in_mask(first, static_cast<unsigned>(request_.method));
      case PredicateKind::kSchemeIn: return in_mask(first, static_cast<unsigned>(facts_.scheme));
      case PredicateKind::kHostIn: return host_in(predicate);
      case PredicateKind::kPathIn: return any_pattern(predicate.values);
      case PredicateKind::kQueryPresent: return parameter(predicate).name.present();
      case PredicateKind::kQueryAbsent: return !parameter(predicate).name.present();
      case PredicateKind::kQueryIn: return query_value_in(predicate);
      case PredicateKind::kHeaderPresent: return header(predicate) != nullptr;
      case PredicateKind::kHeaderAbsent: return header(predicate) == nullptr;
      case PredicateKind::kHeaderIn: return header_value_in(predicate);
      case PredicateKind::kClientIn: return client() && gate_.network(predicate.subject).contains(*client_);
      case PredicateKind::kClientNotIn: return client() && !gate_.network(predicate.subject).contains(*client_);
      case PredicateKind::kTimeIn:
        return gate_.integer(first) <= facts_.now_s && facts_.now_s < gate_.integer(first + 1);
      case PredicateKind::kFlagIs: return is_set(gate_.flag(predicate.subject)) == (first == 1);
      case PredicateKind::kIssuerIn: return text_in(predicate, identity_->text_claim("iss"));
      case PredicateKind::kAudienceIn: return audience_in(predicate);
      case PredicateKind::kScopesAll: return scopes_held(predicate) == predicate.values.count;
      case PredicateKind::kScopesAny: return scopes_held(predicate) != 0;
      case PredicateKind::kScopesNone: return scopes_held(predicate) == 0;
      case PredicateKind::kTokenAge: return token_age_fits(first);
      case PredicateKind::kClaimPresent: return has_claim(predicate.subject);
      case PredicateKind::kClaimAbsent: return !has_claim(predicate.subject);
      case PredicateKind::kTextIn:
      case PredicateKind::kTextNotIn:
      case PredicateKind::kTextPrefix:
      case PredicateKind::kIntegerIn:
      case PredicateKind::kIntegerNotIn:
      case PredicateKind::kBooleanIs:
      case PredicateKind::kHasAny:
      case PredicateKind::kHasAll:
      case PredicateKind::kHasNone: return claim_holds(predicate);
    }
    return false;
  }

 private:
  /// A claim that is absent or of another kind than the condition speaks about satisfies none of these.
  [[nodiscard]] bool claim_holds(const PredicateRecord& predicate) noexcept {
    ClaimRecord found;
    if (!find_claim(predicate.subject, found)) return false;
    switch (found.kind) {
      case ClaimKind::kText: return text_holds(predicate, identity_->text(found.text));
      case ClaimKind::kInteger:
        if (predicate.kind == PredicateKind::kIntegerIn) return integer_in(predicate, found.integer);
        return predicate.kind == PredicateKind::kIntegerNotIn && !integer_in(predicate, found.integer);
      case ClaimKind::kBoolean:
        return predicate.kind == PredicateKind::kBooleanIs && found.integer == predicate.values.first;
      case ClaimKind::kTextSet: return set_holds(predicate, found);
      case ClaimKind::kOther: return false;
    }
    return false;
  }

  [[nodiscard]] bool text_holds(const PredicateRecord& predicate, std::string_view text) const noexcept {
    if (predicate.kind == PredicateKind::kTextIn) return text_in(predicate, text);
    if (predicate.kind == PredicateKind::kTextNotIn) return !text_in(predicate, text);
    return predicate.kind == PredicateKind::kTextPrefix && prefix_in(predicate, text);
  }

  [[nodiscard]] bool set_holds(const PredicateRecord& predicate, const ClaimRecord& set) const noexcept {
    if (predicate.kind == PredicateKind::kHasAny) return elements_held(predicate, set) != 0;
    if (predicate.kind == PredicateKind::kHasAll) return elements_held(predicate, set) == predicate.values.count;
    return predicate.kind == PredicateKind::kHasNone && elements_held(predicate, set) == 0;
  }

  [[nodiscard]] static bool in_mask(std::uint32_t mask, unsigned bit) noexcept { return (mask >> bit & 1U) != 0; }

  template <typename Test>
  [[nodiscard]] bool any_text(const PredicateRecord& predicate, const Test& test) const noexcept {
    for (std::uint32_t i = 0; i < predicate.values.count; ++i) {
      if (test(gate_.listed_text(predicate.values.first + i))) return true;
    }
    return false;
  }

  [[nodiscard]] bool text_in(const PredicateRecord& predicate, std::string_view text) const noexcept {
    return any_text(predicate, [text](std::string_view listed) { return equal_texts(listed, text); });
  }
  [[nodiscard]] bool host_in(const PredicateRecord& predicate) const noexcept {
    return any_text(predicate, [&](std::string_view pattern) { return host_matches(pattern, request_.host); });
  }
  [[nodiscard]] bool prefix_in(const PredicateRecord& predicate, std::string_view text) const noexcept {
    return any_text(predicate, [text](std::string_view prefix) { return text.starts_with(prefix); });
  }
  [[nodiscard]] bool integer_in(const PredicateRecord& predicate, std::int64_t value) const noexcept {
    for (std::uint32_t i = 0; i < predicate.values.count; ++i) {
      if (gate_.integer(predicate.values.first + i) == value) return true;
    }
    return false;
  }

  [[nodiscard]] std::uint32_t scopes_held(const PredicateRecord& predicate) const noexcept {
    std::uint32_t held = 0;
    for (std::uint32_t i = 0; i < predicate.values.count; ++i) {
      if (identity_->has_scope(gate_.listed_text(predicate.values.first + i))) ++held;
    }
    return held;
  }

  [[nodiscard]] std::uint32_t elements_held(const PredicateRecord& predicate, const ClaimRecord& set) const noexcept {
    std::uint32_t held = 0;
    for (std::uint32_t i = 0; i < predicate.values.count; ++i) {
      if (has_element(set, gate_.listed_text(predicate.values.first + i))) ++held;
    }
    return held;
  }
  [[nodiscard]] bool has_element(const ClaimRecord& set, std::string_view text) const noexcept {
    for (std::uint32_t i = 0; i < set.text.length; ++i) {
      if (equal_texts(identity_->element(set, i), text)) return true;
    }
    return false;
  }

  [[nodiscard]] bool audience_in(const PredicateRecord& predicate) const noexcept {
    ClaimRecord audience;
    if (!identity_->find("aud", audience)) return false;
    if (audience.kind == ClaimKind::kText) return text_in(predicate, identity_->text(audience.text));
    return audience.kind == ClaimKind::kTextSet && elements_held(predicate, audience) != 0;
  }

  /// The difference is taken without a sign, so that no pair of times overflows.
  [[nodiscard]] bool token_age_fits(std::uint32_t age_max_s) const noexcept {
    ClaimRecord issued;
    if (!identity_->find("iat", issued) || issued.kind != ClaimKind::kInteger) return false;
    if (facts_.now_s <= issued.integer) return true;
    return static_cast<std::uint64_t>(facts_.now_s) - static_cast<std::uint64_t>(issued.integer) <= age_max_s;
  }

  /// The one parameter of this name: decide has refused a request that has several.
  [[nodiscard]] Parameter parameter(const PredicateRecord& predicate) const noexcept {
    const Result<Parameter> found = find_single_parameter(ParameterReader(request_.head, request_.query), request_.head,
                                                          gate_.parameter_name(predicate.subject));
    return found ? *found : Parameter{};
  }
  [[nodiscard]] bool query_value_in(const PredicateRecord& predicate) const noexcept {
    const Parameter found = parameter(predicate);
    if (!found.has_value()) return false;
    const std::string_view raw = found.value.in(request_.head);
    return any_text(predicate, [raw](std::string_view listed) { return is_parameter_value(raw, listed); });
  }

  [[nodiscard]] const Field* header(const PredicateRecord& predicate) const noexcept {
    return request_.find(gate_.header_name(predicate.subject));
  }
  [[nodiscard]] bool header_value_in(const PredicateRecord& predicate) const noexcept {
    const Field* const found = header(predicate);
    return found != nullptr && text_in(predicate, request_.value(*found));
  }

  [[nodiscard]] bool client() noexcept {
    if (!client_) client_ = parse_address(facts_.peer).value_or(IpAddress{});
    return client_->present();
  }

  [[nodiscard]] bool is_set(std::string_view flag) const noexcept {
    return std::find(facts_.flags.begin(), facts_.flags.end(), flag) != facts_.flags.end();
  }

  [[nodiscard]] bool any_pattern(Range patterns) noexcept {
    for (std::uint32_t i = 0; i < patterns.count; ++i) {
      if (path_matches(gate_.pattern(patterns.first + i))) return true;
    }
    return false;
  }

  [[nodiscard]] bool path_matches(const PatternRecord& pattern) noexcept {
    if (!request_.path.starts_with('/')) return false;
    std::string_view rest = request_.path;
    for (std::uint32_t i = 0; i < pattern.segments.count; ++i) {
      if (rest.empty() || !segment_fits(gate_.segment(pattern.segments.first + i), take_segment(rest))) return false;
    }
    // A tail stands for one or more further segments, so a slash must be left.
    return pattern.has_tail != 0 ? !rest.empty() : rest.empty();
  }
  /// What escapes a segment still has stand for what a path may not have raw: the claim has it as it is.
  [[nodiscard]] static bool says(std::string_view segment, std::string_view text) noexcept {
    return decodes_to(segment, text, PlusSign::kPlus);
  }
  [[nodiscard]] bool segment_fits(const SegmentRecord& pattern, std::string_view segment) noexcept {
    switch (pattern.kind) {
      case SegmentKind::kLiteral: return segment == gate_.text(pattern.text);
      case SegmentKind::kAny: return !segment.empty();
      case SegmentKind::kClaim: return !segment.empty() && says(segment, text_claim(pattern.text.offset));
    }
    return false;
  }

  const Gate& gate_;
  const Request& request_;
  const Identity* identity_;
  const Facts& facts_;
  std::uint64_t looked_up_ = 0;  ///< bit i: places_[i] is known
  /// Where the identity has the claim, or kNoRow. Not initialised: that would cost more than most conditions.
  std::array<std::uint32_t, kClaimNamesMax> places_;
  std::optional<IpAddress> client_;  ///< of no family when unknown
};

/// Whether all of the listed conditions hold.
[[nodiscard]] inline bool all_hold(const Gate& gate, Range conditions, Evaluation& evaluation) noexcept {
  for (std::uint32_t i = 0; i < conditions.count; ++i) {
    if (!evaluation.holds(gate.condition(conditions.first + i))) return false;
  }
  return true;
}

/// Whether the claims in the route's own path are the identity's. Whoever has none has no such claims.
[[nodiscard]] inline bool is_bound(const Gate& gate, const RouteRecord& route, Evaluation& evaluation) noexcept {
  return route.binding == kNoRow || evaluation.holds(gate.predicate(route.binding));
}

}  // namespace ostiary::detail
