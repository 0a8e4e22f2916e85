// The settings that the arguments of `ostiary verify` ask for.
#pragma once

#include "commands.hpp"

#include <ostiary/token/issuer_settings.hpp>

#include <string>
#include <vector>

namespace ostiary::cli {

[[nodiscard]] std::vector<std::string> vendor_names();
[[nodiscard]] std::vector<std::string> profile_names();

/// Several where the issuer goes by several names. Throws Stop with kUsage, naming the argument.
[[nodiscard]] std::vector<IssuerSettings> verify_settings(const VerifyOptions& options);

}  // namespace ostiary::cli
