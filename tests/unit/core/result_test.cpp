#include <ostiary/core/result.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace ostiary {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{Reason::kGateValue, 7};
  return number / 2;
}

TEST(Result, HoldsAValue) {
  const Result<int> result = half(8);
  EXPECT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(result.reason(), Reason::kOk);
  EXPECT_EQ(result.error(), (Error{Reason::kOk, 0}));
  EXPECT_EQ(*result, 4);
}

TEST(Result, AFailureHoldsReasonOffsetAndADefaultValue) {
  const Result<int> result = half(3);
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.reason(), Reason::kGateValue);
  EXPECT_EQ(result.error().offset, 7U);
  EXPECT_EQ(result.value(), 0);
}

TEST(Result, AReasonAloneFailsAtTheStart) {
  const Result<std::string> result = Reason::kTokenEmpty;
  EXPECT_EQ(result.error(), (Error{Reason::kTokenEmpty, 0}));
  EXPECT_TRUE(result->empty());
}

TEST(Result, MovesAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(result).value();
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(*taken, 5);
}

TEST(Result, AnErrorIsNotOkByDefault) { EXPECT_EQ(Error{}.reason, Reason::kInternal); }

TEST(Result, TakesPartInConstantExpressions) {
  constexpr Result<int> kValue = 3;
  static_assert(kValue.ok() && *kValue == 3);
  constexpr Result<int> kFailure = Reason::kHeadEmpty;
  static_assert(!kFailure.ok());
  static_assert(std::is_nothrow_constructible_v<Result<int>, int>);
}

TEST(ReasonStatus, IsThatOfTheRegistryAndOfAnInternalFaultOtherwise) {
  for (const ReasonInfo& info : kReasons) {
    EXPECT_TRUE(is_registered(info.reason));
    EXPECT_EQ(http_status_of(info.reason), info.http_status);
  }
  EXPECT_FALSE(is_registered(static_cast<Reason>(999)));
  EXPECT_EQ(http_status_of(static_cast<Reason>(999)), 500);
}

}  // namespace
}  // namespace ostiary
