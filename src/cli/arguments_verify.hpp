// The arguments of `ostiary verify`.
#pragma once

#include "commands.hpp"

#include <CLI/CLI.hpp>

#include <functional>

namespace ostiary::cli {

/// `chosen` is called once the arguments were read and fit each other.
void add_verify(CLI::App& app, VerifyOptions& verify, const std::function<void()>& chosen);

}  // namespace ostiary::cli
