// Keys that no two inputs share, targets that stay canonical, and scratch that always suffices.
#include "support/shaping_door.hpp"

#include <ostiary/http/target.hpp>
#include <ostiary/policy/decide_request.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using test::Asked;
using test::shaping_gate;
using test::ShapingDoor;

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <std::size_t N>
  std::string pick(const std::array<std::string_view, N>& from) {
    return std::string(from[below(N)]);
  }

 private:
  std::mt19937 random_;
};

/// Texts that run into each other when they are joined without care.
constexpr std::array<std::string_view, 7> kTexts = {"", "a", "b", "ab", "a,b", "aa", "b1"};

/// One request, and everything of it that the key of the route below has, as a JSON text.
struct Sample {
  std::string method;
  std::string target;
  std::string lines;
  std::optional<json> claims;
  json tuple;
};

void add_query(Chance& chance, Sample& sample) {
  constexpr std::array<std::string_view, 6> kPieces = {"q", "q=", "q=a", "q=b&q=a", "p=q", "%71=a"};
  json chosen = json::array();
  if (!chance.one_in(4)) {
    const std::string query = chance.pick(kPieces);
    sample.target += "?" + query;
    std::size_t at = 0;
    while (at <= query.size()) {
      const std::size_t end = std::min(query.find('&', at), query.size());
      const std::string piece = query.substr(at, end - at);
      if (!piece.starts_with('p')) chosen.push_back(piece);
      at = end + 1;
    }
    if (chance.one_in(3)) sample.target += "&p=1";  // not in the key
  }
  sample.tuple.push_back(chosen);
}

void add_headers(Chance& chance, Sample& sample) {
  json values = {{"x-a", json::array()}, {"x-b", json::array()}};
  for (std::size_t left = chance.below(4); left > 0; --left) {
    const std::string name = chance.one_in(2) ? "x-a" : "x-b";
    const std::string value = chance.pick(kTexts);
    sample.lines += name + ": " + value + "\r\n";
    values[name].push_back(value);
  }
  if (chance.one_in(3)) sample.lines += "x-c: 1\r\n";  // not in the key
  sample.tuple.push_back(values);
}

/// Of the kind that is declared.
json random_claim(Chance& chance, const std::string& name) {
  if (name == "tenant") return chance.pick(kTexts);
  if (name == "level") return chance.below(3);
  if (name == "staff") return chance.one_in(2);
  json set = json::array();
  for (std::size_t left = chance.below(3); left > 0; --left) set.push_back(chance.pick(kTexts));
  return set;
}

Sample random_sample(Chance& chance) {
  constexpr std::array<std::string_view, 4> kPaths = {"/s/a/b", "/s/ab/b", "/s/a/ab", "/s/a//b"};
  Sample sample;
  sample.tuple = json::array();
  sample.method = chance.one_in(2) ? "GET" : "HEAD";
  const std::string path = chance.pick(kPaths);
  sample.target = path;
  sample.tuple.push_back(sample.method);
  sample.tuple.push_back(path == "/s/a//b" ? "/s/a/b" : path);
  add_query(chance, sample);
  add_headers(chance, sample);
  json claims = json::object();
  if (!chance.one_in(4)) {
    sample.claims = json::object();
    for (const std::string name : {"tenant", "groups", "level", "staff"}) {
      if (!chance.one_in(3)) claims[name] = random_claim(chance, name);
    }
    sample.claims = claims;
    if (chance.one_in(3)) (*sample.claims)["other"] = 7;  // not in the key
  }
  sample.tuple.push_back(claims);
  return sample;
}

json keyed_route() {
  return json::parse(R"({
    "path": "/s/**", "headers": {"remove": ["authorization", "cookie"]}, "query": {"keep": ["q"]},
    "cache": {"class": "shared", "ttl_s": 1,
              "key": {"query": ["q"], "headers": ["x-a", "x-b"],
                      "claims": ["tenant", "groups", "level", "staff"]}}})");
}

