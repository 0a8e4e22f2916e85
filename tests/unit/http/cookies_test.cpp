#include "inspected.hpp"

#include <ostiary/http/cookies.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs pairs_of(const Cookies& range, std::string_view text) {
  Pairs pairs;
  for (const Cookie& cookie : range) pairs.emplace_back(cookie.name.in(text), cookie.value.in(text));
  return pairs;
}

Pairs pairs_of(std::string_view line) { return pairs_of(cookies(line), line); }

Error judged(std::string_view line, const Limits& limits = {}) {
  std::uint32_t count = 0;
  return judge_cookies(line, count, limits);
}

/// The fields door lets crumbs pass (RFC 9113 §8.2.3).
Inspected with_crumbs(std::initializer_list<std::string_view> lines) {
  std::vector<FieldView> fields{{"host", "a.example"}};
  for (const std::string_view line : lines) fields.push_back({"cookie", line});
  return Inspected(ParsedHead{"GET", {}, "/", fields});
}

static_assert(std::forward_iterator<decltype(std::declval<Cookies>().begin())>);
static_assert(std::ranges::forward_range<Cookies>);

TEST(Cookies, AreSplitAtSemicolonsAndFirstEqualsSigns) {
  EXPECT_EQ(pairs_of("a=1; b=2;c=3"), (Pairs{{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  EXPECT_EQ(pairs_of("a=b=c; d=="), (Pairs{{"a", "b=c"}, {"d", "="}}));
  EXPECT_EQ(pairs_of("a=1, b=2"), (Pairs{{"a", "1, b=2"}}));
  EXPECT_EQ(pairs_of("a="), (Pairs{{"a", ""}}));
  EXPECT_EQ(pairs_of(""), Pairs{});
  EXPECT_EQ(pairs_of(std::string_view()), Pairs{});
  EXPECT_EQ(pairs_of("; ;a=1;;\t;"), (Pairs{{"a", "1"}}));
}

TEST(Cookies, AreTrimmedOfBlanksOnly) {
  EXPECT_EQ(pairs_of(" \ta \t= \t1 2\t ;b=\t"), (Pairs{{"a", "1 2"}, {"b", ""}}));
  EXPECT_EQ(pairs_of("a=\xa0"
                     "1\xa0"),
            (Pairs{{"a",
                    "\xa0"
                    "1\xa0"}}));
}

TEST(Cookies, OfARequestAreSpansOfItsHead) {
  const Inspected seen(with_lines("Cookie: a=1; bc=22\r\n"));
  ASSERT_TRUE(seen.complete());
  const std::vector<Cookie> expected = {{{kLinesOffset + 8, 1}, {kLinesOffset + 10, 1}},
                                        {{kLinesOffset + 13, 2}, {kLinesOffset + 16, 2}}};
  std::vector<Cookie> actual;
  std::ranges::copy(cookies(seen.request()), std::back_inserter(actual));
  EXPECT_EQ(actual, expected);
}

TEST(Cookies, OfARequestWithoutTheFieldAreNone) {
  const Inspected seen(with_lines("Cookies: a=1\r\n"));
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(pairs_of(cookies(seen.request()), seen.request().head), Pairs{});
  EXPECT_EQ(judge_cookies(seen.request()).reason, Reason::kOk);
  EXPECT_FALSE(first_nameless_cookie(seen.request()).present());
  const Result<Span> found = find_cookie(seen.request(), "a");
  EXPECT_TRUE(found.ok());
  EXPECT_FALSE(found->present());
}

TEST(Cookies, ComeInCrumbsFromHttp2) {
  const Inspected seen = with_crumbs({"a=1; b=2", "", "c=3", "=x"});
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(pairs_of(cookies(seen.request()), seen.request().head), (Pairs{{"a", "1"}, {"b", "2"}, {"c", "3"}}));
  EXPECT_EQ(find_cookie(seen.request(), "c")->in(seen.request().head), "3");
  EXPECT_EQ(first_nameless_cookie(seen.request()).in(seen.request().head), "=x");
}

TEST(Cookies, AreNotTakenFromFieldsBetweenTheCrumbs) {
  const FieldView fields[] = {{"a", "x=1"},           {"host", "a.example"}, {"cookie", "b=1"},
                              {"c", "$Version=1;;;"}, {"Cookie", "d=1"},     {"cookies", "e=1"}};
  const Inspected seen(ParsedHead{"GET", {}, "/", fields});
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(pairs_of(cookies(seen.request()), seen.request().head), (Pairs{{"b", "1"}, {"d", "1"}}));
  Limits limits;
  limits.cookie_count_max = 2;
  EXPECT_EQ(judge_cookies(seen.request(), limits).reason, Reason::kOk);
}

TEST(Cookies, CanBeReadTwiceFromOneRange) {
  const Cookies range = cookies("a=1; b=2");
  auto first = range.begin();
  auto second = range.begin();
  EXPECT_EQ(first, second);
  EXPECT_EQ(first++, second);
  EXPECT_NE(first, second);
  EXPECT_EQ(++second, first);
  EXPECT_NE(first, range.end());
  EXPECT_EQ(++first, range.end());
  EXPECT_EQ(first, decltype(first)());
}

TEST(CookieRow61, TheVersionAttributeOfTheOlderGrammarIsRefused) {
  const RejectCase cases[] = {
      {R"($Version=1; a="x; session=1; b=")", Reason::kCookieLegacy, 0},
      {"a=1; $Version=1", Reason::kCookieLegacy, 5},
      {"a=1;\t $VERSION=1", Reason::kCookieLegacy, 6},
      {"  $version", Reason::kCookieLegacy, 2},
      {"$vErSiOn =\"1\"", Reason::kCookieLegacy, 0},
      {"$Version2=1", Reason::kCookieLegacy, 0},
      {R"(a="; $Version=1; b=")", Reason::kCookieLegacy, 5},
      {"a=1 , $Version=1", Reason::kCookieLegacy, 6},
      {"$Path=/; $$Version; $Version", Reason::kCookieLegacy, 20},
  };
  for (const RejectCase& c : cases) {
    EXPECT_EQ(judged(c.input), (Error{c.reason, c.offset})) << c.input;
    EXPECT_EQ(find_cookie(c.input, "a").error(), (Error{c.reason, c.offset})) << c.input;
    const Inspected seen = with_crumbs({"z=1", c.input});
    if (!seen.complete()) continue;  // the inspector may refuse it itself
    const std::uint32_t value = seen.request().fields[2].value.offset;
    const auto leading = static_cast<std::uint32_t>(c.input.find_first_not_of(' '));
    EXPECT_EQ(judge_cookies(seen.request()), (Error{c.reason, value + c.offset - leading})) << c.input;
    EXPECT_EQ(find_cookie(seen.request(), "z").reason(), c.reason) << c.input;
  }
}

TEST(CookieRow61, OtherDollarSignsAreData) {
  for (const std::string_view line : {"$Path=/; $Domain=x", "a=$Version", "a$Version=1", "$Versio=1", "$", "a=1; $",
                                      "a=b $Version=1", "$ Version=1"}) {
    EXPECT_EQ(judged(line).reason, Reason::kOk) << line;
  }
}

TEST(CookieRow61, QuotesAreBytesAndHideNothing) {
  EXPECT_EQ(pairs_of(R"(a="x; session=1; b=")"), (Pairs{{"a", "\"x"}, {"session", "1"}, {"b", "\""}}));
  EXPECT_EQ(pairs_of(R"(a="\";b=2")"), (Pairs{{"a", "\"\\\""}, {"b", "2\""}}));
}

TEST(CookieRow62, ACookieThatMustStandOnceIsRefusedTwice) {
  const std::string_view line = "a=1; sid=evil; b=2; sid=good; sid=more";
  EXPECT_EQ(find_cookie(line, "sid").error(), (Error{Reason::kCookieDuplicate, 20}));
  EXPECT_EQ(find_cookie("sid=1; sid=1", "sid").error(), (Error{Reason::kCookieDuplicate, 7}));
  EXPECT_EQ(find_cookie("sid=; sid=", "sid").error(), (Error{Reason::kCookieDuplicate, 6}));
  EXPECT_TRUE(find_cookie("sid=; sid", "sid").ok());
  EXPECT_EQ(find_cookie(line, "b")->in(line), "2");
  const Inspected seen = with_crumbs({"sid=evil", "sid=good"});
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(find_cookie(seen.request(), "sid").error(),
            (Error{Reason::kCookieDuplicate, seen.request().fields[2].value.offset}));
}

TEST(CookieRow62, NamesAreComparedByteByByte) {
  const std::string_view line = "SID=1; s%69d=2; sid=3; sid2=4; si=5; \"sid\"=6";
  EXPECT_EQ(find_cookie(line, "sid")->in(line), "3");
  EXPECT_EQ(find_cookie(line, "SID")->in(line), "1");
  EXPECT_TRUE(find_cookie(line, "Sid").ok());
  EXPECT_FALSE(find_cookie(line, "Sid")->present());
  EXPECT_TRUE(find_cookie("sid=", "sid")->present());
}

TEST(CookieRow63, NamelessCookiesForgeNoNames) {
  for (const std::string_view line : {"=__Host-x=1", "= __Host-x=1", "__Host-x", "=sid=1", " \t=sid=1", "="}) {
    EXPECT_EQ(pairs_of(line), Pairs{}) << line;
    EXPECT_FALSE(find_cookie(line, "__Host-x")->present()) << line;
    EXPECT_FALSE(find_cookie(line, "sid")->present()) << line;
    EXPECT_FALSE(find_cookie(line, "")->present()) << line;
    const Span nameless = first_nameless_cookie(line);
    EXPECT_EQ(nameless.in(line), trim_blanks(line)) << line;
  }
  EXPECT_EQ(first_nameless_cookie("a=1; ; =x;y"), (Span{7, 2})) << name_of(Reason::kCookieNameless);
  EXPECT_FALSE(first_nameless_cookie("a=1; ;;b=;").present());
}

TEST(CookieRow64, CookiesAreCountedUpToTheLimit) {
  Limits limits;
  limits.cookie_count_max = 3;
  EXPECT_EQ(judged("a=1;b=2;c=3", limits).reason, Reason::kOk);
  EXPECT_EQ(judged("a=1;b=2;c=3;d=4;e=5", limits), (Error{Reason::kCookieTooMany, 12}));
  EXPECT_EQ(judged(";;;", limits), (Error{Reason::kCookieTooMany, 3}));
  EXPECT_EQ(find_cookie("a=1;b=2;c=3;d=4", "a", limits).error(), (Error{Reason::kCookieTooMany, 12}));
  std::uint32_t count = 9;
  EXPECT_EQ(judge_cookies("a=1", count, limits), (Error{Reason::kCookieTooMany, 0}));
  limits.cookie_count_max = 0;
  EXPECT_EQ(judged("", limits), (Error{Reason::kCookieTooMany, 0}));
}

TEST(CookieRow64, CrumbsAreCountedTogether) {
  Limits limits;
  limits.cookie_count_max = 3;
  const Inspected good = with_crumbs({"a=1", "b=2; c=3"});
  EXPECT_EQ(judge_cookies(good.request(), limits).reason, Reason::kOk);
  const Inspected seen = with_crumbs({"a=1", "b=2; c=3;d=4"});
  ASSERT_TRUE(seen.complete());
  const std::uint32_t value = seen.request().fields[2].value.offset;
  EXPECT_EQ(judge_cookies(seen.request(), limits), (Error{Reason::kCookieTooMany, value + 9}));
}

TEST(CookieRow64, TheDefaultLimitHoldsOnBothSides) {
  std::string line = "a=1";
  for (std::uint32_t count = 1; count < Limits{}.cookie_count_max; ++count) line += ";a=1";
  EXPECT_EQ(judged(line).reason, Reason::kOk);
  const auto size = static_cast<std::uint32_t>(line.size());
  EXPECT_EQ(judged(line + ";b=2;c"), (Error{Reason::kCookieTooMany, size + 1}));
}

// Lanes count to 255 and are then added up; the bytes after the last whole block are padded.
TEST(CookieRow64, SeparatorsAreCountedWhereverTheyStand) {
  Limits limits;
  limits.cookie_count_max = 0xffffffffU;
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 31U, 32U, 33U, 4079U, 4080U, 4081U, 4096U, 5000U, 70000U}) {
    std::uint32_t count = 0;
    EXPECT_EQ(judge_cookies(std::string(size, ';'), count, limits).reason, Reason::kOk);
    EXPECT_EQ(count, size + 1);
  }
  for (std::size_t at = 0; at < 40; ++at) {
    std::string line(40, 'x');
    line[at] = ';';
    std::uint32_t count = 0;
    EXPECT_EQ(judge_cookies(line, count, limits).reason, Reason::kOk);
    EXPECT_EQ(count, 2U) << at;
    EXPECT_EQ(judged(std::string(at, ' ') + "$Version"),
              (Error{Reason::kCookieLegacy, static_cast<std::uint32_t>(at)}));
  }
}

}  // namespace
}  // namespace ostiary::test
