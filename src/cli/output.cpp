#include "output.hpp"

#include "exit.hpp"
#include "secrets.hpp"

#include <ostiary/core/result.hpp>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace ostiary::cli {

namespace {

[[nodiscard]] bool out_is_terminal() { return isatty(STDOUT_FILENO) == 1; }

// https://no-color.org
[[nodiscard]] bool colours_wanted() {
  static const bool wanted = out_is_terminal() && std::getenv("NO_COLOR") == nullptr;
  return wanted;
}

[[nodiscard]] std::string_view colour_of(Tone tone) {
  switch (tone) {
    case Tone::kPlain: return {};
    case Tone::kTitle: return "\x1b[1m";
    case Tone::kGood: return "\x1b[32m";
    case Tone::kBad: return "\x1b[31m";
  }
  return {};
}

[[nodiscard]] std::string coloured(const Cell& cell) {
  const std::string_view colour = colours_wanted() ? colour_of(cell.tone) : std::string_view();
  if (colour.empty()) return cell.text;
  return std::string(colour) + cell.text + "\x1b[0m";
}

// Columns on the screen: the clauses of the registry hold a section sign, which is two bytes.
[[nodiscard]] std::size_t shown_width(std::string_view text) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

}  // namespace

std::string escaped(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += "\\x";
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xfU];
  }
  return text;
}

void Table::append_row(std::string& text, const std::vector<Cell>& row, const std::vector<std::size_t>& widths) const {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string padding(widths[i] - shown_width(row[i].text), ' ');
    if (i != 0) line += "  ";
    if (columns_[i].right) line += padding;
    line += coloured(row[i]);
    if (!columns_[i].right) line += padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  text += line + "\n";
}

std::string Table::text() const {
  std::vector<Cell> titles;
  std::vector<std::size_t> widths;
  titles.reserve(columns_.size());
  widths.reserve(columns_.size());
  for (const Column& column : columns_) {
    titles.push_back({column.title, Tone::kTitle});
    widths.push_back(shown_width(column.title));
  }
  for (const std::vector<Cell>& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], shown_width(row[i].text));
  }
  const bool titled = std::any_of(titles.begin(), titles.end(), [](const Cell& title) { return !title.text.empty(); });
  std::string text;
  if (titled) append_row(text, titles, widths);
  for (const std::vector<Cell>& row : rows_) append_row(text, row, widths);
  return text;
}

void Sheet::add(std::string_view name, std::string value, Tone tone) {
  if (value.empty()) value = "-";
  table_.add({{std::string(name), Tone::kTitle}, {std::move(value), tone}});
}

std::string shown_reason(Reason reason) {
  const ReasonInfo& info = reason_info(reason);
  return std::string(info.name) + " (" + std::to_string(static_cast<std::int32_t>(info.reason)) + ")";
}

std::string explained_reason(Reason reason) {
  return shown_reason(reason) + ": " + std::string(reason_info(reason).text);
}

Json reason_json(Reason reason) {
  const ReasonInfo& info = reason_info(reason);
  return {{"number", static_cast<std::int32_t>(info.reason)}, {"name", info.name}};
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned byte : bytes) text += {kDigits[byte >> 4U], kDigits[byte & 15U]};
  return text;
}

Json optional_json(std::string_view text) { return text.data() == nullptr ? Json() : Json(text); }

std::string json_text(const Json& json) { return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n"; }

void write_out(std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) throw Stop(Exit::kUsage, "ostiary: standard output: " + std::generic_category().message(errno));
}

void write_bytes_out(std::string_view bytes) {
  if (out_is_terminal()) {
    throw Stop(Exit::kUsage, "ostiary: this writes bytes that are no text; send standard output to a file or a pipe");
  }
  write_out(bytes);
}

void write_error(std::string_view message) {
  const std::string line = without_tokens(message) + "\n";
  // Nothing can be said about a failure to write here.
  static_cast<void>(std::fwrite(line.data(), 1, line.size(), stderr));
}

}  // namespace ostiary::cli
