#include "policy/algebra/hosts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ostiary::policy::algebra {
namespace {

using testing::UnorderedElementsAre;

std::vector<std::string> shown(const std::vector<std::vector<std::string>>& sets) {
  std::vector<std::string> atoms;
  const HostPartition partition(sets);
  for (const HostAtom& atom : partition.atoms()) {
    std::string text = atom.example + ":";
    for (std::size_t i = 0; i < atom.holds.size(); ++i) text += atom.holds.test(i) ? std::to_string(i) : "";
    atoms.push_back(text);
  }
  return atoms;
}

TEST(AlgebraHosts, AWildcardIsExactlyOneLabel) {
  EXPECT_TRUE(host_matches("*.example.com", "a.example.com"));
  EXPECT_FALSE(host_matches("*.example.com", "example.com"));
  EXPECT_FALSE(host_matches("*.example.com", "a.b.example.com"));
  EXPECT_FALSE(host_matches("*.example.com", ".example.com"));
  EXPECT_TRUE(host_matches("example.com", "example.com"));
  EXPECT_FALSE(host_matches("example.com", "a.example.com"));
  EXPECT_TRUE(host_matches("[2001:db8::1]", "[2001:db8::1]"));
}

TEST(AlgebraHosts, ExactHostsAreCutOutOfTheirWildcard) {
  EXPECT_THAT(
      shown({{"api.example.com", "*.example.org"}, {"*.example.com"}}),
      UnorderedElementsAre("api.example.com:01", "other.example.com:1", "other.example.org:0", "other.example:"));
}

TEST(AlgebraHosts, NestedWildcardsDoNotMeet) {
  EXPECT_THAT(shown({{"*.a.b"}, {"*.b"}}), UnorderedElementsAre("other.a.b:0", "other.b:1", "other.example:"));
  EXPECT_THAT(shown({{"a.b"}, {"*.b"}, {"*.a.b"}}),
              UnorderedElementsAre("a.b:01", "other.b:1", "other.a.b:2", "other.example:"));
}

TEST(AlgebraHosts, AFreshHostCollidesWithNothing) {
  EXPECT_THAT(shown({{"other.a", "another.a", "any.a"}, {"*.a"}}),
              UnorderedElementsAre("another.a:01", "x.a:1", "other.example:"));
  EXPECT_THAT(shown({{"*.example", "other.test", "*.invalid", "other", "other1"}}),
              UnorderedElementsAre(testing::HasSubstr(":0"), "other2:"));
}

TEST(AlgebraHosts, LabelsFitTheSpaceThatASuffixLeaves) {
  const std::string label(63, 'a');
  const std::string suffix = label + "." + label + "." + label + "." + std::string(59, 'b');  // 251 bytes: one is left
  ASSERT_EQ(suffix.size(), 251U);
  EXPECT_EQ(example_host("*." + suffix), "x." + suffix);
  EXPECT_EQ(example_host("*.b" + suffix), std::nullopt);
  std::vector<std::vector<std::string>> sets = {{"*." + suffix}, {}};
  for (const char c : std::string("abcdefghijklmnopqrstuvwxyz0123456789")) sets[1].push_back(c + ("." + suffix));
  EXPECT_EQ(shown(sets).size(), 2U);
  sets[1].pop_back();
  EXPECT_THAT(shown(sets), testing::Contains("9." + suffix + ":0"));
}

TEST(AlgebraHosts, CommonHosts) {
  EXPECT_EQ(common_host("a.b", "a.b"), "a.b");
  EXPECT_EQ(common_host("a.b", "c.b"), std::nullopt);
  EXPECT_EQ(common_host("a.b", "*.b"), "a.b");
  EXPECT_EQ(common_host("*.b", "a.b"), "a.b");
  EXPECT_EQ(common_host("*.b", "*.b"), "other.b");
  EXPECT_EQ(common_host("*.b", "*.a.b"), std::nullopt);
  EXPECT_EQ(common_host("*.b", "c.a.b"), std::nullopt);
}

}  // namespace
}  // namespace ostiary::policy::algebra
