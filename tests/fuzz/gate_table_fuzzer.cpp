// Any bytes as a table of tests: errors with a place, or results that come out the same again.
#include <ostiary/policy/gate_test.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

constexpr std::string_view kGate = R"({
  "gate": 1, "name": "door",
  "issuers": {
    "idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"], "required_claims": {"use": "a"}},
    "bots": {"issuer": "https://m.example", "audiences": ["b"], "algorithms": ["RS256"], "profile": "access_token",
             "audience_claim": "client_id", "age_max_s": 60}
  },
  "claims": {"tier": "text", "level": "integer", "groups": "text_set"},
  "headers": ["x-region"], "networks": {"office": ["192.0.2.0/25"]}, "flags": ["beta"],
  "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
  "identity_headers": {"x-user": {"claim": "sub"}},
  "routes": [
    {"id": "a", "hosts": ["h.example"], "methods": ["GET", "PUT"], "path": "/a/*", "origin": "o", "rewrite": "/b/{2}"},
    {"id": "own", "hosts": ["*.h.example"], "methods": ["GET"], "path": "/own/{sub}/**", "origin": "o", "role": "required"}
  ],
  "rules": [
    {"id": "gold", "effect": "allow", "routes": ["*"], "identity": {"claims": {"tier": {"prefix": ["go"]}}}},
    {"id": "ops", "effect": "deny", "routes": ["a"], "identity": {"claims": {"groups": {"has_all": ["x", "y"]}}}},
    {"id": "office", "effect": "allow", "routes": ["a"], "public": true, "flags": {"beta": true},
     "request": {"client": {"in": ["office"]}, "headers": {"x-region": {"present": true}}, "query": {"q": {"equals": "1"}}}}
  ],
  "roles": [{"id": "m", "routes": ["own"], "identity": {"scopes": {"all": ["r", "w"]}},
             "role_arn": "arn:aws:iam::000000000000:role/r", "session_name": {"claim": "sub"}}]
})";

void check(const ostiary::GateTestReport& report) {
  if (!report.gate_errors.empty()) __builtin_trap();
  if (report.table_errors.empty() == report.results.empty()) __builtin_trap();
  for (const ostiary::GateError& error : report.table_errors) {
    if (error.line == 0 || error.column == 0 || error.message.empty()) __builtin_trap();
  }
  const ostiary::GateCoverage& coverage = report.coverage;
  if (coverage.total - coverage.shown != coverage.uncovered.size()) __builtin_trap();
  const ostiary::GateMutation& mutation = report.mutation;
  if (mutation.done != report.passed()) __builtin_trap();
  if (mutation.tried - mutation.killed != mutation.survivors.size()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view table(reinterpret_cast<const char*>(data), size);
  const ostiary::GateTestOptions options{.mutants = true, .mutants_max = 3};
  const ostiary::GateTestReport report = ostiary::test_gate(kGate, table, options);
  check(report);
  if (gate_test_json(report) != gate_test_json(ostiary::test_gate(kGate, table, options))) __builtin_trap();
  static_cast<void>(ostiary::gate_named_by_table(table));
  return 0;
}
