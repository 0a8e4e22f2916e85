#include "adapt/json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <set>
#include <string>
#include <utility>

namespace ostiary::adapt {
namespace {

constexpr JsonReader::Bounds kWide{.size_max = 1 << 20, .depth_max = 64, .values_max = 1 << 18, .preallocate = false};

struct Answer {
  JsonFault fault;
  std::uint32_t offset;
};

Answer read(std::string_view json, JsonReader::Bounds bounds = kWide) {
  JsonReader reader(bounds);
  const JsonResult result = reader.read(json);
  return {result.fault, result.offset};
}

void expect_syntax(std::string_view json, std::uint32_t offset) {
  const Answer answer = read(json);
  EXPECT_EQ(answer.fault, JsonFault::kSyntax) << json;
  EXPECT_EQ(answer.offset, offset) << json;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, ListsValuesInTheOrderOfTheText) {
  JsonReader reader(kWide);
  const std::string json = R"({"a": [1, {"b": null}], "c": "x"})";
  const JsonResult result = reader.read(json);
  ASSERT_EQ(result.fault, JsonFault::kNone);
  ASSERT_EQ(result.values.size(), 6U);
  const auto& [root, a, one, object, null, c] = std::array<JsonValue, 6>{
      result.values[0], result.values[1], result.values[2], result.values[3], result.values[4], result.values[5]};
  EXPECT_EQ(root.kind, JsonKind::kObject);
  EXPECT_EQ(root.count, 2U);
  EXPECT_EQ(root.end, 6U);
  EXPECT_EQ(a.key, "a");
  EXPECT_EQ(a.key_offset, json.find("\"a\""));
  EXPECT_EQ(a.offset, json.find('['));
  EXPECT_EQ(a.count, 2U);
  EXPECT_EQ(a.end, 5U);
  EXPECT_EQ(one.integer, 1);
  EXPECT_EQ(object.offset, json.find("{\"b"));
  EXPECT_EQ(object.end, 5U);
  EXPECT_EQ(null.kind, JsonKind::kNull);
  EXPECT_EQ(c.text, "x");
  EXPECT_EQ(c.end, 6U);
}

TEST(Json, FindsMembersOfTheGivenObjectOnly) {
  JsonReader reader(kWide);
  const JsonResult result = reader.read(R"({"a":{"b":1},"c":2})");
  ASSERT_EQ(result.fault, JsonFault::kNone);
  EXPECT_EQ(find_member(result.values, 0, "b"), nullptr);
  ASSERT_NE(find_member(result.values, 0, "c"), nullptr);
  EXPECT_EQ(find_member(result.values, 0, "c")->integer, 2);
  ASSERT_NE(find_member(result.values, 1, "b"), nullptr);
  EXPECT_EQ(find_member(result.values, 2, "b"), nullptr);
  EXPECT_EQ(find_member(result.values, 99, "b"), nullptr);
}

TEST(Json, UnescapesTextAndNames) {
  JsonReader reader(kWide);
  const JsonResult result = reader.read(R"({"al\u0067":"\u00e9\n\ud834\udd1e\u0000"})");
  ASSERT_EQ(result.fault, JsonFault::kNone);
  EXPECT_EQ(result.values[1].key, "alg");
  EXPECT_EQ(result.values[1].text, std::string_view("\xc3\xa9\n\xf0\x9d\x84\x9e\0", 8));
}

TEST(Json, ReadsTextsAndNamesWithWhiteSpaceAroundThem) {
  for (const std::string escape : {"", "\\u0020", "\\\\"}) {  // texts are read otherwise where there is no escape
    JsonReader reader(kWide);
    const std::string last = escape.empty() ? "" : escape == "\\\\" ? "\\" : " ";
    const JsonResult result =
        reader.read("\t{ \"a:\" \n:\r \"x y \" \t, \"\":\"\"\n,\"b\"\t: [\"c:\" , \"" + escape + "\" ] } ");
    ASSERT_EQ(result.fault, JsonFault::kNone) << escape;
    ASSERT_EQ(result.values.size(), 6U);
    EXPECT_EQ(result.values[1].key, "a:");
    EXPECT_EQ(result.values[1].text, "x y ");
    EXPECT_EQ(result.values[2].key, "");
    EXPECT_EQ(result.values[2].text, "");
    EXPECT_EQ(result.values[3].key, "b");
    EXPECT_EQ(result.values[4].text, "c:");
    EXPECT_EQ(result.values[5].text, last);
    EXPECT_EQ(result.values[1].key_start, 0x3a61U);
    EXPECT_EQ(result.values[2].key_start, 0U);
  }
}

TEST(Json, RefusesTextsThatAreNotClosedOrJoined) {
  for (const std::string_view json : {R"({"a":"b)", R"({"a)", R"({"a":"b"x})", R"({"a":"b""c"})", R"({"a"x:1})",
                                      R"({"a""b":1})", R"({x"a":1})", "{\"a\":\"b\"\f}", "[\"a\"\v]", "{\"a\"\f:1}"}) {
    EXPECT_EQ(read(json).fault, JsonFault::kSyntax) << json;
  }
}

TEST(Json, TellsIntegersFromOtherNumbers) {
  const auto value_of = [](std::string_view json) {
    JsonReader reader(kWide);
    const JsonResult result = reader.read(json);
    EXPECT_EQ(result.fault, JsonFault::kNone) << json;
    return result.values.empty() ? JsonValue{} : result.values.back();
  };
  EXPECT_EQ(value_of("[9223372036854775807]").integer, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(value_of("[-9223372036854775808]").integer, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(value_of("[-0]").kind, JsonKind::kInteger);
  EXPECT_EQ(value_of("[-0]").integer, 0);
  EXPECT_EQ(value_of("[9223372036854775808]").kind, JsonKind::kNumber);
  EXPECT_EQ(value_of("[9223372036854775808]").number, 9223372036854775808.0);
  EXPECT_EQ(value_of("[1.0]").kind, JsonKind::kNumber);
  EXPECT_EQ(value_of("[1e10]").number, 1e10);
  EXPECT_EQ(value_of("7").integer, 7);
  EXPECT_EQ(value_of(" 1.5 ").number, 1.5);
}

TEST(Json, AcceptsEveryScalarAtTheRoot) {
  for (const std::string_view json : {"null", "true", " false ", "\"x\"", "0", "null "}) {
    EXPECT_EQ(read(json).fault, JsonFault::kNone) << json;
  }
}

TEST(Json, RefusesWordsWithATail) {
  for (const std::string_view json : {"nullx", "nul", "truex", "falsey", "nullnull", "[nullx]", "[truex]", "Null"}) {
    EXPECT_EQ(read(json).fault, JsonFault::kSyntax) << json;
  }
}

TEST(Json, RefusesBytesAfterTheValue) {
  // When the last token cannot close the first, simdjson looks no further: the end is all that is known.
  expect_syntax("{} x", 4);
  expect_syntax("[1],", 4);
  expect_syntax("{}{}", 2);
  expect_syntax("\"a\" 1", 4);
  expect_syntax("[1]]", 3);
  EXPECT_EQ(read("1 2").fault, JsonFault::kSyntax);
  EXPECT_EQ(read("null null").fault, JsonFault::kSyntax);
  EXPECT_EQ(read("{}//x").fault, JsonFault::kSyntax);
}

TEST(Json, ReadsRootNumbersToTheirEnd) {
  expect_syntax("-1001000000082183831#", 0);
  expect_syntax("1#", 0);
  JsonReader reader(kWide);
  EXPECT_EQ(reader.read("-1001000000082183831").values[0].integer, -1001000000082183831);
  const JsonResult longer = reader.read("-10010000000821838312");
  ASSERT_EQ(longer.fault, JsonFault::kNone);
  EXPECT_EQ(longer.values[0].kind, JsonKind::kNumber);
  EXPECT_EQ(longer.values[0].number, -10010000000821838312.0);
}

TEST(Json, RefusesNulEverywhere) {
  expect_syntax(std::string_view("[1\0]", 4), 2);
  expect_syntax(std::string_view("{}\0", 3), 2);
  expect_syntax(std::string_view("\0", 1), 0);
  expect_syntax(std::string_view("true\0", 5), 4);
}

TEST(Json, RefusesAByteOrderMark) { expect_syntax("\xEF\xBB\xBF{}", 0); }

TEST(Json, RefusesLoneSurrogates) {
  for (const std::string_view escape : {"\\ud800", "\\udc00", "\\ud800x", "\\ud800\\ud800", "\\udfff"}) {
    expect_syntax("[\"" + std::string(escape) + "\"]", 1);
    expect_syntax("{\"" + std::string(escape) + "\":1}", 1);
  }
}

TEST(Json, AcceptsTextNextToTheSurrogates) {
  EXPECT_EQ(read(R"(["\ud7ff\ue000"])").fault, JsonFault::kNone);
  EXPECT_EQ(read("[\"\xed\x9f\xbf\"]").fault, JsonFault::kNone);
}

TEST(Json, RefusesInvalidUtf8AtItsLine) {
  expect_syntax("[\"\xff\"]", 0);
  expect_syntax("[\n\"a\",\n\"\xc0\xaf\"]", 7);
}

TEST(Json, NamesThePlaceOfAFault) {
  expect_syntax("", 0);
  expect_syntax("[1 2]", 3);
  expect_syntax("{\"a\" 1}", 5);
  expect_syntax("{a:1}", 1);
  expect_syntax("[\"a", 1);
  expect_syntax("[\"a\nb\"]", 3);
  expect_syntax("[1,\"\\x\"]", 3);
  expect_syntax("[01]", 1);
  expect_syntax("{\"a\":1e999}", 5);
  expect_syntax("[1,]", 3);
}

TEST(Json, RefusesNumbersBeyondDouble) {
  EXPECT_EQ(read("[1e999]").fault, JsonFault::kSyntax);
  EXPECT_EQ(read("[" + std::string(400, '9') + "]").fault, JsonFault::kSyntax);
}

TEST(Json, RefusesTruncatedDocuments) {
  const std::string whole = R"({"a":[1,{"b":"c"},[]],"d":{"e":null}})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(read(whole.substr(0, size)).fault, JsonFault::kSyntax) << size;
  }
}

TEST(Json, RefusesTruncatedDocumentsWhateverWasReadBefore) {
  JsonReader reader(kWide);
  for (const std::string_view brackets : {"]]]]]]]]", "}}}}}}}}"}) {
    static_cast<void>(reader.read(R"([["aaaa"]])" + std::string(brackets)));
    EXPECT_EQ(reader.read("[[1]").fault, JsonFault::kSyntax);
    EXPECT_EQ(reader.read(R"({"a":{})").fault, JsonFault::kSyntax);
  }
}

TEST(Json, RefusesDuplicateNamesAfterUnescaping) {
  const std::string json = R"({"alg":1,"al\u0067":2})";
  const Answer answer = read(json);
  EXPECT_EQ(answer.fault, JsonFault::kDuplicate);
  EXPECT_EQ(answer.offset, json.find("\"al\\"));
  EXPECT_EQ(read(R"([{"a":{"x":1,"x":1}}])").fault, JsonFault::kDuplicate);
  EXPECT_EQ(read(R"({"a":{"a":{"a":1}}})").fault, JsonFault::kNone);
  EXPECT_EQ(read(R"({"":1,"":1})").fault, JsonFault::kDuplicate);
}

TEST(Json, NamesTheFirstDuplicateInLargeObjects) {
  std::string json = "{";
  for (int i = 0; i < 5000; ++i) json += "\"k" + std::to_string(i % 4000) + "\":[0],";
  json.back() = '}';
  const Answer answer = read(json);
  EXPECT_EQ(answer.fault, JsonFault::kDuplicate);
  EXPECT_EQ(answer.offset, json.find("\"k0\"", 10));
}

/// An object whose member `later` has the name of member `earlier`; every member holds a member of its own.
std::string object_with_twins(std::size_t members, std::size_t earlier, std::size_t later, std::size_t& place) {
  std::string json = "{";
  for (std::size_t i = 0; i < members; ++i) {
    if (i == later) place = json.size();
    const std::size_t number = i == later ? earlier : i;
    json += '"' + std::string(number % 19, 'n') + std::to_string(number) + "\":{\"x\":[]},";
  }
  json.back() = '}';
  return json;
}

TEST(Json, FindsEveryPairOfTwinsInObjectsOfEverySize) {
  for (std::size_t members = 2; members < 40; ++members) {
    for (std::size_t later = 1; later < members; ++later) {
      for (std::size_t earlier = 0; earlier < later; earlier += members / 12 + 1) {
        std::size_t place = 0;
        const std::string json = object_with_twins(members, earlier, later, place);
        const Answer answer = read(json);
        ASSERT_EQ(answer.fault, JsonFault::kDuplicate) << json;
        ASSERT_EQ(answer.offset, place) << json;
      }
    }
  }
}

// More names than the marks that tell most of them apart.
TEST(Json, TakesNoTwoNamesForOne) {
  std::mt19937 random(8259);
  for (int round = 0; round < 2000; ++round) {
    std::set<std::string> names;
    while (names.size() < 25) names.insert(std::to_string(random()));
    std::string json = "{";
    for (const std::string& name : names) json += '"' + name + "\":0,";
    json.back() = '}';
    ASSERT_EQ(read(json).fault, JsonFault::kNone) << json;
  }
}

TEST(Json, HoldsItsLimits) {
  const JsonReader::Bounds bounds{.size_max = 16, .depth_max = 3, .values_max = 4, .preallocate = true};
  EXPECT_EQ(read("[[[]]]", bounds).fault, JsonFault::kNone);
  EXPECT_EQ(read("[[[[]]]]", bounds).fault, JsonFault::kLimit);
  EXPECT_EQ(read("[[[[]]]]", bounds).offset, 3U);
  EXPECT_EQ(read("[[[1]]]", bounds).fault, JsonFault::kNone);
  EXPECT_EQ(read("[1,2,3]", bounds).fault, JsonFault::kNone);
  EXPECT_EQ(read("[1,2,3,4]", bounds).fault, JsonFault::kLimit);
  EXPECT_EQ(read("\"12345678901234\"", bounds).fault, JsonFault::kNone);
  EXPECT_EQ(read("\"123456789012345\"", bounds).fault, JsonFault::kLimit);
}

TEST(Json, AScalarHasDepthZero) {
  EXPECT_EQ(read("1", {.size_max = 8, .depth_max = 0, .values_max = 1, .preallocate = true}).fault, JsonFault::kNone);
  EXPECT_EQ(read("[]", {.size_max = 8, .depth_max = 0, .values_max = 1, .preallocate = true}).fault, JsonFault::kLimit);
}

TEST(Json, DeepNestingIsALimitAndNeverRecursion) {
  EXPECT_EQ(read(nested(100000)).fault, JsonFault::kLimit);
  EXPECT_EQ(read(std::string(100000, '[')).fault, JsonFault::kSyntax);
  EXPECT_EQ(
      read(nested(100000), {.size_max = 1 << 20, .depth_max = 100000, .values_max = 1 << 18, .preallocate = false})
          .fault,
      JsonFault::kNone);
}

TEST(Json, ReadsTextDecodedInPlace) {
  JsonReader reader({.size_max = 16, .depth_max = 2, .values_max = 8, .preallocate = true});
  const std::string_view json = R"({"a":true})";
  const std::span<char> place = reader.buffer(json.size());
  ASSERT_EQ(place.size(), json.size());
  std::copy(json.begin(), json.end(), place.begin());
  const JsonResult result = reader.read_in_place(json.size());
  ASSERT_EQ(result.fault, JsonFault::kNone);
  EXPECT_TRUE(result.values[1].boolean);
  EXPECT_TRUE(reader.buffer(17).empty());
  EXPECT_EQ(reader.read_in_place(17).fault, JsonFault::kLimit);
}

TEST(Json, AMovedFromReaderRefuses) {
  JsonReader reader(kWide);
  const JsonReader other = std::move(reader);
  EXPECT_EQ(reader.read("{}").fault, JsonFault::kLimit);  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(reader.buffer(1).empty());
}

}  // namespace
}  // namespace ostiary::adapt
