#include "policy/pattern.hpp"
#include "policy/write_routes.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

constexpr std::uint32_t kGet = 1U << static_cast<unsigned>(Method::kGet);
constexpr std::uint32_t kPut = 1U << static_cast<unsigned>(Method::kPut);

std::shared_ptr<const policy::PathPattern> pattern_of(std::string_view text) {
  return std::make_shared<const policy::PathPattern>(policy::split_path_pattern(text));
}

/// An index of one host and the texts it points at, as an image.
class Indexed {
 public:
  /// A pattern with PUT in front is for PUT, others are for GET.
  explicit Indexed(const std::vector<std::string>& patterns) {
    std::vector<policy::HostRoute> routes;
    for (const std::string& pattern : patterns) {
      const bool put = pattern.starts_with("PUT ");
      routes.push_back(
          {pattern_of(pattern.substr(put ? 4 : 0)), put ? kPut : kGet, static_cast<std::uint32_t>(routes.size())});
    }
    steps_max_ = policy::route_steps(routes);
    const policy::RouteTables tables = policy::write_routes({routes}, [this](const std::string& text) {
      image_ += text;
      return Span{static_cast<std::uint32_t>(image_.size() - text.size()), static_cast<std::uint32_t>(text.size())};
    });
    image_.append(kRouteTextPadding, '\0');
    index_.nodes = append(tables.nodes);
    index_.displacements = append(tables.displacements);
    index_.accepts = append(tables.accepts);
    index_.slots = tables.slots;
    index_.seed = tables.seed;
    root_ = tables.roots.at(0);
    count_ = static_cast<std::uint32_t>(patterns.size());
  }

  /// The row of the route, or -1 for no route, or -2 for none with this method.
  int match(std::string_view path, std::uint32_t method = kGet) {
    detail::RouteWalk walk(image_, index_, method, path);
    const RouteMatch match = walk.from(root_);
    steps_ = walk.steps();
    if (match.reason == Reason::kOk) return static_cast<int>(match.row);
    return match.reason == Reason::kRouteUnknown ? -1 : -2;
  }

  [[nodiscard]] bool sound() const { return detail::route_index_is_sound(image_, index_, count_); }
  [[nodiscard]] std::uint32_t steps() const { return steps_; }
  [[nodiscard]] std::uint64_t steps_max() const { return steps_max_; }
  [[nodiscard]] RouteIndex& index() { return index_; }
  [[nodiscard]] std::string& image() { return image_; }
  [[nodiscard]] std::uint32_t root() const { return root_; }
  [[nodiscard]] std::uint32_t count() const { return count_; }

 private:
  template <typename Record>
  ImageTable append(const std::vector<Record>& table) {
    const ImageTable placed{static_cast<std::uint32_t>(image_.size()), static_cast<std::uint32_t>(table.size())};
    image_.append(reinterpret_cast<const char*>(table.data()), table.size() * sizeof(Record));
    return placed;
  }

  std::string image_;
  RouteIndex index_;
  std::uint32_t root_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t steps_ = 0;
  std::uint64_t steps_max_ = 0;
};

TEST(RouteIndex, LiteralBeforeAnyBeforeTail) {
  Indexed routes({"/a/b", "/a/*", "/a/**", "/*/b", "/**"});
  EXPECT_EQ(routes.match("/a/b"), 0);
  EXPECT_EQ(routes.match("/a/c"), 1);
  EXPECT_EQ(routes.match("/a/"), 2);
  EXPECT_EQ(routes.match("/a/b/c"), 2);
  EXPECT_EQ(routes.match("/c/b"), 3);
  EXPECT_EQ(routes.match("/a"), 4);
  EXPECT_EQ(routes.match("/"), 4);
}

TEST(RouteIndex, ALiteralThatLeadsNowhereIsTakenBack) {
  Indexed routes({"/a/b/c/d", "/a/*/c/e", "/*/b/*/f", "/*/b/**"});
  EXPECT_EQ(routes.match("/a/b/c/d"), 0);
  EXPECT_EQ(routes.match("/a/b/c/e"), 1);
  EXPECT_EQ(routes.match("/a/b/c/f"), 2);
  EXPECT_EQ(routes.match("/a/b/c/g"), 3);
  EXPECT_EQ(routes.match("/a/c/c/g"), -1);
}

TEST(RouteIndex, AnotherMethodDoesNotHideALessSpecificRoute) {
  Indexed routes({"PUT /a/b", "/a/*", "PUT /c"});
  EXPECT_EQ(routes.match("/a/b"), 1);
  EXPECT_EQ(routes.match("/a/b", kPut), 0);
  EXPECT_EQ(routes.match("/a/c", kPut), -2);
  EXPECT_EQ(routes.match("/c"), -2);
  EXPECT_EQ(routes.match("/d"), -1);
}

