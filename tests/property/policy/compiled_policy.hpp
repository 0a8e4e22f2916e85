// The library's answer in the words of the naive evaluator.
#pragma once

#include "property/policy/naive_evaluator.hpp"
#include "property/policy/random_request.hpp"
#include "support/identity_builder.hpp"

#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/consensus.hpp>
#include <ostiary/policy/decide.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {

inline Scheme scheme_named(const std::string& name) {
  if (name.empty()) return Scheme::kUnknown;
  return name == "https" ? Scheme::kHttps : Scheme::kHttp;
}

/// A request as the inspector sees it. Its Request borrows it: it does not move.
class InspectedRequest {
 public:
  explicit InspectedRequest(RandomRequest made)
      : made_(std::move(made)), flags_(made_.meaning.flags.begin(), made_.meaning.flags.end()), memory_(8192) {
    facts_ = Facts{.now_s = made_.meaning.now,
                   .peer = made_.meaning.peer,
                   .scheme = scheme_named(made_.meaning.scheme),
                   .flags = flags_};
    InspectOptions options;
    options.scheme = facts_.scheme;
    options.limits.field_count_max = 16;
    Arena arena(memory_);
    inspection_ = inspect_bytes(made_.head, arena, options);
    EXPECT_EQ(reason_info(inspection_.finding.reason).name, reason_info(Reason::kOk).name) << made_.head;
    EXPECT_EQ(request().host, made_.meaning.host) << made_.head;
    EXPECT_EQ(request().path, made_.meaning.path) << made_.head;
  }
  InspectedRequest(const InspectedRequest&) = delete;
  InspectedRequest& operator=(const InspectedRequest&) = delete;

  [[nodiscard]] const Request& request() const { return inspection_.request; }
  [[nodiscard]] const Inspection& inspection() const { return inspection_; }
  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const NaiveRequest& meaning() const { return made_.meaning; }
  [[nodiscard]] const std::string& head() const { return made_.head; }

 private:
  RandomRequest made_;
  std::vector<std::string_view> flags_;
  std::vector<std::byte> memory_;
  Facts facts_;
  Inspection inspection_;
};

/// A token's claims and the image of them.
class ImagedClaims {
 public:
  explicit ImagedClaims(std::optional<nlohmann::json> claims) : claims_(std::move(claims)) {
    if (!claims_) return;
    image_ = identity_image(*claims_);
    const Result<Identity> loaded = Identity::load(image_);
    EXPECT_TRUE(loaded.ok()) << claims_->dump();
    identity_ = *loaded;
  }
  ImagedClaims(const ImagedClaims&) = delete;
  ImagedClaims& operator=(const ImagedClaims&) = delete;

  [[nodiscard]] const std::optional<nlohmann::json>& claims() const { return claims_; }
  [[nodiscard]] const Identity* identity() const { return claims_ ? &identity_ : nullptr; }

 private:
  std::optional<nlohmann::json> claims_;
  std::string image_;
  Identity identity_;
};

class CompiledPolicy {
 public:
  explicit CompiledPolicy(std::string image) : image_(std::move(image)), gate_(*Gate::load(image_)), memory_(16384) {}

  [[nodiscard]] const Gate& gate() const { return gate_; }

  NaiveDecision decide(const InspectedRequest& request, const Identity* identity) {
    Arena scratch(memory_);
    const Error hidden = judge_identity_headers(gate_, request.request());
    if (hidden.reason != Reason::kOk) return {.reason = std::string(reason_info(hidden.reason).name)};
    return in_words(ostiary::decide(gate_, request.request(), match_route(gate_, request.request()), identity,
                                    request.facts(), scratch));
  }

 private:
  static NaiveDecision in_words(const Decision& decision) {
    NaiveDecision words;
    words.reason = reason_info(decision.reason).name;
    words.route = decision.route;
    words.rule = decision.rule;
    words.origin = decision.origin;
    words.nearest_rule = decision.nearest.rule;
    if (decision.nearest.dimension != Dimension::kNone)
      words.nearest_dimension = kNaiveDimensions[static_cast<std::size_t>(decision.nearest.dimension) - 1];
    words.role.id = decision.role.id;
    words.role.arn = decision.role.role_arn;
    words.role.session_name = decision.role.session_name;
    words.role.duration = decision.role.duration_s;
    for (const SessionTag& tag : decision.role.session_tags) words.role.tags[std::string(tag.key)] = tag.value;
    for (const HeaderEdit& edit : decision.headers) {
      words.headers[std::string(edit.name)] =
          edit.kind == HeaderEditKind::kSet ? std::string(edit.value) : std::string();
    }
    EXPECT_EQ(decision.allowed(), decision.reason == Reason::kAllowed);
    return words;
  }

  std::string image_;
  Gate gate_;
  std::vector<std::byte> memory_;
};

}  // namespace ostiary::test
