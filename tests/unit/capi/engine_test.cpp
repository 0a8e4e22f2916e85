// Engines made of parts, signed gates and rate limits through the C interface.
#include "handles.hpp"
#include "support/shop.hpp"
#include "support/signing_key.hpp"

#include <ostiary.h>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using ostiary::test::read_shop;
using ostiary_c::bytes;
using ostiary_c::kDangling;
using ostiary_c::text;

const std::string kSecret(16, 's');
constexpr std::string_view kHead = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";

std::string policy(int version) {
  return R"({"gate": 1, "name": "small", "version": )" + std::to_string(version) +
         R"(, "origins": {"o": {"scheme": "http", "host": "o.example", "port": 80}},
             "routes": [{"id": "home", "hosts": ["a.example"], "methods": ["GET"], "path": "/**", "origin": "o",
                         "rate": {"limit": 10, "period_s": 1, "key": ["client"]}}],
             "rules": [{"id": "v)" +
         std::to_string(version) + R"(", "effect": "allow", "routes": ["home"], "public": true}]})";
}

ostiary_gate* gate_of(const std::string& json) {
  ostiary_gate* gate = nullptr;
  EXPECT_EQ(ostiary_gate_from_json(bytes(json), &gate, nullptr), OSTIARY_OK);
  return gate;
}

/// All that a test holds, freed at its end.
struct Door {
  Door() {
    EXPECT_EQ(ostiary_rate_limiter_new(100, bytes(kSecret), &limiter, nullptr), OSTIARY_OK);
    EXPECT_EQ(ostiary_decision_new(&decision, nullptr), OSTIARY_OK);
    gate = gate_of(policy(5));
    ostiary_engine_parts parts = OSTIARY_ENGINE_PARTS_INIT;
    parts.gate = gate;
    parts.rate_limiter = limiter;
    EXPECT_EQ(ostiary_engine_from_parts(&parts, &engine, nullptr), OSTIARY_OK);
  }
  ~Door() {
    ostiary_engine_unref(engine);
    ostiary_gate_unref(gate);
    ostiary_decision_free(decision);
    ostiary_rate_limiter_unref(limiter);
  }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  ostiary_reason decide(const ostiary_engine* with, std::uint32_t now_ns) const {
    ostiary_facts facts = OSTIARY_FACTS_INIT;
    facts.now_s = 1000;
    facts.now_ns = now_ns;
    facts.peer = bytes("192.0.2.1");
    const ostiary_reason outcome = ostiary_engine_decide_bytes(with, bytes(kHead), &facts, decision, nullptr);
    return outcome == OSTIARY_OK ? ostiary_decision_reason(decision) : outcome;
  }

  ostiary_rate_limiter* limiter = nullptr;
  ostiary_decision* decision = nullptr;
  ostiary_gate* gate = nullptr;
  ostiary_engine* engine = nullptr;
};

