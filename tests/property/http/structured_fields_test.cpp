#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 with sanitizers on takes std::regex's own states for uninitialised (GCC bug 105562).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "support/structured.hpp"

#include <ostiary/http/structured_fields.hpp>
#include <ostiary/http/structured_fields_write.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

using structured::Dictionary;
using structured::Item;
using structured::List;
using structured::Member;

enum class Type : std::uint8_t { kItem, kList, kDictionary };
constexpr Type kTypes[] = {Type::kItem, Type::kList, Type::kDictionary};

template <typename Value>
Result<Value> read_as(std::string_view text, Arena& arena);
template <>
Result<Item> read_as<Item>(std::string_view text, Arena& arena) {
  return structured::read_item(text, arena);
}
template <>
Result<List> read_as<List>(std::string_view text, Arena& arena) {
  return structured::read_list(text, arena);
}
template <>
Result<Dictionary> read_as<Dictionary>(std::string_view text, Arena& arena) {
  return structured::read_dictionary(text, arena);
}

template <typename Value>
void expect_round_trip(const Value& value, Arena& arena) {
  const Result<std::string_view> written = structured::write(value, arena);
  ASSERT_TRUE(written);
  const Result<Value> read = read_as<Value>(*written, arena);
  ASSERT_TRUE(read) << *written;
  EXPECT_TRUE(same(*read, value)) << *written;
  const Result<std::string_view> again = structured::write(*read, arena);
  ASSERT_TRUE(again) << *written;
  EXPECT_EQ(*again, *written);
}

TEST(StructuredFields, WhatIsWrittenReadsBackAsItWas) {
  std::vector<std::byte> memory(std::size_t{1} << 20);
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    StructuredGenerator generator(seed);
    Arena arena(memory);
    expect_round_trip(generator.item(), arena);
    expect_round_trip(generator.list(), arena);
    expect_round_trip(generator.dictionary(), arena);
    if (HasFailure()) return;
  }
}

/// The grammar of RFC 9651 as regular expressions, put together from its ABNF and from that of UTF-8 (RFC 3629 §4):
/// another way to say what is accepted. Byte sequences have their padding and no unused bits.
class Grammar {
 public:
  [[nodiscard]] bool accepts(Type type, const std::string& text) const {
    return std::regex_match(text, type == Type::kItem ? item_ : (type == Type::kList ? list_ : dictionary_));
  }

 private:
  static std::string any_of(std::initializer_list<std::string> choices) {
    std::string all;
    for (const std::string& choice : choices) all += (all.empty() ? "(?:" : "|") + choice;
    return all + ")";
  }

  static std::string display_string() {
    const std::string tail = "%[89ab][0-9a-f]";
    return "%\"" +
           any_of({"[ !#$&-~]", "%[0-7][0-9a-f]", "%(?:c[2-9a-f]|d[0-9a-f])" + tail, "%e0%[ab][0-9a-f]" + tail,
                   "%e[1-9a-cef]" + tail + tail, "%ed%[89][0-9a-f]" + tail, "%f0%[9ab][0-9a-f]" + tail + tail,
                   "%f[1-3]" + tail + tail + tail, "%f4%8[0-9a-f]" + tail + tail}) +
           "*\"";
  }

  static std::string bare_item() {
    const std::string b64 = "[A-Za-z0-9+/]";
    return any_of({"-?[0-9]{1,12}\\.[0-9]{1,3}", "-?[0-9]{1,15}", "\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*\"",
                   "[A-Za-z*][-!#$%&'*+.^_`|~0-9A-Za-z:/]*",
                   ":(?:" + b64 + "{4})*(?:" + b64 + "[AQgw]==|" + b64 + "{2}[AEIMQUYcgkosw048]=)?:", "\\?[01]",
                   "@-?[0-9]{1,15}", display_string()});
  }

  const std::string key = "[a-z*][-a-z0-9_.*]*";
  const std::string parameters = "(?:; *" + key + "(?:=" + bare_item() + ")?)*";
  const std::string item = bare_item() + parameters;
  const std::string member = any_of({item, "\\( *(?:" + item + "(?: +" + item + ")*)? *\\)" + parameters});
  const std::string keyed = key + any_of({"=" + member, parameters});
  const std::string comma = "[ \\t]*,[ \\t]*";
  const std::regex item_{" *" + item + " *"};
  const std::regex list_{" *(?:" + member + "(?:" + comma + member + ")*[ \\t]*)?"};
  const std::regex dictionary_{" *(?:" + keyed + "(?:" + comma + keyed + ")*[ \\t]*)?"};
};

