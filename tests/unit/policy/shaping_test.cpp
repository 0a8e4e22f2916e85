// What a Decision carries besides its verdict: origin, fields, target, cache, rate and answer.
#include "support/shaping_door.hpp"

#include <ostiary/policy/answer.hpp>
#include <ostiary/policy/decide_request.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using test::Asked;
using test::shaping_gate;
using test::ShapingDoor;
using testing::ElementsAre;
using testing::IsEmpty;

json route(const std::string& members) { return json::parse(members); }

TEST(Origin, NamesItsShieldAndTimes) {
  const ShapingDoor door(shaping_gate(json::object()));
  const Asked asked = door.ask("/a/1/x");
  ASSERT_TRUE(asked->allowed()) << asked.reason();
  EXPECT_EQ(asked->origin, "o");
  EXPECT_EQ(asked->hop.shield, "iad-va-us");
  EXPECT_EQ(asked->hop.connect_timeout_ms, 1000U);
  EXPECT_EQ(asked->hop.first_byte_timeout_ms, 15000U);
  EXPECT_EQ(asked->hop.between_bytes_timeout_ms, 10000U);
  EXPECT_EQ(asked->target.data(), nullptr);
  EXPECT_EQ(asked->cache.cache_class, CacheClass::kNone);
  EXPECT_FALSE(asked->rate.present());
}

TEST(Origin, WithoutShieldHasNone) {
  json gate = shaping_gate(json::object());
  gate["origins"]["o"] = {{"scheme", "https"}, {"host", "o.example"}, {"port", 443}};
  const ShapingDoor door(gate);
  const Asked asked = door.ask("/a/1/x");
  EXPECT_EQ(asked->hop.shield.data(), nullptr);
  EXPECT_EQ(asked->hop.connect_timeout_ms, 0U);
  EXPECT_EQ(asked->hop.sign.with, HopSignature::kNone);
  EXPECT_EQ(asked->hop.sign.key.data(), nullptr);
}

json signing_gate(const json& sign) {
  json gate = shaping_gate(json::object());
  gate["origins"]["o"]["sign"] = sign;
  return gate;
}

DecisionHeader header_of(const Asked& asked, std::vector<std::byte>& memory) {
  Arena scratch(memory);
  DecisionHeader header;
  std::memcpy(&header, encode_decision(asked.decision(), scratch).data(), sizeof(header));
  return header;
}

TEST(Origin, SaysHowTheHopIsSigned) {
  std::vector<std::byte> memory(4096);
  const std::string_view bytes(reinterpret_cast<const char*>(memory.data()), memory.size());
  const ShapingDoor edge(signing_gate({{"with", "message_signature"}, {"key", "edge-2026"}}));
  const Asked message = edge.ask("/a/1/x");
  EXPECT_EQ(message->hop.sign.with, HopSignature::kMessageSignature);
  EXPECT_EQ(message->hop.sign.key, "edge-2026");
  EXPECT_EQ(message->hop.sign.region.data(), nullptr);
  DecisionHeader header = header_of(message, memory);
  EXPECT_EQ(header.sign, HopSignature::kMessageSignature);
  EXPECT_EQ(header.sign_key.in(bytes), "edge-2026");
  EXPECT_FALSE(header.sign_region.present());
  const ShapingDoor aws(signing_gate({{"with", "sigv4"}, {"region", "eu-central-1"}, {"service", "execute-api"}}));
  const Asked sigv4 = aws.ask("/a/1/x");
  EXPECT_EQ(sigv4->hop.sign.with, HopSignature::kSigV4);
  EXPECT_EQ(sigv4->hop.sign.region, "eu-central-1");
  EXPECT_EQ(sigv4->hop.sign.service, "execute-api");
  EXPECT_EQ(sigv4->hop.sign.key.data(), nullptr);
  header = header_of(sigv4, memory);
  EXPECT_EQ(header.sign, HopSignature::kSigV4);
  EXPECT_EQ(header.sign_region.in(bytes), "eu-central-1");
  EXPECT_EQ(header.sign_service.in(bytes), "execute-api");
}

