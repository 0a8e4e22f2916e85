// How two Gates take tokens of the same issuer: what is no matter of a request, and so is compared as it stands.
#pragma once

#include "policy/source.hpp"

#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// In which ways `gate` takes tokens of an issuer that `other` refuses, in words.
[[nodiscard]] std::vector<std::string> looser_tokens(const GateSource& gate, const GateSource& other);

}  // namespace ostiary::policy::analysis
