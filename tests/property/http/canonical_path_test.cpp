// The canonical path against a second implementation, written on strings straight from RFC 3986.
#include "../../unit/http/lookalike_points.hpp"

#include <ostiary/http/lenses.hpp>
#include <ostiary/http/target.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

int hex(char c) {
  const std::string_view digits = "0123456789abcdef";
  const std::size_t at = digits.find(static_cast<char>(c >= 'A' && c <= 'F' ? c + 32 : c));
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool unreserved(int c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/// pchar (RFC 3986 §3.3) but for the semicolon, which stays as it was sent.
bool plain(int c) {
  return unreserved(c) ||
         (c > 0 && c < 0x80 && std::string_view("!$&'()*+,=:@").find(static_cast<char>(c)) != std::string_view::npos);
}

/// One element of a path: a raw byte, or the byte of an escape.
struct Unit {
  int byte;
  bool escaped;
};

std::optional<std::vector<Unit>> split_escapes(std::string_view path) {
  std::vector<Unit> units;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      units.push_back({static_cast<unsigned char>(path[i]), false});
      continue;
    }
    if (i + 2 >= path.size() || hex(path[i + 1]) < 0 || hex(path[i + 2]) < 0) return std::nullopt;
    units.push_back({hex(path[i + 1]) * 16 + hex(path[i + 2]), true});
    i += 2;
  }
  return units;
}

bool units_allowed(const std::vector<Unit>& units) {
  const std::string_view raw_allowed = "!$&'()*+,;=:@/";
  const std::string_view never_escaped = "/\\\x7f";
  for (const Unit& unit : units) {
    const char c = static_cast<char>(unit.byte);
    if (!unit.escaped && !unreserved(unit.byte) && (unit.byte == 0 || raw_allowed.find(c) == raw_allowed.npos))
      return false;
    if (unit.escaped && (unit.byte < 0x20 || never_escaped.find(c) != never_escaped.npos)) return false;
  }
  return true;
}

/// RFC 3629 read as code points, the shortest form demanded of each, and none that folds to a delimiter.
bool valid_text(const std::vector<Unit>& units) {
  for (std::size_t i = 0; i < units.size();) {
    const int lead = units[i].byte;
    const std::size_t length = lead < 0x80             ? 1
                               : (lead & 0xe0) == 0xc0 ? 2
                               : (lead & 0xf0) == 0xe0 ? 3
                               : (lead & 0xf8) == 0xf0 ? 4
                                                       : 0;
    if (length == 0 || i + length > units.size()) return false;
    int point = length == 1 ? lead : lead & (0x7f >> length);
    for (std::size_t k = 1; k < length; ++k) {
      if ((units[i + k].byte & 0xc0) != 0x80) return false;
      point = point * 64 + (units[i + k].byte & 0x3f);
    }
    const std::array<int, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
    for (const char32_t lookalike : kLookalikePoints) {
      if (static_cast<char32_t>(point) == lookalike) return false;
    }
    i += length;
  }
  return true;
}

/// RFC 3986 §6.2.2.1 and §6.2.2.2, and every other character that may stand raw.
std::string normalise_escapes(const std::vector<Unit>& units) {
  std::string text;
  for (const Unit& unit : units) {
    if (!unit.escaped || plain(unit.byte)) {
      text += static_cast<char>(unit.byte);
    } else {
      text += '%';
      text += "0123456789ABCDEF"[unit.byte / 16];
      text += "0123456789ABCDEF"[unit.byte % 16];
    }
  }
  return text;
}

bool has_second_escape(const std::string& text) {
  for (std::size_t at = text.find("%25"); at != text.npos; at = text.find("%25", at + 1)) {
    if (at + 4 < text.size() && hex(text[at + 3]) >= 0 && hex(text[at + 4]) >= 0) return true;
  }
  return false;
}

/// RFC 3986 §5.2.4, step by step.
std::string remove_dot_segments(std::string input) {
  std::string output;
  while (!input.empty()) {
    if (input.starts_with("../")) {
      input.erase(0, 3);
    } else if (input.starts_with("./")) {
      input.erase(0, 2);
    } else if (input.starts_with("/./")) {
      input.replace(0, 3, "/");
    } else if (input == "/.") {
      input = "/";
    } else if (input.starts_with("/../") || input == "/..") {
      input.replace(0, input == "/.." ? 3 : 4, "/");
      const std::size_t slash = output.rfind('/');
      output.erase(slash == output.npos ? 0 : slash);
    } else if (input == "." || input == "..") {
      input.clear();
    } else {
      const std::size_t next = input.find('/', 1);
      output += input.substr(0, next);
      input.erase(0, next);
    }
  }
  return output;
}

bool has_dot_segment(const std::string& path) {
  const std::string closed = path + "/";
  return closed.find("/./") != closed.npos || closed.find("/../") != closed.npos;
}

struct Reference {
  std::string path;
  bool ambiguous = false;
};

