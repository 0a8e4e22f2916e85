// Guesses what a misspelt name was meant to be.
#pragma once

#include "policy/source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// Of `known`, the text that the fewest insertions, deletions and changes of bytes turn into `text`; the first of
/// several. Of long lists and texts the beginnings are looked at: a guess is not worth more time. Empty when there is
/// none. Pure.
[[nodiscard]] std::string nearest_text(std::string_view text, const std::vector<Text>& known);

}  // namespace ostiary::policy
