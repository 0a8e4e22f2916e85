#include "inspected.hpp"

#include <ostiary/http/query.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

using Pairs = std::vector<std::pair<std::string, std::optional<std::string>>>;

Pairs pairs_of(const Parameters& range, std::string_view text) {
  Pairs pairs;
  for (const Parameter& parameter : range) {
    const std::string value(parameter.value.in(text));
    pairs.emplace_back(parameter.name.in(text), parameter.has_value() ? std::optional(value) : std::nullopt);
  }
  return pairs;
}

Pairs pairs_of(std::string_view query) { return pairs_of(parameters(query), query); }

std::string decoded(std::string_view raw, PlusSign plus) {
  std::vector<std::byte> memory(raw.size());
  Arena scratch(memory);
  const Result<std::string_view> value = decode_parameter(raw, plus, scratch);
  EXPECT_TRUE(value.ok()) << raw;
  return std::string(*value);
}

static_assert(std::ranges::forward_range<Parameters>);
static_assert(is_parameter_name("ro%6ce", "role") && !is_parameter_name("ro%6ce", "Role"));

TEST(Parameters, AreSplitAtAmpersandsAndFirstEqualsSigns) {
  EXPECT_EQ(pairs_of("a=1&b=2"), (Pairs{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(pairs_of("a&b=&=c&="), (Pairs{{"a", {}}, {"b", ""}, {"", "c"}, {"", ""}}));
  EXPECT_EQ(pairs_of("a=b=c&d=="), (Pairs{{"a", "b=c"}, {"d", "="}}));
  EXPECT_EQ(pairs_of("&&a=1&&&b&"), (Pairs{{"a", "1"}, {"b", {}}}));
  EXPECT_EQ(pairs_of("a%3D1=2%261"), (Pairs{{"a%3D1", "2%261"}}));
  EXPECT_EQ(pairs_of(" a = 1 "), (Pairs{{" a ", " 1 "}}));
  EXPECT_EQ(pairs_of(""), Pairs{});
  EXPECT_EQ(pairs_of(std::string_view()), Pairs{});
}

TEST(Parameters, OfARequestAreSpansOfItsHead) {
  const Inspected seen(get("/p?a=1&bc"));
  ASSERT_TRUE(seen.complete());
  const Parameters range = parameters(seen.request());
  auto at = range.begin();
  EXPECT_EQ(*at, (Parameter{{kTargetOffset + 3, 1}, {kTargetOffset + 5, 1}}));
  EXPECT_EQ(*++at, (Parameter{{kTargetOffset + 7, 2}, {}}));
  EXPECT_EQ(++at, range.end());
}

TEST(Parameters, OfARequestWithoutAQueryAreNone) {
  for (const std::string target : {"/", "/?"}) {
    const Inspected seen(get(target));
    ASSERT_TRUE(seen.complete());
    EXPECT_EQ(pairs_of(parameters(seen.request()), seen.request().head), Pairs{});
    EXPECT_EQ(judge_parameters(seen.request()).reason, Reason::kOk);
    EXPECT_FALSE(find_parameter(seen.request(), "a")->name.present());
  }
}

TEST(ParameterRow65, AParameterThatMustStandOnceIsRefusedTwice) {
  const RejectCase cases[] = {
      {"role=user&role=admin", Reason::kParameterDuplicate, 10},
      {"role=user&x=1&role=user", Reason::kParameterDuplicate, 14},
      {"role=user&role", Reason::kParameterDuplicate, 10},
      {"role&ro%6ce=admin", Reason::kParameterDuplicate, 5},
      {"%72%6F%6c%65=1&role=2", Reason::kParameterDuplicate, 15},
      {"role=user&role[]=admin", Reason::kParameterDuplicate, 10},
      {"role%5b0%5D=admin", Reason::kParameterDuplicate, 0},
      {"role[=admin", Reason::kParameterDuplicate, 0},
  };
  for (const RejectCase& c : cases) {
    EXPECT_EQ(find_parameter(c.input, "role").error(), (Error{c.reason, c.offset})) << c.input;
    const Inspected seen(get("/?" + c.input));
    ASSERT_TRUE(seen.complete()) << c.input;
    EXPECT_EQ(find_parameter(seen.request(), "role").error(), (Error{c.reason, kTargetOffset + 2 + c.offset}))
        << c.input;
  }
}

TEST(ParameterRow65, OneThatStandsOnceIsFound) {
  const std::string_view query = "Role=1&rol=2&roles=3&ro%6Ce=4%26&x[role]=5&r=ole&ro%256ce=6";
  const Result<Parameter> found = find_parameter(query, "role");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->name.in(query), "ro%6Ce");
  EXPECT_EQ(found->value.in(query), "4%26");
  EXPECT_FALSE(find_parameter("role", "role")->has_value());
  EXPECT_TRUE(find_parameter("role", "role")->name.present());
  EXPECT_TRUE(find_parameter("role=", "role")->has_value());
  EXPECT_TRUE(find_parameter("a=1", "role").ok());
  EXPECT_FALSE(find_parameter("a=1", "role")->name.present());
}

TEST(ParameterRow65, APlusInANameIsReadBothWays) {
  EXPECT_TRUE(is_parameter_name("a+b", "a b"));
  EXPECT_TRUE(is_parameter_name("a+b", "a+b"));
  EXPECT_TRUE(is_parameter_name("a%20b", "a b"));
  EXPECT_TRUE(is_parameter_name("a%2bb", "a+b"));
  EXPECT_FALSE(is_parameter_name("a%2bb", "a b"));
  EXPECT_FALSE(is_parameter_name("a%20b", "a+b"));
  EXPECT_EQ(find_parameter("a+b=1&a%20b=2", "a b").reason(), Reason::kParameterDuplicate);
  EXPECT_EQ(find_parameter("a+b=1&a%2Bb=2", "a+b").reason(), Reason::kParameterDuplicate);
  EXPECT_TRUE(find_parameter("a%20b=1&a%2Bb=2", "a+b").ok());
}

TEST(ParameterRow65, NamesAreDecodedExactlyOnce) {
  EXPECT_FALSE(is_parameter_name("ro%256ce", "role"));
  EXPECT_TRUE(is_parameter_name("ro%256ce", "ro%6ce"));
  EXPECT_FALSE(is_parameter_name("rol", "role"));
  EXPECT_FALSE(is_parameter_name("role%00", "role"));
  EXPECT_TRUE(is_parameter_name("%c3%a9", "\xc3\xa9"));
  EXPECT_TRUE(is_parameter_name("", ""));
  EXPECT_FALSE(is_parameter_name("%", "\0"));
  EXPECT_TRUE(is_parameter_name("%6", "%6"));
}

TEST(ParameterRow66, ASemicolonIsData) {
  const std::string_view query = "utm=x;callback=evil&callback=good";
  EXPECT_EQ(pairs_of(query), (Pairs{{"utm", "x;callback=evil"}, {"callback", "good"}}));
  EXPECT_EQ(find_parameter(query, "callback")->value.in(query), "good");
  EXPECT_EQ(pairs_of("a=1;b=2"), (Pairs{{"a", "1;b=2"}}));
}

TEST(Parameters, AreCountedUpToTheLimit) {
  Limits limits;
  limits.parameter_count_max = 2;
  EXPECT_EQ(judge_parameters("a&b", limits).reason, Reason::kOk);
  EXPECT_EQ(judge_parameters("a&b&c&d", limits), (Error{Reason::kParameterTooMany, 4}));
  EXPECT_EQ(judge_parameters("&&", limits), (Error{Reason::kParameterTooMany, 2}));
  EXPECT_EQ(find_parameter("a&b&c", "a", limits).error(), (Error{Reason::kParameterTooMany, 4}));
  limits.parameter_count_max = 0;
  EXPECT_EQ(judge_parameters("", limits), (Error{Reason::kParameterTooMany, 0}));
  std::string query = "a";
  for (std::uint32_t count = 1; count < Limits{}.parameter_count_max; ++count) query += "&a";
  const Inspected good(get("/?" + query));
  const Inspected bad(get("/?" + query + "&b&c"));
  EXPECT_EQ(judge_parameters(good.request()).reason, Reason::kOk);
  const auto over = kTargetOffset + 2 + static_cast<std::uint32_t>(query.size()) + 1;
  EXPECT_EQ(judge_parameters(bad.request()), (Error{Reason::kParameterTooMany, over}));
}

TEST(Parameters, MalformedEscapesAreRefused) {
  for (const std::string_view query : {"abc=%", "abc=%4", "abc=%4x", "abc=%%41", "abc=%x4&b=%41", "a%41%"}) {
    EXPECT_EQ(judge_parameters(query), (Error{Reason::kPathEscape, 4})) << query;
    EXPECT_EQ(find_parameter(query, "abc").error(), (Error{Reason::kPathEscape, 4})) << query;
    Arena none;
    EXPECT_EQ(decode_parameter(query, PlusSign::kSpace, none).error(), (Error{Reason::kPathEscape, 4})) << query;
  }
  EXPECT_EQ(judge_parameters("%41%4a%Af=%00").reason, Reason::kOk);
}

TEST(DecodeParameter, DecodesExactlyOnce) {
  EXPECT_EQ(decoded("%2541", PlusSign::kSpace), "%41");
  EXPECT_EQ(decoded("a%20b+c%2Bd", PlusSign::kSpace), "a b c+d");
  EXPECT_EQ(decoded("a%20b+c%2Bd", PlusSign::kPlus), "a b+c+d");
  EXPECT_EQ(decoded("%00%ff%C3%a9", PlusSign::kPlus), raw("\0\xff\xc3\xa9"));
  EXPECT_EQ(decoded("", PlusSign::kPlus), "");
}

TEST(DecodeParameter, TakesScratchOnlyWhenSomethingChanges) {
  Arena none;
  const std::string_view plain = "a+b;c";
  EXPECT_EQ(decode_parameter(plain, PlusSign::kPlus, none)->data(), plain.data());
  EXPECT_EQ(decode_parameter(plain, PlusSign::kSpace, none).reason(), Reason::kUsageScratchTooSmall);
  EXPECT_EQ(decode_parameter("%41", PlusSign::kPlus, none).reason(), Reason::kUsageScratchTooSmall);
  std::array<std::byte, 5> memory;
  Arena exact(memory);
  EXPECT_EQ(*decode_parameter(plain, PlusSign::kSpace, exact), "a b;c");
}

TEST(Values, AreComparedInEachReadingOfAPlus) {
  EXPECT_TRUE(is_parameter_value("a+b", "a b"));
  EXPECT_TRUE(is_parameter_value("a+b", "a+b"));
  EXPECT_TRUE(is_parameter_value("a%20b", "a b"));
  EXPECT_TRUE(is_parameter_value("a%2bb", "a+b"));
  EXPECT_FALSE(is_parameter_value("a%20b", "a+b"));
  EXPECT_FALSE(is_parameter_value("a%2Bb", "a b"));
  EXPECT_FALSE(is_parameter_value("a+b+", "a b+"));  // nobody reads two pluses in two ways
  EXPECT_TRUE(is_parameter_value("a+b%2B", "a b+"));
  EXPECT_FALSE(is_parameter_value("a+b", "a b "));
  EXPECT_FALSE(is_parameter_value("a+b", "a "));
  EXPECT_TRUE(is_parameter_value("", ""));
  EXPECT_TRUE(is_parameter_value("%2", "%2"));
}

}  // namespace
}  // namespace ostiary::test
