#include <ostiary/http/structured_fields.hpp>
#include <ostiary/http/structured_fields_write.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace ostiary::structured {
namespace {

class StructuredWrite : public testing::Test {
 protected:
  template <typename Value>
  Result<std::string_view> written(const Value& value, const Limits& limits = Limits{}) {
    arena_ = Arena(memory_);
    return write(value, arena_, limits);
  }
  Result<std::string_view> written(const BareItem& value) { return written(Item{value, {}, {}}); }

  std::vector<std::byte> memory_ = std::vector<std::byte>(std::size_t{1} << 17);
  Arena arena_;
};

TEST_F(StructuredWrite, EveryKindHasOneForm) {
  const struct {
    BareItem value;
    std::string_view text;
  } cases[] = {
      {BareItem::integer(-999'999'999'999'999), "-999999999999999"},
      {BareItem::integer(0), "0"},
      {BareItem::decimal(0), "0.0"},
      {BareItem::decimal(1), "0.001"},
      {BareItem::decimal(-1050), "-1.05"},
      {BareItem::decimal(-999'999'999'999'999), "-999999999999.999"},
      {BareItem::decimal(100), "0.1"},
      {BareItem::string(R"(a"\b)"), R"("a\"\\b")"},
      {BareItem::string(""), R"("")"},
      {BareItem::token("*a/b:c"), "*a/b:c"},
      {BareItem::bytes("hello"), ":aGVsbG8=:"},
      {BareItem::bytes(""), "::"},
      {BareItem::boolean(true), "?1"},
      {BareItem::boolean(false), "?0"},
      {BareItem::date(-1), "@-1"},
      {BareItem::display_string("f\xc3\xbc \"%\\\x7f"), R"(%"f%c3%bc %22%25\%7f")"},
  };
  for (const auto& [value, text] : cases) {
    const Result<std::string_view> result = written(value);
    ASSERT_TRUE(result) << text;
    EXPECT_EQ(*result, text);
  }
}

TEST_F(StructuredWrite, WhatHasNoFormIsNotWritten) {
  const struct {
    BareItem value;
    std::uint32_t offset;
  } cases[] = {
      {BareItem{}, 0},
      {BareItem::integer(1'000'000'000'000'000), 0},
      {BareItem::integer(INT64_MIN), 0},
      {BareItem::decimal(-1'000'000'000'000'000), 0},
      {BareItem::decimal(INT64_MIN), 0},
      {BareItem::date(INT64_MAX), 1},
      {BareItem{Kind::kBoolean, 2, {}}, 0},
      {BareItem::string("a\n"), 2},
      {BareItem::string("\x80"), 1},
      {BareItem::token(""), 0},
      {BareItem::token("1a"), 0},
      {BareItem::token("a b"), 0},
      {BareItem::display_string("\xff"), 0},
      {BareItem::display_string("\xed\xa0\x80"), 0},
  };
  for (const auto& [value, offset] : cases) {
    const Result<std::string_view> result = written(value);
    EXPECT_EQ(result.reason(), Reason::kStructuredFieldValue) << value.text << value.number;
    EXPECT_EQ(result.error().offset, offset) << value.text << value.number;
    const Parameter parameter{"a", value};
    EXPECT_EQ(written(Item{BareItem::boolean(true), {{&parameter, 1}, false}, {}}).reason(),
              Reason::kStructuredFieldValue);
  }
}

TEST_F(StructuredWrite, SignatureParametersAndComponents) {
  const Parameter request{"req", BareItem::boolean(true)};
  const std::vector<Item> items{{BareItem::string("@method"), {}, {}},
                                {BareItem::string("content-digest"), {{&request, 1}, false}, {}}};
  const std::vector<Parameter> parameters{{"created", BareItem::integer(1618884473)},
                                          {"nonce", BareItem::string("b3k2")},
                                          {"never", BareItem::boolean(false)}};
  Member member;
  member.is_inner_list = true;
  member.items = items;
  member.parameters.all = parameters;
  EXPECT_EQ(*written(items[1]), R"("content-digest";req)");
  constexpr std::string_view kList = R"(("@method" "content-digest";req);created=1618884473;nonce="b3k2";never=?0)";
  EXPECT_EQ(*written(member), kList);
  std::vector<Member> members(3);
  members[0] = member;
  members[0].key = "sig1";
  members[1].key = "on";
  members[1].value = BareItem::boolean(true);
  members[1].parameters.all = parameters;
  members[2].key = "empty";
  members[2].is_inner_list = true;
  EXPECT_EQ(*written(Dictionary{members, false}),
            "sig1=" + std::string(kList) + R"(, on;created=1618884473;nonce="b3k2";never=?0, empty=())");
  EXPECT_EQ(*written(List{members}), std::string(kList) + R"(, ?1;created=1618884473;nonce="b3k2";never=?0, ())");
}

TEST_F(StructuredWrite, WhatHasNoMembersIsNoField) {
  EXPECT_TRUE(written(List{}).ok());
  EXPECT_EQ(written(List{})->data(), nullptr);
  EXPECT_TRUE(written(Dictionary{}).ok());
  EXPECT_EQ(written(Dictionary{})->data(), nullptr);
}

TEST_F(StructuredWrite, KeysAreKeysAndStandOnce) {
  for (const std::string_view key : {"", "A", "1", "-a", "aB", "a b", "a=", "\x80"}) {
    const Parameter parameter{key, BareItem::integer(1)};
    EXPECT_EQ(written(Item{BareItem::integer(1), {{&parameter, 1}, false}, {}}).reason(), Reason::kStructuredFieldValue)
        << key;
  }
  for (const std::size_t count : {2U, 8U, 9U, 40U}) {
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i) keys.push_back("k" + std::to_string(i));
    std::vector<Parameter> parameters;
    std::vector<Member> members(count);
    for (std::size_t i = 0; i < count; ++i) {
      parameters.push_back({keys[i], BareItem::integer(1)});
      members[i].key = keys[i];
      members[i].value = BareItem::integer(1);
    }
    const Item item{BareItem::integer(1), {parameters, false}, {}};
    EXPECT_TRUE(written(item));
    EXPECT_TRUE(written(Dictionary{members, false}));
    for (std::size_t place = 1; place < count; ++place) {
      parameters[place].key = members[place].key = keys[0];
      EXPECT_EQ(written(item).reason(), Reason::kStructuredFieldValue) << place;
      EXPECT_EQ(written(Dictionary{members, false}).reason(), Reason::kStructuredFieldValue) << place;
      parameters[place].key = members[place].key = keys[place];
    }
  }
}

TEST_F(StructuredWrite, LimitsHoldOnBothSides) {
  Limits limits;
  limits.structured_member_count_max = 3;
  limits.structured_parameter_count_max = 2;
  const std::vector<std::string> keys{"a", "b", "c", "d"};
  for (std::size_t count = 0; count <= 4; ++count) {
    std::vector<Member> members(count);
    std::vector<Parameter> parameters(count);
    const std::vector<Item> items(count, Item{BareItem::integer(1), {}, {}});
    for (std::size_t i = 0; i < count; ++i) {
      members[i].key = parameters[i].key = keys[i];
      members[i].value = parameters[i].value = BareItem::integer(1);
    }
    const Reason member_reason = count <= 3 ? Reason::kOk : Reason::kStructuredFieldLimit;
    EXPECT_EQ(written(List{members}, limits).reason(), member_reason);
    EXPECT_EQ(written(Dictionary{members, false}, limits).reason(), member_reason);
    Member inner;
    inner.is_inner_list = true;
    inner.items = items;
    EXPECT_EQ(written(inner, limits).reason(), member_reason);
    const Reason parameter_reason = count <= 2 ? Reason::kOk : Reason::kStructuredFieldLimit;
    EXPECT_EQ(written(Item{BareItem::integer(1), {parameters, false}, {}}, limits).reason(), parameter_reason);
  }
}

TEST_F(StructuredWrite, TooLittleScratchIsRefused) {
  for (std::size_t size = 0; size < 7; ++size) {
    Arena arena(std::span<std::byte>(memory_).first(size));
    EXPECT_EQ(write(Item{BareItem::string("12345"), {}, {}}, arena).reason(), Reason::kUsageScratchTooSmall);
  }
  Arena arena(std::span<std::byte>(memory_).first(7));
  EXPECT_EQ(*write(Item{BareItem::string("12345"), {}, {}}, arena), "\"12345\"");
}

TEST(NearestDecimal, RoundsHalfToEven) {
  const struct {
    std::int64_t digits;
    unsigned places;
    std::int64_t thousandths;
  } cases[] = {
      {7, 0, 7000},
      {7, 3, 7},
      {15, 4, 2},
      {25, 4, 2},
      {-15, 4, -2},
      {-25, 4, -2},
      {251, 5, 3},
      {249, 5, 2},
      {25'000, 7, 2},
      {25'001, 7, 3},
      {99'995, 4, 10000},
      {5, 4, 0},
      {15, 400, 0},
      {INT64_MAX, 19, 922},
      {INT64_MIN, 19, -922},
      {0, 4'000'000'000, 0},
      {5'000'000'001, 13, 1},
      {999'999'999'999'999, 3, 999'999'999'999'999},
  };
  for (const auto& c : cases) {
    const Result<BareItem> decimal = nearest_decimal(c.digits, c.places);
    ASSERT_TRUE(decimal) << c.digits << ' ' << c.places;
    EXPECT_EQ(*decimal, BareItem::decimal(c.thousandths)) << c.digits << ' ' << c.places;
  }
}

TEST(NearestDecimal, RefusesThirteenDigitsBeforeThePoint) {
  for (const auto& [digits, places] : {std::pair<std::int64_t, unsigned>{1'000'000'000'000, 0},
                                       {INT64_MAX, 0},
                                       {INT64_MIN, 0},
                                       {INT64_MIN, 3},
                                       {9'999'999'999'999'995, 4},
                                       {1'000'000'000'000'000, 3}}) {
    EXPECT_EQ(nearest_decimal(digits, places).reason(), Reason::kStructuredFieldValue) << digits;
  }
  EXPECT_TRUE(nearest_decimal(9'999'999'999'999'994, 4));
  EXPECT_TRUE(nearest_decimal(999'999'999'999, 0));
}

}  // namespace
}  // namespace ostiary::structured
