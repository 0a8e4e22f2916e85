// A Decision for people and for programs, the same wherever one is printed.
#pragma once

#include "output.hpp"

#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/gate.hpp>

#include <string>
#include <string_view>

namespace ostiary::cli {

[[nodiscard]] std::string_view effect_name(Effect effect);

/// Everything the host must act on.
[[nodiscard]] Json decision_json(const Decision& decision);
[[nodiscard]] std::string decision_sheet(const Decision& decision, const Gate& gate);

/// The Decision as its flat image.
[[nodiscard]] std::string decision_image(const Decision& decision);

}  // namespace ostiary::cli
