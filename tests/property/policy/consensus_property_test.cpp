// Random Gates and ambiguous paths: the door against an evaluation that takes every reading apart with strings.
#include "property/policy/naive_evaluator.hpp"

#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide_request.hpp>

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

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), ascii_lower);
  return text;
}

/// Every escape of well-formed text decoded once.
std::string decoded(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    result += escape ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return result;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// The segments of a path, each decoded; what separates them has been made a slash.
Texts segments_of(const std::string& path) {
  Texts segments(1);
  for (const char c : path.substr(1)) {
    if (c == '/') {
      segments.emplace_back();
    } else {
      segments.back() += c;
    }
  }
  for (std::string& segment : segments) segment = decoded(segment);
  return segments;
}

enum class Order { kMergeFirst, kDotsFirst };
enum class Root { kRefuses, kStays };

/// The path that is left, for the naive evaluator; a slash inside a segment becomes an underscore.
std::optional<std::string> resolved(const Texts& given, Order order, Root root) {
  Texts kept;
  bool ends_open = false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string& segment = given[i];
    const bool last = i + 1 == given.size();
    if (segment == "..") {
      if (kept.empty() && root == Root::kRefuses) return std::nullopt;
      if (!kept.empty()) kept.pop_back();
    } else if (segment != "." && (!segment.empty() || (order == Order::kDotsFirst && !last))) {
      kept.push_back(segment);
    }
    ends_open = last && (segment.empty() || segment == "." || segment == "..");
  }
  std::string path;
  for (const std::string& segment : kept) path += segment.empty() ? "" : "/" + replaced(segment, "/", "_");
  return path.empty() || ends_open ? path + "/" : path;
}

std::optional<std::string> nginx(const std::string& raw) {
  return resolved(segments_of(replaced(lower(raw), "%2f", "/")), Order::kMergeFirst, Root::kRefuses);
}

std::optional<std::string> backslash(const std::string& raw) {
  return resolved(segments_of(replaced(replaced(lower(raw), "%2f", "/"), "%5c", "/")), Order::kDotsFirst, Root::kStays);
}

std::optional<std::string> matrix(const std::string& raw) {
  Texts segments = segments_of(raw);
  for (std::string& segment : segments) segment = segment.substr(0, segment.find(';'));
  return resolved(segments, Order::kMergeFirst, Root::kStays);
}

std::optional<std::string> double_decode(const std::string& raw) {
  const std::string once = decoded(raw);
  return resolved(segments_of(replaced(replaced(lower(once), "%2f", "/"), "\\", "_")), Order::kDotsFirst, Root::kStays);
}

struct Expected {
  std::string reason;
  std::string route;
};

test::NaiveRequest asking(const std::string& path) {
  test::NaiveRequest request;
  request.method = "GET";
  request.host = "h.example";
  request.path = path;
  return request;
}

class NaiveDoor {
 public:
  explicit NaiveDoor(const json& gate) : gate_(gate), naive_(gate) {}

  [[nodiscard]] Expected ask(const std::string& raw) const {
    const auto canonical = resolved(segments_of(raw), Order::kDotsFirst, Root::kRefuses);
    if (!canonical) return {"PATH_ABOVE_ROOT", ""};
    const std::string route = naive_.decide(asking(*canonical), std::nullopt).route;
    const std::string small = lower(raw);
    const bool separators = small.find("%2f") != raw.npos || small.find("%5c") != raw.npos;
    const bool waived = waives(route);
    if (separators && !waived) return {"PATH_ENCODED_SEPARATOR", ""};
    if (is_tangled(raw)) return {tangle(raw), ""};
    const auto misleads = [&](const std::optional<std::string>& path, bool may_miss) {
      if (!path) return false;
      const std::string reached = naive_.decide(asking(*path), std::nullopt).route;
      return reached != route && !(reached.empty() && may_miss);
    };
    if (separators && (misleads(nginx(raw), waived) || misleads(backslash(raw), waived))) {
      return {"PATH_ENCODED_SEPARATOR", ""};
    }
    if (small.find("%25") != raw.npos && misleads(double_decode(raw), false)) return {"PATH_DOUBLE_ENCODED", ""};
    if (decoded(raw).find(';') != raw.npos && misleads(matrix(raw), false)) return {"PATH_MATRIX_PARAMETER", ""};
    if (has_both(segments_of(raw)) && misleads(nginx(raw), false)) return {"PATH_AMBIGUOUS_SLASHES", ""};
    return {route.empty() ? "ROUTE_UNKNOWN" : "ALLOWED", route};
  }

 private:
  [[nodiscard]] bool waives(const std::string& id) const {
    for (const json& route : gate_["routes"]) {
      if (route["id"] == id) return route.contains("waive");
    }
    return false;
  }

  struct Kinds {
    bool separators;
    bool twice;
    bool matrix;
    bool slashes;
  };

  static Kinds kinds_of(const std::string& raw) {
    const std::string small = lower(raw);
    return {small.find("%2f") != raw.npos || small.find("%5c") != raw.npos, small.find("%25") != raw.npos,
            decoded(raw).find(';') != raw.npos, has_both(segments_of(raw))};
  }

