// The C interface as a caller sees it: nothing but ostiary.h is included from the library.
#include "support/shop.hpp"

#include <ostiary.h>

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using ostiary::test::read_shop;
using ostiary::test::shop_cases;

ostiary_bytes bytes(std::string_view text) { return {text.data(), text.size()}; }
std::string text(ostiary_bytes view) { return view.data == nullptr ? "<absent>" : std::string(view.data, view.len); }
constexpr ostiary_bytes kDangling{nullptr, 5};

ostiary_gate* shop_gate() {
  ostiary_gate* gate = nullptr;
  EXPECT_EQ(ostiary_gate_from_json(bytes(read_shop("gate.json")), &gate, nullptr), OSTIARY_OK);
  return gate;
}

ostiary_key_set* shop_keys() {
  ostiary_key_set* keys = nullptr;
  EXPECT_EQ(ostiary_key_set_from_jwks(bytes(read_shop("keys.json")), &keys, nullptr), OSTIARY_OK);
  return keys;
}

ostiary_engine* shop_engine() {
  ostiary_gate* gate = shop_gate();
  ostiary_key_set* keys = shop_keys();
  const ostiary_issuer_keys issuer{bytes("shop-id"), keys};
  ostiary_engine* engine = nullptr;
  EXPECT_EQ(ostiary_engine_new(gate, &issuer, 1, &engine, nullptr), OSTIARY_OK);
  ostiary_key_set_unref(keys);  // an engine outlives what it was made from
  ostiary_gate_unref(gate);
  return engine;
}

ostiary_facts shop_facts() {
  ostiary_facts facts = OSTIARY_FACTS_INIT;
  facts.now_s = shop_cases()["now"].get<std::int64_t>();
  facts.peer = bytes("203.0.113.7");
  return facts;
}

struct Handles {
  Handles() {
    EXPECT_EQ(ostiary_decision_new(&decision, nullptr), OSTIARY_OK);
    EXPECT_EQ(ostiary_inspection_new(&inspection, nullptr), OSTIARY_OK);
    EXPECT_EQ(ostiary_identity_new(&identity, nullptr), OSTIARY_OK);
  }
  ~Handles() {
    ostiary_decision_free(decision);
    ostiary_inspection_free(inspection);
    ostiary_identity_free(identity);
    ostiary_engine_unref(engine);
  }
  ostiary_engine* engine = shop_engine();
  ostiary_decision* decision = nullptr;
  ostiary_inspection* inspection = nullptr;
  ostiary_identity* identity = nullptr;
};

TEST(CApi, SpeaksItsVersion) {
  EXPECT_GE(ostiary_abi_version(), static_cast<std::uint32_t>(OSTIARY_ABI_VERSION));
  EXPECT_STREQ(ostiary_version_string(), "0.1.0");
}

