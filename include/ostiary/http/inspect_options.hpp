// What a host tells the inspector beside the bytes.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/request.hpp>

namespace ostiary {

/// Plain data; the defaults are the strictest there are.
struct InspectOptions {
  Limits limits;
  /// How the request came. Known, it takes its default port off the Host, and an absolute target must agree with it.
  Scheme scheme = Scheme::kUnknown;
  /// Waivable rules that some route waives: their rejections are noted in Request::to_waive and left to the route.
  /// Rules that are not waivable are refused whatever this says.
  RuleSet left_to_route;
};

inline constexpr InspectOptions kStrictestOptions{};

}  // namespace ostiary
