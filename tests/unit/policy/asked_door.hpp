// A door with a Gate of the test's, asked about heads as a client sends them.
#pragma once

#include "support/identity_builder.hpp"

#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide_request.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {

struct Question {
  std::string method = "GET";
  std::string target = "/a/x";
  std::string lines = {};  ///< field lines beside Host, each with its line end
  std::optional<nlohmann::json> claims = std::nullopt;
  std::string peer = {};
  std::int64_t now_s = 0;
  std::vector<std::string_view> flags = {};
  Scheme scheme = Scheme::kUnknown;
};

/// A Decision with copies of its texts, so that it outlives the scratch.
struct Answer {
  Reason reason = Reason::kNotDecided;
  std::string rule;
  std::string nearest_rule;
  Dimension nearest = Dimension::kNone;
  std::string role;
  std::string role_arn;
  std::string session_name;
  std::vector<std::string> session_tags;  ///< "key=value"
  std::uint32_t duration_s = 0;
};

class AskedDoor {
 public:
  explicit AskedDoor(const nlohmann::json& source) {
    const CompiledGate compiled = compile_gate(source.dump());
    EXPECT_TRUE(compiled.ok()) << compiled.errors.front().message;
    image_ = compiled.image;
    gate_ = *Gate::load(image_);
  }

  [[nodiscard]] Answer ask(const Question& question) const {
    const std::string head =
        question.method + " " + question.target + " HTTP/1.1\r\nHost: h.example\r\n" + question.lines + "\r\n";
    std::vector<std::byte> memory(decide_request_scratch_size({}));
    Arena scratch(memory);
    Facts facts;
    facts.now_s = question.now_s;
    facts.peer = question.peer;
    facts.scheme = question.scheme;
    facts.flags = question.flags;
    const Inspection inspection = inspect_bytes(head, scratch, inspect_options_of(gate_, facts));
    EXPECT_EQ(inspection.progress, Progress::kComplete) << head;
    const std::string bytes = question.claims ? identity_image(*question.claims) : std::string();
    const Result<Identity> identity = question.claims ? Identity::load(bytes) : Result<Identity>(Identity());
    EXPECT_TRUE(identity.ok());
    const Request& request = inspection.request;
    return answer_of(
        decide(gate_, request, match_route(gate_, request), question.claims ? &*identity : nullptr, facts, scratch));
  }

  [[nodiscard]] Reason reason(const Question& question) const { return ask(question).reason; }

 private:
  [[nodiscard]] static Answer answer_of(const Decision& decision) {
    EXPECT_EQ(decision.allowed(), decision.reason == Reason::kAllowed);
    EXPECT_TRUE(decision.allowed() || !decision.role.present());
    Answer answer;
    answer.reason = decision.reason;
    answer.rule = decision.rule;
    answer.nearest_rule = decision.nearest.rule;
    answer.nearest = decision.nearest.dimension;
    answer.role = decision.role.id;
    answer.role_arn = decision.role.role_arn;
    answer.session_name = decision.role.session_name;
    for (const SessionTag& tag : decision.role.session_tags) {
      answer.session_tags.push_back(std::string(tag.key) + "=" + std::string(tag.value));
    }
    answer.duration_s = decision.role.duration_s;
    return answer;
  }

  std::string image_;
  Gate gate_;
};

/// A Gate with something of each kind declared; routes `a` at /a/* and `own` at /own/{sub}.
inline nlohmann::json door_source(nlohmann::json rules, nlohmann::json roles = nullptr) {
  nlohmann::json source = nlohmann::json::parse(R"({
    "gate": 1, "name": "door",
    "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]}},
    "claims": {"tier": "text", "level": "integer", "groups": "text_set", "team": "text"},
    "headers": ["x-region"],
    "networks": {"office": ["192.0.2.0/24", "2001:db8::/32"]},
    "flags": ["beta", "closed"],
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
    "routes": [
      {"id": "a", "hosts": ["h.example", "i.example"], "methods": ["GET", "PUT", "DELETE"], "path": "/a/*", "origin": "o"},
      {"id": "own", "hosts": ["h.example"], "methods": ["GET"], "path": "/own/{sub}/**", "origin": "o"}
    ]})");
  source["rules"] = std::move(rules);
  if (!roles.is_null()) source["roles"] = std::move(roles);
  return source;
}

}  // namespace ostiary::test
