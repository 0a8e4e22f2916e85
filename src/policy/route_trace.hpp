// How a request came to its route, or to none.
#pragma once

#include "adapt/outline.hpp"

#include <ostiary/http/request.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/route_index.hpp>

namespace ostiary::policy {

/// The hosts that match, and of their routes those that came closest, each with what it failed on.
[[nodiscard]] adapt::Outline route_trace(const Gate& gate, const Request& request, const RouteMatch& match);

}  // namespace ostiary::policy