TEST(CApi, ListsEveryReason) {
  ostiary_reason previous = -1;
  for (size_t i = 0; i < ostiary_reason_count(); ++i) {
    ostiary_reason_info at;
    ostiary_reason_info found;
    ASSERT_EQ(ostiary_reason_at(i, &at), OSTIARY_OK);
    EXPECT_GT(at.reason, previous);
    previous = at.reason;
    ASSERT_EQ(ostiary_reason_find(at.reason, &found), OSTIARY_OK);
    EXPECT_EQ(text(found.name), text(at.name));
    EXPECT_FALSE(text(at.reason_class).empty());
    EXPECT_FALSE(text(at.text).empty());
  }
  ostiary_reason_info info;
  EXPECT_EQ(ostiary_reason_at(ostiary_reason_count(), &info), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(info.name.data, nullptr);
  EXPECT_EQ(ostiary_reason_find(999, &info), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_reason_find(0, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CApi, DecidesOverBytesAndOverFieldsAlike) {
  Handles h;
  const ostiary_facts facts = shop_facts();
  const std::string token = "Bearer " + read_shop("tokens/gold-rs256.jwt");
  const std::string head =
      "GET /orders?page=2 HTTP/1.1\r\nhost: api.shop.example\r\nauthorization: " + token + "\r\n\r\n";
  ASSERT_EQ(ostiary_engine_decide_bytes(h.engine, bytes(head), &facts, h.decision, nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_decision_effect(h.decision), OSTIARY_EFFECT_ALLOW);
  EXPECT_EQ(text(ostiary_decision_route(h.decision)), "orders-list");
  EXPECT_EQ(text(ostiary_decision_origin(h.decision)), "orders");
  EXPECT_EQ(ostiary_decision_http_status(h.decision), 200U);
  const std::string image = text(ostiary_decision_image(h.decision));
  ASSERT_GT(ostiary_decision_header_count(h.decision), 3U);
  EXPECT_EQ(ostiary_decision_header_at(h.decision, 0).kind, OSTIARY_HEADER_REMOVE);
  EXPECT_EQ(ostiary_decision_header_at(h.decision, 0).value.data, nullptr);
  EXPECT_EQ(ostiary_decision_header_at(h.decision, 99).kind, 0);

  const ostiary_field fields[] = {{bytes("authorization"), bytes(token)}};
  ostiary_head parsed = OSTIARY_HEAD_INIT;
  parsed.method = bytes("GET");
  parsed.authority = bytes("api.shop.example");
  parsed.target = bytes("/orders?page=2");
  parsed.fields = fields;
  parsed.field_count = 1;
  ASSERT_EQ(ostiary_engine_decide_fields(h.engine, &parsed, &facts, h.decision, nullptr), OSTIARY_OK);
  EXPECT_EQ(text(ostiary_decision_image(h.decision)), image);
}

TEST(CApi, InspectsBytes) {
  Handles h;
  const std::string head = "PUT /a/%7euser?x=1 HTTP/1.1\r\nHost: API.example:8443\r\nContent-Length: 5\r\n\r\nhello";
  ASSERT_EQ(ostiary_inspect_bytes(h.inspection, bytes(head), nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_progress(h.inspection), OSTIARY_PROGRESS_COMPLETE);
  EXPECT_EQ(ostiary_inspection_verdict(h.inspection).reason, OSTIARY_OK);
  EXPECT_EQ(text(ostiary_inspection_method(h.inspection)), "PUT");
  EXPECT_EQ(text(ostiary_inspection_target(h.inspection)), "/a/%7euser?x=1");
  EXPECT_EQ(text(ostiary_inspection_path(h.inspection)), "/a/~user");
  EXPECT_EQ(text(ostiary_inspection_query(h.inspection)), "x=1");
  EXPECT_EQ(text(ostiary_inspection_host(h.inspection)), "api.example");
  EXPECT_EQ(ostiary_inspection_port(h.inspection), 8443U);
  EXPECT_EQ(ostiary_inspection_version_minor(h.inspection), 1U);
  EXPECT_EQ(ostiary_inspection_framing(h.inspection), OSTIARY_FRAMING_CONTENT_LENGTH);
  EXPECT_EQ(ostiary_inspection_content_length(h.inspection), 5U);
  EXPECT_EQ(ostiary_inspection_head_size(h.inspection), head.size() - 5);
  ASSERT_EQ(ostiary_inspection_field_count(h.inspection), 2U);
  EXPECT_EQ(text(ostiary_inspection_field_at(h.inspection, 1).name), "Content-Length");
  EXPECT_EQ(text(ostiary_inspection_field_at(h.inspection, 1).value), "5");
  EXPECT_EQ(ostiary_inspection_field_at(h.inspection, 2).name.data, nullptr);
  ASSERT_EQ(ostiary_inspection_finding_count(h.inspection), 1U);
  EXPECT_EQ(ostiary_inspection_finding_at(h.inspection, 0).reason, OSTIARY_PATH_NORMALISED_ESCAPE);
  EXPECT_EQ(ostiary_inspection_finding_at(h.inspection, 0).disposition, OSTIARY_DISPOSITION_SHAPE);

  ASSERT_EQ(ostiary_inspect_bytes(h.inspection, bytes("GET / HTTP/1.1\n"), nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_progress(h.inspection), OSTIARY_PROGRESS_REJECTED);
  EXPECT_EQ(ostiary_inspection_verdict(h.inspection).reason, OSTIARY_HEAD_BARE_LF);
  EXPECT_EQ(ostiary_inspection_verdict(h.inspection).offset, 14U);
  EXPECT_EQ(ostiary_inspection_path(h.inspection).data, nullptr);
  EXPECT_EQ(ostiary_inspection_field_count(h.inspection), 0U);
  ASSERT_EQ(ostiary_inspect_bytes(h.inspection, {nullptr, 0}, nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_inspection_progress(h.inspection), OSTIARY_PROGRESS_NEED_MORE);
}

ostiary_reason make_verifier(std::string_view issuer, std::vector<ostiary_bytes> audiences,
                             std::vector<ostiary_bytes> algorithms, std::int64_t skew, ostiary_verifier** out) {
  ostiary_key_set* keys = shop_keys();
  ostiary_verifier_options options = OSTIARY_VERIFIER_OPTIONS_INIT;
  options.issuer = bytes(issuer);
  options.audiences = audiences.data();
  options.audience_count = audiences.size();
  options.algorithms = algorithms.data();
  options.algorithm_count = algorithms.size();
  options.clock_skew_s = skew;
  const ostiary_reason made = ostiary_verifier_new(&options, keys, out, nullptr);
  ostiary_key_set_unref(keys);
  return made;
}

TEST(CApi, VerifiesTokensAndEmptiesTheIdentityOnRefusal) {
  Handles h;
  const std::int64_t now = shop_facts().now_s;
  ostiary_verifier* verifier = nullptr;
  ASSERT_EQ(make_verifier("https://id.shop.example", {bytes("https://api.shop.example")},
                          {bytes("RS256"), bytes("ES256")}, 0, &verifier),
            OSTIARY_OK);
  const std::string token = read_shop("tokens/gold-rs256.jwt");
  ASSERT_EQ(ostiary_verifier_verify(verifier, bytes(token), now, h.identity, nullptr), OSTIARY_OK);
  const auto claims = nlohmann::json::parse(text(ostiary_identity_claims_json(h.identity)));
  EXPECT_EQ(text(ostiary_identity_text_claim(h.identity, bytes("sub"))), claims["sub"].get<std::string>());
  EXPECT_EQ(text(ostiary_identity_text_claim(h.identity, bytes("exp"))), "<absent>");
  EXPECT_GT(ostiary_identity_image(h.identity).len, 0U);

  std::string tampered = token;
  tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
  ostiary_error error = OSTIARY_ERROR_INIT;
  const ostiary_reason refused = ostiary_verifier_verify(verifier, bytes(tampered), now, h.identity, &error);
  EXPECT_EQ(refused / 1000, 2);
  EXPECT_EQ(error.reason, refused);
  EXPECT_EQ(std::string(error.message).find(tampered.substr(0, 8)), std::string::npos);
  EXPECT_EQ(ostiary_identity_claims_json(h.identity).data, nullptr);
  EXPECT_EQ(text(ostiary_identity_text_claim(h.identity, bytes("sub"))), "<absent>");
  EXPECT_EQ(ostiary_verifier_verify(verifier, bytes(read_shop("tokens/partner-eddsa.jwt")), now, h.identity, nullptr),
            OSTIARY_TOKEN_ALGORITHM_REFUSED);
  ostiary_verifier_unref(ostiary_verifier_ref(verifier));
  ostiary_verifier_unref(verifier);
}

TEST(CApi, RefusesAVerifierThatWouldDemandNothing) {
  ostiary_verifier* verifier = reinterpret_cast<ostiary_verifier*>(1);
  const ostiary_bytes audience = bytes("a");
  const ostiary_bytes algorithm = bytes("RS256");
  EXPECT_EQ(make_verifier("", {audience}, {algorithm}, 0, &verifier), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(verifier, nullptr);
  EXPECT_EQ(make_verifier("i", {}, {algorithm}, 0, &verifier), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(make_verifier("i", {bytes("")}, {algorithm}, 0, &verifier), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(make_verifier("i", {audience}, {}, 0, &verifier), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(make_verifier("i", {audience}, {bytes("none")}, 0, &verifier), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(make_verifier("i", {audience}, {algorithm}, 301, &verifier), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(make_verifier("i", {audience}, {algorithm}, -1, &verifier), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(verifier, nullptr);
}

TEST(CApi, ABrokenGateNamesLineAndColumn) {
  ostiary_gate* gate = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  EXPECT_EQ(ostiary_gate_from_json(bytes("{\n  \"gate\": 1,\n  \"rulez\": []}"), &gate, &error),
            OSTIARY_GATE_MISSING_MEMBER);
  EXPECT_EQ(gate, nullptr);
  EXPECT_EQ(error.line, 1U);
  EXPECT_EQ(error.column, 1U);
  EXPECT_EQ(error.count, 5U);
  EXPECT_NE(std::string(error.message).find("name"), std::string::npos);
}

TEST(CApi, AnImageMakesTheSameGate) {
  ostiary_gate* gate = shop_gate();
  ostiary_gate* copy = nullptr;
  ASSERT_EQ(ostiary_gate_from_image(ostiary_gate_image(gate), &copy, nullptr), OSTIARY_OK);
  EXPECT_EQ(text(ostiary_gate_image(copy)), text(ostiary_gate_image(gate)));
  EXPECT_EQ(text(ostiary_gate_name(copy)), "shop");
  ASSERT_EQ(ostiary_gate_issuer_count(copy), 1U);
  EXPECT_EQ(text(ostiary_gate_issuer_id_at(copy, 0)), "shop-id");
  EXPECT_EQ(ostiary_gate_issuer_id_at(copy, 1).data, nullptr);
  ostiary_gate* damaged = copy;
  std::string image = text(ostiary_gate_image(gate));
  image.back() = static_cast<char>(image.back() ^ 1);
  EXPECT_EQ(ostiary_gate_from_image(bytes(image), &damaged, nullptr), OSTIARY_IMAGE_DAMAGED);
  EXPECT_EQ(damaged, nullptr);
  ostiary_gate_unref(copy);
  ostiary_gate_unref(gate);
}

TEST(CApi, AGateIsTestedWithATable) {
  const std::string gate = read_shop("gate.json");
  const std::string table = read_shop("gate-tests.json");
  ostiary_report* report = nullptr;
  ASSERT_EQ(ostiary_gate_test(bytes(gate), bytes(table), nullptr, &report, nullptr), OSTIARY_OK);
  auto document = nlohmann::json::parse(text(ostiary_report_text(report)));
  ostiary_report_free(report);
  EXPECT_EQ(document["passed"], true);
  EXPECT_EQ(document["results"].size(), nlohmann::json::parse(table)["tests"].size());
  EXPECT_EQ(document["mutants"]["done"], false);

  ostiary_gate_test_options options = OSTIARY_GATE_TEST_OPTIONS_INIT;
  options.flags = OSTIARY_GATE_TEST_MUTANTS;
  options.mutants_max = 3;
  ASSERT_EQ(ostiary_gate_test(bytes(gate), bytes(table), &options, &report, nullptr), OSTIARY_OK);
  document = nlohmann::json::parse(text(ostiary_report_text(report)));
  ostiary_report_free(report);
  EXPECT_EQ(document["mutants"]["tried"], 3);

  const std::string none = "{}";
  ASSERT_EQ(ostiary_gate_test(bytes(gate), bytes(none), nullptr, &report, nullptr), OSTIARY_OK);
  document = nlohmann::json::parse(text(ostiary_report_text(report)));
  ostiary_report_free(report);
  EXPECT_EQ(document["passed"], false);
  EXPECT_EQ(document["table_errors"][0]["reason"]["name"], "GATE_MISSING_MEMBER");

  options.flags = 2;
  EXPECT_EQ(ostiary_gate_test(bytes(gate), bytes(table), &options, &report, nullptr), OSTIARY_USAGE_UNKNOWN_OPTION);
  EXPECT_EQ(report, nullptr);
  options = OSTIARY_GATE_TEST_OPTIONS_INIT;
  options.reserved = 1;
  EXPECT_EQ(ostiary_gate_test(bytes(gate), bytes(table), &options, &report, nullptr), OSTIARY_USAGE_UNKNOWN_OPTION);
  options.struct_size = 8;
  EXPECT_EQ(ostiary_gate_test(bytes(gate), bytes(table), &options, &report, nullptr), OSTIARY_USAGE_STRUCT_SIZE);
  EXPECT_EQ(ostiary_gate_test({nullptr, 1}, bytes(table), nullptr, &report, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_gate_test(bytes(gate), bytes(table), nullptr, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
}

TEST(CApi, AGateIsReportedAsTextAndAsJson) {
  ostiary_gate* gate = shop_gate();
  ostiary_report* report = nullptr;
  ASSERT_EQ(ostiary_gate_report(gate, OSTIARY_REPORT_JSON, &report, nullptr), OSTIARY_OK);
  const auto document = nlohmann::json::parse(text(ostiary_report_text(report)));
  EXPECT_EQ(document["gate"], "shop");
  EXPECT_EQ(document["routes"].size(), nlohmann::json::parse(read_shop("gate.json"))["routes"].size());
  ostiary_report_free(report);
  ASSERT_EQ(ostiary_gate_report(gate, OSTIARY_REPORT_TEXT, &report, nullptr), OSTIARY_OK);
  EXPECT_NE(text(ostiary_report_text(report)).find("finance-exports"), std::string::npos);
  ostiary_report_free(report);
  EXPECT_EQ(ostiary_gate_report(gate, 3, &report, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(report, nullptr);
  EXPECT_EQ(ostiary_gate_report(nullptr, OSTIARY_REPORT_TEXT, &report, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_gate_report(gate, OSTIARY_REPORT_TEXT, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_report_text(nullptr).data, nullptr);
  ostiary_report_free(nullptr);
  ostiary_gate_unref(gate);
}

TEST(CApi, ADecisionIsExplainedWithPlacesInTheSource) {
  const Handles h;
  const ostiary_facts facts = shop_facts();
  const std::string source = read_shop("gate.json");
  const ostiary_bytes head = bytes("GET /orders HTTP/1.1\r\nHost: api.shop.example\r\n\r\n");
  ostiary_report* report = nullptr;
  ASSERT_EQ(ostiary_engine_explain_bytes(h.engine, head, &facts, bytes(source), OSTIARY_REPORT_JSON, &report, nullptr),
            OSTIARY_OK);
  const std::string explained = text(ostiary_report_text(report));
  const auto document = nlohmann::json::parse(explained);
  EXPECT_EQ(document["decision"]["reason"]["number"], OSTIARY_CREDENTIAL_MISSING);
  EXPECT_EQ(document["rules"][0]["place"]["pointer"].get<std::string>().substr(0, 7), "/rules/");
  ostiary_report_free(report);

  ostiary_head parsed = OSTIARY_HEAD_INIT;
  parsed.method = bytes("GET");
  parsed.authority = bytes("api.shop.example");
  parsed.target = bytes("/orders");
  ASSERT_EQ(
      ostiary_engine_explain_fields(h.engine, &parsed, &facts, {nullptr, 0}, OSTIARY_REPORT_TEXT, &report, nullptr),
      OSTIARY_OK);
  EXPECT_NE(text(ostiary_report_text(report)).find("CREDENTIAL_MISSING"), std::string::npos);
  ostiary_report_free(report);

  ostiary_error error = OSTIARY_ERROR_INIT;
  EXPECT_EQ(ostiary_engine_explain_bytes(h.engine, head, &facts, bytes("{"), OSTIARY_REPORT_TEXT, &report, &error),
            OSTIARY_GATE_JSON);
  EXPECT_EQ(report, nullptr);
  EXPECT_EQ(ostiary_engine_explain_bytes(nullptr, head, &facts, {nullptr, 0}, OSTIARY_REPORT_TEXT, &report, nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_explain_bytes(h.engine, head, &facts, {nullptr, 0}, 0, &report, nullptr),
            OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(
      ostiary_engine_explain_bytes(h.engine, kDangling, &facts, {nullptr, 0}, OSTIARY_REPORT_TEXT, &report, nullptr),
      OSTIARY_USAGE_ARGUMENT);
}

TEST(CApi, AGateTellsWhatItsRoutesWaive) {
  ostiary_gate* gate = shop_gate();
  EXPECT_EQ(ostiary_gate_waived_count(gate), 0U);
  EXPECT_EQ(ostiary_gate_waived_at(gate, 0), OSTIARY_OK);
  ostiary_gate_unref(gate);
  auto source = nlohmann::json::parse(read_shop("gate.json"));
  source["routes"][0]["waive"] = {"UPGRADE_REFUSED", "PATH_UTF8"};
  ostiary_error error = OSTIARY_ERROR_INIT;
  ASSERT_EQ(ostiary_gate_from_json(bytes(source.dump()), &gate, &error), OSTIARY_OK) << error.message;
  ASSERT_EQ(ostiary_gate_waived_count(gate), 2U);
  EXPECT_EQ(ostiary_gate_waived_at(gate, 0), OSTIARY_PATH_UTF8);
  EXPECT_EQ(ostiary_gate_waived_at(gate, 1), OSTIARY_UPGRADE_REFUSED);
  EXPECT_EQ(ostiary_gate_waived_at(gate, 2), OSTIARY_OK);
  ostiary_gate_unref(gate);
  EXPECT_EQ(ostiary_gate_waived_count(nullptr), 0U);
  EXPECT_EQ(ostiary_gate_waived_at(nullptr, 0), OSTIARY_OK);
}

TEST(CApi, KeySetsTellWhatWasSkipped) {
  ostiary_key_set* keys = nullptr;
  auto document = nlohmann::json::parse(read_shop("keys.json"));
  document["keys"].push_back({{"kty", "unheard-of"}});
  ASSERT_EQ(ostiary_key_set_from_jwks(bytes(document.dump()), &keys, nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_key_set_count(keys), 3U);
  ASSERT_EQ(ostiary_key_set_skipped_count(keys), 1U);
  EXPECT_EQ(ostiary_key_set_skipped_at(keys, 0), OSTIARY_KEY_TYPE);
  EXPECT_EQ(ostiary_key_set_skipped_at(keys, 1), OSTIARY_USAGE_ARGUMENT);
  ostiary_key_set_unref(ostiary_key_set_ref(keys));
  ostiary_key_set_unref(keys);
}

TEST(CApi, UnknownOptionsAreRefusedNotIgnored) {
  Handles h;
  struct {
    ostiary_facts known;
    std::uint64_t future;
  } facts = {shop_facts(), 0};
  const std::string head = read_shop("requests/001-curl-health.http");
  const auto decide = [&] {
    return ostiary_engine_decide_bytes(h.engine, bytes(head), &facts.known, h.decision, nullptr);
  };
  facts.known.struct_size = sizeof(facts);
  EXPECT_EQ(decide(), OSTIARY_OK);
  EXPECT_EQ(ostiary_decision_effect(h.decision), OSTIARY_EFFECT_ALLOW);
  facts.future = 1;
  EXPECT_EQ(decide(), OSTIARY_USAGE_UNKNOWN_OPTION);
  EXPECT_EQ(ostiary_decision_effect(h.decision), OSTIARY_EFFECT_DENY);
  facts.known = shop_facts();
  facts.known.flags = 1;
  EXPECT_EQ(decide(), OSTIARY_USAGE_UNKNOWN_OPTION);
  facts.known = shop_facts();
  facts.known.struct_size = offsetof(ostiary_facts, scheme);
  EXPECT_EQ(decide(), OSTIARY_OK);
  facts.known.struct_size = offsetof(ostiary_facts, scheme) - 1;
  EXPECT_EQ(decide(), OSTIARY_USAGE_STRUCT_SIZE);
  facts.known = shop_facts();
  facts.known.now_ns = 1'000'000'000;
  EXPECT_EQ(decide(), OSTIARY_USAGE_ARGUMENT);
  facts.known = shop_facts();
  facts.known.scheme = OSTIARY_SCHEME_HTTPS + 1;
  EXPECT_EQ(decide(), OSTIARY_USAGE_ARGUMENT);
  facts.known = shop_facts();
  facts.known.true_flag_count = 1;
  EXPECT_EQ(decide(), OSTIARY_USAGE_ARGUMENT);
  const ostiary_bytes flag = bytes("no-such-flag");
  facts.known.true_flags = &flag;
  EXPECT_EQ(decide(), OSTIARY_USAGE_FLAG);
  EXPECT_EQ(ostiary_decision_effect(h.decision), OSTIARY_EFFECT_DENY);
  facts.known = shop_facts();
  facts.known.peer = bytes("nowhere");
  EXPECT_EQ(decide(), OSTIARY_USAGE_PEER);
  EXPECT_EQ(ostiary_decision_effect(h.decision), OSTIARY_EFFECT_DENY);
  EXPECT_EQ(ostiary_decision_reason(h.decision), OSTIARY_USAGE_PEER);
}

TEST(CApi, AFailedCallLeavesADenialBehind) {
  Handles h;
  const ostiary_facts facts = shop_facts();
  const std::string head = read_shop("requests/001-curl-health.http");
  const auto allow_first = [&] {
    ASSERT_EQ(ostiary_engine_decide_bytes(h.engine, bytes(head), &facts, h.decision, nullptr), OSTIARY_OK);
    ASSERT_EQ(ostiary_decision_effect(h.decision), OSTIARY_EFFECT_ALLOW);
  };
  const auto expect_denied = [&](ostiary_reason outcome) {
    EXPECT_NE(outcome, OSTIARY_OK);
    EXPECT_EQ(ostiary_decision_effect(h.decision), OSTIARY_EFFECT_DENY);
    EXPECT_EQ(ostiary_decision_reason(h.decision), OSTIARY_NOT_DECIDED);
    EXPECT_EQ(ostiary_decision_header_count(h.decision), 0U);
  };
  allow_first();
  expect_denied(ostiary_engine_decide_bytes(nullptr, bytes(head), &facts, h.decision, nullptr));
  allow_first();
  expect_denied(ostiary_engine_decide_bytes(h.engine, bytes(head), nullptr, h.decision, nullptr));
  allow_first();
  expect_denied(ostiary_engine_decide_bytes(h.engine, kDangling, &facts, h.decision, nullptr));
  allow_first();
  expect_denied(ostiary_engine_decide_fields(h.engine, nullptr, &facts, h.decision, nullptr));
  allow_first();
  ostiary_head parsed = OSTIARY_HEAD_INIT;
  parsed.field_count = 1;
  expect_denied(ostiary_engine_decide_fields(h.engine, &parsed, &facts, h.decision, nullptr));
}

TEST(CApi, NullIsAnErrorOrNothingEverywhere) {
  Handles h;
  const ostiary_facts facts = shop_facts();
  EXPECT_EQ(ostiary_inspection_new(nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_identity_new(nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_decision_new(nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_gate_from_json({nullptr, 0}, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_gate_from_image({nullptr, 0}, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_key_set_from_jwks({nullptr, 0}, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_verifier_new(nullptr, nullptr, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_new(nullptr, nullptr, 0, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);

  ostiary_gate* gate = nullptr;
  EXPECT_EQ(ostiary_gate_from_json(kDangling, &gate, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_gate_from_json({nullptr, 0}, &gate, nullptr), OSTIARY_GATE_JSON);
  EXPECT_EQ(ostiary_gate_from_image({nullptr, 0}, &gate, nullptr), OSTIARY_IMAGE_FORMAT);
  EXPECT_EQ(ostiary_gate_from_image(kDangling, &gate, nullptr), OSTIARY_USAGE_ARGUMENT);
  ostiary_key_set* keys = nullptr;
  EXPECT_EQ(ostiary_key_set_from_jwks({nullptr, 0}, &keys, nullptr), OSTIARY_KEYS_JSON);
  EXPECT_EQ(ostiary_key_set_from_jwks(kDangling, &keys, nullptr), OSTIARY_USAGE_ARGUMENT);
  ostiary_verifier* verifier = nullptr;
  EXPECT_EQ(ostiary_verifier_new(nullptr, nullptr, &verifier, nullptr), OSTIARY_USAGE_ARGUMENT);
  ostiary_engine* engine = nullptr;
  EXPECT_EQ(ostiary_engine_new(nullptr, nullptr, 0, &engine, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspect_bytes(nullptr, {nullptr, 0}, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspect_bytes(h.inspection, kDangling, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_inspect_fields(h.inspection, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_verifier_verify(nullptr, {nullptr, 0}, 0, h.identity, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_verifier_verify(nullptr, {nullptr, 0}, 0, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_decide_bytes(h.engine, {nullptr, 0}, &facts, nullptr, nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_engine_decide_bytes(h.engine, {nullptr, 0}, &facts, h.decision, nullptr), OSTIARY_OK);
  EXPECT_EQ(ostiary_decision_reason(h.decision), OSTIARY_HEAD_EMPTY);

  EXPECT_EQ(ostiary_gate_ref(nullptr), nullptr);
  EXPECT_EQ(ostiary_key_set_ref(nullptr), nullptr);
  EXPECT_EQ(ostiary_verifier_ref(nullptr), nullptr);
  EXPECT_EQ(ostiary_engine_ref(nullptr), nullptr);
  ostiary_gate_unref(nullptr);
  ostiary_key_set_unref(nullptr);
  ostiary_verifier_unref(nullptr);
  ostiary_engine_unref(nullptr);
  ostiary_inspection_free(nullptr);
  ostiary_identity_free(nullptr);
  ostiary_decision_free(nullptr);
  EXPECT_EQ(ostiary_gate_image(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_gate_name(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_gate_issuer_count(nullptr), 0U);
  EXPECT_EQ(ostiary_key_set_count(nullptr), 0U);
  EXPECT_EQ(ostiary_key_set_skipped_count(nullptr), 0U);
  EXPECT_EQ(ostiary_inspection_progress(nullptr), OSTIARY_PROGRESS_REJECTED);
  EXPECT_EQ(ostiary_inspection_verdict(nullptr).disposition, OSTIARY_DISPOSITION_REJECT);
  EXPECT_EQ(ostiary_inspection_field_count(nullptr), 0U);
  EXPECT_EQ(ostiary_inspection_path(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_inspection_query(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_identity_claims_json(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_identity_image(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_identity_text_claim(nullptr, {nullptr, 0}).data, nullptr);
  EXPECT_EQ(ostiary_decision_effect(nullptr), OSTIARY_EFFECT_DENY);
  EXPECT_EQ(ostiary_decision_reason(nullptr), OSTIARY_USAGE_ARGUMENT);
  EXPECT_EQ(ostiary_decision_route(nullptr).data, nullptr);
  EXPECT_EQ(ostiary_decision_image(nullptr).data, nullptr);
}

TEST(CApi, TheFieldLimitHoldsWhateverCountIsClaimed) {
  Handles h;
  const ostiary_facts facts = shop_facts();
  std::vector<ostiary_field> fields(5000, {bytes("x-a"), bytes("b")});
  ostiary_head parsed = OSTIARY_HEAD_INIT;
  parsed.method = bytes("GET");
  parsed.authority = bytes("api.shop.example");
  parsed.target = bytes("/health");
  parsed.fields = fields.data();
  const auto reason_with = [&](size_t count) {
    parsed.field_count = count;
    EXPECT_EQ(ostiary_engine_decide_fields(h.engine, &parsed, &facts, h.decision, nullptr), OSTIARY_OK);
    return ostiary_decision_reason(h.decision);
  };
  EXPECT_EQ(reason_with(127), OSTIARY_ALLOWED);  // and the Host field made from the authority
  EXPECT_EQ(reason_with(128), OSTIARY_FIELD_TOO_MANY);
  EXPECT_EQ(reason_with(5000), OSTIARY_FIELD_TOO_MANY);
}

TEST(CApi, OneEngineServesManyThreads) {
  Handles h;
  const std::string head = read_shop("requests/001-curl-health.http");
  std::vector<std::thread> threads;
  std::vector<int> allowed(4, 0);
  for (int& count : allowed) {
    threads.emplace_back([&h, &head, &count] {
      ostiary_engine* engine = ostiary_engine_ref(h.engine);
      ostiary_decision* decision = nullptr;
      ostiary_facts facts = OSTIARY_FACTS_INIT;
      if (ostiary_decision_new(&decision, nullptr) != OSTIARY_OK) return;
      for (int i = 0; i < 500; ++i) {
        if (ostiary_engine_decide_bytes(engine, bytes(head), &facts, decision, nullptr) != OSTIARY_OK) break;
        count += ostiary_decision_effect(decision);
      }
      ostiary_decision_free(decision);
      ostiary_engine_unref(engine);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(allowed, std::vector<int>(4, 500));
}

}  // namespace
