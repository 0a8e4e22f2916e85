// Requests and tokens over the small universe: a request both as its bytes and as what they mean.
#pragma once

#include "property/policy/json_chance.hpp"
#include "property/policy/naive_request.hpp"
#include "property/policy/small_universe.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace ostiary::test {

struct RandomRequest {
  std::string head;
  NaiveRequest meaning;
};

/// `text` with escapes for some of the bytes that may be escaped, and for all that must be.
inline std::string randomly_escaped(Chance& chance, const std::string& text, bool keep_escapes) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string raw;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool must = byte <= ' ' || byte > '~' || c == '?' || (c == '%' && !keep_escapes);
    if (must || (byte >= 'a' && byte <= 'z' && !raw.ends_with('%') && chance.one_in(12))) {
      raw += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      raw += c;
    }
  }
  return raw;
}

/// The same for a piece of a query, where a space may also be a plus sign, and a plus sign escaped.
inline std::string randomly_written(Chance& chance, const std::string& text) {
  std::string raw;
  for (const char c : text) {
    if (c == ' ' && chance.one_in(2)) {
      raw += '+';
    } else if (c == '+' && chance.one_in(2)) {
      raw += "%2B";
    } else {
      raw += randomly_escaped(chance, std::string(1, c), false);
    }
  }
  return raw;
}

inline std::string random_query(Chance& chance) {
  std::string query;
  for (std::size_t i = 1 + chance.below(3); i > 0; --i) {
    if (!query.empty()) query += chance.one_in(8) ? "&&" : "&";
    const std::string name = randomly_written(chance, chance.pick(kParameters));
    query += name;
    if (chance.one_in(16)) query += chance.pick({"[]", "[a]", "%5B%5D", "]"});
    if (!chance.one_in(6)) query += "=" + randomly_written(chance, chance.one_in(8) ? "" : chance.pick(kTexts));
  }
  return query;
}

/// Segments of a path; an empty one stands last, for a trailing slash.
inline Texts random_segments(Chance& chance) {
  Texts segments;
  for (std::size_t i = chance.below(4); i > 0; --i) segments.push_back(chance.pick(kSegments));
  if (segments.empty() || chance.one_in(5)) segments.emplace_back();
  return segments;
}

/// Segments of a path that the pattern of a route matches.
inline Texts matching_segments(Chance& chance, const std::string& pattern) {
  Texts segments;
  for (const std::string& segment : naive_split(pattern.substr(1), '/')) {
    if (segment == "**") {
      for (const std::string& rest : random_segments(chance)) segments.push_back(rest);
    } else {
      segments.push_back(segment.find_first_of("*{") == 0 ? chance.pick(kSegments) : segment);
    }
  }
  return segments;
}

/// Gives the request a host, a method and a path; mostly those of some route. Returns the segments.
inline Texts random_aim(Chance& chance, const nlohmann::json& gate, NaiveRequest& meaning) {
  const nlohmann::json& route = gate["routes"][chance.below(gate["routes"].size())];
  meaning.method = chance.pick(chance.one_in(6) ? kMethods : route["methods"].get<Texts>());
  meaning.host = chance.pick(chance.one_in(8) ? kHosts : route["hosts"].get<Texts>());
  if (meaning.host.starts_with("*.")) meaning.host = "x" + meaning.host.substr(1);
  return chance.one_in(6) ? random_segments(chance) : matching_segments(chance, route["path"]);
}

/// Fills host, method, path and query and returns the target, which may name a scheme that the host does not tell.
inline std::string random_target(Chance& chance, const nlohmann::json& gate, NaiveRequest& meaning) {
  const Texts segments = random_aim(chance, gate, meaning);
  if (chance.one_in(80)) {
    meaning.method = chance.pick({"CONNECT", "OPTIONS"});
    meaning.path = meaning.method == "CONNECT" ? "" : "*";
    return meaning.method == "CONNECT" ? meaning.host + ":443" : "*";
  }
  std::string raw;
  for (const std::string& segment : segments) {
    meaning.path += "/" + segment;
    raw += "/" + randomly_escaped(chance, segment, true);
  }
  if (chance.one_in(2)) {
    meaning.query = random_query(chance);
    raw += "?" + *meaning.query;
  }
  if (!chance.one_in(8)) return raw;
  const std::string named = meaning.scheme.empty() ? chance.pick({"http", "https"}) : meaning.scheme;
  return named + "://" + meaning.host + raw;
}

