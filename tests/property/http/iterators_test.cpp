// The lazy ranges against readers that split strings, written straight from the rules of each grammar.
#include <ostiary/http/authorization.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/query.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kNone = "(none)";  // never made by the alphabets below

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// A copy of exactly the right size, so that an over-read is caught.
class Exact {
 public:
  explicit Exact(const std::string& text) : bytes_(new char[text.size()]), size_(text.size()) {
    text.copy(bytes_.get(), size_);
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

class TextGenerator {
 public:
  explicit TextGenerator(std::uint64_t seed) : random_(seed) {}

  std::string next(const std::vector<std::string>& tokens, std::size_t count_max) {
    std::string text;
    for (std::size_t left = random_() % (count_max + 1); left > 0; --left) text += tokens[random_() % tokens.size()];
    return text;
  }

 private:
  std::mt19937_64 random_;
};

// --- cookies
// ----------------------------------------------------------------------------------------------------------

struct ReferenceCookies {
  Pairs named;
  bool nameless = false;
  std::uint32_t pieces = 0;
  bool legacy = false;
};

ReferenceCookies reference_cookies(const std::string& line) {
  ReferenceCookies result;
  for (const std::string& piece : split(line, ';')) {
    ++result.pieces;
    for (const std::string& part : split(piece, ',')) {
      result.legacy = result.legacy || lowered(trimmed(part)).starts_with("$version");
    }
    const std::size_t equals = piece.find('=');
    const std::string name = equals == piece.npos ? "" : trimmed(piece.substr(0, equals));
    if (!name.empty()) {
      result.named.emplace_back(name, trimmed(piece.substr(equals + 1)));
    } else if (!trimmed(piece).empty()) {
      result.nameless = true;
    }
  }
  return result;
}

void expect_same_cookies(const std::string& text) {
  const Exact exact(text);
  const std::string_view line = exact.view();
  const ReferenceCookies expected = reference_cookies(text);
  Pairs named;
  for (const Cookie& cookie : cookies(line)) named.emplace_back(cookie.name.in(line), cookie.value.in(line));
  ASSERT_EQ(named, expected.named) << text;
  ASSERT_EQ(first_nameless_cookie(line).present(), expected.nameless) << text;
  Limits limits;
  for (limits.cookie_count_max = 0; limits.cookie_count_max < 8; ++limits.cookie_count_max) {
    std::uint32_t count = 0;
    const Error fault = judge_cookies(line, count, limits);
    const Reason reason = expected.legacy                             ? Reason::kCookieLegacy
                          : expected.pieces > limits.cookie_count_max ? Reason::kCookieTooMany
                                                                      : Reason::kOk;
    ASSERT_EQ(fault.reason, reason) << text;
    if (reason == Reason::kOk) {
      ASSERT_EQ(count, expected.pieces) << text;
    }
    if (reason == Reason::kCookieTooMany) {
      const std::string before = text.substr(0, fault.offset);
      ASSERT_EQ(std::count(before.begin(), before.end(), ';'), limits.cookie_count_max) << text;
    }
  }
}

TEST(CookieRanges, AgreeWithSplittingStrings) {
  TextGenerator generator(6265);
  const std::vector<std::string> tokens = {
      "a",        "b", "=", "=",  ";", "; ", " ",    "\t",  "\"",    "$Version",
      "$vERSION", "$", ",", "\\", "=", ";",  "\xa0", "sid", "a=1; ", "0123456789abcdef"};
  for (int i = 0; i < 60000; ++i) {
    expect_same_cookies(generator.next(tokens, 12));
    if (HasFatalFailure()) return;
  }
}

TEST(CookieRanges, FindWhatStandsOnce) {
  TextGenerator generator(2965);
  const std::vector<std::string> tokens = {"a", "b", "=", "=", ";", "; ", " ", "sid=1", "a=", "b=2"};
  for (int i = 0; i < 40000; ++i) {
    const std::string text = generator.next(tokens, 10);
    const Exact exact(text);
    for (const std::string_view name : {"a", "b", "sid", ""}) {
      std::vector<std::string> values;
      for (const auto& [key, value] : reference_cookies(text).named) {
        if (key == name) values.push_back(value);
      }
      const Result<Span> found = find_cookie(exact.view(), name);
      ASSERT_EQ(found.reason(), values.size() > 1 ? Reason::kCookieDuplicate : Reason::kOk) << text;
      ASSERT_EQ(found->present(), values.size() == 1) << text;
      if (found->present()) {
        ASSERT_EQ(found->in(exact.view()), values[0]) << text;
      }
    }
  }
}

// --- parameters
// -------------------------------------------------------------------------------------------------------

/// Nothing for a malformed escape.
std::optional<std::string> reference_decoded(const std::string& text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || std::isxdigit(static_cast<unsigned char>(text[i + 1])) == 0 ||
          std::isxdigit(static_cast<unsigned char>(text[i + 2])) == 0) {
        return std::nullopt;
      }
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return out;
}

Pairs reference_parameters(const std::string& query) {
  Pairs pairs;
  for (const std::string& piece : split(query, '&')) {
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    pairs.emplace_back(piece.substr(0, equals), equals == piece.npos ? std::string(kNone) : piece.substr(equals + 1));
  }
  return pairs;
}

/// The names a raw name has to one reader or another.
std::set<std::string> readings(const std::string& raw) {
  return {reference_decoded(raw, false).value_or(""), reference_decoded(raw, true).value_or("")};
}

void expect_single_parameter(const std::string& query, const std::string& wanted) {
  const Exact exact(query);
  std::vector<std::string> values;
  bool list = false;
  for (const auto& [raw, value] : reference_parameters(query)) {
    const std::set<std::string> names = readings(raw);
    if (names.contains(wanted)) values.push_back(value);
    for (const std::string& name : names) list = list || name.starts_with(wanted + "[");
  }
  const Result<Parameter> found = find_parameter(exact.view(), wanted);
  ASSERT_EQ(found.reason(), values.size() > 1 || list ? Reason::kParameterDuplicate : Reason::kOk) << query;
  ASSERT_EQ(found->name.present(), found.ok() && values.size() == 1) << query;
  if (found->name.present()) {
    ASSERT_EQ(found->has_value() ? found->value.in(exact.view()) : kNone, values[0]) << query;
  }
}

TEST(ParameterRanges, AgreeWithSplittingStrings) {
  TextGenerator generator(3986);
  const std::vector<std::string> tokens = {"a", "b",   "=",   "=",   "&", "&",   "+",   ";",
                                           "%", "%61", "%5B", "%2b", "[", "%25", "%20", "role=1"};
  for (int i = 0; i < 60000; ++i) {
    const std::string query = generator.next(tokens, 10);
    const Exact exact(query);
    Pairs pairs;
    for (const Parameter& p : parameters(exact.view())) {
      pairs.emplace_back(p.name.in(exact.view()), p.has_value() ? p.value.in(exact.view()) : kNone);
    }
    ASSERT_EQ(pairs, reference_parameters(query)) << query;
    const bool sound = reference_decoded(query, false).has_value();
    const Error fault = judge_parameters(exact.view());
    ASSERT_EQ(fault.reason, sound ? Reason::kOk : Reason::kPathEscape) << query;
    if (!sound) {
      ASSERT_TRUE(reference_decoded(query.substr(0, fault.offset), false)) << query;
      ASSERT_EQ(query[fault.offset], '%') << query;
      continue;
    }
    for (const std::string wanted : {"a", "b", "ab", "a b", "a+b", "role", "%", "%61"}) {
      expect_single_parameter(query, wanted);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(ParameterRanges, DecodeAsTheReferenceDoes) {
  TextGenerator generator(5);
  const std::vector<std::string> tokens = {"a", "+", "%", "%61", "%2B", "%00", "%fF", "=", "%25", "%4"};
  for (int i = 0; i < 20000; ++i) {
    const std::string raw = generator.next(tokens, 6);
    const Exact exact(raw);
    std::vector<std::byte> memory(raw.size());
    for (const PlusSign plus : {PlusSign::kPlus, PlusSign::kSpace}) {
      Arena scratch(memory);
      const Result<std::string_view> actual = decode_parameter(exact.view(), plus, scratch);
      const std::optional<std::string> expected = reference_decoded(raw, plus == PlusSign::kSpace);
      ASSERT_EQ(actual.ok(), expected.has_value()) << raw;
      ASSERT_EQ(*actual, expected.value_or("")) << raw;
      if (!expected) continue;
      ASSERT_TRUE(plus == PlusSign::kSpace || is_parameter_name(exact.view(), *expected)) << raw;
      ASSERT_TRUE(is_parameter_name(exact.view(), *expected)) << raw;
    }
  }
}

// --- credentials
// ------------------------------------------------------------------------------------------------------

struct ReferenceCredentials {
  std::string scheme;
  CredentialsKind kind = CredentialsKind::kEmpty;
  Pairs parameters;
};

bool consists_of(std::string_view text, std::string_view extra) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [extra](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) || extra.find(static_cast<char>(c)) != extra.npos;
  });
}

bool is_reference_token(std::string_view text) { return consists_of(text, "!#$%&'*+-.^_`|~"); }

/// Cut at the commas that no quotes enclose.
std::vector<std::string> split_list(const std::string& list) {
  std::vector<std::string> members(1);
  bool quoted = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == ',' && !quoted) {
      members.emplace_back();
      continue;
    }
    members.back() += list[i];
    if (list[i] == '"') quoted = !quoted;
    if (list[i] == '\\' && quoted && i + 1 < list.size()) members.back() += list[++i];
  }
  return members;
}

