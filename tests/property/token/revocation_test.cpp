// A list answers as looking at every entry in turn would.
#include <ostiary/token/revocation.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace ostiary::test {
namespace {

struct Entry {
  std::string issuer;
  std::string name;
  std::string value;
  std::optional<std::int64_t> issued_before_s;
};

class RevocationProperty : public ::testing::Test {
 protected:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }

  // Few texts, so that most questions are near an entry; prefixes of each other and empty among them.
  std::string text() {
    static const std::array<std::string, 8> kTexts{"", "a", "aa", "ab", "a\"\\\n", "\xc3\xa4", "aaaaaaaaaaaaaaaaa",
                                                   "b"};
    return kTexts[below(kTexts.size())];
  }

  Entry entry() {
    static const std::array<std::string, 4> kNames{"jti", "sub", "sid", "kid"};
    Entry made{text() + "i", kNames[below(4)], text(), std::nullopt};
    if (made.name == "sub" && below(2) == 0) made.issued_before_s = below(6);
    return made;
  }

  static std::string json(const std::vector<Entry>& entries) {
    nlohmann::ordered_json list{{"revoked", nlohmann::ordered_json::array()}};
    for (const Entry& entry : entries) {
      nlohmann::ordered_json object{{"iss", entry.issuer}, {entry.name, entry.value}};
      if (entry.issued_before_s) object["issued_before"] = *entry.issued_before_s;
      list["revoked"].push_back(object);
    }
    return list.dump();
  }

  static bool speaks_of(const Entry& entry, const TokenMarks& marks) {
    if (entry.issuer != marks.issuer) return false;
    if (entry.name == "sub" && entry.issued_before_s && marks.issued_at_s &&
        *marks.issued_at_s >= *entry.issued_before_s) {
      return false;
    }
    const std::string_view mark = entry.name == "jti"   ? marks.token_id
                                  : entry.name == "sub" ? marks.subject
                                  : entry.name == "sid" ? marks.session
                                                        : marks.key_id;
    return mark.data() != nullptr && mark == entry.value;
  }

  std::mt19937 random_{20261123};
};

TEST_F(RevocationProperty, AnswersAsANaiveListDoes) {
  std::size_t revoked = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<Entry> entries(below(round % 10 == 0 ? 200 : 12));
    for (Entry& made : entries) made = entry();
    const auto list = RevocationList::from_json(json(entries));
    ASSERT_TRUE(list) << json(entries);
    std::shuffle(entries.begin(), entries.end(), random_);
    ASSERT_EQ((*list)->fingerprint(), (*RevocationList::from_json(json(entries)))->fingerprint());
    for (int question = 0; question < 100; ++question) {
      const std::string issuer = text() + "i";
      const std::array<std::string, 4> values{text(), text(), text(), text()};
      const auto mark = [&](std::size_t i) { return below(2) == 0 ? std::string_view(values[i]) : std::string_view(); };
      TokenMarks marks{issuer, mark(0), mark(1), mark(2), mark(3), {}};
      if (below(3) != 0) marks.issued_at_s = below(6);
      const bool expected =
          std::any_of(entries.begin(), entries.end(), [&](const Entry& one) { return speaks_of(one, marks); });
      ASSERT_EQ((*list)->revokes(marks), expected) << json(entries);
      revoked += expected ? 1U : 0U;
    }
  }
  EXPECT_GT(revoked, 1000U);
}

}  // namespace
}  // namespace ostiary::test
