// Guesses what a misspelt name was meant to be.
#pragma once

#include "policy/source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// Of `known`, the text that the fewest insertions, deletions and changes of bytes turn into `text`; the first of
/// several. Empty when there is none. Quadratic in the length. Pure.
[[nodiscard]] std::string nearest_text(std::string_view text, const std::vector<Text>& known);

}  // namespace ostiary::policy
