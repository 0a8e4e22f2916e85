// Options of the kinds that several subcommands have.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::cli {

/// An option that is given must say something: an unset shell variable is no wish for the default.
[[nodiscard]] CLI::Validator not_empty();

[[nodiscard]] CLI::Validator one_of(std::vector<std::string> texts);

struct NumberRange {
  std::int64_t min;
  std::int64_t max;
};

/// Whole decimal numbers only: CLI11 would also take octal and hexadecimal ones.
CLI::Option* add_number(CLI::App& app, const char* name, std::optional<std::int64_t>& number, NumberRange range,
                        const char* help);

void add_now(CLI::App& app, std::optional<std::int64_t>& now_s);

/// One value each time it is given, so that it never takes a file name that follows.
CLI::Option* add_repeatable(CLI::App& app, const char* name, std::vector<std::string>& values, const char* help);

}  // namespace ostiary::cli
