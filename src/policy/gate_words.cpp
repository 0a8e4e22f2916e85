#include "policy/gate_words.hpp"

#include "policy/time_text.hpp"

#include <ostiary/http/ip_address.hpp>
#include <ostiary/policy/gate_text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

namespace ostiary::policy {

namespace {

using adapt::Outline;
using adapt::quoted;

/// Fills in the values of one condition.
class Values {
 public:
  Values(const Gate& gate, const PredicateRecord& predicate, ConditionWords& words)
      : gate_(gate), predicate_(predicate), words_(words) {}

  void text(std::string_view value) {
    words_.values.emplace_back(value);
    words_.value_texts.push_back(quoted(value));
  }
  void integer(std::int64_t value) {
    words_.values.emplace_back(value);
    words_.value_texts.push_back(std::to_string(value));
  }
  void boolean(bool value) {
    words_.values.emplace_back(value);
    words_.value_texts.emplace_back(value ? "true" : "false");
  }
  void texts() {
    for (std::uint32_t i = 0; i < predicate_.values.count; ++i) text(gate_.listed_text(predicate_.values.first + i));
  }
  void integers() {
    for (std::uint32_t i = 0; i < predicate_.values.count; ++i) integer(gate_.integer(predicate_.values.first + i));
  }
  void patterns() {
    for (std::uint32_t i = 0; i < predicate_.values.count; ++i) {
      const PatternRecord pattern = gate_.pattern(predicate_.values.first + i);
      text(pattern_text(gate_, pattern.segments, pattern.has_tail != 0));
    }
  }
  void methods() {
    for (const std::string_view name : method_names(predicate_.values.first)) text(name);
  }
  void schemes() {
    if ((predicate_.values.first >> static_cast<unsigned>(Scheme::kHttp) & 1U) != 0) text("http");
    if ((predicate_.values.first >> static_cast<unsigned>(Scheme::kHttps) & 1U) != 0) text("https");
    // What rules that deny are written with: a host that does not say how the request came.
    if ((predicate_.values.first >> static_cast<unsigned>(Scheme::kUnknown) & 1U) != 0) text("unknown");
  }
  void blocks() {
    const AddressSet set = gate_.network(predicate_.subject);
    for (std::uint32_t row = 0; row < set.size(); ++row) {
      const AddressBlock block = set.entry(row).block;
      std::array<char, kIpv6TextMax> memory{};
      const std::size_t size = format_address(block.first, memory);
      text(std::string(memory.data(), size) + "/" + std::to_string(block.length));
    }
  }
  /// By their ids where the Gate has them.
  void issuers() {
    for (std::uint32_t i = 0; i < predicate_.values.count; ++i) {
      std::string_view issuer = gate_.listed_text(predicate_.values.first + i);
      for (std::uint32_t row = 0; row < gate_.header().issuers.count; ++row) {
        const IssuerRecord record = gate_.issuer(row);
        if (gate_.text(record.issuer) != issuer) continue;
        issuer = gate_.text(record.id);
        break;
      }
      text(issuer);
    }
  }
  void times() {
    bound(gate_.integer(predicate_.values.first), std::numeric_limits<std::int64_t>::min());
    bound(gate_.integer(predicate_.values.first + 1), std::numeric_limits<std::int64_t>::max());
  }

 private:
  void bound(std::int64_t seconds, std::int64_t open) {
    if (seconds != open) return text(time_text(seconds));
    words_.values.emplace_back();
    words_.value_texts.emplace_back();
  }

