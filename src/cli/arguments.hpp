// The arguments of the command and its help.
#pragma once

#include "exit.hpp"

namespace ostiary::cli {

/// Reads the arguments, runs the one subcommand they name and says how it ended. Throws Stop.
[[nodiscard]] Exit run_command_line(int count, const char* const* arguments);

}  // namespace ostiary::cli
