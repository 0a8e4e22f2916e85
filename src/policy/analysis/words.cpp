#include "policy/analysis/words.hpp"

#include "policy/time_text.hpp"

#include <ostiary/http/request.hpp>

#include <array>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::policy::analysis {

namespace {

constexpr std::size_t kListedMax = 6;

std::string listed(const std::vector<std::string>& texts) {
  std::string line;
  for (std::size_t i = 0; i < texts.size() && i < kListedMax; ++i) line += (i == 0 ? "" : ", ") + texts[i];
  if (texts.size() > kListedMax) line += " and " + std::to_string(texts.size() - kListedMax) + " more";
  return line;
}

std::string one_of(const std::vector<std::string>& texts) {
  return (texts.size() == 1 ? "" : "one of ") + listed(texts);
}

std::vector<std::string> integer_texts(const std::vector<std::int64_t>& integers) {
  std::vector<std::string> texts;
  for (const std::int64_t integer : integers) texts.push_back(std::to_string(integer));
  return texts;
}

std::vector<std::string> method_texts(std::int64_t mask) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kMethodNames.size(); ++i) {
    if ((static_cast<std::uint64_t>(mask) >> i & 1U) != 0) texts.emplace_back(kMethodNames[i]);
  }
  return texts;
}

std::vector<std::string> scheme_texts(std::int64_t mask) {
  constexpr std::array<std::string_view, 3> kNames = {"unknown", "http", "https"};
  static_assert(static_cast<int>(Scheme::kUnknown) == 0 && static_cast<int>(Scheme::kHttps) == 2);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((static_cast<std::uint64_t>(mask) >> i & 1U) != 0) texts.emplace_back(kNames[i]);
  }
  return texts;
}

std::vector<std::string> block_texts(const std::vector<AddressBlock>& blocks) {
  std::vector<std::string> texts;
  for (const AddressBlock& block : blocks) {
    std::array<char, kIpv6TextMax> text{};
    const std::size_t size = format_address(block.first, text);
    texts.push_back(std::string(text.data(), size) + "/" + std::to_string(block.length));
  }
  return texts;
}

std::string is(bool negated) { return negated ? " is not " : " is "; }

std::string time_words(const Predicate& predicate, bool negated) {
  const bool from = predicate.integers[0] != std::numeric_limits<std::int64_t>::min();
  const bool until = predicate.integers[1] != std::numeric_limits<std::int64_t>::max();
  const std::string first = time_text(predicate.integers[0]);
  const std::string last = time_text(predicate.integers[1]);
  if (from && until) return std::string("the time") + is(negated) + "from " + first + " until before " + last;
  if (from) return (negated ? "before " : "from ") + first + (negated ? "" : " on");
  return (negated ? "from " : "before ") + last + (negated ? " on" : "");
}

std::string path_words(const std::vector<std::string>& patterns, bool negated) {
  const bool exact = patterns.size() == 1 && patterns.front().find('*') == std::string::npos;
  if (exact) return "the path" + is(negated) + patterns.front();
  return std::string("the path ") + (negated ? "does not match " : "matches ") + one_of(patterns);
}

std::string value_words(const std::string& what, const Predicate& predicate, bool negated) {
  switch (predicate.kind) {
    case PredicateKind::kQueryPresent:
    case PredicateKind::kHeaderPresent:
    case PredicateKind::kClaimPresent: return what + (negated ? " is absent" : " is there");
    case PredicateKind::kQueryAbsent:
    case PredicateKind::kHeaderAbsent:
    case PredicateKind::kClaimAbsent: return what + (negated ? " is there" : " is absent");
    case PredicateKind::kTextNotIn:
      if (predicate.texts.empty()) return what + is(negated) + "a text";
      return what + (negated ? " is no text, or " : " is a text, but not ") + one_of(predicate.texts);
    case PredicateKind::kTextPrefix:
      return what + (negated ? " does not begin with " : " begins with ") + one_of(predicate.texts);
    case PredicateKind::kIntegerIn: return what + is(negated) + one_of(integer_texts(predicate.integers));
    case PredicateKind::kIntegerNotIn:
      if (predicate.integers.empty()) return what + is(negated) + "an integer";
      return what + (negated ? " is no integer, or " : " is an integer, but not ") +
             one_of(integer_texts(predicate.integers));
    case PredicateKind::kBooleanIs: return what + is(negated) + (predicate.integers.front() != 0 ? "true" : "false");
    case PredicateKind::kHasAny: return what + is(negated) + "a list of texts";
    default: return what + is(negated) + one_of(predicate.texts);
  }
}

