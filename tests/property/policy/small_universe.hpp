// The few values that random Gates, requests and tokens of the property tests are made of, so that they meet often.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ostiary::test {

using Texts = std::vector<std::string>;

inline const Texts kHosts = {"a.example", "b.example", "x.a.example", "example", "c.test"};
inline const Texts kHostPatterns = {"a.example", "b.example", "*.example", "*.a.example"};
inline const Texts kMethods = {"GET", "POST", "DELETE"};
/// Canonical: what is escaped stays so.
inline const Texts kSegments = {"a", "b", "ab", "d%3Fe", "%C3%A9", "a%20b", "a+b", "a%2520b"};
/// Those that patterns may name.
inline const Texts kLiterals = {"a", "b", "ab", "d%3Fe", "%C3%A9", "a%20b", "a+b"};
/// Values of text claims, headers and parameters: the segments, decoded or not, so that paths can bind claims.
inline const Texts kTexts = {"a", "b", "ab", "d%3Fe", "d?e", "%C3%A9", "\xc3\xa9", "a b", "a+b", "a%20b"};
inline const Texts kGroups = {"a", "b", "ab"};
inline const Texts kScopes = {"read", "write", "admin"};
inline const Texts kAudiences = {"api", "web"};
inline const Texts kParameters = {"q", "page", "q x"};
inline const Texts kHeaders = {"x-tier", "accept"};
/// Names that requests have, aliases of what Gates read or set among them, and what Connection says.
inline const Texts kFieldNames = {"x-tier", "X-Tier", "accept", "Accept",  "x-other", "x-tiers",
                                  "X-Tier", "x-tier", "x_tier", "X_Other", "x_tiers", "X_Value"};
inline const Texts kConnections = {"close",   "keep-alive", "close, x-tier", "X-Other", "x_tier",
                                   "x-tiers", "x-Value",    "x-other,",      "x_client"};
inline const Texts kFlags = {"beta", "closed"};
inline const Texts kTextClaims = {"tier", "plan", "sub", "azp"};
inline const Texts kPlans = {"a", "b", "ab"};
inline const Texts kNetworks = {"office", "lab"};
inline const Texts kBlocks = {"192.0.2.1/32", "192.0.2.0/25", "2001:db8::/33", "0.0.0.0/0", "::/0"};
inline const Texts kPeers = {
    "192.0.2.1", "192.0.2.129", "198.51.100.7", "2001:db8::1", "2001:db8:8000::1", "2001:db9::1", "::ffff:192.0.2.1",
    "",          "nobody"};

/// Instants: 2027-01-15T08:00:00Z and every ten seconds after it.
inline constexpr std::int64_t kBase = 1800000000;
inline const Texts kTimes = {"2027-01-15T08:00:00Z", "2027-01-15T08:00:10Z", "2027-01-15T08:00:20Z",
                             "2027-01-15T08:00:30Z"};

}  // namespace ostiary::test
