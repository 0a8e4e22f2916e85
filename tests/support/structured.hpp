// Comparing and making structured fields.
#pragma once

#include <ostiary/http/structured_value.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {

[[nodiscard]] inline bool same(const structured::Parameters& a, const structured::Parameters& b) {
  return std::equal(a.all.begin(), a.all.end(), b.all.begin(), b.all.end());
}

[[nodiscard]] inline bool same(const structured::Item& a, const structured::Item& b) {
  return a.value == b.value && same(a.parameters, b.parameters);
}

/// As values: what they looked like in the field does not count.
[[nodiscard]] inline bool same(const structured::Member& a, const structured::Member& b) {
  return a.key == b.key && a.is_inner_list == b.is_inner_list && a.value == b.value &&
         same(a.parameters, b.parameters) &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                    [](const structured::Item& x, const structured::Item& y) { return same(x, y); });
}

[[nodiscard]] inline bool same(std::span<const structured::Member> a, std::span<const structured::Member> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const structured::Member& x, const structured::Member& y) { return same(x, y); });
}

[[nodiscard]] inline bool same(const structured::List& a, const structured::List& b) {
  return same(a.members, b.members);
}

[[nodiscard]] inline bool same(const structured::Dictionary& a, const structured::Dictionary& b) {
  return same(a.members, b.members);
}

/// Makes fields that can be written. What it made lives as long as it does.
class StructuredGenerator {
 public:
  explicit StructuredGenerator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  structured::Item item() { return {bare(), parameters(), {}}; }

  structured::List list() {
    std::vector<structured::Member>& members = members_.emplace_back();
    for (std::size_t left = below(6); left > 0; --left) members.push_back(member());
    return {members};
  }

  structured::Dictionary dictionary() {
    std::vector<structured::Member>& members = members_.emplace_back();
    for (const std::string_view key : keys(below(14))) {
      members.push_back(member());
      members.back().key = key;
    }
    return {members, false};
  }

 private:
  std::string_view text(std::string_view alphabet, std::size_t size) {
    std::string& made = texts_.emplace_back();
    while (made.size() < size) made += alphabet[below(alphabet.size())];
    return made;
  }

  std::vector<std::string_view> keys(std::size_t count) {
    std::vector<std::string_view> made;
    while (made.size() < count) {
      const std::string_view key =
          texts_.emplace_back(std::string(text("az*", 1)) + std::string(text("a0_-.*", below(4))));
      if (std::find(made.begin(), made.end(), key) == made.end()) made.push_back(key);
    }
    return made;
  }

  std::int64_t number() {
    constexpr std::int64_t kMax = 999'999'999'999'999;
    const std::int64_t divisors[] = {1, 1000, 1'000'000, 100'000'000'000'000, kMax};
    const auto any = static_cast<std::int64_t>(random_() % (2 * static_cast<std::uint64_t>(kMax) + 1)) - kMax;
    return any / divisors[below(5)];
  }

  std::string_view utf8() {
    std::string& made = texts_.emplace_back();
    for (std::size_t left = below(6); left > 0; --left) {
      constexpr std::string_view kSome[] = {"a",
                                            "\"",
                                            "%",
                                            "\n",
                                            "\xc2\x80",
                                            "\xdf\xbf",
                                            "\xe0\xa0\x80",
                                            "\xed\x9f\xbf",
                                            "\xef\xbf\xbf",
                                            "\xf0\x90\x80\x80",
                                            "\\",
                                            "\x7f",
                                            "\xf4\x8f\xbf\xbf"};
      made += kSome[below(std::size(kSome))];
    }
    return made;
  }

  structured::BareItem bare() {
    using structured::BareItem;
    switch (below(8)) {
      case 0: return BareItem::integer(number());
      case 1: return BareItem::decimal(number());
      case 2: return BareItem::string(text("a \\\",;=()~!:%?@", below(9)));
      case 3:
        return BareItem::token(
            texts_.emplace_back(std::string(text("aZ*", 1)) + std::string(text("a:/%!0~", below(5)))));
      case 4: return BareItem::bytes(text(std::string_view("\0\x01\x7f\x80\xff:a", 7), below(9)));
      case 5: return BareItem::boolean(below(2) == 1);
      case 6: return BareItem::date(number());
      default: return BareItem::display_string(utf8());
    }
  }

  structured::Parameters parameters() {
    std::vector<structured::Parameter>& made = parameters_.emplace_back();
    const std::size_t count = below(20) == 0 ? 12 : below(3);
    for (const std::string_view key : keys(count)) made.push_back({key, bare()});
    return {made, false};
  }

  structured::Member member() {
    structured::Member made;
    made.parameters = parameters();
    made.is_inner_list = below(3) == 0;
    if (!made.is_inner_list) {
      made.value = bare();
      return made;
    }
    std::vector<structured::Item>& items = items_.emplace_back();
    for (std::size_t left = below(5); left > 0; --left) items.push_back(item());
    made.items = items;
    return made;
  }

  std::mt19937_64 random_;
  // Deques, because what was handed out must not move.
  std::deque<std::string> texts_;
  std::deque<std::vector<structured::Parameter>> parameters_;
  std::deque<std::vector<structured::Item>> items_;
  std::deque<std::vector<structured::Member>> members_;
};

}  // namespace ostiary::test