  const Gate& gate_;
  const PredicateRecord& predicate_;
  ConditionWords& words_;
};

constexpr std::string_view kIn = "in";
constexpr std::string_view kPresent = "present";

/// What a condition is called; where the language has no operator, `operation` is empty.
struct Name {
  std::string_view member;
  std::string_view operation;
};

[[nodiscard]] Name name_of(PredicateKind kind) {
  switch (kind) {
    case PredicateKind::kMethodIn: return {"request.methods", {}};
    case PredicateKind::kSchemeIn: return {"request.schemes", {}};
    case PredicateKind::kHostIn: return {"request.hosts", {}};
    case PredicateKind::kPathIn: return {"request.paths", {}};
    case PredicateKind::kQueryPresent:
    case PredicateKind::kQueryAbsent: return {"request.query", kPresent};
    case PredicateKind::kQueryIn: return {"request.query", kIn};
    case PredicateKind::kHeaderPresent:
    case PredicateKind::kHeaderAbsent: return {"request.headers", kPresent};
    case PredicateKind::kHeaderIn: return {"request.headers", kIn};
    case PredicateKind::kClientIn: return {"request.client", kIn};
    case PredicateKind::kClientNotIn: return {"request.client", "not_in"};
    case PredicateKind::kTimeIn: return {"time", {}};
    case PredicateKind::kFlagIs: return {"flags", {}};
    case PredicateKind::kIssuerIn: return {"identity.issuers", {}};
    case PredicateKind::kAudienceIn: return {"identity.audiences", {}};
    case PredicateKind::kScopesAll: return {"identity.scopes", "all"};
    case PredicateKind::kScopesAny: return {"identity.scopes", "any"};
    case PredicateKind::kScopesNone: return {"identity.scopes", "none"};
    case PredicateKind::kTokenAge: return {"identity.token_age_max_s", {}};
    case PredicateKind::kClaimPresent:
    case PredicateKind::kClaimAbsent: return {"identity.claims", kPresent};
    case PredicateKind::kTextIn:
    case PredicateKind::kIntegerIn: return {"identity.claims", kIn};
    case PredicateKind::kTextNotIn:
    case PredicateKind::kIntegerNotIn: return {"identity.claims", "not_in"};
    case PredicateKind::kTextPrefix: return {"identity.claims", "prefix"};
    case PredicateKind::kBooleanIs: return {"identity.claims", "equals"};
    case PredicateKind::kHasAny: return {"identity.claims", "has_any"};
    case PredicateKind::kHasAll: return {"identity.claims", "has_all"};
    case PredicateKind::kHasNone: return {"identity.claims", "has_none"};
  }
  return {};
}

void fill_values(Values& values, const PredicateRecord& predicate) {
  switch (predicate.kind) {
    case PredicateKind::kMethodIn: return values.methods();
    case PredicateKind::kSchemeIn: return values.schemes();
    case PredicateKind::kPathIn: return values.patterns();
    case PredicateKind::kQueryPresent:
    case PredicateKind::kHeaderPresent:
    case PredicateKind::kClaimPresent: return values.boolean(true);
    case PredicateKind::kQueryAbsent:
    case PredicateKind::kHeaderAbsent:
    case PredicateKind::kClaimAbsent: return values.boolean(false);
    case PredicateKind::kClientIn:
    case PredicateKind::kClientNotIn: return values.blocks();
    case PredicateKind::kTimeIn: return values.times();
    case PredicateKind::kFlagIs:
    case PredicateKind::kBooleanIs: return values.boolean(predicate.values.first == 1);
    case PredicateKind::kIssuerIn: return values.issuers();
    case PredicateKind::kTokenAge: return values.integer(predicate.values.first);
    case PredicateKind::kIntegerIn:
    case PredicateKind::kIntegerNotIn: return values.integers();
    case PredicateKind::kHostIn:
    case PredicateKind::kQueryIn:
    case PredicateKind::kHeaderIn:
    case PredicateKind::kAudienceIn:
    case PredicateKind::kScopesAll:
    case PredicateKind::kScopesAny:
    case PredicateKind::kScopesNone:
    case PredicateKind::kTextIn:
    case PredicateKind::kTextNotIn:
    case PredicateKind::kTextPrefix:
    case PredicateKind::kHasAny:
    case PredicateKind::kHasAll:
    case PredicateKind::kHasNone: return values.texts();
  }
}

[[nodiscard]] std::string_view subject_of(const Gate& gate, const PredicateRecord& predicate) {
  switch (dimension_of(predicate.kind)) {
    case Dimension::kQuery: return gate.parameter_name(predicate.subject);
    case Dimension::kHeader: return gate.header_name(predicate.subject);
    case Dimension::kFlag: return gate.flag(predicate.subject);
    case Dimension::kClaim: return gate.claim_name(predicate.subject);
    case Dimension::kNone:
    case Dimension::kMethod:
    case Dimension::kScheme:
    case Dimension::kHost:
    case Dimension::kPath:
    case Dimension::kClient:
    case Dimension::kTime:
    case Dimension::kIdentity:
    case Dimension::kIssuer:
    case Dimension::kAudience:
    case Dimension::kScope:
    case Dimension::kTokenAge: return {};
  }
  return {};
}

/// A name as it is, or quoted where that could be read in another way.
[[nodiscard]] std::string plain_name(const std::string& name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alpha(c) || is_digit(c) || c == '_' || c == '-';
  });
  return plain ? name : quoted(name);
}

}  // namespace

