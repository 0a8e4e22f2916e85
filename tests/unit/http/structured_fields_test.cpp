#include <ostiary/http/structured_fields.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::structured {

std::ostream& operator<<(std::ostream& out, const BareItem& item) {
  return out << static_cast<int>(item.kind) << ' ' << item.number << ' ' << item.text;
}

namespace {

enum class Type : std::uint8_t { kItem, kList, kDictionary };

/// Reads a copy of exactly its size, so that a sanitizer sees a read past the end.
class Read {
 public:
  explicit Read(std::string_view text, const Limits& limits = Limits{})
      : size_(text.size()), copy_(new char[text.size()]), memory_(scratch_size_max(text.size())), limits_(limits) {
    text.copy(copy_.get(), size_);
  }

  Result<Item> item() { return read_item(text(), fresh(), limits_); }
  Result<List> list() { return read_list(text(), fresh(), limits_); }
  Result<Dictionary> dictionary() { return read_dictionary(text(), fresh(), limits_); }
  Error error(Type type) {
    if (type == Type::kItem) return item().error();
    return type == Type::kList ? list().error() : dictionary().error();
  }

  [[nodiscard]] std::string_view text() const { return {copy_.get(), size_}; }
  [[nodiscard]] bool lies_in_text(std::string_view part) const {
    return part.data() >= copy_.get() && part.data() + part.size() <= copy_.get() + size_;
  }

 private:
  Arena& fresh() {
    arena_ = Arena(memory_);
    return arena_;
  }

  std::size_t size_;
  std::unique_ptr<char[]> copy_;
  std::vector<std::byte> memory_;
  Limits limits_;
  Arena arena_;
};

TEST(StructuredItem, EveryKindHasItsValue) {
  const struct {
    std::string_view text;
    BareItem value;
  } cases[] = {
      {"0", BareItem::integer(0)},
      {"-0", BareItem::integer(0)},
      {"  42  ", BareItem::integer(42)},
      {"007", BareItem::integer(7)},
      {"999999999999999", BareItem::integer(999'999'999'999'999)},
      {"-999999999999999", BareItem::integer(-999'999'999'999'999)},
      {"1.5", BareItem::decimal(1500)},
      {"-0.001", BareItem::decimal(-1)},
      {"1.05", BareItem::decimal(1050)},
      {"999999999999.999", BareItem::decimal(999'999'999'999'999)},
      {R"("")", BareItem::string("")},
      {R"("a\"b\\c")", BareItem::string(R"(a"b\c)")},
      {"*a:/%!", BareItem::token("*a:/%!")},
      {"text/html", BareItem::token("text/html")},
      {"::", BareItem::bytes("")},
      {":AP8=:", BareItem::bytes(std::string_view("\0\xff", 2))},
      {"?1", BareItem::boolean(true)},
      {"?0", BareItem::boolean(false)},
      {"@-1659578233", BareItem::date(-1659578233)},
      {R"(%"a\b")", BareItem::display_string(R"(a\b)")},
      {R"(%"f%c3%bc%22%25")", BareItem::display_string("f\xc3\xbc\"%")},
      {R"(%"%f4%8f%bf%bf%00")", BareItem::display_string(std::string_view("\xf4\x8f\xbf\xbf\0", 5))},
  };
  for (const auto& [text, value] : cases) {
    Read read(text);
    const Result<Item> item = read.item();
    ASSERT_TRUE(item) << text << ' ' << reason_info(item.reason()).name;
    EXPECT_EQ(item->value, value) << text;
    EXPECT_TRUE(item->parameters.all.empty());
  }
}

TEST(StructuredItem, WhatNeedsNoDecodingIsAViewOfTheText) {
  Read read(R"("plain";a=token;b=%"display";c="x\"y";d=:eA==:)");
  const Result<Item> item = read.item();
  ASSERT_TRUE(item);
  EXPECT_TRUE(read.lies_in_text(item->value.text));
  EXPECT_TRUE(read.lies_in_text(item->parameters.find("a")->text));
  EXPECT_TRUE(read.lies_in_text(item->parameters.find("b")->text));
  EXPECT_EQ(item->parameters.find("c")->text, "x\"y");
  EXPECT_EQ(item->parameters.find("d")->text, "x");
  EXPECT_EQ(item->parameters.find("e"), nullptr);
  EXPECT_EQ(item->source, read.text());
}

