// A table of tests as its author wrote it.
#pragma once

#include "adapt/json.hpp"
#include "policy/source.hpp"

#include <ostiary/http/request.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ostiary::policy {

/// Claims of one of the Gate's issuers, as if a token with them had been verified.
struct TestIdentity {
  Text issuer;                               ///< id in the Gate
  std::span<const adapt::JsonValue> claims;  ///< an object; borrows the reader of the table
};

struct TestHeader {
  std::string name;
  std::string value;
};

struct TestRequest {
  std::string method = "GET";
  std::string target;
  Scheme scheme = Scheme::kUnknown;
  std::string host;
  std::vector<TestHeader> headers;  ///< in the order of the table
  std::string peer;                 ///< empty: not known
  std::optional<std::int64_t> now_s;
  std::vector<Text> flags;
};

/// What a test can say about the Decision, by the name of its member in `expect`.
enum class Expected : std::uint8_t {
  kEffect,
  kReason,
  kRoute,
  kRule,
  kRole,
  kOrigin,
  kTarget,
  kStatus,
  kLocation,
  kNearestRule,
  kNearestDimension,
};

/// Nothing as value stands for "none".
struct Expectation {
  Expected member = Expected::kEffect;
  std::uint32_t offset = 0;
  std::optional<std::string> value;
};

struct TestCase {
  Text name;
  TestRequest request;
  std::optional<TestIdentity> identity;
  std::vector<Expectation> expectations;
};

struct TestTable {
  std::string gate;        ///< file of the Gate, for hosts; empty: not named
  std::int64_t now_s = 0;  ///< where a request says nothing else
  std::vector<TestCase> cases;
};

}  // namespace ostiary::policy