TEST(CEngine, TakesFromTheRateLimiter) {
  const Door door;
  EXPECT_EQ(door.decide(door.engine, 0), OSTIARY_ALLOWED);
  EXPECT_EQ(door.decide(door.engine, 99'999'999), OSTIARY_RATE_LIMITED);
  EXPECT_EQ(ostiary_decision_answer(door.decision).status, 429U);
  EXPECT_EQ(ostiary_decision_answer(door.decision).retry_after_s, 1U);
  EXPECT_EQ(door.decide(door.engine, 100'000'000), OSTIARY_ALLOWED);
  EXPECT_EQ(door.decide(door.engine, 1'000'000'000), OSTIARY_USAGE_ARGUMENT);
}

TEST(CEngine, GoesOnUnderANewerGateButNotUnderAnOlderOne) {
  const Door door;
  EXPECT_EQ(ostiary_gate_version(door.gate), 5U);
  EXPECT_EQ(ostiary_gate_version(nullptr), 0U);
  ostiary_gate* const newer = gate_of(policy(6));
  ostiary_gate* const older = gate_of(policy(4));
  ostiary_engine* next = nullptr;
  EXPECT_EQ(ostiary_engine_with_gate(door.engine, older, &next, nullptr), OSTIARY_IMAGE_ROLLBACK);
  EXPECT_EQ(next, nullptr);
  ASSERT_EQ(ostiary_engine_with_gate(door.engine, newer, &next, nullptr), OSTIARY_OK);
  EXPECT_EQ(door.decide(next, 0), OSTIARY_ALLOWED);
  EXPECT_EQ(text(ostiary_decision_rule(door.decision)), "v6");
  EXPECT_EQ(door.decide(door.engine, 0), OSTIARY_RATE_LIMITED) << "they share the buckets";
  EXPECT_EQ(door.decide(door.engine, 500'000'000), OSTIARY_ALLOWED);
  EXPECT_EQ(text(ostiary_decision_rule(door.decision)), "v5");
  ostiary_engine_unref(next);
  ostiary_gate_unref(newer);
  ostiary_gate_unref(older);
}

TEST(CEngine, ExchangesKeysAndRevocations) {
  ostiary_gate* const gate = gate_of(read_shop("gate.json"));
  EXPECT_EQ(text(ostiary_gate_issuer_at(gate, 0)), "https://id.shop.example");
  EXPECT_EQ(text(ostiary_gate_issuer_at(gate, 1)), "<absent>");
  ostiary_key_set* keys = nullptr;
  ASSERT_EQ(ostiary_key_set_from_jwks(bytes(read_shop("keys.json")), &keys, nullptr), OSTIARY_OK);
  ostiary_revocation_list* list = nullptr;
  const std::string one = R"({"revoked": [{"iss": "https://id.shop.example", "sub": "customer-1001"}]})";
  ASSERT_EQ(ostiary_revocation_list_from_json(bytes(one), &list, nullptr), OSTIARY_OK);
  const Door door;
  ostiary_engine* bare = nullptr;
  ASSERT_EQ(ostiary_engine_new(gate, nullptr, 0, &bare, nullptr), OSTIARY_OK);
  const ostiary_issuer_keys issuer{bytes("shop-id"), keys};
  ostiary_engine* keyed = nullptr;
  ASSERT_EQ(ostiary_engine_with_keys(bare, &issuer, 1, &keyed, nullptr), OSTIARY_OK);
  ostiary_engine* revoking = nullptr;
  ASSERT_EQ(ostiary_engine_with_revocation(keyed, list, &revoking, nullptr), OSTIARY_OK);
  const std::string head = "GET /orders HTTP/1.1\r\nHost: api.shop.example\r\nAuthorization: Bearer " +
                           read_shop("tokens/gold-rs256.jwt") + "\r\n\r\n";
  ostiary_facts facts = OSTIARY_FACTS_INIT;
  facts.now_s = ostiary::test::shop_cases()["now"].get<std::int64_t>();
  const auto reason = [&](const ostiary_engine* engine) {
    EXPECT_EQ(ostiary_engine_decide_bytes(engine, bytes(head), &facts, door.decision, nullptr), OSTIARY_OK);
    return ostiary_decision_reason(door.decision);
  };
  EXPECT_EQ(reason(bare), OSTIARY_TOKEN_ISSUER_KEYS);
  EXPECT_EQ(reason(keyed), OSTIARY_ALLOWED);
  EXPECT_EQ(reason(revoking), OSTIARY_TOKEN_REVOKED);
  const ostiary_issuer_keys unknown{bytes("other"), keys};
  ostiary_engine* none = nullptr;
  EXPECT_EQ(ostiary_engine_with_keys(bare, &unknown, 1, &none, nullptr), OSTIARY_USAGE_ISSUER_UNKNOWN);
  for (ostiary_engine* engine : {bare, keyed, revoking}) ostiary_engine_unref(engine);
  ostiary_revocation_list_unref(list);
  ostiary_key_set_unref(keys);
  ostiary_gate_unref(gate);
}

TEST(CEngine, RefusesWhatIsMissing) {
  const Door door;
  ostiary_engine* out = door.engine;
  EXPECT_EQ(ostiary_engine_from_parts(nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(out, nullptr);
  ostiary_engine_parts parts = OSTIARY_ENGINE_PARTS_INIT;
  EXPECT_EQ(ostiary_engine_from_parts(&parts, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  parts.gate = door.gate;
  parts.flags = 1;
  EXPECT_EQ(ostiary_engine_from_parts(&parts, &out, nullptr), OSTIARY_USAGE_UNKNOWN_OPTION);
  parts.flags = 0;
  parts.key_count = 1;
  EXPECT_EQ(ostiary_engine_from_parts(&parts, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_from_parts(&parts, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_with_gate(nullptr, door.gate, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_with_gate(door.engine, nullptr, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_with_keys(door.engine, nullptr, 1, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_with_revocation(door.engine, nullptr, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CRateLimiter, TakesAndRefuses) {
  const Door door;
  const ostiary_rate_quota quota{2, 1000, 2, 1};
  const auto take = [&](std::uint64_t now_ns) {
    return ostiary_rate_limiter_take(door.limiter, bytes("alice"), quota, now_ns);
  };
  EXPECT_EQ(take(0).remaining, 1U);
  EXPECT_EQ(take(0).allowed, 1U);
  const ostiary_rate_verdict refused = take(0);
  EXPECT_EQ(refused.allowed, 0U);
  EXPECT_EQ(refused.retry_after_ns, 500'000'000U);
  EXPECT_EQ(refused.reset_after_ns, 1'000'000'000U);
  EXPECT_EQ(take(500'000'000).allowed, 1U);
  EXPECT_EQ(ostiary_rate_limiter_take(nullptr, bytes("alice"), quota, 0).allowed, 0U);
  EXPECT_EQ(ostiary_rate_limiter_take(door.limiter, kDangling, quota, 0).allowed, 0U);
  EXPECT_EQ(ostiary_rate_limiter_take(door.limiter, bytes("bob"), {0, 1000, 2, 1}, 0).allowed, 0U);
}

TEST(CRateLimiter, NeedsASecretAndKeys) {
  ostiary_rate_limiter* limiter = nullptr;
  EXPECT_EQ(ostiary_rate_limiter_new(10, bytes("short"), &limiter, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_rate_limiter_new(0, bytes(kSecret), &limiter, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_rate_limiter_new(10, bytes(kSecret), nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(limiter, nullptr);
}

TEST(CSignedGate, LoadsWhatATrustedKeySigned) {
  const auto key = ostiary::test::SigningKey::ed25519();
  const std::string private_pem = key.private_pem();
  const std::string public_pem = key.public_pem();
  const Door door;
  ostiary_gate* signed_gate = nullptr;
  ASSERT_EQ(ostiary_gate_sign(door.gate, bytes(private_pem), &signed_gate, nullptr), OSTIARY_OK);
  const std::array<ostiary_bytes, 1> keys = {bytes(public_pem)};
  ostiary_gate_trust trust = OSTIARY_GATE_TRUST_INIT;
  const auto load = [&](const ostiary_gate* from) {
    ostiary_gate* gate = nullptr;
    const ostiary_reason reason = ostiary_gate_from_signed_image(ostiary_gate_image(from), &trust, &gate, nullptr);
    EXPECT_EQ(gate != nullptr, reason == OSTIARY_OK);
    ostiary_gate_unref(gate);
    return reason;
  };
  EXPECT_EQ(load(signed_gate), OSTIARY_IMAGE_SIGNATURE) << "no key, no trust";
  trust.keys = keys.data();
  trust.key_count = 1;
  EXPECT_EQ(load(signed_gate), OSTIARY_OK);
  EXPECT_EQ(load(door.gate), OSTIARY_IMAGE_UNSIGNED);
  trust.version_min = 6;
  EXPECT_EQ(load(signed_gate), OSTIARY_IMAGE_ROLLBACK);
  const std::array<ostiary_bytes, 1> no_keys = {bytes("no key")};
  trust.keys = no_keys.data();
  EXPECT_EQ(load(signed_gate), OSTIARY_KEY_PEM);
  trust.keys = nullptr;
  EXPECT_EQ(load(signed_gate), OSTIARY_USAGE_ARGUMENT);
  trust.flags = 1;
  EXPECT_EQ(load(signed_gate), OSTIARY_USAGE_UNKNOWN_OPTION);
  ostiary_gate_unref(signed_gate);
}

TEST(CSignedGate, IsSignedWithAPrivateKeyOfItsKindOnly) {
  const Door door;
  ostiary_gate* out = door.gate;
  const std::string rsa = ostiary::test::SigningKey::rsa().private_pem();
  EXPECT_EQ(ostiary_gate_sign(door.gate, bytes(rsa), &out, nullptr), OSTIARY_KEY_TYPE);
  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(ostiary_gate_sign(door.gate, bytes("no key"), &out, nullptr), OSTIARY_KEY_PEM);
  EXPECT_EQ(ostiary_gate_sign(nullptr, bytes(rsa), &out, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_gate_sign(door.gate, kDangling, &out, nullptr), OSTIARY_USAGE_ARGUMENT);
}

}  // namespace
