// Requests that an analysis shows, read back from the test that it writes for them (docs/gate-tests.md).
#pragma once

#include "property/analysis/naive_access.hpp"
#include "property/policy/naive_request.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace ostiary::test {

struct ShownRequest {
  NaiveRequest request;
  std::optional<nlohmann::json> claims;  ///< all of them, those too that go without saying
};

inline void read_target(const std::string& target, NaiveRequest& request) {
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string::npos) request.query = target.substr(mark + 1);
}

/// Scheme, host, path and query.
inline void read_url(const std::string& url, NaiveRequest& request) {
  const std::size_t slashes = url.find("://");
  const std::size_t slash = url.find('/', slashes + 3);
  request.scheme = url.substr(0, slashes);
  request.host = url.substr(slashes + 3, slash - slashes - 3);
  request.host = request.host.substr(0, request.host.find(':'));
  read_target(slash == std::string::npos ? "/" : url.substr(slash), request);
}

/// The claims of an element of `tests` of a Gate, with what goes without saying.
inline nlohmann::json shown_claims(const nlohmann::json& gate, const nlohmann::json& identity, std::int64_t now) {
  const nlohmann::json& issuer = gate["issuers"].at(identity["issuer"].get<std::string>());
  nlohmann::json claims = identity.value("claims", nlohmann::json::object());
  const std::string audience = issuer.value("audience_claim", "aud");
  if (!claims.contains("iss")) claims["iss"] = issuer["issuer"];
  if (!claims.contains(audience)) claims[audience] = issuer["audiences"][0];
  if (!claims.contains("exp")) claims["exp"] = now + 3600;
  return claims;
}

/// Reads an element of `tests` of a table for the Gate, whose `now` is that of tests that have none of their own.
inline ShownRequest shown_request(const nlohmann::json& gate, const nlohmann::json& test, std::int64_t now) {
  const nlohmann::json& asked = test["request"];
  ShownRequest shown;
  NaiveRequest& request = shown.request;
  request.method = asked.value("method", "GET");
  if (asked.contains("url")) {
    read_url(asked["url"], request);
  } else {
    request.scheme = asked.value("scheme", "");
    request.host = asked["host"];
    read_target(asked["path"], request);
  }
  for (const auto& [name, value] : naive_member(asked, "headers").items()) {
    for (const nlohmann::json& one : value.is_array() ? value : nlohmann::json::array({value}))
      request.fields.emplace_back(name, one);
  }
  request.peer = asked.value("peer", "");
  request.now = asked.contains("now") ? naive_seconds(asked["now"]) : now;
  for (const nlohmann::json& flag : naive_array(asked, "flags")) request.flags.insert(flag);
  if (test.contains("identity")) shown.claims = shown_claims(gate, test["identity"], request.now);
  return shown;
}

}  // namespace ostiary::test
