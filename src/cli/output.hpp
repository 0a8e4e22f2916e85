// Everything the command gives out: tables for people, JSON for programs, messages on standard error.
#pragma once

#include <ostiary/core/reason.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

using Json = nlohmann::ordered_json;

/// Printable ASCII as it is; every other byte, and the backslash, as \xNN. What a request holds can then neither
/// drive a terminal nor pass for something else, and the bytes can be had back.
[[nodiscard]] std::string escaped(std::string_view bytes);

/// How a cell looks on a terminal that takes colours.
enum class Tone : std::uint8_t { kPlain, kTitle, kGood, kBad };

struct Cell {
  std::string text;
  Tone tone = Tone::kPlain;
};

struct Column {
  std::string title;
  bool right = false;  ///< numbers stand at the right edge
};

/// Rows of cells under each other. Titles that are all empty take no line.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] std::string text() const;

 private:
  void append_row(std::string& text, const std::vector<Cell>& row, const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// A table of names and values, for one thing. An absent value is shown as a hyphen.
class Sheet {
 public:
  void add(std::string_view name, std::string value, Tone tone = Tone::kPlain);
  [[nodiscard]] std::string text() const { return table_.text(); }

 private:
  Table table_{{{}, {}}};
};

/// "TOKEN_EXPIRED (2047)".
[[nodiscard]] std::string shown_reason(Reason reason);
/// "TOKEN_EXPIRED (2047): The token has expired."
[[nodiscard]] std::string explained_reason(Reason reason);
/// {"number": 2047, "name": "TOKEN_EXPIRED"}
[[nodiscard]] Json reason_json(Reason reason);

/// In lower case.
[[nodiscard]] std::string hex(std::span<const std::uint8_t> bytes);

/// A text, or null for a view that is absent (data() is null).
[[nodiscard]] Json optional_json(std::string_view text);

/// ASCII only, so that no text inside can drive a terminal; ends in a line break.
[[nodiscard]] std::string json_text(const Json& json);

/// Standard output. Throws Stop with kUsage when it cannot be written.
void write_out(std::string_view text);
/// Bytes that are no text: refused when standard output is a terminal.
void write_bytes_out(std::string_view bytes);
/// Standard error, followed by a line break. Whatever looks like a token is cut short: people paste them where a
/// file name belongs, and error output ends up in logs.
void write_error(std::string_view message);

}  // namespace ostiary::cli
