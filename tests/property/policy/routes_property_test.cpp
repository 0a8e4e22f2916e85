// Route tables over small alphabets against a matcher that reads docs/language.md aloud, one route at a time.
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

struct Route {
  std::string id;
  std::string host;
  Texts methods;
  std::string path;
  Texts segments{};  ///< of the path
};

struct Answer {
  Reason reason = Reason::kRouteHost;
  std::string route;

  bool operator==(const Answer&) const = default;
};

Texts segments_of(std::string_view path) {
  Texts segments(1);
  for (const char c : path.substr(1)) {
    if (c == '/') {
      segments.emplace_back();
    } else {
      segments.back() += c;
    }
  }
  return segments;
}

/// One letter for each segment of a pattern that matches, the smaller the more specific; nothing when it does not.
std::optional<std::string> rank_of(const Texts& pattern, const Texts& path) {
  std::string rank;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i == path.size()) return std::nullopt;
    if (pattern[i] == "**") return rank + 'c';
    if (pattern[i] == "*" ? path[i].empty() : pattern[i] != path[i]) return std::nullopt;
    rank += pattern[i] == "*" ? 'b' : 'a';
  }
  return pattern.size() == path.size() ? std::optional(rank) : std::nullopt;
}

/// 'e' for an exact host, 'w' for a wildcard, nothing for another host.
std::string host_rank(const std::string& pattern, const std::string& host) {
  if (pattern == host) return "e";
  const std::size_t dot = host.find('.');
  const bool wild = dot != std::string::npos && dot != 0 && pattern == "*" + host.substr(dot);
  return wild ? "w" : "";
}

Answer read_aloud(const std::vector<Route>& routes, const std::string& method, const std::string& host,
                  const Texts& path) {
  Answer answer;
  std::string best;
  for (const Route& route : routes) {
    const std::string of_host = host_rank(route.host, host);
    if (of_host.empty()) continue;
    if (answer.reason == Reason::kRouteHost) answer.reason = Reason::kRouteUnknown;
    const std::optional<std::string> rank = rank_of(route.segments, path);
    if (!rank) continue;
    if (std::find(route.methods.begin(), route.methods.end(), method) == route.methods.end()) {
      if (answer.reason == Reason::kRouteUnknown) answer.reason = Reason::kRouteMethod;
    } else if (best.empty() || of_host + *rank < best) {
      best = of_host + *rank;
      answer = {Reason::kOk, route.id};
    }
  }
  return answer;
}

/// The Gate of the routes.
class Compiled {
 public:
  explicit Compiled(const std::vector<Route>& routes) {
    json gate = {{"gate", 1}, {"name", "routes"}, {"issuers", json::object()}};
    gate["rules"] = {{{"id", "all"}, {"effect", "allow"}, {"routes", {"*"}}, {"public", true}}};
    gate["origins"] = {{"o", {{"scheme", "http"}, {"host", "o.example"}, {"port", 80}}}};
    for (const Route& route : routes) {
      gate["routes"].push_back({{"id", route.id},
                                {"hosts", {route.host}},
                                {"methods", route.methods},
                                {"path", route.path},
                                {"origin", "o"}});
    }
    const CompiledGate compiled = compile_gate(gate.dump());
    EXPECT_TRUE(compiled.ok()) << gate.dump();
    image_ = compiled.image;
    gate_ = *Gate::load(image_);
  }

  [[nodiscard]] Answer answer(std::string_view method, std::string_view host, std::string_view path) const {
    const auto* const name = std::find(kMethodNames.begin(), kMethodNames.end(), method);
    const RouteMatch match = match_route(gate_, static_cast<Method>(name - kMethodNames.begin()), host, path);
    return {match.reason, match.reason == Reason::kOk ? std::string(gate_.text(gate_.route(match.row).id)) : ""};
  }

 private:
  std::string image_;
  Gate gate_;
};

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  const std::string& pick(const Texts& from) { return from[below(from.size())]; }

 private:
  std::mt19937 random_;
};

const Texts kMethods = {"GET", "POST", "PATCH"};

/// Every path of up to `depth` segments from `segments`.
Texts all_paths(const Texts& segments, std::size_t depth) {
  Texts paths;
  Texts longest = {""};
  for (std::size_t i = 0; i < depth; ++i) {
    Texts next;
    for (const std::string& path : longest) {
      for (const std::string& segment : segments) next.push_back(path + '/' + segment);
    }
    paths.insert(paths.end(), next.begin(), next.end());
    longest = std::move(next);
  }
  return paths;
}

std::string random_pattern(Chance& chance, const Texts& segments, std::size_t depth) {
  std::string path;
  const std::size_t count = chance.below(depth + 1);
  for (std::size_t i = 0; i < count; ++i) path += '/' + (chance.one_in(3) ? "*" : chance.pick(segments));
  if (path.empty() || chance.one_in(5)) path += chance.one_in(2) ? "/**" : "/";
  return path;
}