TEST(Origin, IsNotSignedInAWayThatMakesNoSense) {
  const auto message_of = [](const json& sign) {
    const CompiledGate compiled = compile_gate(signing_gate(sign).dump());
    return compiled.ok() ? std::string("compiled") : compiled.errors.front().message;
  };
  const std::string sigv4 = "sigv4";
  const std::string letters = "message_signature";
  EXPECT_THAT(message_of({{"with", "hmac"}}), testing::HasSubstr("message_signature"));
  EXPECT_THAT(message_of(json::object()), testing::HasSubstr("with"));
  EXPECT_THAT(message_of({{"with", letters}}), testing::HasSubstr("expected \"key\""));
  EXPECT_THAT(message_of({{"with", letters}, {"key", "two words"}}), testing::HasSubstr("expected \"key\""));
  EXPECT_THAT(message_of({{"with", letters}, {"key", std::string(129, 'k')}}), testing::HasSubstr("expected \"key\""));
  EXPECT_THAT(message_of({{"with", letters}, {"key", "k"}, {"region", "r"}}), testing::HasSubstr("remove it"));
  EXPECT_THAT(message_of({{"with", sigv4}, {"region", "r"}}), testing::HasSubstr("expected \"service\""));
  EXPECT_THAT(message_of({{"with", sigv4}, {"region", "r/s"}, {"service", "s"}}),
              testing::HasSubstr("expected \"region\""));
  EXPECT_THAT(message_of({{"with", sigv4}, {"region", "r"}, {"service", "s"}, {"key", "k"}}),
              testing::HasSubstr("remove it"));
  EXPECT_EQ(message_of({{"with", sigv4}, {"region", "r"}, {"service", "s"}, {"why", "the gateway asks for it"}}),
            "compiled");
}

const std::string kEdits = R"({"headers": {
  "append": {"x-via": "door", "x-groups": {"claim": "groups"}},
  "set": {"x-tenant": {"claim": "tenant"}, "x-fixed": "1"},
  "rename": {"x-old": "x-new"}, "remove": ["cookie", "x-debug"]}})";

TEST(HeaderEdits, ComeInAFixedOrderBeforeTheIdentityHeaders) {
  const ShapingDoor door(shaping_gate(route(kEdits), {{"x-user", {{"claim", "sub"}}}}));
  const json claims = {{"sub", "u1"}, {"tenant", "t1"}, {"groups", json::array({"a", "b"})}};
  EXPECT_THAT(door.ask("/a/1/x", {}, claims).edits(),
              ElementsAre("-cookie", "-x-debug", "x-old>x-new", "+x-fixed=1", "+x-tenant=t1", "&x-groups=a,b",
                          "&x-via=door", "-x-user", "+x-user=u1"));
}

TEST(HeaderEdits, AHeaderOfAClaimThatIsNotThereIsRemovedOrNotAppended) {
  const ShapingDoor door(shaping_gate(route(kEdits)));
  EXPECT_THAT(door.ask("/a/1/x").edits(),
              ElementsAre("-cookie", "-x-debug", "x-old>x-new", "+x-fixed=1", "-x-tenant", "&x-via=door"));
}

TEST(HeaderEdits, AClaimThatCannotBeSentDenies) {
  const ShapingDoor door(shaping_gate(route(kEdits)));
  const Asked asked = door.ask("/a/1/x", {}, json{{"tenant", "t\r\nx: y"}});
  EXPECT_EQ(asked.reason(), "IDENTITY_HEADER_VALUE");
  EXPECT_THAT(asked.edits(), IsEmpty());
  EXPECT_EQ(asked->origin.data(), nullptr);
  EXPECT_EQ(asked->hop.shield.data(), nullptr);
}

TEST(IdentityHeaders, ARouteMayLeaveThemOutButNotLetTheClientsPass) {
  const ShapingDoor door(shaping_gate(route(R"({"identity_headers": false})"),
                                      {{"x-peer", {{"from", "peer"}}}, {"x-user", {{"claim", "sub"}}}}));
  EXPECT_THAT(door.ask("/a/1/x", {}, json{{"sub", "u1"}}).edits(), ElementsAre("-x-peer", "-x-user"));
}

