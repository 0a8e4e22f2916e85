#include "policy/analysis/witness.hpp"

#include "policy/compile_source.hpp"
#include "policy/gate_test/read_table.hpp"
#include "policy/gate_test/stub_door.hpp"
#include "policy/json_node.hpp"
#include "policy/time_text.hpp"

#include <ostiary/core/reason.hpp>
#include <ostiary/policy/predicate.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace ostiary::policy::analysis {

namespace {

using adapt::Outline;

std::string address_text(const IpAddress& address) {
  std::array<char, kIpv6TextMax> text{};
  return {text.data(), format_address(address, text)};
}

std::string joined(const std::set<std::string>& texts, char separator) {
  std::string line;
  for (const std::string& text : texts) line += (line.empty() ? "" : std::string(1, separator)) + text;
  return line;
}

std::string target_of(const Point& point) {
  std::string query;
  for (const auto& [subject, value] : point.values) {
    if (subject.aspect != Aspect::kQuery || value.kind == ValueKind::kAbsent) continue;
    std::string name;
    for (const char c : subject.name) name += c == ' ' || c == '+' ? (c == ' ' ? "%20" : "%2B") : std::string(1, c);
    query += (query.empty() ? '?' : '&') + name;
    if (value.kind == ValueKind::kText) query += '=' + value.text;
  }
  return point.path + query;
}

const std::set<std::string>* elements_of(const Point& point, Aspect aspect, const std::string& name = {}) {
  const auto found = point.sets.find({aspect, name});
  return found == point.sets.end() ? nullptr : &found->second;
}

Outline list_of(const std::set<std::string>* texts) {
  Outline list = Outline::list();
  if (texts == nullptr) return list;
  for (const std::string& text : *texts) list.add(text);
  return list;
}

Outline claim_of(const Point& point, const Subject& subject, const Value& value) {
  switch (value.kind) {
    case ValueKind::kAbsent: break;
    case ValueKind::kText: return value.text;
    case ValueKind::kInteger: return value.integer;
    case ValueKind::kBoolean: return value.integer != 0;
    case ValueKind::kSet: return list_of(elements_of(point, Aspect::kSet, subject.name));
    case ValueKind::kOther: return Outline::object();
  }
  return {};
}

/// What tokens of a profile must have besides (token/rules.cpp says so, RFC 9068 §2.2 and others why).
std::vector<std::string_view> claims_of_profile(TokenProfile profile) {
  switch (profile) {
    case TokenProfile::kAccessToken: return {"sub", "client_id", "jti"};
    case TokenProfile::kIdToken: return {"sub"};
    case TokenProfile::kTransactionToken: return {"txn", "sub", "scope", "req_wl"};
    case TokenProfile::kGeneric:
    case TokenProfile::kLogoutToken: break;
  }
  return {};
}

}  // namespace

Witness::Witness(const GateSource& source, const Limits& limits) : source_(source), limits_(limits) {
  Diagnostics diagnostics({});
  image_ = compile_source(source, limits, diagnostics);
}

Outline Witness::request(const Point& point) const {
  Outline request = Outline::object();
  request.set("method", kMethodNames[static_cast<std::size_t>(point.method)]);
  if (point.scheme != Scheme::kUnknown) request.set("scheme", point.scheme == Scheme::kHttps ? "https" : "http");
  request.set("host", point.host);
  request.set("path", target_of(point));
  Outline headers = Outline::object();
  bool any_header = false;
  for (const auto& [subject, value] : point.values) {
    if (subject.aspect != Aspect::kHeader || value.kind != ValueKind::kText) continue;
    headers.set(subject.name, value.text);
    any_header = true;
  }
  if (any_header) request.set("headers", std::move(headers));
  if (point.client.present()) request.set("peer", address_text(point.client));
  request.set("now", time_text(point.now_s));
  Outline flags = Outline::list();
  bool any_flag = false;
  for (const Text& flag : source_.flags) {
    if (!point.flags.contains(flag.value)) continue;
    flags.add(flag.value);
    any_flag = true;
  }
  if (any_flag) request.set("flags", std::move(flags));
  return request;
}

Outline Witness::identity(const Point& point) const {
  const std::string& iss = point.value({Aspect::kClaim, "iss"}).text;
  const auto issuer = std::find_if(source_.issuers.begin(), source_.issuers.end(),
                                   [&](const IssuerSource& one) { return one.issuer.value == iss; });
  if (issuer == source_.issuers.end()) return {};
  Outline claims = Outline::object();
  std::set<std::string> named;
  const auto set = [&](const std::string& name, Outline value) {
    if (named.insert(name).second) claims.set(name, std::move(value));
  };
  for (const auto& [subject, value] : point.values) {
    if (subject.aspect != Aspect::kClaim || value.kind == ValueKind::kAbsent || subject.name == "iss") continue;
    set(subject.name, claim_of(point, subject, value));
  }
  const std::set<std::string>* const audience = elements_of(point, Aspect::kAudience);
  if (audience != nullptr) set("aud", list_of(audience));
  const std::set<std::string>* const scopes = elements_of(point, Aspect::kScopes);
  if (scopes != nullptr && !scopes->empty()) set("scope", joined(*scopes, ' '));
  const Value& age = point.value({Aspect::kAge});
  const std::vector<std::string_view> demanded = claims_of_profile(issuer->profile);
  if (age.kind == ValueKind::kInteger) {
    set("iat", point.now_s - age.integer);
  } else if (!demanded.empty()) {
    set("iat", point.now_s);
  }
  for (const std::string_view name : demanded) set(std::string(name), "example");
  Outline identity = Outline::object();
  identity.set("issuer", issuer->id.value);
  identity.set("claims", std::move(claims));
  return identity;
}