/// Routes none of which is ambiguous: a (host, path, method) that is taken already is left out.
std::vector<Route> random_routes(Chance& chance, const Texts& hosts, const Texts& segments, std::size_t depth,
                                 std::size_t count) {
  std::vector<Route> routes;
  std::map<std::string, bool> taken;
  for (std::size_t i = 0; i < count; ++i) {
    Route route{"r" + std::to_string(i), chance.pick(hosts), {}, random_pattern(chance, segments, depth), {}};
    for (const std::string& method : kMethods) {
      if (chance.one_in(2)) continue;
      if (taken.emplace(route.host + ' ' + method + ' ' + route.path, true).second) route.methods.push_back(method);
    }
    route.segments = segments_of(route.path);
    if (!route.methods.empty()) routes.push_back(route);
  }
  if (routes.empty()) routes.push_back({"r", hosts[0], {"GET"}, "/", {""}});
  return routes;
}

std::string listed(const std::vector<Route>& routes) {
  std::string text;
  for (const Route& route : routes)
    text += route.id + ' ' + json(route.methods).dump() + ' ' + route.host + route.path + '\n';
  return text;
}

void expect_agreement(const std::vector<Route>& routes, const Texts& hosts, const Texts& paths) {
  const Compiled compiled(routes);
  for (const std::string& host : hosts) {
    for (const std::string& path : paths) {
      const Texts segments = segments_of(path);
      for (const std::string& method : kMethods) {
        const Answer expected = read_aloud(routes, method, host, segments);
        const Answer actual = compiled.answer(method, host, path);
        ASSERT_EQ(actual, expected) << method << ' ' << host << path << " is " << actual.route << " instead of "
                                    << expected.route << " in\n"
                                    << listed(routes);
      }
    }
  }
}

TEST(Routes, DenseTablesMatchAsTheLanguageReadAloudOnEveryPathOfFourSegments) {
  const Texts paths = all_paths({"", "a", "b", "c"}, 4);
  for (unsigned seed = 0; seed < 150; ++seed) {
    Chance chance(seed);
    const std::size_t count = std::size_t{1} << chance.below(7);
    expect_agreement(random_routes(chance, {"h.example"}, {"a", "b"}, 4, count), {"h.example"}, paths);
    if (HasFatalFailure()) return;
  }
}

TEST(Routes, AnExactHostComesBeforeAWildcardWhichIsAskedNext) {
  const Texts patterns = {"a.example", "*.example", "b.example", "*.a.example", "example"};
  const Texts hosts = {"a.example", "b.example", "c.example", "x.a.example", "example", ".example", ""};
  const Texts paths = all_paths({"", "a", "b"}, 3);
  for (unsigned seed = 0; seed < 100; ++seed) {
    Chance chance(seed);
    expect_agreement(random_routes(chance, patterns, {"a", "b"}, 3, 20), hosts, paths);
    if (HasFatalFailure()) return;
  }
}

/// Texts on both sides of every size at which the index reads them in another way, and some that differ in one byte.
Texts telling_segments(Chance& chance) {
  Texts segments;
  for (const std::size_t size : {1U, 7U, 8U, 9U, 15U, 16U, 17U, 23U, 24U, 25U, 31U, 40U, 70U}) {
    std::string text(size, 'q');
    segments.push_back(text);
    text[chance.below(size)] = 'r';
    segments.push_back(text);
  }
  return segments;
}

TEST(Routes, SegmentsOfEverySizeAndPathsLongerThanAWordAreCompared) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    Chance chance(seed);
    const Texts segments = telling_segments(chance);
    const auto routes = random_routes(chance, {"h.example"}, segments, 6, 60);
    Texts paths;
    for (const Route& route : routes) {
      std::string path;
      for (const std::string& segment : route.segments) {
        const bool wild = segment.starts_with('*') || chance.one_in(8);
        path += '/' + (wild ? chance.pick(segments) : segment);
      }
      paths.push_back(path);
      paths.push_back(path.substr(0, 1 + chance.below(path.size())));
      paths.push_back(path + (chance.one_in(2) ? "/" : "/q"));
    }
    expect_agreement(routes, {"h.example"}, paths);
    if (HasFatalFailure()) return;
  }
}

TEST(Routes, DeepTablesAreSearchedThrough) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    Chance chance(seed);
    const auto routes = random_routes(chance, {"h.example"}, {"a"}, 14, 60);
    Texts paths;
    for (std::size_t i = 0; i < 60; ++i) {
      std::string path;
      for (std::size_t k = chance.below(20) + 1; k-- > 0;) path += chance.one_in(4) ? "/b" : "/a";
      paths.push_back(path);
    }
    expect_agreement(routes, {"h.example"}, paths);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace ostiary
