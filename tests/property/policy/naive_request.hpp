// A request as docs/language.md speaks of it, read in the plainest way.
#pragma once

#include <arpa/inet.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::test {

struct NaiveRequest {
  std::string method;
  std::string scheme;  ///< that the host tells; empty when it does not
  std::string host;
  std::string path;                  ///< canonical; "*" and "" for what has no path
  std::optional<std::string> query;  ///< raw, behind the question mark
  std::vector<std::pair<std::string, std::string>> fields;
  std::string peer;
  std::int64_t now = 0;
  std::set<std::string> flags;
};

/// Parts of a text between separators: one more than there are separators.
inline std::vector<std::string> naive_split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline std::string naive_unescape(const std::string& raw) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '%') {
      text += static_cast<char>(std::strtol(raw.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      text += raw[i];
    }
  }
  return text;
}

inline std::string naive_lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

/// How programs read a piece of a query: with plus signs that are plus signs, and with those that are spaces.
inline std::set<std::string> naive_readings(const std::string& raw) {
  std::string spaces = raw;
  std::replace(spaces.begin(), spaces.end(), '+', ' ');
  return {naive_unescape(raw), naive_unescape(spaces)};
}

/// What a rule reads under one name: how often it stands, and what its value could be there.
struct NaiveInput {
  int count = 0;
  bool bracketed = false;  ///< stands as a[] or a[b]
  std::set<std::string> values;
};

inline NaiveInput naive_parameter(const NaiveRequest& request, const std::string& name) {
  NaiveInput found;
  if (!request.query) return found;
  for (const std::string& piece : naive_split(*request.query, '&')) {
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    const std::set<std::string> given = naive_readings(piece.substr(0, equals));
    for (const std::string& reading : given) found.bracketed = found.bracketed || reading.starts_with(name + "[");
    if (!given.contains(name)) continue;
    ++found.count;
    if (equals != std::string::npos) found.values = naive_readings(piece.substr(equals + 1));
  }
  return found;
}

inline NaiveInput naive_field(const NaiveRequest& request, const std::string& name) {
  NaiveInput found;
  for (const auto& [given, value] : request.fields) {
    if (naive_lower(given) != name) continue;
    ++found.count;
    found.values = {value};
  }
  return found;
}

/// The name as a program reads it that turns underscores into hyphens.
inline std::string naive_folded(const std::string& name) {
  std::string folded = naive_lower(name);
  std::replace(folded.begin(), folded.end(), '_', '-');
  return folded;
}

/// Why the request is refused when these names may neither stand in disguise nor be dropped; empty when it is not.
inline std::string naive_hidden(const NaiveRequest& request, const std::set<std::string>& names) {
  for (const auto& [given, value] : request.fields) {
    if (given.find('_') != std::string::npos && names.contains(naive_folded(given))) return "FIELD_NAME_UNDERSCORE";
  }
  for (const auto& [given, value] : request.fields) {
    if (naive_lower(given) != "connection") continue;
    for (std::string option : naive_split(value, ',')) {
      option.erase(0,
                   option.find_first_not_of(' ') == std::string::npos ? option.size() : option.find_first_not_of(' '));
      if (names.contains(naive_folded(option))) return "FIELD_CONNECTION_SPECIFIC";
    }
  }
  return "";
}

/// The bits of an address as a text of zeros and ones behind its family; nothing when it is none.
inline std::optional<std::string> naive_address_bits(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  const bool four = inet_pton(AF_INET, text.c_str(), bytes.data()) == 1;
  if (!four && inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::nullopt;
  std::string bits = four ? "4" : "6";
  for (std::size_t i = 0; i < (four ? 32U : 128U); ++i) bits += (bytes[i / 8] >> (7 - i % 8) & 1) != 0 ? '1' : '0';
  // An IPv4 address in the clothes of IPv6 is that IPv4 address.
  const std::string mapped = "6" + std::string(80, '0') + std::string(16, '1');
  return bits.starts_with(mapped) ? "4" + bits.substr(mapped.size()) : bits;
}

inline bool naive_in_block(const std::string& address, const std::string& block) {
  const std::size_t slash = block.find('/');
  const auto network = naive_address_bits(block.substr(0, slash));
  const auto bits = naive_address_bits(address);
  const std::size_t length = 1 + std::stoul(block.substr(slash + 1));
  return bits && network && bits->substr(0, length) == network->substr(0, length);
}

/// Seconds of a time written as 2026-12-31T23:59:59Z.
inline std::int64_t naive_seconds(const std::string& text) {
  const auto part = [&](std::size_t at, std::size_t size) { return std::stoi(text.substr(at, size)); };
  const std::chrono::sys_days day = std::chrono::year(part(0, 4)) /
                                    std::chrono::month(static_cast<unsigned>(part(5, 2))) /
                                    std::chrono::day(static_cast<unsigned>(part(8, 2)));
  return std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count() + part(11, 2) * 3600 +
         part(14, 2) * 60 + part(17, 2);
}

inline bool naive_contains(const nlohmann::json& list, const std::string& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

/// The object that is a member, or an empty one. Borrows `of`.
inline const nlohmann::json& naive_member(const nlohmann::json& of, const char* name) {
  static const nlohmann::json empty = nlohmann::json::object();
  return of.contains(name) ? of[name] : empty;
}

}  // namespace ostiary::test
