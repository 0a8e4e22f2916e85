#include <ostiary/token/algorithm.hpp>

#include <gtest/gtest.h>

namespace ostiary {
namespace {

static_assert(parse_algorithm("RS256") == Algorithm::kRs256);
static_assert(parse_algorithm("Ed25519") == Algorithm::kEdDsa);
static_assert(!parse_algorithm("none") && !parse_algorithm("") && !parse_algorithm("rs256"));
static_assert(algorithm_name(Algorithm::kEdDsa) == "EdDSA");
static_assert(algorithms_of_header("EdDSA") == AlgorithmSet{Algorithm::kEdDsa, Algorithm::kEd448});
static_assert(algorithms_of_header("Ed25519") == AlgorithmSet{Algorithm::kEdDsa});
static_assert(algorithms_of_header("none").empty());
static_assert(is_symmetric(Algorithm::kHs384) && !is_symmetric(Algorithm::kRs384));

TEST(Algorithm, EveryNameStandsForItsAlgorithm) {
  for (const AlgorithmName& known : kAlgorithmNames) EXPECT_EQ(parse_algorithm(known.name), known.algorithm);
}

TEST(Algorithm, NumbersInImagesDoNotChange) {
  EXPECT_EQ(static_cast<int>(Algorithm::kRs256), 0);
  EXPECT_EQ(static_cast<int>(Algorithm::kEs256), 1);
  EXPECT_EQ(static_cast<int>(Algorithm::kEdDsa), 2);
  EXPECT_EQ(AlgorithmSet({Algorithm::kRs256, Algorithm::kEdDsa}).bits(), 5U);
}

TEST(Algorithm, ASetHoldsWhatWasAdded) {
  AlgorithmSet set;
  EXPECT_TRUE(set.empty());
  set.add(Algorithm::kEs256);
  EXPECT_TRUE(set.contains(Algorithm::kEs256));
  EXPECT_FALSE(set.contains(Algorithm::kRs256));
  EXPECT_EQ(AlgorithmSet::from_bits(set.bits()), set);
}

TEST(Algorithm, BitsOfNoAlgorithmAreRefused) {
  EXPECT_TRUE(AlgorithmSet::from_bits(0));
  EXPECT_TRUE(AlgorithmSet::from_bits(0x3ffff));
  EXPECT_FALSE(AlgorithmSet::from_bits(0x40000));
  EXPECT_FALSE(AlgorithmSet::from_bits(0x80000001U));
}

}  // namespace
}  // namespace ostiary
