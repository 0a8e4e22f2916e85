// Everything the command takes in besides its arguments: files, standard input, the clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary::cli {

/// What becomes of an input that is longer than asked for.
enum class Excess { kRefuse, kCut };

/// The bytes of `file`, at most `size_max` of them. Throws Stop with kUsage, naming the file.
[[nodiscard]] std::string read_file(const std::string& file, std::size_t size_max, Excess excess);

/// The same, but `-` is standard input.
[[nodiscard]] std::string read_input(const std::string& file, std::size_t size_max, Excess excess);

/// How messages name `file`, escaped; standard input has a name too.
[[nodiscard]] std::string shown_file(const std::string& file);

/// Seconds since 1970 by the system clock.
[[nodiscard]] std::int64_t clock_s();

/// "byte 57 (line 2, column 14)"; lines and columns count from 1, columns in bytes.
[[nodiscard]] std::string shown_place(std::string_view bytes, std::size_t offset);

}  // namespace ostiary::cli