TEST(CacheKey, IsEqualExactlyWhereTheTupleIs) {
  const ShapingDoor door(shaping_gate(keyed_route()));
  Chance chance(5);
  std::map<std::string, std::string> tuple_of_key;
  std::map<std::string, std::string> key_of_tuple;
  std::size_t met_again = 0;
  for (int i = 0; i < 20000; ++i) {
    const Sample sample = random_sample(chance);
    const Asked asked = door.ask(sample.target, sample.lines, sample.claims, sample.method);
    ASSERT_TRUE(asked->allowed()) << asked.reason() << sample.target;
    const std::string key(asked->cache.key);
    const std::string tuple = sample.tuple.dump();
    const auto [by_key, new_key] = tuple_of_key.emplace(key, tuple);
    const auto [by_tuple, new_tuple] = key_of_tuple.emplace(tuple, key);
    ASSERT_EQ(by_key->second, tuple) << "two tuples with one key";
    ASSERT_EQ(by_tuple->second, key) << "two keys for one tuple " << tuple;
    if (!new_key) ++met_again;
  }
  EXPECT_GT(met_again, 500U);
  EXPECT_GT(tuple_of_key.size(), 5000U);
}

/// Reads a key back: kinds, and for each its bytes or nothing.
std::optional<std::vector<std::pair<int, std::optional<std::string>>>> read_key(std::string_view key) {
  std::vector<std::pair<int, std::optional<std::string>>> parts;
  while (!key.empty()) {
    if (key.size() < 5) return std::nullopt;
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      size |= static_cast<std::uint32_t>(static_cast<unsigned char>(key[1 + i])) << (8 * i);
    }
    const int kind = static_cast<unsigned char>(key[0]);
    key.remove_prefix(5);
    if (size == 0xffffffffU) {
      parts.emplace_back(kind, std::nullopt);
      continue;
    }
    if (size > key.size()) return std::nullopt;
    parts.emplace_back(kind, std::string(key.substr(0, size)));
    key.remove_prefix(size);
  }
  return parts;
}

TEST(CacheKey, ReadsBackPartByPart) {
  const ShapingDoor door(shaping_gate(keyed_route()));
  const Asked asked = door.ask("/s/x?q=1&p=2&q", "x-a: one\r\nx-a:\r\n", json{{"tenant", "t"}});
  const auto parts = read_key(asked->cache.key);
  ASSERT_TRUE(parts);
  const std::vector<std::pair<int, std::optional<std::string>>> expected = {{1, std::string("\2\0\0\0\0\0\0\0", 8)},
                                                                            {3, std::string(8, '\0')},
                                                                            {4, "h.example"},
                                                                            {5, std::string(8, '\0')},
                                                                            {6, std::string(8, '\0')},
                                                                            {7, "/s/x"},
                                                                            {12, "groups"},
                                                                            {12, "level"},
                                                                            {12, "staff"},
                                                                            {12, "tenant"},
                                                                            {13, "t"},
                                                                            {10, "x-a"},
                                                                            {11, "one"},
                                                                            {11, ""},
                                                                            {10, "x-b"},
                                                                            {9, "q=1"},
                                                                            {9, "q"}};
  EXPECT_EQ(*parts, expected);
}

TEST(Rewrite, KeepsCanonicalPathsCanonical) {
  constexpr std::array<std::string_view, 5> kRewrites = {"/**", "/{2}/**", "/v2/{3}/{2}", "/{3}/x/", "/"};
  constexpr std::array<std::string_view, 8> kSegments = {"a", "%20", "..a", "~", "%C3%A9", "x.y", "a:b", "."};
  Chance chance(11);
  for (const std::string_view rewrite : kRewrites) {
    const ShapingDoor door(shaping_gate({{"path", "/a/*/*/**"}, {"rewrite", rewrite}}));
    for (int i = 0; i < 300; ++i) {
      std::string path = "/a/" + chance.pick(kSegments) + "/" + chance.pick(kSegments) + "/";
      for (std::size_t left = chance.below(4); left > 0; --left) path += chance.pick(kSegments) + "/";
      const Asked asked = door.ask(path);
      if (!asked->allowed()) continue;  // dots took a segment away
      const std::string target(asked->target.data() == nullptr ? asked.request().path : asked->target);
      EXPECT_TRUE(is_canonical_path(target)) << path << " became " << target;
    }
  }
}

/// The worst that a Gate within the limits can do with scratch.
json greedy_gate() {
  json claims = {{"s", "text_set"}};
  json identity_headers;
  json set;
  json surrogates = json::array();
  for (int i = 0; i < 16; ++i) {
    identity_headers["x-i" + std::to_string(i)] = {{"claim", "s"}};
    if (i < 14) set["x-e" + std::to_string(i)] = {{"claim", "s"}};
    surrogates.push_back("k" + std::to_string(i));
  }
  json route = {{"path", "/a/*/**"},
                {"headers", {{"remove", test::without_credentials()}, {"set", set}}},
                {"rewrite", "/" + std::string(1000, 'l') + "/**"},
                {"query", {{"drop", json::array({"zz"})}}},
                {"cache",
                 {{"class", "shared"},
                  {"ttl_s", 1},
                  {"surrogate_keys", surrogates},
                  {"key", {{"headers", json::array({"x-k"})}, {"claims", json::array({"s"})}}}}},
                {"rate", {{"limit", 1}, {"period_s", 1}, {"key", json::array({json{{"header", "x-k"}}})}}}};
  json gate = shaping_gate(route, identity_headers);
  gate["claims"] = claims;
  return gate;
}

