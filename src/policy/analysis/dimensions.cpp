#include "policy/analysis/dimensions.hpp"

#include "policy/algebra/addresses.hpp"
#include "policy/algebra/intervals.hpp"
#include "policy/algebra/texts.hpp"

#include <ostiary/http/request.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

namespace ostiary::policy::analysis {

namespace {

using Values = std::vector<DimensionValue>;
using Predicates = std::vector<const Predicate*>;

constexpr std::int64_t kEndOfTime = 253402300799;  // 9999-12-31T23:59:59Z, the last that can be written

DimensionValue value_of(Value value, bool is_literal = false) { return {std::move(value), {}, 0, is_literal}; }
DimensionValue text_of(std::string text, bool is_literal) {
  return value_of({ValueKind::kText, std::move(text)}, is_literal);
}
DimensionValue boolean_of(bool value) { return value_of({ValueKind::kBoolean, {}, value ? 1 : 0}); }
DimensionValue number_of(std::int64_t number) { return {{}, {}, number, false}; }

Values scheme_values() {
  return {number_of(static_cast<std::int64_t>(Scheme::kHttps)), number_of(static_cast<std::int64_t>(Scheme::kHttp)),
          number_of(static_cast<std::int64_t>(Scheme::kUnknown))};
}

std::vector<std::int64_t> examples(const std::vector<std::vector<algebra::Interval<std::int64_t>>>& sets,
                                   algebra::Interval<std::int64_t> line, std::int64_t usual) {
  const auto partition = algebra::partition_intervals<std::int64_t>(std::span(&line, 1), sets, std::span(&usual, 1));
  std::vector<std::int64_t> values;
  for (const auto& atom : partition.atoms) values.push_back(atom.example);
  return values;
}

Values time_values(const Predicates& predicates) {
  std::vector<std::vector<algebra::Interval<std::int64_t>>> sets;
  for (const Predicate* predicate : predicates) {
    // Half open, and the end may be that of all numbers.
    const std::int64_t last = predicate->integers[1] == std::numeric_limits<std::int64_t>::min()
                                  ? predicate->integers[1]
                                  : predicate->integers[1] - 1;
    sets.push_back({{predicate->integers[0], last}});
  }
  Values values;
  for (const std::int64_t now : examples(sets, {0, kEndOfTime}, kUsualTime_s)) values.push_back(number_of(now));
  return values;
}

Values client_values(const Predicates& predicates) {
  std::vector<std::vector<AddressBlock>> sets;
  for (const Predicate* predicate : predicates) sets.push_back(predicate->blocks);
  Values values;
  for (const auto& atom : algebra::partition_addresses(sets, algebra::Absence::kNever).atoms) {
    values.push_back({{}, atom.example, 0, false});
  }
  // An unknown client is in none of the blocks, yet not one that is outside of them.
  values.emplace_back();
  return values;
}

Values age_values(const Predicates& predicates) {
  std::vector<std::vector<algebra::Interval<std::int64_t>>> sets;
  for (const Predicate* predicate : predicates) sets.push_back({{0, predicate->integers.front()}});
  constexpr std::int64_t kLongest = std::int64_t{std::numeric_limits<std::int32_t>::max()} + 1;
  Values values;
  for (const std::int64_t age : examples(sets, {0, kLongest}, 0))
    values.push_back(value_of({ValueKind::kInteger, {}, age}));
  values.push_back(value_of({}));
  return values;
}

/// Texts by the lists and prefixes of some predicates, and by `extra`.
Values text_values(const Predicates& predicates, const std::vector<std::string>& extra) {
  std::vector<algebra::TextPredicate> asked;
  std::set<std::string> literals(extra.begin(), extra.end());
  for (const Predicate* predicate : predicates) {
    if (predicate->kind == PredicateKind::kTextPrefix) {
      asked.push_back({algebra::TextTest::kHasAnyPrefix, predicate->texts});
    } else {
      literals.insert(predicate->texts.begin(), predicate->texts.end());
      asked.push_back({algebra::TextTest::kEqualsAny, predicate->texts});
    }
  }
  if (!extra.empty()) asked.push_back({algebra::TextTest::kEqualsAny, extra});
  const algebra::TextPartition partition(asked, {false, false});
  Values values;
  for (const algebra::TextAtom& atom : partition.atoms()) {
    values.push_back(text_of(atom.example.text, literals.contains(atom.example.text)));
  }
  return values;
}

/// A linked claim needs each literal by itself: two that meet the same conditions still stand in different paths.
void add_literals(const std::vector<std::string>& literals, Values& values) {
  for (const std::string& literal : literals) {
    const bool known =
        std::any_of(values.begin(), values.end(), [&](const DimensionValue& one) { return one.value.text == literal; });
    if (!known) values.push_back(text_of(literal, true));
  }
}

bool asks(const Predicates& predicates, PredicateKind first, PredicateKind last) {
  return std::any_of(predicates.begin(), predicates.end(),
                     [&](const Predicate* one) { return one->kind >= first && one->kind <= last; });
}

Values integer_values(const Predicates& predicates) {
  std::set<std::int64_t> named;
  for (const Predicate* one : predicates) named.insert(one->integers.begin(), one->integers.end());
  Values values;
  for (const std::int64_t integer : named) values.push_back(value_of({ValueKind::kInteger, {}, integer}));
  std::int64_t other = 0;
  while (named.contains(other)) ++other;
  values.push_back(value_of({ValueKind::kInteger, {}, other}));
  return values;
}

void append(Values& values, Values more) { values.insert(values.end(), more.begin(), more.end()); }

/// Claims that a token must not have at all where they are no texts (token/rules.cpp).
bool must_be_text(std::string_view claim) {
  constexpr std::string_view kTexts[] = {"iss", "sub", "jti",   "client_id", "scope", "azp",
                                         "sid", "txn", "nonce", "at_hash",   "c_hash"};
  return std::find(std::begin(kTexts), std::end(kTexts), claim) != std::end(kTexts);
}

Values claim_values(const Subject& subject, const Predicates& predicates, const std::vector<std::string>& extra) {
  Predicates of_text;
  Predicates of_integer;
  for (const Predicate* one : predicates) {
    if (one->kind >= PredicateKind::kTextIn && one->kind <= PredicateKind::kTextPrefix) of_text.push_back(one);
    if (one->kind == PredicateKind::kIntegerIn || one->kind == PredicateKind::kIntegerNotIn) of_integer.push_back(one);
  }
  Values values;
  if (subject.name != "iss") values.push_back(value_of({}));  // without iss there is no identity
  append(values, text_values(of_text, extra));
  add_literals(extra, values);
  if (must_be_text(subject.name)) return values;
  if (!of_integer.empty()) append(values, integer_values(of_integer));
  if (asks(predicates, PredicateKind::kBooleanIs, PredicateKind::kBooleanIs))
    append(values, {boolean_of(true), boolean_of(false)});
  values.push_back(value_of({ValueKind::kSet}));
  values.push_back(value_of({ValueKind::kOther}));
  return values;
}

Values header_values(const Predicates& predicates) {
  Predicates of_text;
  for (const Predicate* one : predicates) {
    if (one->kind == PredicateKind::kHeaderIn) of_text.push_back(one);
  }
  Values values{value_of({})};
  append(values, text_values(of_text, {}));
  return values;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/// Every way to write a value in which a plus sign decides between two readings: each space and each plus of it
/// escaped, or as a plain plus. Nothing when these are too many.
std::optional<std::vector<std::string>> writings(const std::string& text) {
  constexpr std::size_t kChoicesMax = 8;
  constexpr std::string_view kHex = "0123456789ABCDEF";
  if (std::count_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '+'; }) >
      std::ptrdiff_t{kChoicesMax})
    return std::nullopt;
  std::vector<std::string> all{""};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::string escaped = std::string(1, '%') + kHex[byte >> 4U] + kHex[byte & 15U];
    const std::size_t count = all.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (c == ' ' || c == '+') all.push_back(all[i] + '+');
      all[i] += is_unreserved(c) ? std::string(1, c) : escaped;
    }
  }
  return all;
}

