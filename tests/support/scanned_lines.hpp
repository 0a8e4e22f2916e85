// The lines of a head as one back end of the pass reads them, and what differs between two.
#pragma once

#include <ostiary/http/inspect.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace ostiary::test {

/// Takes every odd line to be the end.
struct ScannedLines {
  ScannedLines(const detail::ScanBackEnd& back_end, std::string_view text, std::uint32_t from) {
    lines.fields = fields;
    lines.capacity = kFieldsMax;
    lines.first_of = first_of;
    std::fill(std::begin(first_of), std::end(first_of), Request::kNoField);
    lines.line = lines.scanned = lines.request_line = lines.ends.open = from;
    stop = back_end.read_lines(detail::PaddedBytes(text), lines);
  }
  ScannedLines(const ScannedLines&) = delete;
  ScannedLines& operator=(const ScannedLines&) = delete;

  static constexpr std::uint32_t kFieldsMax = 40;
  detail::HeadLines lines;
  Field fields[kFieldsMax];
  std::uint16_t first_of[detail::kFieldSlotCount];
  detail::LineStop stop;
};

/// The name of the first thing in which the two differ; empty when they are equal.
inline std::string_view difference_of(const ScannedLines& a, const ScannedLines& b) {
  const detail::HeadLines& left = a.lines;
  const detail::HeadLines& right = b.lines;
  if (a.stop != b.stop) return "stop";
  if (left.line != right.line || left.scanned != right.scanned) return "position";
  if (left.request_line_end != right.request_line_end || left.method_size != right.method_size) return "request line";
  if (left.plain_path_end != right.plain_path_end) return "path";
  if (left.plain_host_size != right.plain_host_size || left.plain_port != right.plain_port) return "host";
  if (left.plain_cookie != right.plain_cookie) return "cookie";
  if (left.account != right.account || left.duplicate != right.duplicate) return "account";
  if (left.count != right.count) return "number of fields";
  for (std::uint32_t i = 0; i < left.count; ++i) {
    if (a.fields[i].name != b.fields[i].name || a.fields[i].value != b.fields[i].value) return "spans of a field";
    if (a.fields[i].id != b.fields[i].id) return "id of a field";
  }
  return {};
}

}  // namespace ostiary::test
