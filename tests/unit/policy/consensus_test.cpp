// From bytes to a Decision: waivers, readings that disagree, and aliases of identity headers.
#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide_request.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;
using Routes = std::vector<json>;

json route(const std::string& id, const std::string& path, const Texts& waived = {}) {
  json made = {
      {"id", id}, {"hosts", Texts{"h.example"}}, {"methods", Texts{"GET", "OPTIONS"}}, {"path", path}, {"origin", "o"}};
  if (!waived.empty()) made["waive"] = waived;
  return made;
}

std::string image_of(const std::vector<json>& routes) {
  const json gate = {{"gate", 1},
                     {"name", "test"},
                     {"origins", {{"o", {{"scheme", "https"}, {"host", "o.example"}, {"port", 443}}}}},
                     {"identity_headers", {{"x-shop-user", {{"from", "peer"}}}}},
                     {"routes", routes},
                     {"rules", {{{"id", "all"}, {"effect", "allow"}, {"routes", Texts{"*"}}, {"public", true}}}}};
  const CompiledGate compiled = compile_gate(gate.dump());
  EXPECT_TRUE(compiled.ok()) << compiled.errors.front().message;
  return compiled.image;
}

struct Answer {
  std::string reason;
  std::uint32_t offset = 0;
  std::string route;
};

class Door {
 public:
  explicit Door(const std::vector<json>& routes) : image_(image_of(routes)), gate_(*Gate::load(image_)) {}

  [[nodiscard]] Answer ask(std::string_view target, std::string_view lines = {},
                           std::string_view method = "GET") const {
    const std::string head = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: h.example\r\n" +
                             std::string(lines) + "\r\n";
    std::vector<std::byte> memory(decide_request_scratch_size({}));
    Arena scratch(memory);
    const Inspection inspection = inspect_bytes(head, scratch, inspect_options_of(gate_, Facts{}));
    const auto verify = [](const Request&, const Credential&) noexcept { return Result<Identity>(Reason::kInternal); };
    const Decision decision = decide_request(gate_, inspection, Facts{}, verify, scratch);
    EXPECT_EQ(decision.allowed(), decision.reason == Reason::kAllowed);
    return {std::string(reason_info(decision.reason).name), decision.offset, std::string(decision.route)};
  }
  [[nodiscard]] std::string reason(std::string_view target, std::string_view lines = {}) const {
    return ask(target, lines).reason;
  }
  [[nodiscard]] const Gate& gate() const { return gate_; }

 private:
  std::string image_;
  Gate gate_;
};

constexpr std::uint32_t kTarget = 4;

TEST(Consensus, AReadingThatReachesAnotherRouteIsRefusedWithItsRule) {
  const Door door(Routes{route("files", "/files/**"), route("admin", "/admin"), route("one", "/x/*")});
  struct Case {
    std::string_view target;
    std::string_view reason;
    std::uint32_t offset;
  };
  const Case cases[] = {
      {"/files/..;/admin", "PATH_MATRIX_PARAMETER", 9},
      {"/files/../admin;a=b", "PATH_MATRIX_PARAMETER", 15},
      {"/admin;a=b", "PATH_MATRIX_PARAMETER", 6},
      {"/files/%252e%252e/admin", "PATH_DOUBLE_ENCODED", 7},
      {"/files/a//../../admin", "PATH_AMBIGUOUS_SLASHES", 10},
      {"/x//..//admin", "PATH_AMBIGUOUS_SLASHES", 4},
  };
  for (const Case& c : cases) {
    const Answer answer = door.ask(c.target);
    EXPECT_EQ(answer.reason, c.reason) << c.target;
    EXPECT_EQ(answer.offset, kTarget + c.offset) << c.target;
    EXPECT_EQ(answer.route, "") << c.target;
  }
}

TEST(Consensus, AReadingThatReachesNoRouteIsRefusedToo) {
  const Door door(Routes{route("files", "/files/**")});
  EXPECT_EQ(door.reason("/files/..;/admin"), "PATH_MATRIX_PARAMETER");
  EXPECT_EQ(door.reason("/files/%252e%252e/admin"), "PATH_DOUBLE_ENCODED");
}

TEST(Consensus, ReadingsOfTheSameRouteAreAllowed) {
  const Door door(Routes{route("files", "/files/**"), route("admin", "/admin")});
  for (const std::string_view target : {"/files/a;v=1/b", "/files/100%2541", "/files/a//./b", "/files/a//b/../c"}) {
    EXPECT_EQ(door.reason(target), "ALLOWED") << target;
  }
}

