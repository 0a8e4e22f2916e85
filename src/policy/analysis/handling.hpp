// What becomes of requests that are let through, which is no matter of access.
#pragma once

#include "policy/source.hpp"

#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// The ids of routes of both Gates, ascending, whose requests go elsewhere or are shaped, cached, counted, signed or
/// answered in another way.
[[nodiscard]] std::vector<std::string> handled_otherwise(const GateSource& old_gate, const GateSource& new_gate);

}  // namespace ostiary::policy::analysis