/// What stands between the quotes that `text` starts and ends with, or nothing.
std::optional<std::string> reference_quoted(const std::string& text) {
  std::size_t i = 1;
  while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2U : 1U;
  if (i + 1 != text.size() || text.find('\x01') != text.npos) return std::nullopt;
  return text.substr(1, i - 1);
}

std::optional<Pairs> reference_list(const std::string& list) {
  Pairs pairs;
  std::set<std::string> names;
  for (const std::string& untrimmed : split_list(list)) {
    const std::string member = trimmed(untrimmed);
    if (member.empty()) continue;
    const std::size_t equals = member.find('=');
    if (equals == member.npos) return std::nullopt;
    const std::string name = trimmed(member.substr(0, equals));
    const std::string value = trimmed(member.substr(equals + 1));
    const bool quoted = value.starts_with('"');
    const bool bare = consists_of(value, "!#$%&'()*+-./:;<=>?@[\\]^_`{|}~");
    const std::optional<std::string> content = quoted ? reference_quoted(value) : std::optional(value);
    if (!is_reference_token(name) || !content || !(quoted || bare)) return std::nullopt;
    if (!names.insert(lowered(name)).second) return std::nullopt;
    pairs.emplace_back(name, *content);
  }
  if (pairs.empty()) return std::nullopt;
  return pairs;
}