ConditionWords condition_words(const Gate& gate, const PredicateRecord& predicate) {
  const Name name = name_of(predicate.kind);
  ConditionWords words;
  words.dimension = dimension_of(predicate.kind);
  words.member = name.member;
  words.subject = subject_of(gate, predicate);
  words.operation = name.operation;
  Values values(gate, predicate, words);
  fill_values(values, predicate);
  // One value says what `equals` does.
  if (name.operation == kIn && predicate.kind != PredicateKind::kClientIn && words.values.size() == 1) {
    words.operation = "equals";
  }
  return words;
}

std::string condition_line(const ConditionWords& words) {
  std::string line(words.member);
  if (!words.subject.empty()) line += "." + plain_name(words.subject);
  if (!words.operation.empty()) line += " " + std::string(words.operation);
  if (words.dimension == Dimension::kTime) {
    if (!words.value_texts[0].empty()) line += " from " + words.value_texts[0];
    if (!words.value_texts[1].empty()) line += " until " + words.value_texts[1];
    return line;
  }
  for (std::size_t i = 0; i < words.value_texts.size(); ++i) line += (i == 0 ? " " : ", ") + words.value_texts[i];
  return line;
}

Outline condition_outline(const Gate& gate, std::uint32_t predicate) {
  ConditionWords words = condition_words(gate, gate.predicate(predicate));
  Outline outline = Outline::object();
  outline.title(condition_line(words));
  outline.tell("dimension", dimension_name(words.dimension));
  outline.tell("member", words.member);
  outline.tell("subject", words.subject.empty() ? Outline() : Outline(words.subject));
  outline.tell("operation", words.operation.empty() ? Outline() : Outline(words.operation));
  Outline values = Outline::list();
  for (Outline& value : words.values) values.add(std::move(value));
  outline.tell("values", std::move(values));
  return outline;
}

std::string pattern_text(const Gate& gate, Range segments, bool has_tail) {
  std::string text;
  for (std::uint32_t i = 0; i < segments.count; ++i) {
    const SegmentRecord segment = gate.segment(segments.first + i);
    text += "/";
    switch (segment.kind) {
      case SegmentKind::kLiteral: text += gate.text(segment.text); break;
      case SegmentKind::kAny: text += "*"; break;
      case SegmentKind::kClaim: text += "{" + std::string(gate.claim_name(segment.text.offset)) + "}"; break;
    }
  }
  return has_tail ? text + "/**" : text;
}

std::string route_pattern(const Gate& gate, const RouteRecord& route) {
  return pattern_text(gate, route.segments, route.has_tail != 0);
}

std::vector<std::string_view> method_names(std::uint32_t mask) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kMethodNames.size(); ++i) {
    if ((mask >> i & 1U) != 0) names.push_back(kMethodNames[i]);
  }
  return names;
}

std::string hex_text(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned byte : bytes) text += {kDigits[byte >> 4U], kDigits[byte & 15U]};
  return text;
}

Outline text_list(const Gate& gate, Range texts) {
  Outline list = Outline::list();
  for (std::uint32_t i = 0; i < texts.count; ++i) list.add(gate.listed_text(texts.first + i));
  return list;
}

std::string_view claim_kind_word(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::kText: return "text";
    case ClaimKind::kInteger: return "integer";
    case ClaimKind::kBoolean: return "boolean";
    case ClaimKind::kTextSet: return "text_set";
    case ClaimKind::kOther: return "other";
  }
  return {};
}

std::string_view effect_word(RuleEffect effect) {
  switch (effect) {
    case RuleEffect::kAllow: return "allow";
    case RuleEffect::kDeny: return "deny";
  }
  return {};
}

}  // namespace ostiary::policy

namespace ostiary {

std::string condition_text(const Gate& gate, std::uint32_t predicate) {
  return policy::condition_line(policy::condition_words(gate, gate.predicate(predicate)));
}

}  // namespace ostiary