struct Refused {
  Type type;
  std::string_view text;
  Reason reason;
  std::uint32_t offset;
};

TEST(StructuredFields, FaultsNameTheirByte) {
  const Refused cases[] = {
      {Type::kItem, "", Reason::kStructuredFieldSyntax, 0},
      {Type::kItem, "  ", Reason::kStructuredFieldSyntax, 2},
      {Type::kItem, "\t1", Reason::kStructuredFieldSyntax, 0},
      {Type::kItem, "1\t", Reason::kStructuredFieldSyntax, 1},
      {Type::kItem, "1 2", Reason::kStructuredFieldSyntax, 2},
      {Type::kItem, "1,", Reason::kStructuredFieldSyntax, 1},
      {Type::kItem, "(1)", Reason::kStructuredFieldSyntax, 0},
      {Type::kItem, "a\x80", Reason::kStructuredFieldSyntax, 1},
      {Type::kItem, "?2", Reason::kStructuredFieldSyntax, 1},
      {Type::kItem, "?", Reason::kStructuredFieldSyntax, 1},
      {Type::kItem, "-", Reason::kStructuredFieldNumber, 1},
      {Type::kItem, "--1", Reason::kStructuredFieldNumber, 1},
      {Type::kItem, "1000000000000000", Reason::kStructuredFieldNumber, 15},
      {Type::kItem, "1234567890123.1", Reason::kStructuredFieldNumber, 13},
      {Type::kItem, "1.", Reason::kStructuredFieldNumber, 2},
      {Type::kItem, "1.1234", Reason::kStructuredFieldNumber, 5},
      {Type::kItem, "1.1.1", Reason::kStructuredFieldSyntax, 3},
      {Type::kItem, ".1", Reason::kStructuredFieldSyntax, 0},
      {Type::kItem, "\"a", Reason::kStructuredFieldString, 2},
      {Type::kItem, "\"a\\", Reason::kStructuredFieldString, 3},
      {Type::kItem, "\"a\\n\"", Reason::kStructuredFieldString, 3},
      {Type::kItem, "\"\x7f\"", Reason::kStructuredFieldString, 1},
      {Type::kItem, "\"a\tb\"", Reason::kStructuredFieldString, 2},
      {Type::kItem, ":YQ==", Reason::kStructuredFieldBytes, 5},
      {Type::kItem, ":YQ:", Reason::kStructuredFieldBytes, 3},
      {Type::kItem, ":YR==:", Reason::kStructuredFieldBytes, 2},
      {Type::kItem, ":_-Ah:", Reason::kStructuredFieldBytes, 1},
      {Type::kItem, ":YQ== :", Reason::kStructuredFieldBytes, 3},
      {Type::kItem, "@", Reason::kStructuredFieldDate, 1},
      {Type::kItem, "@1.0", Reason::kStructuredFieldDate, 0},
      {Type::kItem, "@1000000000000000", Reason::kStructuredFieldDate, 16},
      {Type::kItem, "%a", Reason::kStructuredFieldDisplay, 1},
      {Type::kItem, "%\"a", Reason::kStructuredFieldDisplay, 3},
      {Type::kItem, "%\"%C3%BC\"", Reason::kStructuredFieldDisplay, 3},
      {Type::kItem, "%\"%c\"", Reason::kStructuredFieldDisplay, 4},
      {Type::kItem, "%\"ab%c3%28\"", Reason::kStructuredFieldDisplay, 4},
      {Type::kItem, "%\"%61%ed%a0%80\"", Reason::kStructuredFieldDisplay, 5},
      {Type::kItem, "%\"%c0%80\"", Reason::kStructuredFieldDisplay, 2},
      {Type::kItem, "%\"%f4%90%80%80\"", Reason::kStructuredFieldDisplay, 2},
      {Type::kItem, "%\"%e0%9f%80\"", Reason::kStructuredFieldDisplay, 2},
      {Type::kItem, "%\"%f0%8f%80%80\"", Reason::kStructuredFieldDisplay, 2},
      {Type::kItem, "a;B=1", Reason::kStructuredFieldKey, 2},
      {Type::kItem, "a;", Reason::kStructuredFieldKey, 2},
      {Type::kItem, "a;b=", Reason::kStructuredFieldSyntax, 4},
      {Type::kItem, "a;b=(1)", Reason::kStructuredFieldSyntax, 4},
      {Type::kItem, "a ;b", Reason::kStructuredFieldSyntax, 2},
      {Type::kList, "1,", Reason::kStructuredFieldSyntax, 1},
      {Type::kList, ",1", Reason::kStructuredFieldSyntax, 0},
      {Type::kList, "1 1", Reason::kStructuredFieldSyntax, 2},
      {Type::kList, "1, ,2", Reason::kStructuredFieldSyntax, 3},
      {Type::kList, "(1", Reason::kStructuredFieldSyntax, 2},
      {Type::kList, "(1\t2)", Reason::kStructuredFieldSyntax, 2},
      {Type::kList, "(1,2)", Reason::kStructuredFieldSyntax, 2},
      {Type::kList, "((1))", Reason::kStructuredFieldSyntax, 1},
      {Type::kList, "(1)2", Reason::kStructuredFieldSyntax, 3},
      {Type::kDictionary, "A=1", Reason::kStructuredFieldKey, 0},
      {Type::kDictionary, "1=1", Reason::kStructuredFieldKey, 0},
      {Type::kDictionary, "a=1,", Reason::kStructuredFieldSyntax, 3},
      {Type::kDictionary, "a=1,=2", Reason::kStructuredFieldKey, 4},
      {Type::kDictionary, "a= 1", Reason::kStructuredFieldSyntax, 2},
      {Type::kDictionary, "a =1", Reason::kStructuredFieldSyntax, 2},
      {Type::kDictionary, "a=1;b b=2", Reason::kStructuredFieldSyntax, 6},
  };
  for (const Refused& c : cases) {
    const Error error = Read(c.text).error(c.type);
    EXPECT_EQ(reason_info(error.reason).name, reason_info(c.reason).name) << c.text;
    EXPECT_EQ(error.offset, c.offset) << c.text;
  }
}

