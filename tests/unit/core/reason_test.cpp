#include <ostiary/core/reason.hpp>
#include <ostiary/core/result.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace ostiary {
namespace {

nlohmann::json registry() {
  std::ifstream file(OSTIARY_SOURCE_DIR "/src/core/reasons.json");
  return nlohmann::json::parse(file).at("reasons");
}

std::int32_t number_of(Reason reason) { return static_cast<std::int32_t>(reason); }

TEST(Reasons, AgreeWithTheRegistryRowByRow) {
  const nlohmann::json rows = registry();
  ASSERT_EQ(rows.size(), std::size(kReasons));
  for (std::size_t i = 0; i < std::size(kReasons); ++i) {
    const ReasonInfo& info = kReasons[i];
    EXPECT_EQ(number_of(info.reason), rows[i].at("number").get<int>());
    EXPECT_EQ(info.name, rows[i].at("name").get<std::string>());
    EXPECT_EQ(info.http_status, rows[i].at("http_status").get<int>()) << info.name;
    EXPECT_EQ(info.clause, rows[i].at("clause").get<std::string>()) << info.name;
    EXPECT_EQ(info.text, rows[i].at("text").get<std::string>()) << info.name;
  }
}

TEST(Reasons, NumbersAscendAndNamesAreUnique) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < std::size(kReasons); ++i) {
    EXPECT_TRUE(names.insert(kReasons[i].name).second) << kReasons[i].name;
    if (i > 0) {
      EXPECT_LT(number_of(kReasons[i - 1].reason), number_of(kReasons[i].reason));
    }
  }
}

TEST(Reasons, TheClassIsTheThousandOfTheNumber) {
  const std::map<int, ReasonClass> classes = {{1, ReasonClass::kRequest},
                                              {2, ReasonClass::kToken},
                                              {3, ReasonClass::kKey},
                                              {4, ReasonClass::kDecision},
                                              {5, ReasonClass::kGate}};
  for (const ReasonInfo& info : kReasons) {
    const std::int32_t number = number_of(info.reason);
    if (number == 0) {
      EXPECT_EQ(info.reason_class, ReasonClass::kOk);
    } else if (number < 100) {
      EXPECT_EQ(info.reason_class, ReasonClass::kUsage) << info.name;
    } else {
      EXPECT_EQ(info.reason_class, classes.at(number / 1000)) << info.name;
    }
  }
}

TEST(Reasons, OnlyOkAndAllowedAnswerWithSuccess) {
  for (const ReasonInfo& info : kReasons) {
    const bool success = info.http_status >= 200 && info.http_status < 300;
    EXPECT_EQ(success, info.reason == Reason::kOk || info.reason == Reason::kAllowed) << info.name;
    if (!success) {
      EXPECT_TRUE(info.http_status >= 400 && info.http_status < 600) << info.name;
    }
  }
}

TEST(Reasons, EveryReasonFindsItsOwnRow) {
  for (const ReasonInfo& info : kReasons) EXPECT_EQ(&reason_info(info.reason), &info);
}

TEST(Reasons, AnUnknownNumberIsInternalAndNeverOk) {
  EXPECT_EQ(reason_info(static_cast<Reason>(123456)).reason, Reason::kInternal);
  EXPECT_EQ(reason_info(static_cast<Reason>(-1)).reason, Reason::kInternal);
}

TEST(Reasons, TheTextsAreSentencesWithoutPlaceholders) {
  for (const ReasonInfo& info : kReasons) {
    ASSERT_FALSE(info.text.empty()) << info.name;
    EXPECT_EQ(info.text.back(), '.') << info.name;
    EXPECT_EQ(info.text.find('%'), std::string_view::npos) << info.name;
  }
}

}  // namespace
}  // namespace ostiary