/// Nothing when the path must be refused.
std::optional<Reference> reference_canonical_path(std::string_view raw) {
  if (!raw.starts_with('/')) return std::nullopt;
  const std::optional<std::vector<Unit>> units = split_escapes(raw);
  if (!units || !units_allowed(*units) || !valid_text(*units)) return std::nullopt;
  std::string path = normalise_escapes(*units);
  Reference reference;
  reference.ambiguous = has_second_escape(path) || path.find(';') != path.npos || path.find("%3B") != path.npos;
  if (has_dot_segment(path)) {
    reference.ambiguous = reference.ambiguous || path.find("//") != path.npos;
    // The sentinel disappears when a dot segment climbs above it.
    const std::string below = remove_dot_segments("/^" + path);
    if (!below.starts_with("/^/")) return std::nullopt;
    path = below.substr(2);
  }
  for (std::size_t at = path.find("//"); at != path.npos; at = path.find("//")) path.erase(at, 1);
  reference.path = path;
  return reference;
}

/// A canonical path stays what it is, and the lens of RFC 3986 shows it.
void expect_settled(const std::string& raw, std::string_view path) {
  std::vector<std::byte> memory(2 * raw.size());
  Arena scratch(memory);
  const Result<CanonicalPath> again = canonical_path(path, scratch);
  ASSERT_TRUE(again.ok()) << raw;
  ASSERT_EQ(again->path.data(), path.data()) << raw;
  ASSERT_EQ(*lens_path(raw, Lens::kRfc3986, scratch), path) << raw;
}

void expect_same(const std::string& raw) {
  std::vector<std::byte> memory(raw.size());
  Arena scratch(memory);
  const Result<CanonicalPath> actual = canonical_path(raw, scratch);
  const std::optional<Reference> expected = reference_canonical_path(raw);
  ASSERT_EQ(actual.ok(), expected.has_value()) << raw << " " << reason_info(actual.reason()).name;
  if (!expected) {
    ASSERT_FALSE(is_canonical_path(raw)) << raw;
    ASSERT_LE(actual.error().offset, raw.size()) << raw;
    return;
  }
  ASSERT_EQ(is_canonical_path(raw), expected->path == raw && !expected->ambiguous) << raw;
  ASSERT_EQ(actual->path, expected->path) << raw;
  ASSERT_EQ(actual->notes.ambiguous(), expected->ambiguous) << raw;
  ASSERT_EQ(actual->path.data() == raw.data(), raw == expected->path) << raw;
  expect_settled(raw, actual->path);
}

TEST(CanonicalPath, AgreesWithTheReferenceOnEveryShortPath) {
  const std::array<std::string_view, 11> tokens = {"/", ".", "a", "2", "e", "%", "%2e", "%25", "%32", "%2F", "%65"};
  std::vector<std::size_t> digits;
  const std::size_t length_max = 5;
  for (std::size_t length = 0; length <= length_max; ++length) {
    digits.assign(length, 0);
    for (bool more = true; more;) {
      std::string path = "/";
      for (const std::size_t digit : digits) path += tokens[digit];
      expect_same(path);
      if (HasFatalFailure()) return;
      more = false;
      for (std::size_t& digit : digits) {
        if (++digit < tokens.size()) {
          more = true;
          break;
        }
        digit = 0;
      }
    }
  }
}

TEST(CanonicalPath, AgreesWithTheReferenceOnRandomPaths) {
  const std::array<std::string_view, 30> tokens = {
      "/",    "/",   "/",   "a",   "b",   "c",        ".",         "..",
      "%2e",  "%2E", "%41", "%7e", "%20", "%c3%a9",   "%E2%82%AC", "%f0%9f%98%80",
      "%3f",  "%23", "%25", "@",   ":",   "~",        "%2c",       "/./",
      "/../", "%5B", ";",   "%3b", "//",  "%ef%bc%8e"};
  const std::array<std::string_view, 10> faults = {"%2f", "%5c",    "\\",        "%00",  "%7f",
                                                   "%",   "%c0%af", "%ed%a0%80", "\x80", "["};
  std::mt19937_64 random(3986);
  for (int i = 0; i < 60000; ++i) {
    std::string path = "/";
    for (std::size_t left = random() % 14; left > 0; --left) {
      path += random() % 60 == 0 ? faults[random() % faults.size()] : tokens[random() % tokens.size()];
    }
    expect_same(path);
    if (HasFatalFailure()) return;
  }
}

TEST(CanonicalPath, AgreesWithTheReferenceOnEveryEscapeSequenceOfTwoBytes) {
  for (int lead = 0; lead < 256; ++lead) {
    for (int next = 0; next < 256; ++next) {
      const std::string_view digits = "0123456789abcdef";
      const std::string tail = {'%', digits[static_cast<std::size_t>(next / 16)],
                                digits[static_cast<std::size_t>(next % 16)]};
      const std::string path = {'/', '%', digits[static_cast<std::size_t>(lead / 16)],
                                digits[static_cast<std::size_t>(lead % 16)]};
      expect_same(path + tail);
      expect_same(path + tail + "%80");
      expect_same(path + tail + "%BF%bf");
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace ostiary::test