inline RandomRequest random_request(Chance& chance, const nlohmann::json& gate) {
  RandomRequest made;
  NaiveRequest& meaning = made.meaning;
  meaning.scheme = chance.pick({"", "http", "https"});
  meaning.peer = chance.pick(kPeers);
  meaning.now =
      kBase + static_cast<std::int64_t>(chance.below(5)) * 10 - 6 + static_cast<std::int64_t>(chance.below(8));
  for (const std::string& flag : kFlags) {
    if (chance.one_in(2)) meaning.flags.insert(flag);
  }
  if (chance.one_in(50)) meaning.flags.insert("unheard-of");
  const std::string target = random_target(chance, gate, meaning);
  const bool port = target.front() == '/' && chance.one_in(6);
  made.head = meaning.method + " " + target + " HTTP/1.1\r\nHost: " + meaning.host + (port ? ":443" : "") + "\r\n";
  if (meaning.method == "CONNECT") made.head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  for (std::size_t i = chance.below(4); i > 0; --i) {
    const std::string name = chance.pick(kFieldNames);
    const std::string value = chance.one_in(8) ? "" : chance.pick({"a", "b", "ab", "A", "a b", "a+b", "d%3Fe"});
    meaning.fields.emplace_back(name, value);
    made.head += name + ": " + value + (chance.one_in(4) ? " \r\n" : "\r\n");
  }
  if (chance.one_in(12)) {
    meaning.fields.emplace_back("Connection", chance.pick(kConnections));
    made.head += "Connection: " + meaning.fields.back().second + "\r\n";
  }
  made.head += "\r\n";
  return made;
}

/// A value of its kind, or now and then of another.
inline nlohmann::json random_claim(Chance& chance, nlohmann::json value) {
  if (!chance.one_in(10)) return value;
  switch (chance.below(6)) {
    case 0: return 1.5;
    case 1: return nullptr;
    case 2: return "a";
    case 3: return 1;
    case 4: return {"a", 1};
    default: return nlohmann::json::array();
  }
}

inline void add_random_grants(Chance& chance, nlohmann::json& claims) {
  if (chance.one_in(2)) claims["scope"] = chance.pick({"read", "read write", "write admin read", "other", ""});
  if (chance.one_in(3)) {
    claims["scp"] =
        chance.one_in(2) ? nlohmann::json(chance.pick({"read", "read admin", "readwrite"})) : chance.subset(kScopes);
  }
  if (!chance.one_in(4)) {
    claims["aud"] = random_claim(chance, chance.one_in(2) ? nlohmann::json(chance.pick({"api", "web", "other"}))
                                                          : chance.subset(Texts{"api", "web", "other"}));
  }
  if (!chance.one_in(6)) claims["iat"] = random_claim(chance, kBase + 30 - static_cast<std::int64_t>(chance.below(60)));
  if (!chance.one_in(6)) {
    const std::int64_t lifetime = chance.one_in(3) ? 100000 : static_cast<std::int64_t>(chance.below(1000)) - 20;
    claims["exp"] = random_claim(chance, kBase + lifetime);
  }
}

inline std::optional<nlohmann::json> random_claims(Chance& chance) {
  if (chance.one_in(5)) return std::nullopt;
  nlohmann::json claims = {{"iss", chance.pick({"https://one.example", "https://two.example"})}};
  for (const std::string& name : kTextClaims) {
    if (!chance.one_in(4)) claims[name] = random_claim(chance, chance.pick(kTexts));
  }
  if (chance.one_in(16)) claims["sub"] = chance.pick({"", " a", "a,b"});
  if (!chance.one_in(3)) claims["level"] = random_claim(chance, static_cast<int>(chance.below(5)) - 2);
  if (!chance.one_in(3)) claims["staff"] = random_claim(chance, chance.one_in(2));
  if (!chance.one_in(3)) claims["groups"] = random_claim(chance, chance.subset(kGroups));
  add_random_grants(chance, claims);
  return claims;
}

}  // namespace ostiary::test
