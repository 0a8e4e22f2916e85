// A Gate image as a tree that is printed for people and for programs.
#pragma once

#include "adapt/outline.hpp"

#include <ostiary/policy/gate.hpp>

#include <cstdint>
#include <string>

namespace ostiary::policy {

[[nodiscard]] adapt::Outline gate_report(const Gate& gate);

/// What a route does with requests besides forwarding them; an empty object where it says nothing.
[[nodiscard]] adapt::Outline shape_report(const Gate& gate, const ShapeRecord& shape);

}  // namespace ostiary::policy