Outline Witness::bare_test(const Point& point, const std::string& name) const {
  Outline test = Outline::object();
  test.set("name", name);
  test.set("request", request(point));
  if (point.has_token) test.set("identity", identity(point));
  return test;
}

Outline Witness::test(const Point& point, const std::string& name) const {
  const Verdicts verdicts = decide(point);
  Outline expect = Outline::object();
  expect.set("effect", verdicts.effect == Effect::kAllow ? "allow" : "deny");
  if (!verdicts.route.empty()) expect.set("route", verdicts.route);
  if (!verdicts.rule.empty()) expect.set("rule", verdicts.rule);
  if (!verdicts.role.empty()) expect.set("role", verdicts.role);
  Outline test = bare_test(point, name);
  test.set("expect", std::move(expect));
  return test;
}

Verdicts Witness::decide(const Point& point) const {
  Verdicts verdicts;
  if (point.has_token && identity(point).json() == Outline().json()) {
    // No issuer of this Gate has made the token, which is all that the door would find.
    verdicts.asked = true;
    verdicts.reason = Reason::kTokenIssuerUnknown;
    return verdicts;
  }
  Outline expect = Outline::object();
  expect.set("effect", "allow");
  Outline test = bare_test(point, "request");
  test.set("expect", std::move(expect));
  Outline tests = Outline::list();
  tests.add(std::move(test));
  Outline table = Outline::object();
  table.set("version", 1);
  table.set("now", time_text(point.now_s));
  table.set("tests", std::move(tests));

  const std::string json = table.json();
  Diagnostics diagnostics(json);
  adapt::JsonReader reader(json_bounds(limits_));
  const adapt::JsonResult parsed = reader.read(json);
  if (parsed.fault != adapt::JsonFault::kNone) return verdicts;
  const TestTable read = read_table(JsonNode(parsed.values, 0, diagnostics), source_);
  const Result<Gate> gate = Gate::load(image_);
  if (!diagnostics.empty() || read.cases.size() != 1 || !gate) return verdicts;
  StubDoor door(*gate, source_, limits_);
  door.ask(read.cases.front(), point.now_s, [&](const AskedTest& asked) {
    const Decision& decision = asked.decision;
    verdicts = {true,
                decision.effect,
                decision.reason,
                std::string(decision.route),
                std::string(decision.rule),
                std::string(decision.role.id),
                std::string(decision.nearest.rule),
                dimension_name(decision.nearest.dimension)};
  });
  return verdicts;
}

std::string request_line(const Point& point) {
  std::string line(kMethodNames[static_cast<std::size_t>(point.method)]);
  line += point.scheme == Scheme::kUnknown ? " //" : point.scheme == Scheme::kHttps ? " https://" : " http://";
  line += point.host + target_of(point);
  for (const auto& [subject, value] : point.values) {
    if (subject.aspect == Aspect::kHeader && value.kind == ValueKind::kText)
      line += ", " + subject.name + ": " + value.text;
  }
  line += point.client.present() ? ", from " + address_text(point.client) : ", from an unknown address";
  line += ", at " + time_text(point.now_s);
  for (const std::string& flag : point.flags) line += ", flag " + flag;
  if (!point.has_token) return line + ", without a token";
  line += ", with a token of " + point.value({Aspect::kClaim, "iss"}).text;
  for (const auto& [subject, value] : point.values) {
    if (subject.aspect != Aspect::kClaim || subject.name == "iss" || value.kind == ValueKind::kAbsent) continue;
    std::string text = claim_of(point, subject, value).json();
    std::erase(text, '\n');
    line += ", " + subject.name + " " + text;
  }
  if (const auto* scopes = elements_of(point, Aspect::kScopes); scopes != nullptr && !scopes->empty()) {
    line += ", scope " + joined(*scopes, ' ');
  }
  if (const auto* audience = elements_of(point, Aspect::kAudience); audience != nullptr && !audience->empty()) {
    line += ", for " + joined(*audience, ' ');
  }
  const Value& age = point.value({Aspect::kAge});
  return age.kind == ValueKind::kInteger ? line + ", issued " + std::to_string(age.integer) + " s before" : line;
}

std::string obstacle_of(const Verdicts& verdicts) {
  const std::string_view reason = reason_info(verdicts.reason).name;
  if (verdicts.reason == Reason::kRuleDenied) return "the rule " + verdicts.rule + " denies it";
  if (!verdicts.nearest_rule.empty()) {
    return "no rule allows it (" + std::string(reason) + "); the nearest is " + verdicts.nearest_rule + ", whose " +
           std::string(verdicts.nearest_dimension) + " does not match";
  }
  return "it is refused with " + std::string(reason);
}

}  // namespace ostiary::policy::analysis
