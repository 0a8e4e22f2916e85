// The dense little world in which pairs of Gates are compared request by request: axes of a few values each, which
// stand for all that the conditions of PairMaker can tell apart.
#pragma once

#include "property/policy/json_chance.hpp"
#include "property/policy/naive_request.hpp"
#include "property/policy/small_universe.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ostiary::test {

/// What requests differ in. From kIssuer on it is about the token.
enum class Axis : std::uint8_t {
  kHost,
  kMethod,
  kPath,
  kScheme,
  kFlag,
  kTime,
  kPeer,
  kQuery,
  kHeader,
  kIssuer,
  kAudience,
  kScope,
  kTier,
  kSub,
  kGroup,
  kLevel,
  kStaff,
  kAge,
  kNumber,
};
inline constexpr std::size_t kAxes = 19;
inline constexpr std::size_t kTokenAxes = static_cast<std::size_t>(Axis::kIssuer);

[[nodiscard]] constexpr std::size_t axis_number(Axis axis) { return static_cast<std::size_t>(axis); }

/// A value of an axis; where nothing is there, the header, claim or parameter is absent.
struct AxisValue {
  nlohmann::json value;
  bool there = true;
};

/// The number of a value on each axis.
using Point = std::array<std::uint8_t, kAxes>;

/// A set of the values of one axis.
using ValueMask = std::uint64_t;

/// Values that the conditions of pairs name. Two bytes at least: sessions may have such names.
inline const Texts kPairTexts = {"aa", "bb", "aax"};
inline const Texts kPairPrefixes = {"aa"};
inline const Texts kPairLiterals = {"aa", "bb"};
inline const Texts kPairValues = {"aa", "a b", "a+b"};
inline const Texts kPairBlocks = {"192.0.2.0/24", "192.0.2.0/25", "192.0.2.128/25", "2001:db8::/32", "0.0.0.0/0"};

/// The axes of one pair, each with its values. Immutable.
class PairUniverse {
 public:
  using json = nlohmann::json;

  /// Axes that are not in use have one value. `binds` says whether paths name claims.
  PairUniverse(const std::set<Axis>& used, bool binds) : used_(used), binds_(binds) {
    for (std::size_t i = 0; i < kAxes; ++i) {
      const auto axis = static_cast<Axis>(i);
      values_[i] = used.contains(axis) ? all_values(axis) : std::vector<AxisValue>{usual(axis)};
    }
    if (!used.contains(Axis::kIssuer)) values_[axis_number(Axis::kIssuer)] = {{{}, false}, usual(Axis::kIssuer)};
  }

  [[nodiscard]] bool uses(Axis axis) const { return used_.contains(axis); }
  [[nodiscard]] const std::set<Axis>& used() const { return used_; }
  [[nodiscard]] bool binds() const { return binds_; }
  [[nodiscard]] const std::vector<AxisValue>& values(Axis axis) const { return values_[axis_number(axis)]; }

  [[nodiscard]] std::size_t size() const {
    std::size_t requests = 1;
    std::size_t tokens = values(Axis::kIssuer).size() - 1;
    for (std::size_t i = 0; i < kTokenAxes; ++i) requests *= values_[i].size();
    for (std::size_t i = kTokenAxes + 1; i < kAxes; ++i) tokens *= values_[i].size();
    return requests * (tokens + 1);
  }

  /// Visits every request with every token and with none until `visit` returns false.
  template <typename Visit>
  void for_each(Visit visit) const {
    Point point{};
    do {
      if (!visit(point)) return;
    } while (advance(point));
  }

  [[nodiscard]] Point random_point(Chance& chance) const {
    Point point{};
    for (std::size_t i = 0; i < kAxes; ++i) point[i] = static_cast<std::uint8_t>(chance.below(values_[i].size()));
    return point;
  }

  [[nodiscard]] NaiveRequest request(const Point& point) const {
    NaiveRequest made;
    made.host = at(Axis::kHost, point).value;
    made.method = at(Axis::kMethod, point).value;
    made.path = at(Axis::kPath, point).value;
    made.scheme = at(Axis::kScheme, point).value;
    made.peer = at(Axis::kPeer, point).value;
    made.now = at(Axis::kTime, point).value;
    if (at(Axis::kFlag, point).value == true) made.flags.insert("beta");
    if (const AxisValue& query = at(Axis::kQuery, point); query.there) made.query = query.value.get<std::string>();
    if (const AxisValue& field = at(Axis::kHeader, point); field.there)
      made.fields.emplace_back("X-Tier", field.value.get<std::string>());
    return made;
  }

  [[nodiscard]] std::optional<json> claims(const Point& point) const {
    if (!at(Axis::kIssuer, point).there) return std::nullopt;
    json claims = json::object();
    const std::int64_t now = at(Axis::kTime, point).value;
    claims["exp"] = now + 3600;
    for (std::size_t i = kTokenAxes; i < kAxes; ++i) {
      const AxisValue& value = values_[i][point[i]];
      if (value.there) claims[claim_name(static_cast<Axis>(i))] = value.value;
    }
    if (claims.contains("iat")) claims["iat"] = now - claims["iat"].get<std::int64_t>();
    return claims;
  }

