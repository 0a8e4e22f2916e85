// Gates that somebody has widened by one small edit, each of them caught; and the edits undone, which are inside.
#include "property/analysis/case.hpp"

#include <ostiary/policy/analysis.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;

/// A member that an edit sets. The path is a JSON Pointer, with ids for numbers where elements have ids.
struct Edit {
  const char* path;
  const char* value;  ///< JSON; empty: the member is dropped
};

/// In which way a widened Gate is outside the one it was made of.
enum class Way {
  kWider,
  kOther,  ///< in the other direction as well: something was put in the place of something else
  kNoted,  ///< which tokens are taken: no request shows it
};

struct Widening {
  const char* what;
  const char* gate;  ///< of examples/, or "own"
  std::vector<Edit> edits;
  Way way = Way::kWider;
};

/// Has the conditions that the examples have not.
constexpr const char* kOwn = R"({
  "gate": 1, "name": "own",
  "issuers": {
    "one": {"issuer": "https://one.example", "audiences": ["api", "web"], "algorithms": ["RS256"]},
    "two": {"issuer": "https://two.example", "audiences": ["api"], "algorithms": ["RS256"], "clock_skew_s": 5}
  },
  "claims": {"tier": "text", "level": "integer", "staff": "boolean", "groups": "text_set"},
  "headers": ["x-tier"], "flags": ["beta", "closed"], "networks": {"lab": ["192.0.2.0/25"]},
  "origins": {"one": {"scheme": "http", "host": "one.example", "port": 1}},
  "routes": [
    {"id": "files", "hosts": ["a.example", "*.a.example"], "methods": ["GET", "PUT"], "path": "/files/**", "origin": "one"},
    {"id": "users", "hosts": ["a.example"], "methods": ["GET", "POST"], "path": "/users/*", "origin": "one"},
    {"id": "jobs", "hosts": ["a.example"], "methods": ["POST"], "path": "/jobs/*", "origin": "one"}
  ],
  "rules": [
    {"id": "read", "effect": "allow", "routes": ["files"], "public": true, "flags": {"beta": true},
     "request": {"methods": ["GET"], "schemes": ["https"], "hosts": ["*.a.example"], "paths": ["/files/*"],
                 "query": {"v": {"equals": "1"}}, "client": {"in": ["lab"]}},
     "time": {"from": "2027-01-15T08:00:00Z", "until": "2027-01-15T08:00:20Z"}},
    {"id": "write", "effect": "allow", "routes": ["files"],
     "request": {"methods": ["PUT"], "headers": {"x-tier": {"in": ["a", "b"]}}, "client": {"not_in": ["10.0.0.0/8"]}},
     "identity": {"issuers": ["one"], "audiences": ["web"], "scopes": {"any": ["write", "admin"], "none": ["guest"]},
                  "claims": {"tier": {"prefix": ["gold-"], "not_in": ["gold-trial", "gold-test"]}, "level": {"not_in": [0, 1]}}}},
    {"id": "self", "effect": "allow", "routes": ["users"], "request": {"paths": ["/users/{sub}"]},
     "identity": {"claims": {"staff": {"equals": true}, "groups": {"has_all": ["x", "y"], "has_none": ["z"]}, "jti": {"present": true}}}},
    {"id": "run", "effect": "allow", "routes": ["jobs"], "identity": {}},
    {"id": "closed", "effect": "deny", "routes": ["*"], "public": true, "flags": {"closed": true}},
    {"id": "no-guests", "effect": "deny", "routes": ["users", "jobs"], "identity": {"scopes": {"any": ["guest", "demo"]}}},
    {"id": "no-plain", "effect": "deny", "routes": ["jobs"], "request": {"schemes": ["http"]}, "public": true}
  ],
  "roles": [
    {"id": "runner", "routes": ["jobs"], "identity": {"issuers": ["one"], "claims": {"level": {"in": [3]}}},
     "role_arn": "arn:aws:iam::123456789012:role/runner", "session_name": {"claim": "sub"},
     "session_tags": {"team": {"text": "ops"}}, "duration_s": 900}
  ]
})";