// No single lens shows what a back end of two habits reads.
TEST(Consensus, APathThatIsAmbiguousInMoreWaysThanOneIsRefused) {
  const Door door(Routes{route("all", "/**"), route("b", "/p/b"), route("admin", "/admin"),
                         route("files", "/files/**", {"PATH_ENCODED_SEPARATOR"})});
  for (const auto& [target, reason] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"/p/a//../..;/b", "PATH_MATRIX_PARAMETER"},
                                                                  {"/p/%3B/..;/b", "PATH_MATRIX_PARAMETER"},
                                                                  {"/p/;/..;/b", "PATH_MATRIX_PARAMETER"},
                                                                  {"/public/..%255cadmin", "PATH_DOUBLE_ENCODED"},
                                                                  {"/public/..%253b/admin", "PATH_DOUBLE_ENCODED"},
                                                                  {"/public/..%25252fadmin", "PATH_DOUBLE_ENCODED"},
                                                                  {"/files/a%2f..;/..;/admin", "PATH_MATRIX_PARAMETER"},
                                                                  {"/files/a%5c..;/..;/admin", "PATH_MATRIX_PARAMETER"},
                                                                  {"/files/a%2fb/../c", "PATH_ENCODED_SEPARATOR"}}) {
    EXPECT_EQ(door.reason(target), reason) << target;
  }
}

TEST(Consensus, EscapesOfWhatMayStandRawReachTheSameRoute) {
  const Door door(Routes{route("all", "/**"), route("me", "/users/@me"), route("op", "/op:delete")});
  EXPECT_EQ(door.ask("/users/%40me").route, "me");
  EXPECT_EQ(door.ask("/op%3Adelete").route, "op");
  EXPECT_EQ(door.ask("/op%3adelete").route, "op");
}

TEST(Consensus, WithoutAnyRouteTheRequestIsUnknown) {
  const Door door(Routes{route("admin", "/admin")});
  EXPECT_EQ(door.reason("/other;x"), "ROUTE_UNKNOWN");
}

TEST(Consensus, AMethodIsPartOfARoute) {
  const Door door(Routes{route("files", "/files/**"), route("admin", "/admin")});
  EXPECT_EQ(door.ask("/files/..;/admin", {}, "OPTIONS").reason, "PATH_MATRIX_PARAMETER");
  EXPECT_EQ(door.ask("/files;x/a", {}, "DELETE").reason, "ROUTE_UNKNOWN");
}

TEST(Consensus, TheAsteriskAndTheTunnelReachNoRoute) {
  const Door door(Routes{route("root", "/"), route("all", "/**")});
  EXPECT_EQ(door.ask("*", {}, "OPTIONS").reason, "ROUTE_UNKNOWN");
  EXPECT_EQ(door.ask("http://h.example", {}, "OPTIONS").reason, "ROUTE_UNKNOWN");
  EXPECT_EQ(door.ask("http://h.example/", {}, "OPTIONS").route, "root");
  EXPECT_EQ(door.ask("http://h.example", {}, "GET").route, "root");
}

TEST(Waivers, ARouteThatWaivesARuleAllowsAndNoOtherDoes) {
  const Door door(
      Routes{route("open", "/open/*",
                   {"PATH_ENCODED_SEPARATOR", "PATH_UTF8", "PATH_LOOKALIKE", "BODY_UNEXPECTED", "UPGRADE_REFUSED"}),
             route("shut", "/shut/*")});
  struct Case {
    std::string_view rest;
    std::string_view lines;
    std::string_view reason;
    std::uint32_t offset;
  };
  const Case cases[] = {
      {"a%2Fb", "", "PATH_ENCODED_SEPARATOR", kTarget + 7},
      {"a%5cb", "", "PATH_ENCODED_SEPARATOR", kTarget + 7},
      {"%ff", "", "PATH_UTF8", kTarget + 6},
      {"%EF%BC%8E", "", "PATH_LOOKALIKE", kTarget + 6},
      {"%ff%2f", "", "PATH_UTF8", kTarget + 6},
      {"%2f%ff", "", "PATH_ENCODED_SEPARATOR", kTarget + 6},
      {"a", "Content-Length: 5\r\n", "BODY_UNEXPECTED", 39},
      {"a", "Upgrade: websocket\r\nConnection: upgrade\r\n", "UPGRADE_REFUSED", 39},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(door.reason("/open/" + std::string(c.rest), c.lines), "ALLOWED") << c.rest << c.lines;
    for (const std::string_view prefix : {"/shut/", "/none/"}) {
      const Answer answer = door.ask(std::string(prefix) + std::string(c.rest), c.lines);
      EXPECT_EQ(answer.reason, c.reason) << prefix << c.rest << c.lines;
      EXPECT_EQ(answer.offset, c.offset) << prefix << c.rest << c.lines;
    }
  }
}