TEST(Scratch, SufficesForTheGreediestGate) {
  const ShapingDoor door(greedy_gate());
  const Limits limits;
  json elements = json::array();
  for (int i = 0; i < 2048; ++i) elements.push_back(i == 0 ? "ab" : "a");  // 4,096 bytes when joined
  const json claims = {{"s", elements}};
  for (const std::size_t spare : {std::size_t{0}, std::size_t{1}, std::size_t{600}}) {
    const std::string head_part = "/a/1/";
    const std::string query = "?zz&" + std::string(3000, 'q');
    const std::string path(limits.target_size_max - 1010 - head_part.size() - query.size() - spare, 'p');
    const std::string lines = "x-k: " + std::string(100 * spare % 4000, 'k') + "\r\n";
    const Asked asked = door.ask(head_part + path + query, lines, claims);
    EXPECT_EQ(asked.reason(), "ALLOWED") << asked->offset;
    EXPECT_EQ(asked->headers.size(), 16U + 32U);
  }
}

TEST(Scratch, TooLittleIsADenialAndNeverHalfADecision) {
  const ShapingDoor door(greedy_gate());
  const std::string head =
      "GET /a/1/x?zz&a=%20 HTTP/1.1\r\nHost: h.example\r\nAuthorization: Bearer a.b.c\r\nx-k: 1\r\n\r\n";
  const std::optional<json> claims = json{{"s", json::array({"a", "b"})}};
  std::size_t enough = 0;
  for (std::size_t size = 0; size < 20000 && enough == 0; size += 37) {
    const Asked asked(door.gate(), head, claims, "192.0.2.1", size);
    if (asked->allowed()) enough = size;
    EXPECT_TRUE(asked->allowed() || asked.reason() == "USAGE_SCRATCH_TOO_SMALL") << asked.reason();
    EXPECT_TRUE(asked->allowed() || (asked->headers.empty() && asked->target.empty() && asked->cache.key.empty()));
  }
  EXPECT_NE(enough, 0U);
}

/// Makes the checksum right again, so that the checks behind it are reached.
void repair_checksum(std::string& image) {
  const std::uint64_t checksum = detail::image_checksum(std::string_view(image).substr(sizeof(GateHeader)));
  std::memcpy(image.data() + offsetof(GateHeader, checksum), &checksum, sizeof(checksum));
}

/// Every byte of every table of shaping, changed: the image does not load, or decides within bounds.
TEST(ShapingImage, MutatedTablesDoNotLoadOrDecideWithinBounds) {
  const ShapingDoor door(greedy_gate());
  GateHeader header;
  std::memcpy(&header, door.image().data(), sizeof(header));
  const std::string head =
      "GET /a/1/x?zz&q=1 HTTP/1.1\r\nHost: h.example\r\nAuthorization: Bearer a.b.c\r\nx-k: 1\r\n\r\n";
  const std::optional<json> claims = json{{"s", json::array({"a"})}};
  std::size_t loaded = 0;
  const auto mutate = [&](ImageTable table, std::size_t record_size) {
    for (std::size_t at = table.offset; at < table.offset + table.count * record_size; ++at) {
      for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
        std::string damaged = door.image();
        damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(flip));
        repair_checksum(damaged);
        const Result<Gate> gate = Gate::load(damaged);
        if (!gate.ok()) continue;
        ++loaded;
        (void)Asked(*gate, head, claims, "192.0.2.1").reason();
      }
    }
  };
  mutate(header.shapes, sizeof(ShapeRecord));
  mutate(header.shape_edits, sizeof(ShapeEditRecord));
  mutate(header.key_parts, sizeof(KeyPartRecord));
  mutate(header.rewrite_steps, sizeof(RewriteStepRecord));
  mutate(header.origins, sizeof(OriginRecord));
  EXPECT_GT(loaded, 50U);
}

}  // namespace
}  // namespace ostiary