std::string mutated(std::string text, StructuredGenerator& generator) {
  constexpr std::string_view kBytes(" \t,;=()\"\\%:?@*-.a0AZ\0\x7f\x80", 24);
  for (std::size_t left = generator.below(4); left > 0; --left) {
    const std::size_t at = generator.below(text.size() + 1);
    const char byte = kBytes[generator.below(kBytes.size())];
    switch (text.empty() ? 2 : generator.below(3)) {
      case 0: text.erase(at, 1); break;
      case 1: text[at % text.size()] = byte; break;
      default: text.insert(at, 1, byte); break;
    }
  }
  return text;
}

/// Each part as it stood in the field means alone what it means there.
void expect_sources(std::span<const Member> members, Arena& arena) {
  for (const Member& member : members) {
    if (member.source.empty() || member.source[0] == ';') continue;
    const Result<List> alone = structured::read_list(member.source, arena);
    ASSERT_TRUE(alone) << member.source;
    ASSERT_EQ(alone->members.size(), 1U) << member.source;
    Member unkeyed = member;
    unkeyed.key = {};
    EXPECT_TRUE(same(alone->members[0], unkeyed)) << member.source;
    for (const Item& item : member.items) {
      const Result<Item> item_alone = structured::read_item(item.source, arena);
      EXPECT_TRUE(item_alone && same(*item_alone, item)) << item.source;
    }
  }
}

template <typename Value>
bool accepted(std::string_view text, Arena& arena) {
  const std::unique_ptr<char[]> copy(new char[text.size()]);  // exactly sized, so that an over-read is caught
  text.copy(copy.get(), text.size());
  const Result<Value> read = read_as<Value>({copy.get(), text.size()}, arena);
  EXPECT_NE(read.reason(), Reason::kInternal) << text;
  EXPECT_NE(read.reason(), Reason::kUsageScratchTooSmall) << text;
  EXPECT_LE(read.error().offset, text.size()) << text;
  if (!read) return false;
  expect_round_trip(*read, arena);
  if constexpr (!std::is_same_v<Value, Item>) expect_sources(read->members, arena);
  return true;
}

TEST(StructuredFields, WhatIsAcceptedIsWhatTheGrammarAccepts) {
  const Grammar grammar;
  std::vector<std::byte> memory(std::size_t{1} << 20);
  std::size_t counts[2] = {};
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    StructuredGenerator generator(seed);
    Arena arena(memory);
    const std::string texts[] = {std::string(*structured::write(generator.item(), arena)),
                                 std::string(*structured::write(generator.list(), arena)),
                                 std::string(*structured::write(generator.dictionary(), arena))};
    const std::string text = mutated(texts[seed % 3], generator);
    if (text.size() > 400) continue;  // std::regex recurses
    for (const Type type : kTypes) {
      arena.reset();
      const bool ours = type == Type::kItem   ? accepted<Item>(text, arena)
                        : type == Type::kList ? accepted<List>(text, arena)
                                              : accepted<Dictionary>(text, arena);
      ASSERT_EQ(ours, grammar.accepts(type, text)) << static_cast<int>(type) << ' ' << text;
      ++counts[ours ? 1 : 0];
    }
  }
  EXPECT_GT(counts[0], 2000U);
  EXPECT_GT(counts[1], 2000U);
}

/// Lines are what one line with commas between them is, except that nothing may cross from one to the next.
TEST(StructuredFields, LinesMeanWhatOneLineMeans) {
  std::vector<std::byte> memory(std::size_t{1} << 20);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    StructuredGenerator generator(seed);
    Arena arena(memory);
    std::vector<std::string_view> lines;
    std::string joined;
    bool each_reads = true;
    for (std::size_t left = 1 + generator.below(3); left > 0; --left) {
      const std::string text(*structured::write(generator.dictionary(), arena));
      const std::string changed = mutated(text, generator);
      char* const kept = arena.allocate<char>(changed.size() + 1);
      changed.copy(kept, changed.size());
      lines.emplace_back(kept, changed.size());
      const Result<Dictionary> alone = structured::read_dictionary(lines.back(), arena);
      each_reads = each_reads && alone.ok() && !alone->members.empty();
      joined += (joined.empty() && lines.size() == 1 ? "" : ", ") + changed;
    }
    const Result<Dictionary> as_lines = structured::read_dictionary(lines, arena);
    const Result<Dictionary> as_one = structured::read_dictionary(joined, arena);
    if (lines.size() > 1) {
      // A line may begin with SP, which behind a comma is no fault either.
      EXPECT_EQ(as_lines.ok(), each_reads) << joined;
    }
    if (!as_lines) continue;
    ASSERT_TRUE(as_one) << joined;
    EXPECT_TRUE(same(*as_lines, *as_one)) << joined;
    EXPECT_EQ(as_lines->repeated_key, as_one->repeated_key) << joined;
  }
}

}  // namespace
}  // namespace ostiary::test