  /// The claim that an axis is about.
  [[nodiscard]] static std::string claim_name(Axis axis) {
    constexpr std::array<const char*, kAxes - kTokenAxes> kNames = {"iss",    "aud",   "scope", "tier", "sub",
                                                                    "groups", "level", "staff", "iat",  "jti"};
    return kNames[axis_number(axis) - kTokenAxes];
  }

 private:
  [[nodiscard]] const AxisValue& at(Axis axis, const Point& point) const {
    return values_[axis_number(axis)][point[axis_number(axis)]];
  }

  /// The next one; of those without a token there is one for each request.
  bool advance(Point& point) const {
    const bool token = at(Axis::kIssuer, point).there;
    for (std::size_t i = kAxes; i-- > 0;) {
      if (i > kTokenAxes && !token) continue;
      if (++point[i] < values_[i].size()) return true;
      point[i] = 0;
    }
    return false;
  }

  static AxisValue usual(Axis axis) {
    switch (axis) {
      case Axis::kHost: return {"a.example"};
      case Axis::kMethod: return {"GET"};
      case Axis::kPath: return {"/aa"};
      case Axis::kScheme: return {"https"};
      case Axis::kFlag: return {false};
      case Axis::kTime: return {kBase};
      case Axis::kPeer: return {"192.0.2.1"};
      case Axis::kIssuer: return {"https://one.example"};
      case Axis::kAudience: return {"api"};
      case Axis::kSub: return {"aa"};
      case Axis::kAge: return {5};
      case Axis::kNumber: return {"j17"};
      default: return {{}, false};
    }
  }

  [[nodiscard]] std::vector<AxisValue> all_values(Axis axis) const {
    const AxisValue absent = {{}, false};
    switch (axis) {
      case Axis::kHost: return {{"a.example"}, {"b.example"}, {"c.example"}, {"x.a.example"}, {"c.test"}};
      case Axis::kMethod: return {{"GET"}, {"POST"}, {"DELETE"}};
      case Axis::kPath: return paths();
      case Axis::kScheme: return {{""}, {"http"}, {"https"}};
      case Axis::kFlag: return {{false}, {true}};
      case Axis::kTime: return {{kBase - 1}, {kBase}, {kBase + 10}, {kBase + 20}};
      case Axis::kPeer:
        return {{""}, {"192.0.2.1"}, {"192.0.2.129"}, {"198.51.100.7"}, {"2001:db8::1"}, {"2001:db9::1"}};
      case Axis::kQuery: return {absent, {"q"}, {"q=aa"}, {"q=bb"}, {"q=a+b"}, {"q=a%20b"}, {"q=a%2Bb"}, {"q=cc"}};
      case Axis::kHeader: return {absent, {"aa"}, {"bb"}, {"a b"}, {"a+b"}, {"cc"}};
      case Axis::kIssuer: return {absent, {"https://one.example"}, {"https://two.example"}};
      default: return token_values(axis);
    }
  }

  [[nodiscard]] std::vector<AxisValue> token_values(Axis axis) const {
    const AxisValue absent = {{}, false};
    switch (axis) {
      case Axis::kAudience:
        return {{"api"},
                {"web"},
                {json::array({"api", "web"})},
                {json::array({"api", "far"})},
                {json::array({"far", "web"})},
                {json::array({"web", "far", "api"})},
                {"far"}};
      case Axis::kScope:
        return {absent,         {"read"},       {"write"},       {"admin"},
                {"read write"}, {"read admin"}, {"write admin"}, {"read write admin"}};
      case Axis::kTier: return texts(true);
      case Axis::kSub: return texts(false);
      case Axis::kGroup:
        return {absent,
                {"aa"},
                {json::array()},
                {json::array({"aa"})},
                {json::array({"bb"})},
                {json::array({"aa", "bb"})},
                {json::array({"cc"})},
                {json::array({"aa", "cc"})},
                {json::array({"bb", "cc"})},
                {json::array({"cc", "bb", "aa"})}};
      case Axis::kLevel: return {absent, {"1"}, {0}, {1}, {2}, {7}};
      case Axis::kStaff: return {absent, {"true"}, {false}, {true}};
      case Axis::kNumber: return {absent, {"j17"}};
      default: return {absent, {5}, {15}, {25}};
    }
  }

  /// Of text claims: two of them no condition names, so that two claims can be different and neither of those named.
  [[nodiscard]] std::vector<AxisValue> texts(bool other_kind) const {
    std::vector<AxisValue> made = {{{}, false}, {"aa"}, {"bb"}, {"aax"}, {"aaz"}, {"bbz"}, {"cc"}};
    if (binds_) made.push_back({"dd"});
    if (other_kind) made.push_back({1});
    return made;
  }

  /// Patterns have two segments at most, so of the longer paths one is enough for each way to begin.
  [[nodiscard]] std::vector<AxisValue> paths() const {
    const Texts letters = binds_ ? Texts{"aa", "bb", "aax", "aaz", "bbz", "cc", "dd"} : Texts{"aa", "bb", "cc"};
    std::vector<AxisValue> made = {{"/"}};
    for (const std::string& one : letters) {
      made.push_back({"/" + one});
      for (const std::string& two : letters) made.push_back({"/" + one + "/" + two});
      made.push_back({"/" + one + "/cc/cc"});
    }
    return made;
  }

  std::set<Axis> used_;
  bool binds_;
  std::array<std::vector<AxisValue>, kAxes> values_;
};

}  // namespace ostiary::test