const std::vector<Widening>& widenings() {
  static const std::vector<Widening> all = {
      {"one segment becomes many", "shop", {{"/routes/order-read/path", R"("/orders/**")"}}},
      {"a method more", "shop", {{"/routes/order-read/methods/-", R"("HEAD")"}}},
      {"a wildcard host more", "shop", {{"/routes/orders-list/hosts/-", R"("*.shop.example")"}}},
      {"a tier more", "shop", {{"/rules/customers-read/identity/claims/tier/in/-", R"("trial")"}}},
      {"any scope of three", "shop", {{"/rules/staff-read/identity/scopes/any/-", R"("orders:list")"}}},
      {"any group of three", "shop", {{"/rules/support-notes/identity/claims/groups/has_any/-", R"("interns")"}}},
      {"one group of two", "shop", {{"/rules/finance-exports/identity/claims/groups/has_all", R"(["finance"])"}}},
      {"any of the groups for all",
       "shop",
       {{"/rules/finance-exports/identity/claims/groups", R"({"has_any": ["finance", "audit"]})"}}},
      {"a level lower", "shop", {{"/rules/senior-staff-administer/identity/claims/level/in/-", "2"}}},
      {"no employee any more", "shop", {{"/rules/staff-delete/identity/claims", ""}}},
      {"a denial on fewer routes", "shop", {{"/rules/no-suspended/routes", R"(["catalog", "order-read", "admin"])"}}},
      {"a denial of both groups only",
       "shop",
       {{"/rules/leavers-stay-out/identity/claims/groups", R"({"has_all": ["leaving", "soon"]})"}}},
      {"a scope dropped", "shop", {{"/rules/customers-order/identity/scopes", ""}}},
      {"a client more", "shop", {{"/rules/partners-read/identity/claims/client_id/in/-", R"("partner-old")"}}},
      {"an absent claim may be there", "shop", {{"/rules/partners-read/identity/claims/tier", ""}}},
      {"an audience more", "shop", {{"/issuers/shop-id/audiences/-", R"("https://www.shop.example")"}}},
      {"an algorithm more", "shop", {{"/issuers/shop-id/algorithms/-", R"("PS256")"}}, Way::kNoted},
      {"a clock that is wrong", "shop", {{"/issuers/shop-id/clock_skew_s", "60"}}, Way::kNoted},
      {"older tokens", "okta-api", {{"/issuers/okta/age_max_s", "7200"}}},
      {"tokens of any age", "okta-api", {{"/issuers/okta/age_max_s", ""}}},
      {"older tokens that write", "okta-api", {{"/rules/people-create/identity/token_age_max_s", "301"}}},
      {"any of the groups for both",
       "okta-api",
       {{"/rules/managers-void/identity/claims/groups", R"({"has_any": ["billing", "managers"]})"}}},
      {"any of the scopes for all",
       "okta-api",
       {{"/rules/people-create/identity/scopes", R"({"any": ["invoices.read", "invoices.write"]})"}}},
      {"users of the nightly run", "okta-api", {{"/rules/nightly-run-creates/identity/claims/uid", ""}}},
      {"another program",
       "okta-api",
       {{"/rules/nightly-run-creates/identity/claims/cid", R"({"in": ["0oa1nightly", "0oa2daily"]})"}}},
      {"a denial with a method",
       "okta-api",
       {{"/rules/suspended-stay-out/request", R"({"methods": ["GET", "POST"]})"}}},
      {"a denial gone", "okta-api", {{"/rules/suspended-stay-out", ""}}},
      {"reports in folders", "okta-api", {{"/routes/report-page/path", R"("/reports/**")"}}},
      {"any tenant reads", "tenants", {{"/routes/tenant-read/path", R"("/t/*/**")"}}},
      {"another claim in the path", "tenants", {{"/routes/tenant-write/path", R"("/t/{sub}/**")"}}, Way::kOther},
      {"a block wider by a bit", "tenants", {{"/networks/office/0", R"("198.51.100.0/23")"}}},
      {"an IPv6 block wider by a bit", "tenants", {{"/networks/office/1", R"("2001:db8::/55")"}}},
      {"it ends later", "tenants", {{"/rules/support-looks/expires", R"("2026-07-01T00:00:01Z")"}}},
      {"it never ends", "tenants", {{"/rules/support-looks/expires", ""}}},
      {"no ticket", "tenants", {{"/rules/support-looks/request/headers", ""}}},
      {"support with a tenant", "tenants", {{"/rules/support-looks/identity/claims/tenant", ""}}},
      {"any role reads", "tenants", {{"/rules/members-read/identity/claims", ""}}},
      {"without a plan", "tenants", {{"/rules/paying-members-write/identity/claims/plan", ""}}},
      {"maintenance that lets PUT through",
       "tenants",
       {{"/rules/nothing-changes-in-maintenance/request/methods", R"(["DELETE", "POST"])"}}},
      {"tokens of another kind", "tenants", {{"/issuers/id/profile", R"("generic")"}}, Way::kNoted},
      {"a path that was its own",
       "tenants",
       {{"/rules/admins-set-up/routes", R"(["tenant-read"])"}, {"/routes/tenant-settings", ""}},
       Way::kOther},
      {"repositories of everyone", "github-deploy", {{"/issuers/github/required_claims", ""}}},
      {"a longer session", "github-deploy", {{"/roles/publisher/duration_s", "901"}}},
      {"the usual session", "github-deploy", {{"/roles/shop-production/duration_s", ""}}},
      {"a session without its tag", "github-deploy", {{"/roles/publisher/session_tags/sha", ""}}, Way::kOther},
      {"a session with another tag",
       "github-deploy",
       {{"/roles/publisher/session_tags/sha", R"({"claim": "ref"})"}},
       Way::kOther},
      {"a session with another name",
       "github-deploy",
       {{"/roles/publisher/session_name", R"({"text": "publisher"})"}},
       Way::kOther},
      {"a prefix without its slash",
       "github-deploy",
       {{"/roles/shop-production/identity/claims/ref/prefix", R"(["refs/heads/release"])"}}},
      {"a repository more", "github-deploy", {{"/roles/publisher/identity/claims/repository_id/in/-", R"("700300")"}}},
      {"an event more",
       "github-deploy",
       {{"/rules/builds-publish/identity/claims/event_name/in/-", R"("issue_comment")"}}},
      {"a denial of a longer prefix",
       "github-deploy",
       {{"/rules/pull-refs-change-nothing/identity/claims/ref/prefix", R"(["refs/pull/1"])"}}},
      {"any machine", "github-deploy", {{"/rules/deploy-workflow-deploys/identity/claims/runner_environment", ""}}},
      {"a role of another account",
       "github-deploy",
       {{"/roles/docs-production/role_arn", R"("arn:aws:iam::333344445555:role/shop-deployer")"}},
       Way::kOther},
      {"branches that nobody protects",
       "github-deploy",
       {{"/roles/shop-production/identity/claims/ref_protected", ""}}},
      {"any environment in the path", "github-deploy", {{"/routes/deploy/path", R"("/deploy/*")"}}},
      {"a hidden file", "static-site", {{"/rules/hidden-files-stay-hidden/request/paths", R"(["/.git/**"])"}}},
      {"a hidden folder, one level of it",
       "static-site",
       {{"/rules/hidden-files-stay-hidden/request/paths", R"(["/.git/*", "/.env"])"}}},
      {"one way to frame",
       "static-site",
       {{"/rules/drafts-stay-out-of-frames/request/headers/sec-fetch-dest/in", R"(["embed", "iframe"])"}}},
      {"drafts for everyone",
       "static-site",
       {{"/rules/authors-see-drafts/identity", ""}, {"/rules/authors-see-drafts/public", "true"}}},
      {"drafts for every identity", "static-site", {{"/rules/authors-see-drafts/identity/claims", ""}}},
      {"another host", "static-site", {{"/routes/home/hosts/-", R"("static.site.example")"}}},
      {"plain HTTP", "own", {{"/rules/read/request/schemes/-", R"("http")"}}},
      {"whatever scheme", "own", {{"/rules/no-plain/request/schemes", R"(["https"])"}}, Way::kOther},
      {"a host that is not below", "own", {{"/rules/read/request/hosts/-", R"("a.example")"}}},
      {"a path with a tail", "own", {{"/rules/read/request/paths", R"(["/files/**"])"}}},
      {"any parameter", "own", {{"/rules/read/request/query", ""}}},
      {"a parameter, whatever its value", "own", {{"/rules/read/request/query/v", R"({"present": true})"}}},
      {"a network wider by a bit", "own", {{"/networks/lab/0", R"("192.0.2.0/24")"}}},
      {"it begins earlier", "own", {{"/rules/read/time/from", R"("2027-01-15T07:59:59Z")"}}},
      {"a flag dropped", "own", {{"/rules/read/flags", ""}}},
      {"a flag of a denial", "own", {{"/rules/closed/flags", R"({"closed": true, "beta": false})"}}},
      {"a header, whatever its value", "own", {{"/rules/write/request/headers/x-tier", R"({"present": true})"}}},
      {"clients that were not in", "own", {{"/rules/write/request/client/not_in", R"(["10.0.0.0/9"])"}}},
      {"the other issuer",
       "own",
       {{"/rules/write/identity/issuers", R"(["one", "two"])"}, {"/issuers/two/audiences/-", R"("web")"}}},
      {"any audience", "own", {{"/rules/write/identity/audiences", ""}}},
      {"guests that write", "own", {{"/rules/write/identity/scopes/none", ""}}},
      {"a shorter prefix", "own", {{"/rules/write/identity/claims/tier/prefix", R"(["gold"])"}}},
      {"a tier that was out", "own", {{"/rules/write/identity/claims/tier/not_in", R"(["gold-trial"])"}}},
      {"a level that was out", "own", {{"/rules/write/identity/claims/level/not_in", "[0]"}}},
      {"someone else's page", "own", {{"/rules/self/request/paths", R"(["/users/*"])"}}},
      {"not staff", "own", {{"/rules/self/identity/claims/staff", ""}}},
      {"a group that was out", "own", {{"/rules/self/identity/claims/groups/has_none", ""}}},
      {"tokens without a number", "own", {{"/rules/self/identity/claims/jti", ""}}},
      {"demos", "own", {{"/rules/no-guests/identity/scopes/any", R"(["guest"])"}}},
      {"only both of them", "own", {{"/rules/no-guests/identity/scopes", R"({"all": ["guest", "demo"]})"}}},
      {"a denial that ends", "own", {{"/rules/no-guests/expires", R"("2030-01-01T00:00:00Z")"}}},
      {"a denial for one issuer", "own", {{"/rules/no-guests/identity/issuers", R"(["one"])"}}},
      {"everyone runs", "own", {{"/rules/run/identity", ""}, {"/rules/run/public", "true"}}},
      {"a role for all levels", "own", {{"/roles/runner/identity/claims", ""}}},
      {"a role of the other issuer", "own", {{"/roles/runner/identity/issuers", ""}}},
  };
  return all;
}

json gate_named(const std::string& name) {
  if (name == "own") return json::parse(kOwn);
  std::ifstream file(std::string(OSTIARY_SOURCE_DIR "/examples/") + name + "/gate.json");
  return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

/// The path with numbers for ids.
json::json_pointer numbered(const json& gate, const std::string& path) {
  json::json_pointer at;
  for (const std::string& part : test::naive_split(path.substr(1), '/')) {
    const json& here = gate[at];
    std::size_t number = 0;
    while (here.is_array() && number < here.size() && !(here[number].is_object() && here[number]["id"] == part))
      ++number;
    const bool by_id = here.is_array() && number < here.size();
    at = by_id ? at / number : at / part;
  }
  return at;
}

json edited(json gate, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    const json::json_pointer at = numbered(gate, edit.path);
    const std::string value = edit.value;
    if (!value.empty()) {
      gate[at] = json::parse(value);
    } else if (json& parent = gate[at.parent_pointer()]; parent.is_array()) {
      parent.erase(std::stoul(at.back()));
    } else {
      parent.erase(at.back());
    }
  }
  return gate;
}

class Widened : public testing::TestWithParam<Widening> {};

TEST_P(Widened, IsCaughtAndTheOtherWayRoundIsNot) {
  const Widening& widening = GetParam();
  const json base = gate_named(widening.gate);
  const json wide = edited(base, widening.edits);
  ASSERT_NE(base, wide);
  const GateCheck wider = check_gate(wide.dump(), base.dump());
  ASSERT_TRUE(wider.gate_errors.empty()) << wider.gate_errors[0].message;
  ASSERT_TRUE(wider.boundary_errors.empty());
  EXPECT_EQ(wider.outside.proof, Proof::kSome) << wider.outside.unknown;
  EXPECT_EQ(wider.outside.areas.empty(), widening.way == Way::kNoted);
  EXPECT_EQ(wider.outside.notes.empty(), widening.way != Way::kNoted);
  for (const AccessArea& area : wider.outside.areas) test::expect_shown(area, wide, base, test::naive_outside);

  const GateCheck back = check_gate(base.dump(), wide.dump());
  EXPECT_EQ(back.outside.proof, widening.way == Way::kOther ? Proof::kSome : Proof::kNone) << back.outside.unknown;
  for (const AccessArea& area : back.outside.areas) test::expect_shown(area, base, wide, test::naive_outside);
}

INSTANTIATE_TEST_SUITE_P(Analysis, Widened, testing::ValuesIn(widenings()),
                         [](const testing::TestParamInfo<Widening>& row) {
                           std::string name = std::to_string(row.index) + "_" + row.param.gate + "_" + row.param.what;
                           for (char& c : name) c = c == ' ' || c == '-' || c == ',' || c == '\'' ? '_' : c;
                           return name;
                         });

TEST(Widenings, ThereAreFiftyAtLeast) { EXPECT_GE(widenings().size(), 50U); }

}  // namespace
}  // namespace ostiary