// RFC 9421 §2.3 and appendix B.2.5.
TEST(StructuredDictionary, SignatureInput) {
  Read read(
      "sig1=(\"@method\" \"content-digest\";req \"@query-param\";name=\"a\")\t, "
      "sig2=();created=1618884473;keyid=\"test-key\", flag;x=1");
  const Result<Dictionary> dictionary = read.dictionary();
  ASSERT_TRUE(dictionary);
  EXPECT_FALSE(dictionary->repeated_key);
  ASSERT_EQ(dictionary->members.size(), 3U);
  const Member* const first = dictionary->find("sig1");
  ASSERT_NE(first, nullptr);
  ASSERT_TRUE(first->is_inner_list);
  ASSERT_EQ(first->items.size(), 3U);
  EXPECT_EQ(first->items[0].value, BareItem::string("@method"));
  EXPECT_TRUE(first->items[1].parameters.find("req")->is_true());
  EXPECT_EQ(first->items[1].source, "\"content-digest\";req");
  EXPECT_EQ(*first->items[2].parameters.find("name"), BareItem::string("a"));
  EXPECT_EQ(first->source, "(\"@method\" \"content-digest\";req \"@query-param\";name=\"a\")");
  const Member* const second = dictionary->find("sig2");
  EXPECT_TRUE(second->is_inner_list);
  EXPECT_TRUE(second->items.empty());
  EXPECT_EQ(*second->parameters.find("created"), BareItem::integer(1618884473));
  EXPECT_EQ(second->source, "();created=1618884473;keyid=\"test-key\"");
  EXPECT_TRUE(dictionary->find("flag")->value.is_true());
  EXPECT_EQ(dictionary->find("flag")->source, ";x=1");
  EXPECT_EQ(dictionary->find("sig"), nullptr);
}