std::optional<Values> query_values(const Predicates& predicates) {
  Predicates of_text;
  std::set<std::string> raw;
  for (const Predicate* one : predicates) {
    if (one->kind != PredicateKind::kQueryIn) continue;
    of_text.push_back(one);
    for (const std::string& text : one->texts) {
      const auto ways = writings(text);
      if (!ways) return std::nullopt;
      raw.insert(ways->begin(), ways->end());
    }
  }
  Values values{value_of({})};
  for (const std::string& text : raw) values.push_back(text_of(text, true));
  std::string other = "other";
  while (raw.contains(other)) other += "-other";
  values.push_back(text_of(other, false));
  values.push_back(value_of({ValueKind::kOther}));
  return values;
}

}  // namespace

std::optional<std::vector<DimensionValue>> values_of(const Subject& subject, const Predicates& predicates,
                                                     const std::vector<std::string>& extra_texts) {
  switch (subject.aspect) {
    case Aspect::kToken:
    case Aspect::kFlag:
    case Aspect::kBinding: return Values{boolean_of(false), boolean_of(true)};
    case Aspect::kScheme: return scheme_values();
    case Aspect::kTime: return time_values(predicates);
    case Aspect::kClient: return client_values(predicates);
    case Aspect::kQuery: return query_values(predicates);
    case Aspect::kHeader: return header_values(predicates);
    case Aspect::kAge: return age_values(predicates);
    case Aspect::kClaim: return claim_values(subject, predicates, extra_texts);
    case Aspect::kMethod:
    case Aspect::kHost:
    case Aspect::kPath:
    case Aspect::kAudience:
    case Aspect::kScopes:
    case Aspect::kSet: break;  // not looked at by dimension
  }
  return Values{};
}

bool holds_at(const Predicate& predicate, const DimensionValue& value) {
  switch (predicate.subject.aspect) {
    case Aspect::kToken: return value.value.integer != 0;
    case Aspect::kFlag: return value.value.integer == predicate.integers.front();
    case Aspect::kScheme: return (static_cast<std::uint64_t>(predicate.integers.front()) >> value.number & 1U) != 0;
    case Aspect::kTime: return predicate.integers[0] <= value.number && value.number < predicate.integers[1];
    case Aspect::kClient:
      return value.client.present() &&
             std::any_of(predicate.blocks.begin(), predicate.blocks.end(), [&](const AddressBlock& block) {
               return block.contains(value.client);
             }) == (predicate.kind == PredicateKind::kClientIn);
    case Aspect::kBinding: return value.value.integer != 0;
    default: return holds_of(predicate, value.value);
  }
}

void put_value(const Subject& subject, const DimensionValue& value, Point& point) {
  switch (subject.aspect) {
    case Aspect::kToken: point.has_token = value.value.integer != 0; return;
    case Aspect::kFlag:
      if (value.value.integer != 0) point.flags.insert(subject.name);
      return;
    case Aspect::kScheme: point.scheme = static_cast<Scheme>(value.number); return;
    case Aspect::kTime: point.now_s = value.number; return;
    case Aspect::kClient: point.client = value.client; return;
    case Aspect::kBinding: return;  // follows from claim and path
    default: point.values[subject] = value.value; return;
  }
}

}  // namespace ostiary::policy::analysis