TEST(RouteIndex, AnyAndClaimAreOneSegmentThatIsNotEmpty) {
  Indexed routes({"/t/{tenant}/x", "/t/*/y", "/*/"});
  EXPECT_EQ(routes.match("/t/1/x"), 0);
  EXPECT_EQ(routes.match("/t/1/y"), 1);
  EXPECT_EQ(routes.match("/t//x"), -1);
  EXPECT_EQ(routes.match("/t/"), 2);
  EXPECT_EQ(routes.match("//"), -1);
}

TEST(RouteIndex, WhatComesBehindTheLastSegmentIsNoMatch) {
  Indexed routes({"/", "/a", "/a/b/c", "/x/*/y"});
  EXPECT_EQ(routes.match("/"), 0);
  EXPECT_EQ(routes.match("/a"), 1);
  for (const std::string_view path : {"//", "/a/", "/a/b", "/a/b/c/", "/a/b/c/d", "/x/1", "/x/1/y/", "/x/1/yy"})
    EXPECT_EQ(routes.match(path), -1) << path;
  EXPECT_EQ(routes.match("/a/b/c"), 2);
  EXPECT_EQ(routes.match("/x/1/y"), 3);
}

/// Patterns of `depth` segments, each a literal or `*` as the bits of a number say.
std::vector<std::string> every_mixture(unsigned depth) {
  std::vector<std::string> patterns;
  for (unsigned mixture = 0; mixture < (1U << depth); ++mixture) {
    std::string pattern;
    for (unsigned i = 0; i < depth; ++i) pattern += (mixture >> i & 1) != 0 ? "/*" : "/a";
    patterns.push_back("PUT " + pattern + "/end");  // found only behind every turn, and then of another method
  }
  return patterns;
}

TEST(RouteIndex, NoPathTakesMoreStepsThanTheCompilerSays) {
  for (const unsigned depth : {1U, 2U, 5U, 8U}) {
    Indexed routes(every_mixture(depth));
    std::string path;
    for (unsigned i = 0; i < depth; ++i) path += "/a";
    EXPECT_EQ(routes.match(path + "/end"), -2);
    EXPECT_LE(routes.steps(), routes.steps_max());
    EXPECT_GE(routes.steps(), 1U << depth);  // it is no other path's bound
    EXPECT_EQ(routes.match(path + "/none"), -1);
    EXPECT_LE(routes.steps(), routes.steps_max());
  }
}

TEST(RouteIndex, AWalkOverNodesInACircleEnds) {
  Indexed routes({"/a", "/*/b", "/*/c"});
  RouteNode root;
  char* const at = routes.image().data() + routes.index().nodes.offset + routes.root() * sizeof(RouteNode);
  std::memcpy(&root, at, sizeof(root));
  root.any = routes.root();
  std::memcpy(at, &root, sizeof(root));
  ASSERT_TRUE(routes.sound());
  std::string path;
  for (int i = 0; i < 4000; ++i) path += "/x";
  EXPECT_EQ(routes.match(path), -1);
  EXPECT_LE(routes.steps(), kRouteStepsMax + 1);
}

TEST(RouteIndex, HostsWithTheSameRoutesShareTheirNodes) {
  const auto store = [](const std::string& text) { return Span{0, static_cast<std::uint32_t>(text.size())}; };
  const std::vector<policy::HostRoute> routes = {{pattern_of("/a"), kGet, 0}, {pattern_of("/b/*"), kGet, 1}};
  const policy::RouteTables one = policy::write_routes({routes}, store);
  const policy::RouteTables three = policy::write_routes({routes, {routes[1], routes[0]}, routes}, store);
  EXPECT_EQ(three.nodes.size(), one.nodes.size());
  EXPECT_EQ(three.roots, std::vector<std::uint32_t>(3, one.roots.at(0)));
}

TEST(RouteIndex, UnsoundTablesAreNoticed) {
  const std::vector<std::string> patterns = {"/a", "/b/c", "/*/d/e", "/f/**", "PUT /f/**", "/f"};
  ASSERT_TRUE(Indexed(patterns).sound());
  const auto damaged = [&](auto damage) {
    Indexed routes(patterns);
    damage(routes.index());
    return routes.sound();
  };
  EXPECT_FALSE(damaged([](RouteIndex& index) { index.slots = 0; }));
  EXPECT_FALSE(damaged([](RouteIndex& index) { index.slots = index.nodes.count + 1; }));
  EXPECT_FALSE(damaged([](RouteIndex& index) { index.displacements.count = 0; }));
  EXPECT_FALSE(damaged([](RouteIndex& index) { index.displacements.offset = 0xfffffff0U; }));
  EXPECT_FALSE(damaged([](RouteIndex& index) { index.nodes.count += 1000; }));
  EXPECT_FALSE(damaged([](RouteIndex& index) { index.accepts.count += 1000; }));
  EXPECT_FALSE(damaged([](RouteIndex& index) { index.accepts.count -= 1; }));
}