/// What becomes of a target on a route with these members.
std::string target_of(const std::string& members, std::string_view target) {
  const ShapingDoor door(shaping_gate(route(members)));
  const Asked asked = door.ask(target);
  EXPECT_TRUE(asked->allowed()) << asked.reason();
  return asked->target.data() == nullptr ? "unchanged" : std::string(asked->target);
}

TEST(Rewrite, PutsSegmentsAndTheTailWhereTheyBelong) {
  EXPECT_EQ(target_of(R"({"rewrite": "/v2/{2}/**"})", "/a/7/x/y"), "/v2/7/x/y");
  EXPECT_EQ(target_of(R"({"rewrite": "/**"})", "/a/7/x/"), "/x/");
  EXPECT_EQ(target_of(R"({"rewrite": "/{2}/{2}/"})", "/a/7/x"), "/7/7/");
  EXPECT_EQ(target_of(R"({"rewrite": "/"})", "/a/7/x"), "/");
  EXPECT_EQ(target_of(R"({"rewrite": "/b/**"})", "/a/7/"), "/b/");
  EXPECT_EQ(target_of(R"({"rewrite": "/b/{2}"})", "/a/%41/./x?q=1"), "/b/A?q=1");
  EXPECT_EQ(target_of(R"({"rewrite": "/a/{2}/**"})", "/a/7/x?q"), "unchanged");
}

TEST(Rewrite, RefusesATargetThatGrewTooLong) {
  const std::string literal(1000, 'l');
  const ShapingDoor door(shaping_gate({{"rewrite", "/" + literal + "/**"}}));
  const Limits limits;
  EXPECT_EQ(door.ask("/a/1/" + std::string(limits.target_size_max - 1002, 'x')).reason(), "ALLOWED");
  EXPECT_EQ(door.ask("/a/1/" + std::string(limits.target_size_max - 1001, 'x')).reason(), "TARGET_TOO_LONG");
}

TEST(QueryFilter, KeepsExactlyTheseNames) {
  const std::string kKeep = R"({"query": {"keep": ["q", "page"]}})";
  EXPECT_EQ(target_of(kKeep, "/a/1/x?q=1&utm=2&page=3&&q=4&q[]=5&Q=6"), "/a/1/x?q=1&page=3&q=4");
  EXPECT_EQ(target_of(kKeep, "/a/1/x?%71=1&utm=2"), "/a/1/x?%71=1");
  EXPECT_EQ(target_of(kKeep, "/a/1/x?utm=2"), "/a/1/x");
  EXPECT_EQ(target_of(kKeep, "/a/1/x?q"), "unchanged");
  EXPECT_EQ(target_of(kKeep, "/a/1/x"), "unchanged");
  EXPECT_EQ(target_of(R"({"query": {"keep": []}})", "/a/1/x?"), "/a/1/x");
}

TEST(QueryFilter, DropsWhateverCouldHaveTheName) {
  const std::string kDrop = R"({"query": {"drop": ["utm"]}})";
  EXPECT_EQ(target_of(kDrop, "/a/1/x?utm=1&q=2&utm[]=3&%75tm%5Ba%5D=4&utmost=5"), "/a/1/x?q=2&utmost=5");
  EXPECT_EQ(target_of(kDrop, "/a/1/x?q=2"), "unchanged");
}

json shared(const json& key = nullptr) {
  json made = {{"headers", {{"remove", test::without_credentials()}}},
               {"cache", {{"class", "shared"}, {"ttl_s", 60}, {"surrogate_keys", json::array({"b", "a"})}}}};
  if (!key.is_null()) made["cache"]["key"] = key;
  if (key.contains("query") && key["query"].is_array()) made["query"]["keep"] = key["query"];
  return made;
}

TEST(Cache, SharedHasTimeSurrogateKeysAndKey) {
  const ShapingDoor door(shaping_gate(shared()));
  const Asked asked = door.ask("/a/1/x");
  EXPECT_EQ(asked->cache.cache_class, CacheClass::kShared);
  EXPECT_EQ(asked->cache.ttl_s, 60U);
  EXPECT_THAT(asked->cache.surrogate_keys, ElementsAre("a", "b"));
  EXPECT_FALSE(asked->cache.key.empty());
}

TEST(Cache, PrivateHasNoKey) {
  const ShapingDoor door(shaping_gate(route(R"({"cache": {"class": "private", "ttl_s": 60}})")));
  const Asked asked = door.ask("/a/1/x");
  EXPECT_EQ(asked->cache.cache_class, CacheClass::kPrivate);
  EXPECT_EQ(asked->cache.ttl_s, 60U);
  EXPECT_EQ(asked->cache.key.data(), nullptr);
}

std::string key_of(const json& key, std::string_view target, std::string_view lines = {},
                   const std::optional<json>& claims = std::nullopt, std::string_view method = "GET") {
  const ShapingDoor door(shaping_gate(shared(key)));
  const Asked asked = door.ask(target, lines, claims, method);
  EXPECT_TRUE(asked->allowed()) << asked.reason();
  return std::string(asked->cache.key);
}

// The classes of http.md's mistakes: parts that run into each other, absent for empty, method, order.
TEST(Cache, KeysDifferWhereTheInputsDo) {
  const json all = {{"query", "all"}};
  EXPECT_NE(key_of(all, "/a/1/x"), key_of(all, "/a/1/x?"));
  EXPECT_NE(key_of(all, "/a/1/x?y"), key_of(all, "/a/1/xy"));
  EXPECT_NE(key_of(all, "/a/1/x"), key_of(all, "/a/1/x", {}, std::nullopt, "HEAD"));
  const json some = {{"query", json::array({"q"})}, {"headers", json::array({"x-v"})}, {"claims", {"tenant"}}};
  EXPECT_NE(key_of(some, "/a/1/x?q"), key_of(some, "/a/1/x?q="));
  EXPECT_NE(key_of(some, "/a/1/x?q"), key_of(some, "/a/1/x"));
  EXPECT_NE(key_of(some, "/a/1/x"), key_of(some, "/a/1/x", "X-V:\r\n"));
  EXPECT_NE(key_of(some, "/a/1/x", "X-V: a, b\r\n"), key_of(some, "/a/1/x", "X-V: a\r\nX-V: b\r\n"));
  EXPECT_NE(key_of(some, "/a/1/x", {}, json{{"tenant", ""}}), key_of(some, "/a/1/x", {}, json::object()));
}

TEST(Cache, TheSchemeOfAKeyIsTheOneThatTheHostTells) {
  const ShapingDoor door(shaping_gate(shared()));
  const auto key = [&](std::string_view target, Scheme scheme) {
    return std::string(door.ask(target, {}, std::nullopt, "GET", "192.0.2.1", "h.example", scheme)->cache.key);
  };
  EXPECT_EQ(key("/a/1/x", Scheme::kUnknown), key("https://h.example/a/1/x", Scheme::kUnknown));
  EXPECT_EQ(key("/a/1/x", Scheme::kHttps), key("https://h.example/a/1/x", Scheme::kHttps));
  EXPECT_NE(key("/a/1/x", Scheme::kHttps), key("/a/1/x", Scheme::kHttp));
  EXPECT_NE(key("/a/1/x", Scheme::kHttps), key("/a/1/x", Scheme::kUnknown));
  EXPECT_EQ(
      door.ask("https://h.example/a/1/x", {}, std::nullopt, "GET", "192.0.2.1", "h.example", Scheme::kHttp).reason(),
      "TARGET_SCHEME");
}

/// Values of each kind, with the name of the claim that is declared so.
const std::pair<const char*, json> kKinds[] = {
    {"tenant", "t"}, {"level", 7}, {"staff", true}, {"groups", json::array({"a", "b"})}};

TEST(DeclaredKinds, AClaimOfAnotherKindIsNotReadByHeadersAndKeys) {
  for (const auto& [name, good] : kKinds) {
    const std::string claim = std::string(R"({"claim": ")") + name + R"("})";
    const json gates[] = {
        shaping_gate(json::object(), {{"x-c", json::parse(claim)}}),
        shaping_gate(route(R"({"headers": {"set": {"x-c": )" + claim + "}}}")),
        shaping_gate(route(R"({"headers": {"append": {"x-c": )" + claim + "}}}")),
        shaping_gate(shared({{"claims", json::array({name})}})),
        shaping_gate(route(R"({"rate": {"limit": 1, "period_s": 1, "key": [)" + claim + "]}}")),
    };
    for (const json& gate : gates) {
      const ShapingDoor door(gate);
      for (const auto& [other, value] : kKinds) {
        const bool same = std::string_view(name) == other;
        EXPECT_EQ(door.ask("/a/1/x", {}, json{{name, value}}).reason(), same ? "ALLOWED" : "IDENTITY_HEADER_VALUE")
            << name << value << gate;
      }
      for (const json& value : {json(1.5), json(nullptr), json::object(), json::parse(R"(["a", 1])")}) {
        EXPECT_EQ(door.ask("/a/1/x", {}, json{{name, value}}).reason(), "IDENTITY_HEADER_VALUE") << name << value;
      }
      EXPECT_EQ(door.ask("/a/1/x", {}, json::object()).reason(), "ALLOWED") << name;
      EXPECT_EQ(door.ask("/a/1/x").reason(), "ALLOWED") << name;
    }
  }
}

TEST(DeclaredKinds, OfBuiltInClaimsIsText) {
  const ShapingDoor door(shaping_gate(json::object(), {{"x-user", {{"claim", "sub"}}}}));
  EXPECT_EQ(door.ask("/a/1/x", {}, json{{"sub", "7"}}).reason(), "ALLOWED");
  EXPECT_EQ(door.ask("/a/1/x", {}, json{{"sub", 7}}).reason(), "IDENTITY_HEADER_VALUE");
}

TEST(Cache, KeysIgnoreWhatTheRouteSaysTheyMay) {
  const json some = {{"query", json::array({"q"})}};
  EXPECT_EQ(key_of(some, "/a/1/x?q=1&utm=2"), key_of(some, "/a/1/x?utm=3&q=1", "X-V: 1\r\n"));
  EXPECT_EQ(key_of(some, "/a/./1/x"), key_of(some, "/a/%31/x"));
}

TEST(Cache, AKeyThatWouldBeTooLongKeepsNothing) {
  const ShapingDoor door(shaping_gate(shared({{"headers", json::array({"x-v"})}})));
  const std::string value(8000, 'v');
  const std::string twice = "X-V: " + value + "\r\nX-V: " + value + "\r\n";
  EXPECT_EQ(door.ask("/a/1/x", twice)->cache.cache_class, CacheClass::kShared);
  const Asked asked = door.ask("/a/1/x", twice + twice);
  EXPECT_TRUE(asked->allowed());
  EXPECT_EQ(asked->cache.cache_class, CacheClass::kNone);
  EXPECT_EQ(asked->cache.key.data(), nullptr);
}

const std::string kRate =
    R"({"rate": {"limit": 10, "period_s": 60, "burst": 3, "key": ["client", "route", {"claim": "tenant"}, {"header": "x-k"}]}})";

TEST(Rate, CountsByWhatTheRouteSays) {
  const ShapingDoor door(shaping_gate(route(kRate)));
  const auto key = [&](std::string_view peer, std::string_view lines, const std::optional<json>& claims) {
    const Asked asked = door.ask("/a/1/x", lines, claims, "GET", peer);
    EXPECT_EQ(asked->rate.limit, 10U);
    EXPECT_EQ(asked->rate.period_s, 60U);
    EXPECT_EQ(asked->rate.burst, 3U);
    return std::string(asked->rate.key);
  };
  const std::string plain = key("192.0.2.1", {}, std::nullopt);
  EXPECT_EQ(plain, key("192.0.2.1", "X-Other: 1\r\n", std::nullopt));
  EXPECT_NE(plain, key("192.0.2.2", {}, std::nullopt));
  EXPECT_NE(plain, key("", {}, std::nullopt));
  EXPECT_NE(plain, key("192.0.2.1", "X-K: \r\n", std::nullopt));
  EXPECT_NE(plain, key("192.0.2.1", {}, json{{"tenant", "t"}}));
  // A host has a /64 to itself.
  EXPECT_EQ(key("2001:db8::1", {}, std::nullopt), key("2001:db8::2", {}, std::nullopt));
  EXPECT_NE(key("2001:db8::1", {}, std::nullopt), key("2001:db8:0:1::1", {}, std::nullopt));
}

TEST(Rate, AKeyThatWouldBeTooLongIsADenial) {
  const ShapingDoor door(shaping_gate(route(kRate)));
  const std::string line = "X-K: " + std::string(9000, 'v') + "\r\n";
  EXPECT_EQ(door.ask("/a/1/x", line + line).reason(), "ALLOWED");
  EXPECT_EQ(door.ask("/a/1/x", line + line + line).reason(), "HEAD_TOO_LARGE");
}

TEST(Rate, ARefusedTakeTurnsTheDecisionIntoADenial) {
  const ShapingDoor door(shaping_gate(route(kRate), {{"x-user", {{"claim", "sub"}}}}));
  const Asked asked = door.ask("/a/1/x");
  RateVerdict verdict;
  verdict.retry_after_ns = 1'500'000'000;
  const Decision denied = limit_rate(asked.decision(), verdict);
  EXPECT_FALSE(denied.allowed());
  EXPECT_EQ(denied.reason, Reason::kRateLimited);
  EXPECT_EQ(denied.http_status(), 429U);
  EXPECT_EQ(denied.answer.retry_after_s, 2U);
  EXPECT_EQ(denied.route, "r");
  EXPECT_EQ(denied.origin.data(), nullptr);
  EXPECT_TRUE(denied.headers.empty());
  verdict.retry_after_ns = RateVerdict::kNever;
  EXPECT_EQ(limit_rate(asked.decision(), verdict).answer.retry_after_s, 0xffffffffU);
  verdict.allowed = true;
  EXPECT_TRUE(limit_rate(asked.decision(), verdict).allowed());
  const Asked refused = door.ask("/b");
  EXPECT_EQ(limit_rate(refused.decision(), RateVerdict{}).reason, Reason::kRouteUnknown);
}

/// A Gate whose one route is for identities only.
json members_only(const std::string& members) {
  json made = route(members);
  made["methods"] = json::array({"GET", "HEAD", "POST"});
  json gate = shaping_gate(made);
  gate["rules"] = json::parse(
      R"([{"id": "all", "effect": "allow", "routes": ["r"], "identity": {"claims": {"tenant": {"equals": "t"}}}}])");
  return gate;
}

TEST(Answer, HidesWhatIsForbidden) {
  const ShapingDoor open(members_only("{}"));
  EXPECT_EQ(open.ask("/a/1/x", {}, json::object())->http_status(), 403U);
  const ShapingDoor hidden(members_only(R"({"hide": true})"));
  const Asked asked = hidden.ask("/a/1/x", {}, json::object());
  EXPECT_EQ(asked.reason(), "RULE_NO_MATCH");
  EXPECT_EQ(asked->http_status(), 404U);
  EXPECT_EQ(hidden.ask("/a/1/x")->http_status(), 401U);
  EXPECT_EQ(hidden.ask("/a/1/x", {}, json{{"tenant", "t"}})->http_status(), 200U);
}

TEST(Answer, SendsBrowsersToLogIn) {
  const ShapingDoor door(members_only(R"({"login": "https://login.example/start?to=h"})"));
  for (const std::string_view method : {"GET", "HEAD"}) {
    const Asked asked = door.ask("/a/1/x", {}, std::nullopt, method);
    EXPECT_EQ(asked.reason(), "CREDENTIAL_MISSING");
    EXPECT_EQ(asked->http_status(), 302U);
    EXPECT_EQ(asked->answer.location, "https://login.example/start?to=h");
  }
  const Asked posted = door.ask("/a/1/x", {}, std::nullopt, "POST");
  EXPECT_EQ(posted->http_status(), 401U);
  EXPECT_EQ(posted->answer.location.data(), nullptr);
  EXPECT_EQ(door.ask("/a/1/x", {}, json::object())->http_status(), 403U);
}

TEST(Answer, TellsTheMethodsThatARouteHas) {
  json gate = shaping_gate(json::object());
  json other = gate["routes"][0];
  other["id"] = "post";
  other["methods"] = json::array({"POST"});
  other["path"] = "/a/**";
  gate["routes"].push_back(other);
  const ShapingDoor door(gate);
  const Asked asked = door.ask("/a/1/x", {}, std::nullopt, "DELETE");
  EXPECT_EQ(asked.reason(), "ROUTE_METHOD");
  EXPECT_EQ(asked->http_status(), 405U);
  EXPECT_EQ(asked->answer.allow_methods, 1U << static_cast<unsigned>(Method::kGet) |
                                             1U << static_cast<unsigned>(Method::kHead) |
                                             1U << static_cast<unsigned>(Method::kPost));
}

TEST(ShapingImage, TheDecisionSpellsOutAllOfIt) {
  json made = shared();
  made["rewrite"] = "/b/**";
  made["rate"] = json::parse(R"({"limit": 10, "period_s": 60, "key": ["route"]})");
  const ShapingDoor door(shaping_gate(made));
  const Asked asked = door.ask("/a/1/x");
  std::vector<std::byte> memory(4096);
  Arena scratch(memory);
  const std::string_view bytes = encode_decision(asked.decision(), scratch);
  DecisionHeader header;
  ASSERT_GE(bytes.size(), sizeof(header));
  std::memcpy(&header, bytes.data(), sizeof(header));
  EXPECT_EQ(header.size, bytes.size());
  EXPECT_EQ(header.shield.in(bytes), "iad-va-us");
  EXPECT_EQ(header.connect_timeout_ms, 1000U);
  EXPECT_EQ(header.first_byte_timeout_ms, 15000U);
  EXPECT_EQ(header.between_bytes_timeout_ms, 10000U);
  EXPECT_EQ(header.target.in(bytes), "/b/x");
  EXPECT_EQ(header.cache_class, CacheClass::kShared);
  EXPECT_EQ(header.cache_ttl_s, 60U);
  EXPECT_EQ(header.cache_key.in(bytes), asked->cache.key);
  ASSERT_EQ(header.surrogate_keys.count, 2U);
  EXPECT_EQ(image_record<Span>(bytes, header.surrogate_keys, 1).in(bytes), "b");
  EXPECT_EQ(header.rate_limit, 10U);
  EXPECT_EQ(header.rate_period_s, 60U);
  EXPECT_EQ(header.rate_burst, 1U);
  EXPECT_EQ(header.rate_key.in(bytes), asked->rate.key);
  ASSERT_EQ(header.headers.count, 2U);
  EXPECT_EQ(image_record<HeaderEditRecord>(bytes, header.headers, 1).name.in(bytes), "cookie");
}

TEST(ShapingImage, ADenialSpellsOutItsAnswer) {
  const ShapingDoor door(members_only(R"({"login": "https://login.example/"})"));
  std::vector<std::byte> memory(4096);
  Arena scratch(memory);
  const std::string_view bytes = encode_decision(door.ask("/a/1/x").decision(), scratch);
  DecisionHeader header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  EXPECT_EQ(header.http_status, 302U);
  EXPECT_EQ(header.location.in(bytes), "https://login.example/");
  EXPECT_FALSE(header.shield.present());
  EXPECT_FALSE(header.target.present());
  EXPECT_FALSE(header.cache_key.present());
  EXPECT_FALSE(header.rate_key.present());
}

}  // namespace
}  // namespace ostiary
