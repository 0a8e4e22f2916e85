// The client's address and the head to forward, through the C interface.
#include "support/shop.hpp"
#include "unit/capi/handles.hpp"

#include <cstdint>
#include <thread>

namespace {

using namespace ostiary_c;

constexpr std::string_view kForwarded =
    "GET /a HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4, 2001:DB8::1, 10.0.0.1\r\nCF-Connecting-IP: 5.6.7.8\r\n"
    "Forwarded: for=\"[2001:db8::2]:99\"\r\n\r\n";

struct PolicyOptions : ostiary_client_policy_options {
  PolicyOptions() : ostiary_client_policy_options(OSTIARY_CLIENT_POLICY_OPTIONS_INIT) {}
  explicit PolicyOptions(ostiary_client_strategy how) : PolicyOptions() { strategy = how; }
};

class Policy {
 public:
  explicit Policy(const ostiary_client_policy_options& options) {
    made = ostiary_client_policy_new(&options, &handle_, &error);
    EXPECT_EQ(made == OSTIARY_OK, handle_ != nullptr);
  }
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  ~Policy() { ostiary_client_policy_unref(handle_); }
  // NOLINTNEXTLINE(google-explicit-constructor): stands for its handle
  operator ostiary_client_policy*() const { return handle_; }

  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_reason made = OSTIARY_INTERNAL;