TEST(StructuredDictionary, TheLastOfARepeatedKeyStandsInThePlaceOfTheFirst) {
  Read read("a=1;x, b=2, a=(3);y, c;z=1;w=2;z=3");
  const Result<Dictionary> dictionary = read.dictionary();
  ASSERT_TRUE(dictionary);
  EXPECT_TRUE(dictionary->repeated_key);
  ASSERT_EQ(dictionary->members.size(), 3U);
  EXPECT_EQ(dictionary->members[0].key, "a");
  EXPECT_TRUE(dictionary->members[0].is_inner_list);
  EXPECT_EQ(dictionary->members[0].parameters.find("x"), nullptr);
  EXPECT_FALSE(dictionary->members[0].parameters.repeated_key);
  EXPECT_EQ(dictionary->members[1].key, "b");
  const Parameters& parameters = dictionary->members[2].parameters;
  EXPECT_TRUE(parameters.repeated_key);
  ASSERT_EQ(parameters.all.size(), 2U);
  EXPECT_EQ(parameters.all[0], (Parameter{"z", BareItem::integer(3)}));
  EXPECT_EQ(parameters.all[1], (Parameter{"w", BareItem::integer(2)}));
}

/// Few keys and many are merged in two ways; a map is the third opinion.
TEST(StructuredDictionary, RepeatedKeysOfEveryNumberAreMergedAlike) {
  for (std::size_t count = 1; count <= 40; ++count) {
    for (std::size_t different = 1; different <= count; ++different) {
      std::string text;
      std::vector<std::pair<std::string, int>> wanted;
      for (std::size_t i = 0; i < count; ++i) {
        const std::string key = "k" + std::string(i % different % 3, 'x') + std::to_string(i * 7 % different);
        text += (i == 0 ? "" : ",") + key + "=" + std::to_string(i);
        auto place = wanted.begin();
        while (place != wanted.end() && place->first != key) ++place;
        if (place == wanted.end()) place = wanted.insert(place, {key, 0});
        place->second = static_cast<int>(i);
      }
      Read read(text);
      const Result<Dictionary> dictionary = read.dictionary();
      ASSERT_TRUE(dictionary) << text;
      ASSERT_EQ(dictionary->members.size(), wanted.size()) << text;
      EXPECT_EQ(dictionary->repeated_key, wanted.size() != count) << text;
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        EXPECT_EQ(dictionary->members[i].key, wanted[i].first) << text;
        EXPECT_EQ(dictionary->members[i].value.number, wanted[i].second) << text;
      }
    }
  }
}

TEST(StructuredFields, EmptyTextIsNoMemberAndNoItem) {
  for (const std::string_view text : {"", "   "}) {
    EXPECT_TRUE(Read(text).list()->members.empty());
    EXPECT_EQ(Read(text).error(Type::kList).reason, Reason::kOk);
    EXPECT_EQ(Read(text).error(Type::kDictionary).reason, Reason::kOk);
  }
  Arena nothing;
  EXPECT_TRUE(read_list(std::span<const std::string_view>(), nothing));
  EXPECT_EQ(read_item(std::span<const std::string_view>(), nothing).reason(), Reason::kStructuredFieldSyntax);
}

std::string repeated(std::string_view part, std::size_t times, std::string_view between) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) {
    if (i != 0) text += between;
    text += part;
    text += std::to_string(i);
  }
  return text;
}

TEST(StructuredFields, LimitsHoldOnBothSides) {
  Limits limits;
  limits.structured_member_count_max = 10;
  limits.structured_parameter_count_max = 12;
  const struct {
    Type type;
    std::string before;
    std::string_view part;
    std::string_view between;
    std::string_view after;
    std::size_t max;
  } cases[] = {
      {Type::kList, "", "a", ",", "", 10},     {Type::kDictionary, "", "a", ", ", "", 10},
      {Type::kList, "(", "a", " ", ")", 10},   {Type::kItem, "1;", "a", ";", "", 12},
      {Type::kList, "(1);", "a", ";", "", 12}, {Type::kDictionary, "x=(1;", "a", ";", ")", 12},
  };
  for (const auto& c : cases) {
    const auto text = [&](std::size_t times) {
      return c.before + repeated(c.part, times, c.between) + std::string(c.after);
    };
    EXPECT_EQ(Read(text(c.max), limits).error(c.type).reason, Reason::kOk) << text(c.max);
    const Error error = Read(text(c.max + 1), limits).error(c.type);
    EXPECT_EQ(error.reason, Reason::kStructuredFieldLimit) << text(c.max + 1);
    EXPECT_GE(error.offset + 1, text(c.max).size() - c.after.size()) << text(c.max + 1);
  }
}

