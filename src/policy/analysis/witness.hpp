// From a request that was found to one that is shown: as a test of a table, decided again by the door itself.
#pragma once

#include "adapt/outline.hpp"
#include "policy/analysis/point.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/gate.hpp>

#include <string>

namespace ostiary::policy::analysis {

/// What a door with a Gate decides about a request; owns its texts.
struct Verdicts {
  bool asked = false;  ///< false: the request could not be put to the door
  Effect effect = Effect::kDeny;
  Reason reason = Reason::kNotDecided;
  std::string route;
  std::string rule;
  std::string role;  ///< id of the mapping
  std::string nearest_rule;
  std::string_view nearest_dimension;  ///< static
};

/// A Gate and its image, compiled once for all the requests that are shown. Confined.
class Witness {
 public:
  /// The source must compile.
  Witness(const GateSource& source, const Limits& limits);

  /// The request as an element of `tests`; what is expected is what the door decides.
  [[nodiscard]] adapt::Outline test(const Point& point, const std::string& name) const;
  [[nodiscard]] Verdicts decide(const Point& point) const;

 private:
  [[nodiscard]] adapt::Outline request(const Point& point) const;
  [[nodiscard]] adapt::Outline identity(const Point& point) const;
  [[nodiscard]] adapt::Outline bare_test(const Point& point, const std::string& name) const;

  const GateSource& source_;
  Limits limits_;
  std::string image_;
};

/// On one line. Pure.
[[nodiscard]] std::string request_line(const Point& point);

/// Why a door refused, in words.
[[nodiscard]] std::string obstacle_of(const Verdicts& verdicts);

}  // namespace ostiary::policy::analysis