std::optional<ReferenceCredentials> reference_credentials(const std::string& value) {
  const std::size_t space = value.find(' ');
  const std::string scheme = value.substr(0, space);
  if (!is_reference_token(scheme)) return std::nullopt;
  if (space == value.npos) return ReferenceCredentials{scheme, CredentialsKind::kEmpty, {}};
  const std::string rest = value.substr(space + 1);
  if (consists_of(rest.substr(0, rest.find_last_not_of('=') + 1), "-._~+/")) {
    return ReferenceCredentials{scheme, CredentialsKind::kToken68, {}};
  }
  if (rest.starts_with(' ') || rest.starts_with('\t')) return std::nullopt;
  const std::optional<Pairs> list = reference_list(rest);
  if (!list) return std::nullopt;
  return ReferenceCredentials{scheme, CredentialsKind::kParameters, *list};
}

TEST(Credentials, AgreeWithSplittingStrings) {
  TextGenerator generator(9110);
  const std::vector<std::string> tokens = {"a",  "b", "B", "=",  "=",    ",",    ", ", " ",   "\t",  "\"",
                                           "\\", "/", ";", "x ", "\x01", "\x80", "a=", "=\"", "\",", "b=1,"};
  int sound = 0;
  for (int i = 0; i < 60000; ++i) {
    const std::string value = (i % 2 == 0 ? "s a=1," : "") + generator.next(tokens, 9);
    const Exact exact(value);
    const Result<Authorization> actual = parse_authorization(exact.view());
    const std::optional<ReferenceCredentials> expected = reference_credentials(value);
    ASSERT_EQ(actual.ok(), expected.has_value()) << value;
    if (!expected) {
      ASSERT_LE(actual.error().offset, value.size()) << value;
      continue;
    }
    sound += expected->kind == CredentialsKind::kParameters ? 1 : 0;
    ASSERT_EQ(actual->scheme.in(exact.view()), expected->scheme) << value;
    ASSERT_EQ(actual->kind, expected->kind) << value;
    Pairs pairs;
    for (const AuthParameter& p : auth_parameters(exact.view(), *actual)) {
      pairs.emplace_back(p.name.in(exact.view()), p.value.in(exact.view()));
    }
    ASSERT_EQ(pairs, expected->parameters) << value;
  }
  EXPECT_GT(sound, 1000);
}

}  // namespace
}  // namespace ostiary::test