// RFC 9651 §3.1, §3.1.1, §3.1.2, §3.2.
TEST(StructuredFields, TheDefaultLimitsAreWhatEveryReaderMustBear) {
  EXPECT_EQ(Read(repeated("a", 1024, ",")).error(Type::kList).reason, Reason::kOk);
  EXPECT_EQ(Read(repeated("a", 1024, ",")).error(Type::kDictionary).reason, Reason::kOk);
  EXPECT_EQ(Read("1;" + repeated("a", 256, ";")).error(Type::kItem).reason, Reason::kOk);
  EXPECT_EQ(Read("(" + repeated("a", 256, " ") + ")").error(Type::kList).reason, Reason::kOk);
}

TEST(StructuredFields, LinesAreOneField) {
  std::vector<std::byte> memory(4096);
  Arena arena(memory);
  const std::vector<std::string_view> lines{"a=1;x", "b=2 , a=3", "c"};
  const Result<Dictionary> dictionary = read_dictionary(lines, arena);
  ASSERT_TRUE(dictionary);
  EXPECT_TRUE(dictionary->repeated_key);
  ASSERT_EQ(dictionary->members.size(), 3U);
  EXPECT_EQ(dictionary->members[0].source, "3");
  EXPECT_EQ(dictionary->members[2].key, "c");

  const std::vector<std::string_view> items{"1", "\"a, b\""};
  const Result<List> list = read_list(items, arena);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->members[1].value.text, "a, b");
}

TEST(StructuredFields, NothingBeginsOnOneLineAndEndsOnAnother) {
  const struct {
    std::vector<std::string_view> lines;
    Reason reason;
    std::uint32_t offset;
  } cases[] = {
      {{"\"foo", "bar\""}, Reason::kStructuredFieldString, 5},  // the blank behind the comma
      {{"%\"foo", "bar\""}, Reason::kStructuredFieldDisplay, 6},
      {{"(1", "2)"}, Reason::kStructuredFieldSyntax, 2},
      {{"1", "", "2"}, Reason::kStructuredFieldSyntax, 3},
      {{"1", ""}, Reason::kStructuredFieldSyntax, 1},
      {{"", "1"}, Reason::kStructuredFieldSyntax, 0},
  };
  for (const auto& c : cases) {
    std::vector<std::byte> memory(4096);
    Arena arena(memory);
    const Error error = read_list(c.lines, arena).error();
    EXPECT_EQ(reason_info(error.reason).name, reason_info(c.reason).name) << c.lines[0];
    EXPECT_EQ(error.offset, c.offset) << c.lines[0];
  }
}

TEST(StructuredFields, TooLittleScratchIsRefusedAndEnoughIsEnough) {
  const std::string text =
      "a=(\"x\\\"y\" :AAAA:;" + repeated("p", 12, ";") + ");q=%\"%c3%bc\", " + repeated("m", 12, ",");
  const std::vector<std::string_view> lines{text, "z"};
  std::size_t enough = 0;
  for (std::size_t size = 0;; ++size) {
    std::vector<std::byte> memory(size);
    Arena arena(memory);
    const Result<Dictionary> dictionary = read_dictionary(lines, arena);
    if (dictionary) {
      enough = size;
      break;
    }
    ASSERT_EQ(dictionary.reason(), Reason::kUsageScratchTooSmall) << size;
  }
  EXPECT_LE(enough, scratch_size_max(text.size() + 3));
}

/// A backslash protects the next byte in a string and is a byte like any other in a display string.
TEST(StructuredFields, WhatIsQuotedEndsWhereItsKindSays) {
  for (const std::string_view text : {R"(%"\", "b;", (%"\" "\"");c;d, e;f)", R"("\"", "b;", ("\\" "\"");c;d, e;f)"}) {
    Read read(text);
    const Result<List> list = read.list();
    ASSERT_TRUE(list) << text << ' ' << reason_info(list.reason()).name;
    ASSERT_EQ(list->members.size(), 4U) << text;
    EXPECT_EQ(list->members[2].items.size(), 2U) << text;
    EXPECT_EQ(list->members[2].parameters.all.size(), 2U) << text;
  }
}

TEST(StructuredFields, ScratchIsTakenForWhatIsThereAndNotForWhatIsQuoted) {
  Read read("\"" + std::string(4000, ';') + std::string(4000, ',') + "( ( (\"");
  Arena nothing;
  EXPECT_TRUE(read_item(read.text(), nothing));
}

}  // namespace
}  // namespace ostiary::structured