std::string set_words(const std::string& what, const Predicate& predicate, bool negated) {
  switch (predicate.kind) {
    case PredicateKind::kScopesAll:
    case PredicateKind::kHasAll: return what + (negated ? " lack some of " : " have all of ") + listed(predicate.texts);
    case PredicateKind::kScopesNone:
    case PredicateKind::kHasNone:
      return what + (negated ? " are absent or have any of " : " are there and have none of ") +
             listed(predicate.texts);
    default: return what + (negated ? " have none of " : " have any of ") + listed(predicate.texts);
  }
}

}  // namespace

std::string words_of(const Predicate& predicate, bool negated) {
  const std::string& name = predicate.subject.name;
  switch (predicate.subject.aspect) {
    case Aspect::kMethod: return "the method" + is(negated) + one_of(method_texts(predicate.integers.front()));
    case Aspect::kHost: return "the host" + is(negated) + one_of(predicate.texts);
    case Aspect::kPath: return path_words(predicate.texts, negated);
    case Aspect::kToken: return negated ? "there is no token" : "there is a token";
    case Aspect::kScheme: return "the scheme" + is(negated) + one_of(scheme_texts(predicate.integers.front()));
    case Aspect::kFlag:
      return "the flag " + name + " is " + ((predicate.integers.front() != 0) == negated ? "false" : "true");
    case Aspect::kTime: return time_words(predicate, negated);
    case Aspect::kClient:
      if (predicate.kind == PredicateKind::kClientIn)
        return "the client" + is(negated) + "in " + listed(block_texts(predicate.blocks));
      return std::string("the client is ") + (negated ? "unknown or in " : "known and not in ") +
             listed(block_texts(predicate.blocks));
    case Aspect::kQuery: return value_words("the parameter " + name, predicate, negated);
    case Aspect::kHeader: return value_words("the header " + name, predicate, negated);
    case Aspect::kAge:
      return negated ? "the token is older than " + std::to_string(predicate.integers.front()) + " s or of no known age"
                     : "the token is at most " + std::to_string(predicate.integers.front()) + " s old";
    case Aspect::kClaim:
      if (name == "iss")
        return "the token is " + std::string(negated ? "not " : "") + "from " + one_of(predicate.texts);
      return value_words("the claim " + name, predicate, negated);
    case Aspect::kBinding:
      return "segment " + std::to_string(predicate.subject.segment + 1) + " of the path" + is(negated) + "the claim " +
             name;
    case Aspect::kAudience:
      return std::string("the token is ") + (negated ? "not " : "") + "for " + one_of(predicate.texts);
    case Aspect::kScopes: return set_words("the scopes", predicate, negated);
    case Aspect::kSet: return set_words("the elements of the claim " + name, predicate, negated);
  }
  return {};
}

std::vector<std::string> words_of(const PredicateTable& table, const Cube& cube, std::uint32_t methods) {
  std::vector<std::string> words;
  bool is_first = true;
  for (const Literal& literal : cube) {
    const Predicate& predicate = table[literal.predicate];
    if (predicate.subject.aspect != Aspect::kMethod) {
      words.push_back(words_of(predicate, literal.negated));
      continue;
    }
    const auto mask = static_cast<std::uint32_t>(predicate.integers.front());
    methods &= literal.negated ? ~mask : mask;
    if (std::exchange(is_first, false)) words.emplace_back();
  }
  for (std::string& one : words) {
    if (one.empty()) one = "the method is " + one_of(method_texts(methods));
  }
  return words;
}

}  // namespace ostiary::policy::analysis