  /// Two ways at once, or one among dot and empty segments, or one that leaves dots or hides more.
  static bool is_tangled(const std::string& raw) {
    const Kinds kinds = kinds_of(raw);
    const int count = int{kinds.separators} + int{kinds.twice} + int{kinds.matrix} + int{kinds.slashes};
    if (count != 1) return count > 1;
    if (kinds.slashes) return false;
    const Texts segments = segments_of(raw);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const std::string& segment = segments[i];
      const std::string start = segment.substr(0, segment.find(';'));
      const bool is_cut = start != segment;
      if (start == "." || start == ".." || (start.empty() && (is_cut || i + 1 < segments.size()))) return true;
    }
    const std::string small = lower(raw);
    return kinds.twice && (small.find("%255c") != raw.npos || small.find("%253b") != raw.npos);
  }

  static std::string tangle(const std::string& raw) {
    const Kinds kinds = kinds_of(raw);
    if (kinds.twice) return "PATH_DOUBLE_ENCODED";
    if (kinds.matrix) return "PATH_MATRIX_PARAMETER";
    return kinds.slashes ? "PATH_AMBIGUOUS_SLASHES" : "PATH_ENCODED_SEPARATOR";
  }

  static bool has_both(const Texts& segments) {
    const bool empty = std::find(segments.begin(), segments.end() - 1, "") != segments.end() - 1;
    return empty && std::any_of(segments.begin(), segments.end(),
                                [](const std::string& segment) { return segment == "." || segment == ".."; });
  }

  json gate_;
  test::NaiveEvaluator naive_;
};

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  std::string pick(const Texts& from) { return from[below(from.size())]; }

 private:
  std::mt19937 random_;
};

json random_gate(Chance& chance) {
  json gate = {{"gate", 1},
               {"name", "random"},
               {"origins", {{"o", {{"scheme", "http"}, {"host", "o.example"}, {"port", 1}}}}},
               {"rules", {{{"id", "all"}, {"effect", "allow"}, {"routes", Texts{"*"}}, {"public", true}}}}};
  const std::size_t routes = 1 + chance.below(5);
  for (std::size_t i = 0; i < routes; ++i) {
    std::string path;
    for (std::size_t left = chance.below(3); left > 0; --left) path += "/" + chance.pick({"a", "b", "*"});
    if (path.empty() || chance.below(2) == 0) path += chance.pick({"/", "/**"});
    json route = {{"id", "r" + std::to_string(i)},
                  {"hosts", Texts{"h.example"}},
                  {"methods", Texts{"GET"}},
                  {"path", path},
                  {"origin", "o"}};
    if (chance.below(2) == 0) route["waive"] = Texts{"PATH_ENCODED_SEPARATOR"};
    gate["routes"].push_back(route);
  }
  return gate;
}

std::string random_path(Chance& chance) {
  std::string path = "/";
  for (std::size_t left = chance.below(7); left > 0; --left) {
    path += chance.pick({"a", "b", "/", "/", "..", "/../", "%2e", "%2F", "%5c", ";", "..;/", "%3B", "%252e%252e/",
                         "%252f", "//", ".", "%255c", "%253b"});
  }
  return path;
}

Expected ask(const Gate& gate, const std::string& raw) {
  const std::string head = "GET " + raw + " HTTP/1.1\r\nHost: h.example\r\n\r\n";
  static std::vector<std::byte> memory(decide_request_scratch_size({}));
  Arena scratch(memory);
  const Inspection inspection = inspect_bytes(head, scratch, inspect_options_of(gate, Facts{}));
  const auto verify = [](const Request&, const Credential&) noexcept { return Result<Identity>(Reason::kInternal); };
  const Decision decision = decide_request(gate, inspection, Facts{}, verify, scratch);
  return {std::string(reason_info(decision.reason).name), std::string(decision.route)};
}

TEST(Consensus, AgreesWithEveryReadingTakenApart) {
  std::map<std::string, unsigned> reasons;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    Chance chance(seed);
    const json source = random_gate(chance);
    const CompiledGate compiled = compile_gate(source.dump());
    if (!compiled.ok()) continue;
    const Gate gate = *Gate::load(compiled.image);
    const NaiveDoor naive(source);
    for (int i = 0; i < 80; ++i) {
      const std::string raw = random_path(chance);
      const Expected expected = naive.ask(raw);
      const Expected actual = ask(gate, raw);
      // Where several rules refuse, a climb above the root comes first or last; either way nothing passes.
      ++reasons[expected.reason];
      if (actual.reason == "PATH_ENCODED_SEPARATOR" && expected.reason == "PATH_ABOVE_ROOT") continue;
      ASSERT_EQ(actual.reason, expected.reason) << raw << "\n" << source.dump(1);
      ASSERT_EQ(actual.route, expected.route) << raw << "\n" << source.dump(1);
    }
  }
  for (const char* reason : {"ALLOWED", "ROUTE_UNKNOWN", "PATH_ENCODED_SEPARATOR", "PATH_DOUBLE_ENCODED",
                             "PATH_MATRIX_PARAMETER", "PATH_AMBIGUOUS_SLASHES", "PATH_ABOVE_ROOT"}) {
    EXPECT_GT(reasons[reason], 100U) << reason;
  }
}

}  // namespace
}  // namespace ostiary
