#include "policy/analysis/point.hpp"

#include <ostiary/http/host.hpp>
#include <ostiary/http/query.hpp>

#include <algorithm>

namespace ostiary::policy::analysis {

namespace {

bool lists(const std::vector<std::string>& ascending, const std::string& text) {
  return std::binary_search(ascending.begin(), ascending.end(), text);
}

bool lists(const std::vector<std::int64_t>& list, std::int64_t integer) {
  return std::find(list.begin(), list.end(), integer) != list.end();
}

bool has_prefix(const std::vector<std::string>& prefixes, const std::string& text) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& one) { return text.starts_with(one); });
}

bool in_mask(std::int64_t mask, unsigned bit) { return (static_cast<std::uint64_t>(mask) >> bit & 1U) != 0; }

bool client_is_in(const Predicate& predicate, const IpAddress& client) {
  return std::any_of(predicate.blocks.begin(), predicate.blocks.end(),
                     [&](const AddressBlock& block) { return block.contains(client); });
}

bool holds_of_set(const Predicate& predicate, const std::set<std::string>& elements) {
  const auto has = [&](const std::string& text) { return elements.contains(text); };
  const std::vector<std::string>& texts = predicate.texts;
  switch (predicate.kind) {
    case PredicateKind::kScopesAll:
    case PredicateKind::kHasAll: return std::all_of(texts.begin(), texts.end(), has);
    case PredicateKind::kScopesNone:
    case PredicateKind::kHasNone: return std::none_of(texts.begin(), texts.end(), has);
    default: return std::any_of(texts.begin(), texts.end(), has);
  }
}

bool is_bound(const Predicate& predicate, const Point& point) {
  const Value& claim = point.value({Aspect::kClaim, predicate.subject.name});
  const std::vector<std::string_view> segments = algebra::path_segments(point.path);
  return claim.kind == ValueKind::kText && predicate.subject.segment < segments.size() &&
         ostiary::detail::decodes_to(segments[predicate.subject.segment], claim.text, PlusSign::kPlus);
}

bool any_path(const std::vector<std::string>& patterns, const std::string& path) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return algebra::path_matches(algebra::path_shape(pattern), path);
  });
}

}  // namespace

const Value& Point::value(const Subject& subject) const {
  static const Value absent;
  const auto found = values.find(subject);
  return found == values.end() ? absent : found->second;
}

bool holds_of(const Predicate& predicate, const Value& value) {
  const bool is_text = value.kind == ValueKind::kText;
  const bool is_integer = value.kind == ValueKind::kInteger;
  switch (predicate.kind) {
    case PredicateKind::kQueryPresent:
    case PredicateKind::kHeaderPresent:
    case PredicateKind::kClaimPresent: return value.kind != ValueKind::kAbsent;
    case PredicateKind::kQueryAbsent:
    case PredicateKind::kHeaderAbsent:
    case PredicateKind::kClaimAbsent: return value.kind == ValueKind::kAbsent;
    case PredicateKind::kQueryIn:
      return is_text && std::any_of(predicate.texts.begin(), predicate.texts.end(),
                                    [&](const std::string& listed) { return is_parameter_value(value.text, listed); });
    case PredicateKind::kHeaderIn:
    case PredicateKind::kTextIn: return is_text && lists(predicate.texts, value.text);
    case PredicateKind::kTextNotIn: return is_text && !lists(predicate.texts, value.text);
    case PredicateKind::kTextPrefix: return is_text && has_prefix(predicate.texts, value.text);
    case PredicateKind::kIntegerIn: return is_integer && lists(predicate.integers, value.integer);
    case PredicateKind::kIntegerNotIn: return is_integer && !lists(predicate.integers, value.integer);
    case PredicateKind::kBooleanIs:
      return value.kind == ValueKind::kBoolean && value.integer == predicate.integers.front();
    case PredicateKind::kTokenAge: return is_integer && value.integer <= predicate.integers.front();
    default: return value.kind == ValueKind::kSet;  // kHasAny, kHasAll, kHasNone
  }
}

bool holds(const Predicate& predicate, const Point& point) {
  if (is_of_token(predicate.subject.aspect) && !point.has_token) return false;
  switch (predicate.subject.aspect) {
    case Aspect::kMethod: return in_mask(predicate.integers.front(), static_cast<unsigned>(point.method));
    case Aspect::kHost:
      return std::any_of(predicate.texts.begin(), predicate.texts.end(),
                         [&](const std::string& pattern) { return host_matches(pattern, point.host); });
    case Aspect::kPath: return any_path(predicate.texts, point.path);
    case Aspect::kToken: return point.has_token;
    case Aspect::kScheme: return in_mask(predicate.integers.front(), static_cast<unsigned>(point.scheme));
    case Aspect::kFlag: return point.flags.contains(predicate.subject.name) == (predicate.integers.front() != 0);
    case Aspect::kTime: return predicate.integers[0] <= point.now_s && point.now_s < predicate.integers[1];
    case Aspect::kClient:
      return point.client.present() &&
             client_is_in(predicate, point.client) == (predicate.kind == PredicateKind::kClientIn);
    case Aspect::kQuery:
    case Aspect::kHeader:
    case Aspect::kAge:
    case Aspect::kClaim: return holds_of(predicate, point.value(predicate.subject));
    case Aspect::kBinding: return is_bound(predicate, point);
    case Aspect::kSet:
      if (point.value({Aspect::kClaim, predicate.subject.name}).kind != ValueKind::kSet) return false;
      break;
    case Aspect::kAudience:
    case Aspect::kScopes: break;
  }
  const auto elements = point.sets.find(predicate.subject);
  return holds_of_set(predicate, elements == point.sets.end() ? std::set<std::string>() : elements->second);
}

}  // namespace ostiary::policy::analysis
