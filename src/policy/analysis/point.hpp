// One request, whole: a value for every dimension, and whether a predicate holds there.
#pragma once

#include "policy/algebra/paths.hpp"
#include "policy/analysis/predicates.hpp"

#include <ostiary/http/ip_address.hpp>
#include <ostiary/http/request.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ostiary::policy::analysis {

/// Which time it is, and which address asks, where nothing is said about them.
inline constexpr std::int64_t kUsualTime_s = 1767225600;             // 2026-01-01T00:00:00Z
inline constexpr IpAddress kUsualClient = ipv4_address(0xc0000201);  // 192.0.2.1 (RFC 5737)

enum class ValueKind : std::uint8_t {
  kAbsent,
  kText,     ///< of a claim, a header; the raw value of a parameter
  kInteger,  ///< of a claim; seconds of age
  kBoolean,
  kSet,    ///< of a claim; its elements are in Point::sets
  kOther,  ///< there, but nothing of these; a parameter without `=`
};

struct Value {
  ValueKind kind = ValueKind::kAbsent;
  std::string text = {};
  std::int64_t integer = 0;

  friend bool operator==(const Value&, const Value&) = default;
};

/// What is in no map is absent, empty or false.
struct Point {
  Method method = Method::kGet;
  std::string host = {};
  std::string path = {};
  Scheme scheme = Scheme::kHttps;
  IpAddress client = kUsualClient;
  std::int64_t now_s = kUsualTime_s;
  bool has_token = false;
  std::set<std::string> flags = {};
  std::map<Subject, Value> values = {};                ///< of kQuery, kHeader, kAge and kClaim
  std::map<Subject, std::set<std::string>> sets = {};  ///< of kAudience, kScopes and kSet

  [[nodiscard]] const Value& value(const Subject& subject) const;
};

/// Whether the predicate holds for a value of its dimension; of kQuery, kHeader, kAge and kClaim. Pure.
[[nodiscard]] bool holds_of(const Predicate& predicate, const Value& value);

/// Whether the predicate holds for the request. Written apart from the search, on whole requests. Pure.
[[nodiscard]] bool holds(const Predicate& predicate, const Point& point);

}  // namespace ostiary::policy::analysis
