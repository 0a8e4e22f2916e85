// Keys over time, and who sends a token, through the C interface.
#include "support/signing_key.hpp"
#include "unit/capi/handles.hpp"
#include "unit/capi/tokens.hpp"

#include <ostiary.h>

#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ostiary_c {
namespace {

using ostiary::test::base64url;
using ostiary::test::jwks;
using ostiary::test::SigningKey;
using Source = std::unique_ptr<ostiary_key_source, FreeHandle<ostiary_key_source_unref>>;
using Fetch = std::unique_ptr<ostiary_fetch, FreeHandle<ostiary_fetch_free>>;
using Policy = std::unique_ptr<ostiary_sender_policy, FreeHandle<ostiary_sender_policy_unref>>;
using Nonces = std::unique_ptr<ostiary_dpop_nonces, FreeHandle<ostiary_dpop_nonces_unref>>;
using Replay = std::unique_ptr<ostiary_replay_memory, FreeHandle<ostiary_replay_memory_unref>>;

// ---- keys over time -----------------------------------------------------------------------------------------

Source make_source() {
  ostiary_key_source_options options = OSTIARY_KEY_SOURCE_OPTIONS_INIT;
  options.issuer = bytes("https://issuer.example");
  ostiary_key_source* source = nullptr;
  EXPECT_EQ(ostiary_key_source_new(&options, &source, nullptr), OSTIARY_OK);
  return Source(source);
}

ostiary_fetch_wanted wanted_by(const Source& source, Fetch& fetch, std::int64_t now_s) {
  ostiary_fetch* out = nullptr;
  EXPECT_EQ(ostiary_key_source_wanted(source.get(), now_s, &out, nullptr), OSTIARY_OK);
  fetch.reset(out);
  ostiary_fetch_wanted wanted = OSTIARY_FETCH_WANTED_INIT;
  EXPECT_EQ(ostiary_fetch_get(out, &wanted), out == nullptr ? OSTIARY_USAGE_ARGUMENT : OSTIARY_OK);
  return wanted;
}

TEST(CapiKeySource, FollowsDiscoveryToTheKeys) {
  const Source source = make_source();
  Fetch fetch;
  ostiary_fetch_wanted wanted = wanted_by(source, fetch, kNow);
  EXPECT_EQ(wanted.kind, OSTIARY_FETCH_DISCOVERY);
  EXPECT_EQ(wanted.reason, OSTIARY_FETCH_FIRST);
  EXPECT_EQ(text(wanted.uri), "https://issuer.example/.well-known/openid-configuration");
  EXPECT_EQ(text(wanted.issuer), "https://issuer.example");
  ASSERT_EQ(ostiary_key_source_begin(source.get(), wanted.ticket, kNow, nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_key_source_begin(source.get(), wanted.ticket, kNow, nullptr), OSTIARY_KEY_SOURCE_TICKET);
  const std::string document = R"({"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/keys"})";
  ASSERT_EQ(ostiary_key_source_complete(source.get(), wanted.ticket, bytes(document), OSTIARY_LIFETIME_UNKNOWN, kNow,
                                        nullptr, nullptr),
            OSTIARY_OK);
  wanted = wanted_by(source, fetch, kNow);
  EXPECT_EQ(text(wanted.uri), "https://issuer.example/keys");
  ASSERT_EQ(ostiary_key_source_begin(source.get(), wanted.ticket, kNow, nullptr), OSTIARY_OK);
  ostiary_key_change change = OSTIARY_KEY_CHANGE_INIT;
  const std::string keys = jwks({Signer::get().ec.jwk(R"("kid":"a",)")});
  ASSERT_EQ(ostiary_key_source_complete(source.get(), wanted.ticket, bytes(keys), 120, kNow, &change, nullptr),
            OSTIARY_OK);
  EXPECT_EQ(change.added, 1U);
  EXPECT_EQ(change.skipped, 0U);

  ostiary_key_set* out = nullptr;
  ASSERT_EQ(ostiary_key_source_keys(source.get(), kNow, &out, nullptr), OSTIARY_OK);
  const KeySet held(out);
  EXPECT_EQ(ostiary_key_set_count(out), 1U);
  ASSERT_EQ(ostiary_key_source_keys(source.get(), kNow + 100'000, &out, nullptr), OSTIARY_OK);
  EXPECT_EQ(out, nullptr);  // too old
  EXPECT_EQ(ostiary_key_source_unknown_key(source.get(), bytes("a")), 0U);
  EXPECT_EQ(ostiary_key_source_unknown_key(source.get(), bytes("b")), 1U);
  EXPECT_EQ(ostiary_key_source_unknown_key(source.get(), kDangling), 0U);
  ostiary_key_source_status status = OSTIARY_KEY_SOURCE_STATUS_INIT;
  ASSERT_EQ(ostiary_key_source_get_status(source.get(), kNow, &status), OSTIARY_OK);
  EXPECT_EQ(status.usable, 1U);
  EXPECT_EQ(status.fetches, 2U);
  EXPECT_EQ(status.unknown_keys, 2U);  // reports, whatever came of them
}

TEST(CapiKeySource, CountsFailures) {
  const Source source = make_source();
  Fetch fetch;
  const ostiary_fetch_wanted wanted = wanted_by(source, fetch, kNow);
  ASSERT_EQ(ostiary_key_source_begin(source.get(), wanted.ticket, kNow, nullptr), OSTIARY_OK);
  EXPECT_EQ(wanted_by(source, fetch, kNow).ticket, 0U);  // one is under way
  EXPECT_EQ(ostiary_key_source_fail(source.get(), wanted.ticket, 7, kNow, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_source_fail(source.get(), wanted.ticket, OSTIARY_FETCH_UNREACHABLE, kNow, nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_key_source_fail(source.get(), wanted.ticket, OSTIARY_FETCH_UNREACHABLE, kNow, nullptr),
            OSTIARY_KEY_SOURCE_TICKET);
  const ostiary_fetch_wanted again = wanted_by(source, fetch, kNow);
  EXPECT_EQ(again.reason, OSTIARY_FETCH_RETRY);
  EXPECT_GT(again.not_before_s, kNow);
  ostiary_key_source_status status = OSTIARY_KEY_SOURCE_STATUS_INIT;
  ASSERT_EQ(ostiary_key_source_get_status(source.get(), kNow, &status), OSTIARY_OK);
  EXPECT_EQ(status.failures, 1U);
  EXPECT_EQ(status.last_error, OSTIARY_KEYS_NOT_FOUND);
}

TEST(CapiKeySource, RefusesWhatMakesNoSense) {
  const auto refused = [](auto change) {
    ostiary_key_source_options options = OSTIARY_KEY_SOURCE_OPTIONS_INIT;
    options.issuer = bytes("https://issuer.example");
    change(options);
    ostiary_key_source* source = nullptr;
    const ostiary_reason reason = ostiary_key_source_new(&options, &source, nullptr);
    EXPECT_EQ(source, nullptr);
    return reason;
  };
  EXPECT_EQ(refused([](auto& o) { o.issuer = bytes("http://issuer.example"); }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.issuer = kDangling; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.kind = 3; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.soft_age_min_s = 7200; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.flags = 2; }), OSTIARY_USAGE_UNKNOWN_OPTION);
  EXPECT_EQ(refused([](auto& o) { o.reserved2 = 1; }), OSTIARY_USAGE_UNKNOWN_OPTION);
  ostiary_fetch* fetch = nullptr;
  ostiary_key_set* keys = nullptr;
  EXPECT_EQ(ostiary_key_source_wanted(nullptr, 0, &fetch, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_source_begin(nullptr, 0, 0, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_source_complete(nullptr, 0, kNone, 0, 0, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_source_fail(nullptr, 0, 0, 0, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_source_keys(nullptr, 0, &keys, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_source_unknown_key(nullptr, kNone), 0U);
  ostiary_fetch_free(nullptr);
}

// ---- who sends a token --------------------------------------------------------------------------------------

std::string sha256(std::string_view input) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(input.data()), input.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

/// RFC 7638, written by hand.
std::string thumbprint(const SigningKey& key) {
  return base64url(
      sha256(R"({"crv":"P-256","kty":"EC","x":")" + base64url(key.x()) + R"(","y":")" + base64url(key.y()) + R"("})"));
}

class CapiSender : public ::testing::Test {
 protected:
  CapiSender() {
    options_.algorithms = &algorithm_;
    options_.algorithm_count = 1;
    options_.flags = OSTIARY_SENDER_REPLAY_UNCHECKED;
    sender_.scheme = OSTIARY_SCHEME_HTTPS;
  }

  /// The verdict on GET /orders with these fields.
  ostiary_reason reason(std::string_view fields) {
    ostiary_sender_policy* out = nullptr;
    EXPECT_EQ(ostiary_sender_policy_new(&options_, &out, nullptr), OSTIARY_OK);
    policy_.reset(out);
    inspected_ = std::make_unique<Inspected>("GET /orders?page=2 HTTP/1.1\r\nHost: api.example\r\n" +
                                             std::string(fields) + "\r\n");
    return ostiary_verifier_verify_request(verifier_.get(), policy_.get(), *inspected_, &tokens_.facts, &sender_,
                                           tokens_.identity.get(), nullptr);
  }

  [[nodiscard]] std::string proof(std::string_view token, std::string_view more = "") const {
    return ostiary::test::token(
        R"({"typ":"dpop+jwt","alg":"ES256","jwk":)" + client_.jwk() + "}",
        R"({"jti":"1","htm":"GET","htu":"https://api.example/orders","iat":1700000000,"ath":")" +
            base64url(sha256(token)) + "\"" + std::string(more) + "}",
        client_);
  }

  [[nodiscard]] static std::string dpop(std::string_view token, std::string_view proof) {
    return "Authorization: DPoP " + std::string(token) + "\r\nDPoP: " + std::string(proof) + "\r\n";
  }

  SigningKey client_ = SigningKey::p256();
  std::string bound_ = Tokens::es256(claims_with(R"("cnf":{"jkt":")" + thumbprint(client_) + R"("})"));
  ostiary_bytes algorithm_ = bytes("ES256");
  ostiary_sender_options options_ = OSTIARY_SENDER_OPTIONS_INIT;
  ostiary_sender_facts sender_ = OSTIARY_SENDER_FACTS_INIT;
  Settings settings_ = make_settings(Options());
  Verifier verifier_ = make_verifier({{settings_.get(), every_key(), nullptr}});
  Policy policy_;
  std::unique_ptr<Inspected> inspected_;
  Tokens tokens_;
};

TEST_F(CapiSender, ABoundTokenNeedsItsProof) {
  EXPECT_EQ(reason(dpop(bound_, proof(bound_))), OSTIARY_OK);
  EXPECT_EQ(text(ostiary_identity_key_thumbprint(tokens_.identity.get())), thumbprint(client_));
  EXPECT_EQ(reason("Authorization: DPoP " + bound_ + "\r\n"), OSTIARY_DPOP_MISSING);
  EXPECT_EQ(ostiary_identity_claims_json(tokens_.identity.get()).data, nullptr);
  EXPECT_EQ(reason("Authorization: Bearer " + bound_ + "\r\n"), OSTIARY_DPOP_SCHEME);
  EXPECT_EQ(reason(dpop(bound_, proof("another token"))), OSTIARY_DPOP_ACCESS_TOKEN);
  EXPECT_EQ(reason(""), OSTIARY_CREDENTIAL_MISSING);
  EXPECT_EQ(reason("Authorization: Basic YTpi\r\n"), OSTIARY_CREDENTIAL_SCHEME);
  EXPECT_EQ(reason("Authorization: Bearer " + Tokens::es256() + "\r\n"), OSTIARY_OK);
  tokens_.facts.now_s = kNow + 600;
  EXPECT_EQ(reason(dpop(bound_, proof(bound_))), OSTIARY_TOKEN_EXPIRED);
}

TEST_F(CapiSender, ACertificateIsTheOtherWay) {
  const std::string certificate = sha256("a certificate");
  const std::string token = Tokens::es256(claims_with(R"("cnf":{"x5t#S256":")" + base64url(certificate) + R"("})"));
  const std::string fields = "Authorization: Bearer " + token + "\r\n";
  EXPECT_EQ(reason(fields), OSTIARY_CERTIFICATE_MISSING);
  sender_.certificate_sha256 = bytes(certificate);
  EXPECT_EQ(reason(fields), OSTIARY_OK);
  const std::string other = sha256("another");
  sender_.certificate_sha256 = bytes(other);
  EXPECT_EQ(reason(fields), OSTIARY_CERTIFICATE_BINDING);
  sender_.certificate_sha256 = kDangling;
  EXPECT_EQ(reason(fields), OSTIARY_USAGE_ARGUMENT);
}

TEST_F(CapiSender, AProofIsForOnePlace) {
  const std::string fields = dpop(bound_, proof(bound_));
  sender_.authority = bytes("other.example");
  EXPECT_EQ(reason(fields), OSTIARY_DPOP_URI);
  sender_.authority = kNone;
  sender_.scheme = OSTIARY_SCHEME_HTTP;
  EXPECT_EQ(reason(fields), OSTIARY_DPOP_URI);
  sender_.scheme = OSTIARY_SCHEME_UNKNOWN;  // nobody tells it
  EXPECT_EQ(reason(fields), OSTIARY_USAGE_ARGUMENT);
  sender_.scheme = 3;
  EXPECT_EQ(reason(fields), OSTIARY_USAGE_ARGUMENT);
  sender_.scheme = OSTIARY_SCHEME_HTTPS;
  sender_.reserved = 1;
  EXPECT_EQ(reason(fields), OSTIARY_USAGE_UNKNOWN_OPTION);
}

TEST_F(CapiSender, AProofIsUsedOnce) {
  ostiary_replay_memory* made = nullptr;
  ASSERT_EQ(ostiary_replay_memory_new(100, bytes(kSecret), 0, &made, nullptr), OSTIARY_OK);
  const Replay replay(made);
  EXPECT_GE(ostiary_replay_memory_capacity(made), 100U);
  options_.flags = 0;
  options_.replay = made;
  EXPECT_EQ(reason(dpop(bound_, proof(bound_))), OSTIARY_OK);
  EXPECT_EQ(reason(dpop(bound_, proof(bound_))), OSTIARY_DPOP_REPLAY);
}

TEST_F(CapiSender, AStoreOfTheCallerIsAsked) {
  struct Store {
    ostiary_replay_answer answer = OSTIARY_REPLAY_FRESH;
    std::string id;
    std::int64_t refused_from_s = 0;
  } store;
  options_.flags = 0;
  options_.record_user = &store;
  options_.record = [](const ostiary_proof_use* use, void* user) {
    auto& asked = *static_cast<Store*>(user);
    asked.id = text(use->id);
    asked.refused_from_s = use->refused_from_s;
    return asked.answer;
  };
  EXPECT_EQ(reason(dpop(bound_, proof(bound_))), OSTIARY_OK);
  EXPECT_EQ(store.id, "1");
  EXPECT_EQ(store.refused_from_s, kNow + 66);
  store.answer = OSTIARY_REPLAY_SEEN;
  EXPECT_EQ(reason(dpop(bound_, proof(bound_))), OSTIARY_DPOP_REPLAY);
  for (const ostiary_replay_answer answer : {OSTIARY_REPLAY_UNKNOWN, 3, -1}) {
    store.answer = answer;
    EXPECT_EQ(reason(dpop(bound_, proof(bound_))), OSTIARY_DPOP_REPLAY_UNKNOWN);
  }
}

TEST_F(CapiSender, NoncesAreHandedOutInAChallenge) {
  ostiary_dpop_nonces* made = nullptr;
  ASSERT_EQ(ostiary_dpop_nonces_new(bytes(kSecret), 60, &made, nullptr), OSTIARY_OK);
  const Nonces nonces(made);
  options_.nonces = made;
  ASSERT_EQ(reason(dpop(bound_, proof(bound_))), OSTIARY_DPOP_NONCE);
  std::array<char, OSTIARY_CHALLENGE_SIZE_MAX> memory{};
  ostiary_bytes challenge = kNone;
  ASSERT_EQ(ostiary_sender_policy_challenge(policy_.get(), *inspected_, OSTIARY_DPOP_NONCE, memory.data(),
                                            memory.size(), &challenge, nullptr),
            OSTIARY_OK);
  EXPECT_NE(text(challenge).find(R"(error="use_dpop_nonce")"), std::string::npos) << text(challenge);
  std::array<char, OSTIARY_DPOP_NONCE_SIZE> room{};
  ostiary_bytes nonce = kNone;
  ASSERT_EQ(ostiary_dpop_nonces_write(made, kNow, room.data(), room.size(), &nonce, nullptr), OSTIARY_OK);
  EXPECT_EQ(reason(dpop(bound_, proof(bound_, R"(,"nonce":")" + text(nonce) + "\""))), OSTIARY_OK);

  ASSERT_EQ(ostiary_sender_policy_challenge(policy_.get(), nullptr, OSTIARY_DPOP_REPLAY_UNKNOWN, memory.data(),
                                            memory.size(), &challenge, nullptr),
            OSTIARY_OK);
  EXPECT_EQ(challenge.data, nullptr);  // 503
  EXPECT_EQ(ostiary_sender_policy_challenge(policy_.get(), nullptr, OSTIARY_DPOP_NONCE, memory.data(), 10, &challenge,
                                            nullptr),
            OSTIARY_USAGE_SCRATCH_TOO_SMALL);
  EXPECT_EQ(ostiary_dpop_nonces_write(made, kNow, room.data(), 42, &nonce, nullptr), OSTIARY_USAGE_SCRATCH_TOO_SMALL);
  EXPECT_EQ(ostiary_dpop_nonces_write(nullptr, kNow, room.data(), 43, &nonce, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST_F(CapiSender, PoliciesThatAskNothingAreRefused) {
  const auto refused = [this](auto change) {
    ostiary_sender_options options = options_;
    change(options);
    ostiary_sender_policy* out = nullptr;
    const ostiary_reason reason = ostiary_sender_policy_new(&options, &out, nullptr);
    EXPECT_EQ(out, nullptr);
    return reason;
  };
  const ostiary_bytes symmetric = bytes("HS256");
  EXPECT_EQ(refused([](auto& o) { o.flags = 0; }), OSTIARY_USAGE_ARGUMENT);  // nobody remembers proofs
  EXPECT_EQ(refused([](auto& o) { o.flags = 3; }), OSTIARY_USAGE_UNKNOWN_OPTION);
  EXPECT_EQ(refused([](auto& o) { o.algorithm_count = 0; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([&](auto& o) { o.algorithms = &symmetric; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.age_max_s = -1; }), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(refused([](auto& o) { o.clock_skew_s = 86401; }), OSTIARY_USAGE_ARGUMENT);
  ostiary_dpop_nonces* nonces = nullptr;
  EXPECT_EQ(ostiary_dpop_nonces_new(bytes("short"), 60, &nonces, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_dpop_nonces_new(bytes(kSecret), 0, &nonces, nullptr), OSTIARY_USAGE_ARGUMENT);
  ostiary_replay_memory* replay = nullptr;
  EXPECT_EQ(ostiary_replay_memory_new(0, bytes(kSecret), 0, &replay, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_replay_memory_new(1, kNone, 0, &replay, nullptr), OSTIARY_USAGE_ARGUMENT);
  const Inspected nothing;
  EXPECT_EQ(reason(""), OSTIARY_CREDENTIAL_MISSING);
  EXPECT_EQ(ostiary_verifier_verify_request(verifier_.get(), policy_.get(), nothing, &tokens_.facts, nullptr,
                                            tokens_.identity.get(), nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_verifier_verify_request(verifier_.get(), nullptr, *inspected_, &tokens_.facts, nullptr,
                                            tokens_.identity.get(), nullptr),
            OSTIARY_USAGE_ARGUMENT);
}

}  // namespace
}  // namespace ostiary_c
