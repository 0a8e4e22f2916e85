// The URL corpus of web-platform-tests through the lens for back ends that take a backslash for a slash.
//
// The URL Standard keeps empty segments and decodes nothing; a canonical path does not and does. So both sides are
// brought to one form here, with code of this file only. Inputs with an encoded separator are not compared: the lens
// decodes it, the standard does not.
#include "conformance/report.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/http/lenses.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::conformance {

namespace {

int hex_digit(char c) {
  const std::size_t at = std::string_view("0123456789abcdef").find(ascii_lower(c));
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// Unreserved characters unescaped, other escapes in upper case, runs of slashes as one.
std::string one_form(std::string_view path) {
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool escape =
        path[i] == '%' && i + 2 < path.size() && hex_digit(path[i + 1]) >= 0 && hex_digit(path[i + 2]) >= 0;
    if (escape) {
      const char c = static_cast<char>(hex_digit(path[i + 1]) * 16 + hex_digit(path[i + 2]));
      if (is_alpha(c) || is_digit(c) || std::string_view("-._~!$&'()*+,=:@").find(c) != std::string_view::npos) {
        text += c;
      } else {
        text += {'%', "0123456789ABCDEF"[hex_digit(path[i + 1])], "0123456789ABCDEF"[hex_digit(path[i + 2])]};
      }
      i += 2;
    } else if (path[i] != '/' || text.empty() || text.back() != '/') {
      text += path[i];
    }
  }
  return text;
}

/// The path that an absolute URL would carry to a server, when a request target could hold it but for its backslashes.
std::optional<std::string> carried_path(const std::string& input) {
  std::size_t begin = 0;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equals_ignoring_case(std::string_view(input).substr(0, scheme.size()), scheme)) begin = scheme.size();
  }
  if (begin == 0) return std::nullopt;
  begin = input.find_first_of("/\\?#", begin);
  if (begin == std::string::npos || input[begin] == '?' || input[begin] == '#') return std::nullopt;
  std::string path = input.substr(begin, input.find_first_of("?#", begin) - begin);
  if (path[0] == '\\') path[0] = '/';
  for (const char c : path) {
    if (!has_class(c, CharClass::kPathPlain) && std::string_view("/\\;%").find(c) == std::string_view::npos)
      return std::nullopt;
  }
  return path;
}

bool has_encoded_separator(std::string_view path) {
  for (const std::string_view escape : {"%2f", "%2F", "%5c", "%5C"}) {
    if (path.find(escape) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

void run_url_paths(Suite& suite, const std::filesystem::path& file) {
  for (const nlohmann::json& row : read_json(file)) {
    if (!row.is_object() || row.contains("failure") || !row["input"].is_string()) continue;
    const std::string input = row["input"];
    const std::optional<std::string> path = carried_path(input);
    if (!path || has_encoded_separator(*path)) {
      suite.leave_out("no path that a request target carries", input);
      continue;
    }
    std::vector<std::byte> memory(path->size());
    Arena scratch(memory);
    const Result<std::string_view> seen = lens_path(*path, Lens::kBackslash, scratch);
    const std::string expected = one_form(row["pathname"].get<std::string>());
    suite.check(input, true, seen.ok() && *seen == expected, std::string(*seen) + " instead of " + expected);
  }
}

}  // namespace ostiary::conformance
