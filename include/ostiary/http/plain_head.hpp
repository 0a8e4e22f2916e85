// The request line as most are: a canonical path, at most a plain query, nothing to repair. Everything else goes to the
// exact reader.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/http/head.hpp>
#include <ostiary/http/inspect_options.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/http/scan/lines.hpp>
#include <ostiary/http/target.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::detail {

/// Reads " HTTP/1.1" at `at`, which must be the end of the line.
inline bool read_plain_version(std::string_view head, std::uint32_t at, std::uint32_t end, Request& request) noexcept {
  constexpr std::uint64_t kVersion = 0x2e312f5054544820U;  // " HTTP/1." as one number
  if (read_word(head.data() + at) != kVersion || (head[end - 1] != '1' && head[end - 1] != '0')) return false;
  request.version = head[end - 1] == '1' ? HttpVersion::kHttp11 : HttpVersion::kHttp10;
  return true;
}

consteval std::array<std::uint64_t, kMethodNames.size()> method_words() {
  std::array<std::uint64_t, kMethodNames.size()> words{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::size_t at = 0; at < kMethodNames[i].size(); ++at) {
      words[i] |= static_cast<std::uint64_t>(kMethodNames[i][at]) << at * 8;
    }
  }
  return words;
}

/// Finds the method whose name is the first `size` of the eight bytes at `text`. CONNECT has no path, so it is not
/// plain.
inline bool read_plain_method(const char* text, std::uint32_t size, Method& method) noexcept {
  constexpr std::array<std::uint64_t, kMethodNames.size()> kWords = method_words();
  if (size >= 8) return false;
  const std::uint64_t word = read_word(text) & ((std::uint64_t{1} << size * 8) - 1);
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i] != word) continue;
    method = static_cast<Method>(i);
    return method != Method::kConnect;
  }
  return false;
}

/// Fills method, target and version when all of them are plain. False leaves the Request to the exact reader.
inline bool read_plain_request_line(const HeadLines& lines, Request& request, const InspectOptions& options) noexcept {
  constexpr std::uint32_t kVersionSize = 9;
  const std::string_view head = request.head;
  const std::uint32_t target = lines.request_line + lines.method_size + 1;
  const std::uint32_t end = lines.request_line_end;
  if (lines.plain_path_end == 0 || end - target < kVersionSize) return false;
  const std::uint32_t target_end = end - kVersionSize;
  if (lines.plain_path_end > target_end || target_end - target > options.limits.target_size_max) return false;
  if (!read_plain_version(head, target_end, end, request)) return false;
  if (!read_plain_method(head.data() + lines.request_line, lines.method_size, request.method)) return false;
  const bool has_query = lines.plain_path_end != target_end;
  if (has_query) {
    const std::string_view text = head.substr(target, target_end - target);
    const std::uint32_t path_size = lines.plain_path_end - target;
    if (text[path_size] != '?' || scan_query(text, path_size + 1).reason != Reason::kOk) return false;
    request.query = Span{lines.plain_path_end + 1, target_end - lines.plain_path_end - 1};
  }
  request.target = Span{target, target_end - target};
  request.raw_path = Span{target, lines.plain_path_end - target};
  request.path = request.raw_path.in(head);
  return true;
}

}  // namespace ostiary::detail
