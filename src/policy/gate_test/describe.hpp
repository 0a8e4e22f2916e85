// Conditions in a few words, for reports.
#pragma once

#include "policy/source.hpp"

#include <string>

namespace ostiary::policy {

/// What it is about and which operator asks, such as "claim tier in"; never a value.
[[nodiscard]] std::string describe(const PredicateSource& condition);

}  // namespace ostiary::policy