 private:
  ostiary_client_policy* handle_ = nullptr;
};

ostiary_client client_of(std::string_view head, const ostiary_client_policy* policy, ostiary_bytes peer) {
  ostiary_client client;
  EXPECT_EQ(ostiary_inspection_client(Inspected(head), policy, peer, &client, nullptr), OSTIARY_OK);
  EXPECT_EQ(std::string_view(client.address).size(), client.address_len);
  return client;
}

TEST(CClient, ThePeerIsTheClientUnlessSomebodyIsTrusted) {
  const Policy nobody{PolicyOptions()};
  ostiary_client client = client_of(kForwarded, nobody, bytes("2001:DB8:0::9"));
  EXPECT_STREQ(client.address, "2001:db8::9");
  EXPECT_EQ(client.family, 6U);
  EXPECT_EQ(client.source, OSTIARY_CLIENT_FROM_PEER);
  EXPECT_EQ(client.trusted_peer, 0U);
  client = client_of(kForwarded, nobody, kNone);
  EXPECT_STREQ(client.address, "");
  EXPECT_EQ(client.family, 0U);
}

TEST(CClient, HopsAreCountedFromTheRight) {
  PolicyOptions options(OSTIARY_CLIENT_TRUSTED_HOPS);
  options.trusted_hops = 2;
  ostiary_client client = client_of(kForwarded, Policy(options), bytes("10.0.0.2"));
  EXPECT_STREQ(client.address, "2001:db8::1");
  EXPECT_EQ(client.source, OSTIARY_CLIENT_FROM_X_FORWARDED_FOR);
  EXPECT_EQ(client.hops_skipped, 1U);
  EXPECT_EQ(client.trusted_peer, 1U);
  EXPECT_EQ(client.fell_back, 0U);
  EXPECT_EQ(client.finding_count, 0U);
  options.trusted_hops = 4;
  client = client_of(kForwarded, Policy(options), bytes("10.0.0.2"));
  EXPECT_STREQ(client.address, "10.0.0.2");
  EXPECT_EQ(client.fell_back, 1U);
  ASSERT_EQ(client.finding_count, 1U);
  EXPECT_EQ(client.findings[0].reason, OSTIARY_CLIENT_HOPS_MISSING);
  options.trusted_hops = 1;
  options.field = OSTIARY_FORWARDED;
  client = client_of(kForwarded, Policy(options), bytes("10.0.0.2"));
  EXPECT_STREQ(client.address, "2001:db8::2");
  EXPECT_EQ(client.source, OSTIARY_CLIENT_FROM_FORWARDED);
}

TEST(CClient, BlocksSayWhoIsTrusted) {
  const ostiary_bytes blocks[] = {bytes("10.0.0.0/8"), bytes("2001:db8::/32")};
  PolicyOptions options(OSTIARY_CLIENT_TRUSTED_BLOCKS);
  options.trusted_blocks = blocks;
  options.trusted_block_count = 2;
  const Policy policy(options);
  EXPECT_STREQ(client_of(kForwarded, policy, bytes("10.0.0.2")).address, "1.2.3.4");
  EXPECT_STREQ(client_of(kForwarded, policy, bytes("11.0.0.2")).address, "11.0.0.2");
}

TEST(CClient, ThePlatformIsBelievedWithinItsBlocks) {
  const ostiary_bytes block = bytes("10.0.0.0/8");
  PolicyOptions options(OSTIARY_CLIENT_PLATFORM_FIELD);
  options.platform_field = bytes("cf-Connecting-IP");
  options.trusted_blocks = &block;
  options.trusted_block_count = 1;
  const Policy policy(options);
  const ostiary_client client = client_of(kForwarded, policy, bytes("10.0.0.2"));
  EXPECT_STREQ(client.address, "5.6.7.8");
  EXPECT_EQ(client.source, OSTIARY_CLIENT_FROM_PLATFORM_FIELD);
  EXPECT_STREQ(client_of(kForwarded, policy, bytes("11.0.0.2")).address, "11.0.0.2");
}

TEST(CClient, AMistakenPolicyIsNotMade) {
  const auto refused = [](const PolicyOptions& options) { return Policy(options).made; };
  for (const ostiary_client_strategy strategy :
       {OSTIARY_CLIENT_TRUSTED_HOPS, OSTIARY_CLIENT_TRUSTED_BLOCKS, OSTIARY_CLIENT_PLATFORM_FIELD, 4, -1}) {
    EXPECT_EQ(refused(PolicyOptions(strategy)), OSTIARY_USAGE_ARGUMENT) << strategy << " lacks something";
  }
  PolicyOptions options(OSTIARY_CLIENT_TRUSTED_HOPS);
  options.trusted_hops = 65;
  EXPECT_EQ(refused(options), OSTIARY_USAGE_ARGUMENT);
  options.trusted_hops = 1;
  EXPECT_EQ(refused(options), OSTIARY_OK);
  options.field = 2;
  EXPECT_EQ(refused(options), OSTIARY_USAGE_ARGUMENT);
  options.field = OSTIARY_FORWARDED;
  options.strategy = OSTIARY_CLIENT_PEER;
  options.trusted_hops = 0;
  EXPECT_EQ(refused(options), OSTIARY_USAGE_ARGUMENT) << "a field that nothing reads";
  options = PolicyOptions();
  options.trusted_hops = 1;
  EXPECT_EQ(refused(options), OSTIARY_USAGE_ARGUMENT);
  options = PolicyOptions();
  options.platform_field = bytes("cf-connecting-ip");
  EXPECT_EQ(refused(options), OSTIARY_USAGE_ARGUMENT);
  options = PolicyOptions(OSTIARY_CLIENT_PLATFORM_FIELD);
  for (const std::string_view name : {"host", "x-mine", "", "cf\rconnecting\rip"}) {
    options.platform_field = bytes(name);
    EXPECT_EQ(refused(options), OSTIARY_USAGE_ARGUMENT) << name;
  }
  options.platform_field = kDangling;
  EXPECT_EQ(refused(options), OSTIARY_USAGE_ARGUMENT);
  options = PolicyOptions();
  options.flags = 1;
  EXPECT_EQ(refused(options), OSTIARY_USAGE_UNKNOWN_OPTION);
  options = PolicyOptions();
  options.reserved = 1;
  EXPECT_EQ(refused(options), OSTIARY_USAGE_UNKNOWN_OPTION);
  options = PolicyOptions();
  options.struct_size -= 8;
  EXPECT_EQ(refused(options), OSTIARY_USAGE_STRUCT_SIZE);
}

TEST(CClient, AMistakenBlockIsNamedByItsIndex) {
  PolicyOptions options(OSTIARY_CLIENT_TRUSTED_BLOCKS);
  for (const std::string_view wrong :
       {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0", "", "::ffff:10.0.0.0/104", "192.0.2.0/24"}) {
    const ostiary_bytes blocks[] = {bytes("192.0.2.0/24"), bytes("10.0.0.0/8"), bytes(wrong)};
    options.trusted_blocks = blocks;
    options.trusted_block_count = 3;
    const Policy policy(options);
    EXPECT_EQ(policy.made, OSTIARY_USAGE_ADDRESS_BLOCK) << wrong;
    const bool is_double = wrong == "192.0.2.0/24";  // which of the two is told is open
    EXPECT_TRUE(policy.error.offset == 2U || (is_double && policy.error.offset == 0U)) << policy.error.offset;
  }
  // whose place among the sorted ones is another
  const ostiary_bytes doubled[] = {bytes("192.0.2.0/24"), bytes("192.0.2.0/24"), bytes("10.0.0.0/8")};
  options.trusted_blocks = doubled;
  EXPECT_EQ(Policy(options).made, OSTIARY_USAGE_ADDRESS_BLOCK);
  EXPECT_LT(Policy(options).error.offset, 2U);
  options.trusted_block_count = 1;
  options.trusted_blocks = nullptr;
  EXPECT_EQ(Policy(options).made, OSTIARY_USAGE_ARGUMENT);
  options.trusted_blocks = &kDangling;
  EXPECT_EQ(Policy(options).made, OSTIARY_USAGE_ARGUMENT);
}

TEST(CClient, AFailedQuestionLeavesNoAddress) {
  const Policy policy{PolicyOptions()};
  const Inspected seen(kForwarded);
  ostiary_client client;
  const auto expect_refused = [&](const ostiary_inspection* inspection, const ostiary_client_policy* by,
                                  ostiary_bytes peer, ostiary_reason reason) {
    client = client_of(kForwarded, policy, bytes("1.1.1.1"));
    EXPECT_EQ(ostiary_inspection_client(inspection, by, peer, &client, nullptr), reason);
    EXPECT_STREQ(client.address, "");
    EXPECT_EQ(client.family, 0U);
  };
  expect_refused(seen, policy, bytes("010.0.0.1"), OSTIARY_USAGE_PEER);
  expect_refused(seen, policy, bytes("fe80::1%eth0"), OSTIARY_USAGE_PEER);
  expect_refused(seen, policy, kDangling, OSTIARY_USAGE_ARGUMENT);
  expect_refused(seen, nullptr, bytes("1.1.1.1"), OSTIARY_USAGE_ARGUMENT);
  expect_refused(Inspected("GET"), policy, bytes("1.1.1.1"), OSTIARY_USAGE_ARGUMENT);
  expect_refused(nullptr, policy, bytes("1.1.1.1"), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_client(seen, policy, bytes("1.1.1.1"), nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_client_policy_new(nullptr, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  ostiary_client_policy* made = nullptr;
  EXPECT_EQ(ostiary_client_policy_new(nullptr, &made, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_client_policy_ref(nullptr), nullptr);
  ostiary_client_policy_unref(nullptr);
}

TEST(CClient, OnePolicyServesManyThreads) {
  PolicyOptions options(OSTIARY_CLIENT_TRUSTED_HOPS);
  options.trusted_hops = 1;
  const Policy policy(options);
  std::vector<std::thread> threads;
  std::vector<int> right(4, 0);
  for (int& count : right) {
    threads.emplace_back([&policy, &count] {
      ostiary_client_policy* mine = ostiary_client_policy_ref(policy);
      const Inspected seen(kForwarded);
      for (int i = 0; i < 200; ++i) {
        ostiary_client client;
        if (ostiary_inspection_client(seen, mine, bytes("10.0.0.2"), &client, nullptr) != OSTIARY_OK) break;
        count += std::string_view(client.address) == "10.0.0.1" ? 1 : 0;
      }
      ostiary_client_policy_unref(mine);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 200));
}

constexpr std::string_view kToForward =
    "POST /a/../b?q HTTP/1.1\r\nHost: A.example\r\nX-Real-IP: 1.2.3.4\r\nConnection: x-hop\r\nX-Hop: 1\r\nX-Keep: 1\r\n"
    "Content-Length: 3\r\n\r\n";

std::string emit(ostiary_inspection* seen, const std::vector<ostiary_header_edit>& edits = {},
                 const ostiary_emit_options* options = nullptr) {
  ostiary_bytes out;
  EXPECT_EQ(ostiary_inspection_emit(seen, edits.data(), edits.size(), options, &out, nullptr), OSTIARY_OK);
  return text(out);
}

TEST(CEmit, WritesTheCanonicalHeadWithTheEdits) {
  const Inspected seen(kToForward);
  EXPECT_EQ(emit(seen), "POST /b?q HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nX-Keep: 1\r\n\r\n");
  EXPECT_EQ(emit(seen, {{OSTIARY_HEADER_REMOVE, 0, bytes("x-keep"), kNone},
                        {OSTIARY_HEADER_SET, 0, bytes("x-new"), bytes("2")}}),
            "POST /b?q HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nx-new: 2\r\n\r\n");
  ostiary_emit_options options = OSTIARY_EMIT_OPTIONS_INIT;
  options.flags = OSTIARY_EMIT_PEER_IS_TRUSTED;
  EXPECT_EQ(emit(seen, {}, &options),
            "POST /b?q HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nX-Real-IP: 1.2.3.4\r\nX-Keep: 1\r\n\r\n");
}

TEST(CEmit, WhatWasWaivedMustBeWaivedAgain) {
  Inspected seen;
  ASSERT_EQ(seen.with_waived("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", {OSTIARY_BODY_UNEXPECTED}),
            OSTIARY_OK);
  ostiary_bytes out;
  EXPECT_EQ(ostiary_inspection_emit(seen, nullptr, 0, nullptr, &out, nullptr), OSTIARY_BODY_UNEXPECTED);
  EXPECT_EQ(out.data, nullptr);
  const ostiary_reason waived = OSTIARY_BODY_UNEXPECTED;
  ostiary_emit_options options = OSTIARY_EMIT_OPTIONS_INIT;
  options.waived = &waived;
  options.waived_count = 1;
  EXPECT_EQ(emit(seen, {}, &options), "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n");
}

TEST(CEmit, ABodyOfUnknownLengthIsSentInChunks) {
  Inspected seen;
  ostiary_head head = OSTIARY_HEAD_INIT;
  head.method = bytes("POST");
  head.target = bytes("/");
  head.authority = bytes("a");
  head.version = OSTIARY_HTTP_2;
  ASSERT_EQ(ostiary_inspect_fields(seen, &head, nullptr), OSTIARY_OK);
  EXPECT_EQ(emit(seen), "POST / HTTP/1.1\r\nHost: a\r\n\r\n");
  ostiary_emit_options options = OSTIARY_EMIT_OPTIONS_INIT;
  options.flags = OSTIARY_EMIT_BODY_OF_UNKNOWN_LENGTH;
  EXPECT_EQ(emit(seen, {}, &options), "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST(CEmit, AppliesTheEditsOfADecisionThatAllows) {
  ostiary_gate* gate = nullptr;
  ostiary_key_set* keys = nullptr;
  ostiary_engine* engine = nullptr;
  ostiary_decision* decision = nullptr;
  ASSERT_EQ(ostiary_gate_from_json(bytes(ostiary::test::read_shop("gate.json")), &gate, nullptr), OSTIARY_OK);
  ASSERT_EQ(ostiary_key_set_from_jwks(bytes(ostiary::test::read_shop("keys.json")), &keys, nullptr), OSTIARY_OK);
  const ostiary_issuer_keys issuer{bytes("shop-id"), keys};
  ASSERT_EQ(ostiary_engine_new(gate, &issuer, 1, &engine, nullptr), OSTIARY_OK);
  ASSERT_EQ(ostiary_decision_new(&decision, nullptr), OSTIARY_OK);
  const std::string head =
      "GET /orders HTTP/1.1\r\nHost: api.shop.example\r\nX-Shop-Tier: forged\r\nAuthorization: Bearer " +
      ostiary::test::read_shop("tokens/gold-rs256.jwt") + "\r\n\r\n";
  ostiary_facts facts = OSTIARY_FACTS_INIT;
  facts.now_s = ostiary::test::shop_cases()["now"].get<std::int64_t>();
  const Inspected seen(head);
  ostiary_emit_options options = OSTIARY_EMIT_OPTIONS_INIT;
  options.decision = decision;
  ostiary_bytes out;
  EXPECT_EQ(ostiary_inspection_emit(seen, nullptr, 0, &options, &out, nullptr), OSTIARY_USAGE_ARGUMENT) << "denies";
  ASSERT_EQ(ostiary_engine_decide_bytes(engine, bytes(head), &facts, decision, nullptr), OSTIARY_OK);
  ASSERT_EQ(ostiary_decision_effect(decision), OSTIARY_EFFECT_ALLOW);
  const std::string forwarded = emit(seen, {{OSTIARY_HEADER_SET, 0, bytes("x-mine"), bytes("1")}}, &options);
  EXPECT_EQ(forwarded.find("forged"), std::string::npos);
  EXPECT_NE(forwarded.find("\r\nx-shop-tier: gold\r\n"), std::string::npos) << forwarded;
  EXPECT_NE(forwarded.find("\r\nx-mine: 1\r\n\r\n"), std::string::npos) << forwarded;
  ostiary_decision_free(decision);
  ostiary_engine_unref(engine);
  ostiary_key_set_unref(keys);
  ostiary_gate_unref(gate);
}

constexpr std::string_view kShapedGate = R"({"gate": 1, "name": "shaped",
  "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443, "shield": "iad", "connect_timeout_ms": 500,
    "sign": {"with": "sigv4", "region": "eu-central-1", "service": "lambda"}}},
  "routes": [{"id": "r", "hosts": ["h.example"], "methods": ["GET"], "path": "/old/*", "origin": "o",
    "headers": {"append": {"via-door": "edge"}, "rename": {"x-a": "x-b"}, "remove": ["authorization", "cookie"]},
    "rewrite": "/new/{2}", "query": {"keep": ["q"]},
    "cache": {"class": "shared", "ttl_s": 60, "surrogate_keys": ["s"], "key": {"query": ["q"], "headers": ["x-a"]}},
    "rate": {"limit": 10, "period_s": 1, "burst": 5, "key": ["route"]}},
    {"id": "in", "hosts": ["h.example"], "methods": ["GET"], "path": "/in", "origin": "o", "login": "https://l.example/"}],
  "issuers": {"i": {"issuer": "https://i.example", "audiences": ["a"], "algorithms": ["ES256"]}},
  "rules": [{"id": "all", "effect": "allow", "routes": ["r"], "public": true},
            {"id": "known", "effect": "allow", "routes": ["in"], "identity": {}}]})";

TEST(CEmit, ADecisionTellsAllThatARouteShapesAndIsEmittedWithIt) {
  ostiary_gate* gate = nullptr;
  ostiary_engine* engine = nullptr;
  ostiary_decision* decision = nullptr;
  ASSERT_EQ(ostiary_gate_from_json(bytes(kShapedGate), &gate, nullptr), OSTIARY_OK);
  ASSERT_EQ(ostiary_engine_new(gate, nullptr, 0, &engine, nullptr), OSTIARY_OK);
  ASSERT_EQ(ostiary_decision_new(&decision, nullptr), OSTIARY_OK);
  const ostiary_facts facts = OSTIARY_FACTS_INIT;
  const auto decide = [&](std::string_view head) {
    EXPECT_EQ(ostiary_engine_decide_bytes(engine, bytes(head), &facts, decision, nullptr), OSTIARY_OK);
  };
  const std::string head = "GET /old/a?q=1&z=2 HTTP/1.1\r\nHost: h.example\r\nx-a: 1\r\n\r\n";
  decide(head);
  EXPECT_EQ(text(ostiary_decision_target(decision)), "/new/a?q=1");
  const ostiary_hop hop = ostiary_decision_hop(decision);
  EXPECT_EQ(text(hop.shield), "iad");
  EXPECT_EQ(hop.connect_timeout_ms, 500U);
  EXPECT_EQ(hop.first_byte_timeout_ms, 0U);
  const ostiary_hop_sign sign = ostiary_decision_hop_sign(decision);
  EXPECT_EQ(sign.with, OSTIARY_HOP_SIGV4);
  EXPECT_EQ(text(sign.region), "eu-central-1");
  EXPECT_EQ(text(sign.service), "lambda");
  EXPECT_EQ(text(sign.key), "<absent>");
  EXPECT_EQ(ostiary_decision_hop_sign(nullptr).with, OSTIARY_HOP_UNSIGNED);
  const ostiary_cache_directive cache = ostiary_decision_cache(decision);
  EXPECT_EQ(cache.cache_class, OSTIARY_CACHE_SHARED);
  EXPECT_EQ(cache.ttl_s, 60U);
  EXPECT_GT(cache.key.len, 0U);
  ASSERT_EQ(ostiary_decision_surrogate_key_count(decision), 1U);
  EXPECT_EQ(text(ostiary_decision_surrogate_key_at(decision, 0)), "s");
  EXPECT_EQ(ostiary_decision_surrogate_key_at(decision, 1).data, nullptr);
  const ostiary_rate_charge rate = ostiary_decision_rate(decision);
  EXPECT_GT(rate.key.len, 0U);
  EXPECT_EQ((std::vector<uint32_t>{rate.limit, rate.period_s, rate.burst}), (std::vector<uint32_t>{10, 1, 5}));
  ostiary_emit_options options = OSTIARY_EMIT_OPTIONS_INIT;
  options.decision = decision;
  EXPECT_EQ(emit(Inspected(head), {}, &options),
            "GET /new/a?q=1 HTTP/1.1\r\nHost: h.example\r\nx-b: 1\r\nvia-door: edge\r\n\r\n");

  decide("PUT /old/a HTTP/1.1\r\nHost: h.example\r\n\r\n");
  ostiary_answer answer = ostiary_decision_answer(decision);
  EXPECT_EQ(answer.status, 405U);
  EXPECT_EQ(answer.allow_methods, 1U);
  EXPECT_EQ(text(ostiary_method_name(0)), "GET");
  EXPECT_EQ(ostiary_method_name(9).data, nullptr);
  decide("GET /in HTTP/1.1\r\nHost: h.example\r\n\r\n");
  answer = ostiary_decision_answer(decision);
  EXPECT_EQ(answer.status, 302U);
  EXPECT_EQ(text(answer.location), "https://l.example/");
  EXPECT_EQ(ostiary_decision_target(decision).data, nullptr);
  EXPECT_EQ(ostiary_decision_rate(decision).key.data, nullptr);
  ostiary_decision_free(decision);
  ostiary_engine_unref(engine);
  ostiary_gate_unref(gate);
}

TEST(CEmit, MistakesAreNamedAndNothingIsEmitted) {
  const Inspected seen(kToForward);
  const auto expect_refused = [&](ostiary_header_edit edit, ostiary_reason reason) {
    const ostiary_header_edit edits[] = {{OSTIARY_HEADER_REMOVE, 0, bytes("x-a"), kNone}, edit};
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_bytes out = bytes("x");
    EXPECT_EQ(ostiary_inspection_emit(seen, edits, 2, nullptr, &out, &error), reason);
    EXPECT_EQ(out.data, nullptr);
    EXPECT_EQ(error.offset, 1U) << "the index";
  };
  expect_refused({OSTIARY_HEADER_SET, 0, bytes("host"), bytes("b")}, OSTIARY_USAGE_HEADER_EDIT);
  expect_refused({OSTIARY_HEADER_SET, 0, bytes("x-b"), bytes("1\r\nx: 2")}, OSTIARY_USAGE_HEADER_EDIT);
  expect_refused({OSTIARY_HEADER_SET, 0, bytes("x-b"), kNone}, OSTIARY_USAGE_HEADER_EDIT);
  expect_refused({OSTIARY_HEADER_SET, 0, bytes("x-b"), kDangling}, OSTIARY_USAGE_HEADER_EDIT);
  expect_refused({OSTIARY_HEADER_SET, 1, bytes("x-b"), bytes("1")}, OSTIARY_USAGE_HEADER_EDIT);
  expect_refused({7, 0, bytes("x-b"), bytes("1")}, OSTIARY_USAGE_HEADER_EDIT);
  expect_refused({-1, 0, bytes("x-b"), bytes("1")}, OSTIARY_USAGE_HEADER_EDIT);

  ostiary_bytes out = bytes("x");
  ostiary_emit_options options = OSTIARY_EMIT_OPTIONS_INIT;
  const auto outcome = [&] { return ostiary_inspection_emit(seen, nullptr, 0, &options, &out, nullptr); };
  options.flags = 4;
  EXPECT_EQ(outcome(), OSTIARY_USAGE_UNKNOWN_OPTION);
  options = OSTIARY_EMIT_OPTIONS_INIT;
  options.struct_size = 8;
  EXPECT_EQ(outcome(), OSTIARY_USAGE_STRUCT_SIZE);
  options = OSTIARY_EMIT_OPTIONS_INIT;
  const ostiary_reason unknown = OSTIARY_HOST_MISSING;
  options.waived = &unknown;
  options.waived_count = 1;
  EXPECT_EQ(outcome(), OSTIARY_USAGE_WAIVER);
  EXPECT_EQ(out.data, nullptr);
  EXPECT_EQ(ostiary_inspection_emit(seen, nullptr, 1, nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_emit(seen, nullptr, 0, nullptr, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_emit(Inspected("GET"), nullptr, 0, nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspection_emit(nullptr, nullptr, 0, nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
}

}  // namespace