TEST(RouteIndex, EveryNodeOutOfRangeIsNoticed) {
  const std::vector<std::string> patterns = {"/a", "/b/c", "/*/d/e", "/f/**", "PUT /f/**", "/f", "/g/h/*/i"};
  const auto spoilt = [&](auto spoil) {
    Indexed routes(patterns);
    char* const nodes = routes.image().data() + routes.index().nodes.offset;
    for (std::uint32_t row = 0; row < routes.index().nodes.count; ++row) {
      RouteNode node;
      std::memcpy(&node, nodes + row * sizeof(node), sizeof(node));
      spoil(node, routes);
      std::memcpy(nodes + row * sizeof(node), &node, sizeof(node));
    }
    return !routes.sound();
  };
  EXPECT_FALSE(spoilt([](RouteNode&, Indexed&) {}));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed& routes) { node.any = routes.index().nodes.count; }));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed& routes) {
    node.text = static_cast<std::uint32_t>(routes.image().size()) - kRouteTextPadding + 1;
  }));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed&) { node.text_size = UINT16_MAX; }));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed&) { node.rest_size = UINT16_MAX; }));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed& routes) {
    node.lone_methods = 1;
    node.end_count = node.tail_count = 0;
    node.accepts = routes.count();
  }));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed& routes) {
    node.lone_methods = 0;
    node.accepts = routes.index().accepts.count + 1;
  }));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed& routes) {
    node.lone_methods = 0;
    node.accepts = routes.index().accepts.count;
    node.tail_count = 1;
  }));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed&) { node.reserved = 1; }));
  EXPECT_TRUE(spoilt([](RouteNode& node, Indexed&) { node.more_reserved = 1; }));
}

std::string gate_of(const std::vector<std::string>& patterns) {
  nlohmann::json gate = {{"gate", 1}, {"name", "routes"}, {"issuers", nlohmann::json::object()}};
  gate["rules"] = {{{"id", "all"}, {"effect", "allow"}, {"routes", {"*"}}, {"public", true}}};
  gate["origins"] = {{"o", {{"scheme", "http"}, {"host", "o.example"}, {"port", 80}}}};
  for (const std::string& pattern : patterns) {
    gate["routes"].push_back({{"id", "r" + std::to_string(gate["routes"].size())},
                              {"hosts", {"h.example"}},
                              {"methods", {"PUT"}},
                              {"path", pattern.substr(4)},
                              {"origin", "o"}});
  }
  return gate.dump();
}

TEST(RouteIndex, RoutesThatAPathCouldTakeTooLongForAreRefused) {
  EXPECT_TRUE(compile_gate(gate_of(every_mixture(8))).ok());
  const CompiledGate compiled = compile_gate(gate_of(every_mixture(9)));
  ASSERT_FALSE(compiled.ok());
  EXPECT_EQ(compiled.errors.front().reason, Reason::kGateLimit);
  const std::string& message = compiled.errors.front().message;
  EXPECT_NE(message.find("steps to find its route among \"/"), std::string::npos) << message;
  EXPECT_NE(message.find("/*"), std::string::npos) << message;
}

TEST(RouteIndex, PatternsHaveAtMostSixteenSegmentsWhateverTheLimits) {
  Limits wide;
  wide.path_segments_max = 100;
  std::string pattern = "PUT ";
  for (std::uint32_t i = 0; i < kRouteSegmentsMax; ++i) pattern += "/*";
  EXPECT_TRUE(compile_gate(gate_of({pattern}), wide).ok());
  EXPECT_EQ(compile_gate(gate_of({pattern + "/*"}), wide).errors.at(0).reason, Reason::kGatePattern);
  const std::string longest = "PUT /" + std::string(kRoutePatternSizeMax - 1, 'a');
  EXPECT_TRUE(compile_gate(gate_of({longest})).ok());
  EXPECT_EQ(compile_gate(gate_of({longest + 'a'})).errors.at(0).reason, Reason::kGatePattern);
}

TEST(RouteIndex, TheOrderOfTheSourceLeavesNoTrace) {
  std::vector<std::string> patterns = every_mixture(6);
  std::vector<policy::HostRoute> routes;
  for (const std::string& pattern : patterns) {
    routes.push_back({pattern_of(pattern.substr(4)), kPut, static_cast<std::uint32_t>(routes.size())});
  }
  const auto tables = [&] {
    std::string texts;
    const policy::RouteTables made = policy::write_routes({routes}, [&](const std::string& text) {
      texts += text;
      return Span{static_cast<std::uint32_t>(texts.size() - text.size()), static_cast<std::uint32_t>(text.size())};
    });
    return texts + std::string(reinterpret_cast<const char*>(made.nodes.data()), made.nodes.size() * sizeof(RouteNode));
  };
  const std::string first = tables();
  std::reverse(routes.begin(), routes.end());
  EXPECT_EQ(tables(), first);
}

}  // namespace
}  // namespace ostiary
