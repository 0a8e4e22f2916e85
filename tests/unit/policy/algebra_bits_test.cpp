#include "policy/algebra/bits.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

Bits bits(std::size_t size, std::initializer_list<std::size_t> members) {
  Bits set(size);
  for (const std::size_t member : members) set.set(member);
  return set;
}

std::vector<std::size_t> members(const Bits& set) {
  std::vector<std::size_t> members;
  for (std::size_t i = set.next(); i < set.size(); i = set.next(i + 1)) members.push_back(i);
  return members;
}

TEST(AlgebraBits, HoldsWhatWasSetAcrossWords) {
  Bits set = bits(130, {0, 63, 64, 129});
  EXPECT_EQ(members(set), (std::vector<std::size_t>{0, 63, 64, 129}));
  EXPECT_EQ(set.count(), 4U);
  set.reset(64);
  EXPECT_FALSE(set.test(64));
  EXPECT_EQ(set.next(1), 63U);
  EXPECT_EQ(set.next(64), 129U);
  EXPECT_EQ(set.next(130), 130U);
}

TEST(AlgebraBits, AnythingBeyondTheSizeIsNotHeld) {
  EXPECT_FALSE(bits(3, {2}).test(3));
  EXPECT_FALSE(bits(3, {2}).test(64));
  EXPECT_FALSE(Bits().test(0));
}

TEST(AlgebraBits, TheEmptySetIsNone) {
  EXPECT_TRUE(Bits().none());
  EXPECT_TRUE(Bits(200).none());
  EXPECT_FALSE(bits(200, {199}).none());
  EXPECT_EQ(Bits(200).next(), 200U);
  EXPECT_EQ(Bits().next(), 0U);
}

TEST(AlgebraBits, OperationsAreThoseOfSets) {
  const Bits a = bits(70, {1, 2, 65});
  const Bits b = bits(70, {2, 3, 65});
  EXPECT_EQ(a & b, bits(70, {2, 65}));
  EXPECT_EQ(a | b, bits(70, {1, 2, 3, 65}));
  EXPECT_EQ(Bits(a) ^= b, bits(70, {1, 3}));
  EXPECT_EQ(Bits(a).and_not(b), bits(70, {1}));
  EXPECT_TRUE(a.intersects(b));
  EXPECT_FALSE(bits(70, {1}).intersects(b));
  EXPECT_TRUE(bits(70, {2, 65}).within(b));
  EXPECT_FALSE(a.within(b));
  EXPECT_TRUE(Bits(70).within(Bits(70)));
}

TEST(AlgebraBits, ALongerOperandBringsNothingBeyondTheSize) {
  EXPECT_EQ(bits(3, {0}) | bits(200, {1, 3, 150}), bits(3, {0, 1}));
  EXPECT_EQ(bits(3, {0}) ^= bits(200, {0, 3, 150}), Bits(3));
  EXPECT_EQ(bits(200, {1, 150}) & bits(3, {1}), bits(200, {1}));
  EXPECT_FALSE(bits(200, {150}).within(bits(3, {1})));
  EXPECT_EQ((Bits() | bits(3, {1})).size(), 0U);
}

TEST(AlgebraBits, EqualSetsHashEqualAndSizesTellSetsApart) {
  EXPECT_EQ(bits(70, {69}).hash(), bits(70, {69}).hash());
  EXPECT_NE(bits(70, {69}).hash(), bits(70, {68}).hash());
  EXPECT_FALSE(Bits(3) == Bits(4));
}

}  // namespace
}  // namespace ostiary::policy::algebra