TEST(Waivers, AnEncodedSeparatorThatReachesAnotherRouteIsRefusedAllTheSame) {
  const Door door(Routes{route("files", "/files/*", {"PATH_ENCODED_SEPARATOR"}), route("admin", "/admin")});
  EXPECT_EQ(door.reason("/files/a%2Fb"), "ALLOWED");  // /files/a/b is no route
  EXPECT_EQ(door.reason("/files/..%2f..%2fother"), "ALLOWED");
  EXPECT_EQ(door.reason("/files/..%2fadmin"), "PATH_ENCODED_SEPARATOR");
  EXPECT_EQ(door.reason("/files/..%5Cadmin"), "PATH_ENCODED_SEPARATOR");
}

TEST(Waivers, StandInTheImageInOneOrder) {
  const Door door(
      Routes{route("a", "/a", {"BODY_UNEXPECTED", "PATH_UTF8"}), route("b", "/b", {"PATH_UTF8"}), route("c", "/c")});
  RuleSet expected;
  expected.add(Reason::kPathUtf8);
  expected.add(Reason::kBodyUnexpected);
  EXPECT_EQ(door.gate().waived_rules(), expected);
  EXPECT_EQ(image_of(Routes{route("a", "/a", {"BODY_UNEXPECTED", "PATH_UTF8"})}),
            image_of(Routes{route("a", "/a", {"PATH_UTF8", "BODY_UNEXPECTED"})}));
  EXPECT_NE(image_of(Routes{route("a", "/a", {"PATH_UTF8"})}), image_of(Routes{route("a", "/a")}));
  EXPECT_EQ(inspect_options_of(Door(Routes{route("c", "/c")}).gate(), Facts{}).left_to_route, RuleSet());
}

TEST(IdentityHeaders, AnUnderscoreIsNoWayRoundThem) {
  const Door door(Routes{route("a", "/a")});
  EXPECT_EQ(door.reason("/a", "x-shop-user: me\r\n"), "ALLOWED");  // removed by the door
  EXPECT_EQ(door.reason("/a", "x_shop_users: me\r\n"), "ALLOWED");
  for (const std::string_view name : {"x_shop_user", "X_Shop-User", "x-shop_user"}) {
    const Answer answer = door.ask("/a", std::string(name) + ": me\r\n");
    EXPECT_EQ(answer.reason, "FIELD_NAME_UNDERSCORE") << name;
    EXPECT_EQ(answer.offset, 34 + name.find('_')) << name;
  }
}

TEST(IdentityHeaders, ConnectionMayNotNameThem) {
  const Door door(Routes{route("a", "/a")});
  EXPECT_EQ(door.reason("/a", "Connection: close\r\n"), "ALLOWED");
  EXPECT_EQ(door.reason("/a", "Connection: keep-alive, x-other\r\n"), "ALLOWED");
  const Answer answer = door.ask("/a", "Connection: keep-alive, X-Shop-User\r\n");
  EXPECT_EQ(answer.reason, "FIELD_CONNECTION_SPECIFIC");
  EXPECT_EQ(answer.offset, 34U + 24U);
  EXPECT_EQ(door.reason("/a", "Connection: close\r\nConnection: x_shop_user\r\n"), "FIELD_CONNECTION_SPECIFIC");
}

TEST(Consensus, WithoutScratchNothingPasses) {
  const Door door(Routes{route("files", "/files/**")});
  const std::string head = "GET /files/a;b HTTP/1.1\r\nHost: h.example\r\n\r\n";
  std::vector<std::byte> memory(decide_request_scratch_size({}));
  Arena scratch(memory);
  const Inspection inspection = inspect_bytes(head, scratch);
  Arena nothing;
  const RouteMatch match = match_route(door.gate(), inspection.request);
  EXPECT_EQ(judge_readings(door.gate(), inspection.request, match, nothing).reason, Reason::kUsageScratchTooSmall);
  EXPECT_EQ(judge_readings(door.gate(), inspection.request, match, scratch).reason, Reason::kOk);
}

}  // namespace
}  // namespace ostiary
