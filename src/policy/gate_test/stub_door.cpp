#include "policy/gate_test/stub_door.hpp"

#include "token/identity_writer.hpp"
#include "token/stub_identity.hpp"

#include <ostiary/http/credentials.hpp>
#include <ostiary/policy/decide_request.hpp>
#include <ostiary/token/token_policy.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace ostiary::policy {

namespace {

/// How long a token lasts whose test does not say.
constexpr std::int64_t kLifetime_s = 3600;

/// The head that a client sends. A token that is not looked at stands for the identity.
std::string head_of(const TestCase& test) {
  const TestRequest& request = test.request;
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\nHost: " + request.host + "\r\n";
  for (const TestHeader& header : request.headers) head += header.name + ": " + header.value + "\r\n";
  if (test.identity) head += "Authorization: Bearer stub\r\n";
  return head + "\r\n";
}

/// What the Gate says about an issuer's tokens, as views of its source.
struct IssuerView {
  explicit IssuerView(const IssuerSource& issuer) {
    for (const Text& audience : issuer.audiences) audiences.push_back(audience.value);
    for (const RequiredClaimSource& claim : issuer.required_claims) {
      required_claims.push_back({claim.name.value, claim.value.value});
    }
    policy.issuer = issuer.issuer.value;
    policy.audiences = audiences;
    policy.clock_skew_s = issuer.clock_skew_s;
    policy.profile = issuer.profile;
    policy.audience_claim = issuer.audience_claim;
    policy.age_max_s = issuer.age_max_s;
    policy.required_claims = required_claims;
  }
  IssuerView(const IssuerView&) = delete;
  IssuerView& operator=(const IssuerView&) = delete;
  ~IssuerView() = default;

  std::vector<std::string_view> audiences;
  std::vector<RequiredText> required_claims;
  TokenPolicy policy;
};

std::string_view audience_name(AudienceClaim claim) {
  switch (claim) {
    case AudienceClaim::kAud: return "aud";
    case AudienceClaim::kClientId: return "client_id";
    case AudienceClaim::kAuthorizedParty: return "azp";
    case AudienceClaim::kHeaderClient: break;  // no Gate has it
  }
  return {};
}

/// Without these no token of the issuer is good, so a test need not say them.
void add_what_goes_without_saying(StubClaims& claims, const TokenPolicy& policy, std::int64_t now_s) {
  if (!claims.has("iss")) claims.add_text("iss", policy.issuer);
  const std::string_view audience = audience_name(policy.audience_claim);
  if (!policy.audiences.empty() && !claims.has(audience)) claims.add_text(audience, policy.audiences.front());
  if (!claims.has("exp")) claims.add_integer("exp", now_s + kLifetime_s);
  claims.settle();
}

}  // namespace

StubDoor::StubDoor(const Gate& gate, const GateSource& source, const Limits& limits)
    : gate_(gate),
      source_(source),
      limits_(limits),
      options_(inspect_options_of(gate, Facts{}, limits)),
      memory_(decide_request_scratch_size(limits)),
      scratch_(memory_),
      verify_(limits),
      identity_memory_(identity_size_max(limits)) {}

Result<Identity> StubDoor::identify(const TestIdentity& identity, std::int64_t now_s) {
  const auto issuer = std::find_if(source_.issuers.begin(), source_.issuers.end(),
                                   [&](const IssuerSource& one) { return one.id.value == identity.issuer.value; });
  if (issuer == source_.issuers.end()) return Reason::kTokenIssuerUnknown;
  const IssuerView view(*issuer);
  StubClaims claims(identity.claims);
  add_what_goes_without_saying(claims, view.policy, now_s);
  return stub_identity(claims, view.policy, now_s, limits_, identity_memory_);
}

void StubDoor::ask(const TestCase& test, std::int64_t now_s, const std::function<void(const AskedTest&)>& see) {
  const std::string head = head_of(test);
  const std::vector<std::string_view> flags([&] {
    std::vector<std::string_view> names;
    for (const Text& flag : test.request.flags) names.emplace_back(flag.value);
    return names;
  }());
  const Facts facts{.now_s = now_s, .peer = test.request.peer, .scheme = test.request.scheme, .flags = flags};
  InspectOptions options = options_;
  options.scheme = facts.scheme;
  scratch_.reset();
  const Inspection inspection = inspect_bytes(head, scratch_, options);
  std::optional<Identity> proved;
  const auto verify = [&](const Request& /*request*/, const Credential& credential) -> Result<Identity> {
    const Result<Identity> identity =
        test.identity ? identify(*test.identity, now_s) : verify_token(credential.token, {}, {.now_s = now_s}, verify_);
    if (identity) proved = *identity;
    return identity;
  };
  const Decision decision = decide_request(gate_, inspection, facts, verify, scratch_, limits_);
  const bool complete = inspection.progress == Progress::kComplete;
  see({decision, complete ? &inspection.request : nullptr, proved ? &*proved : nullptr, facts});
}

}  // namespace ostiary::policy
