#include "policy/gate_report.hpp"

#include "policy/gate_words.hpp"
#include "policy/host_routes.hpp"
#include "policy/time_text.hpp"

#include <ostiary/policy/gate_text.hpp>
#include <ostiary/token/algorithm.hpp>

#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::policy {

namespace {

using adapt::Outline;

/// Rules that are listed under routes: a Gate may have many rules that name every route.
constexpr std::size_t kListingsMax = 100000;

[[nodiscard]] std::string_view profile_word(TokenProfile profile) {
  switch (profile) {
    case TokenProfile::kGeneric: return "generic";
    case TokenProfile::kAccessToken: return "access_token";
    case TokenProfile::kIdToken: return "id_token";
    case TokenProfile::kLogoutToken: return "logout_token";
    case TokenProfile::kTransactionToken: return "transaction_token";
  }
  return {};
}

[[nodiscard]] std::string_view audience_claim_word(AudienceClaim claim) {
  switch (claim) {
    case AudienceClaim::kAud: return "aud";
    case AudienceClaim::kClientId: return "client_id";
    case AudienceClaim::kAuthorizedParty: return "azp";
    case AudienceClaim::kHeaderClient: return "client";
  }
  return {};
}

/// Each algorithm once, by its first name; bits that this library has no name for as a number.
[[nodiscard]] Outline algorithm_list(std::uint32_t bits) {
  Outline list = Outline::list();
  for (const AlgorithmName& known : kAlgorithmNames) {
    const std::uint32_t bit = 1U << static_cast<unsigned>(known.algorithm);
    if ((bits & bit) == 0) continue;
    list.add(known.name);
    bits &= ~bit;
  }
  if (bits != 0) list.add(bits);
  return list;
}

[[nodiscard]] Outline perhaps_number(std::uint32_t number) { return number == 0 ? Outline() : Outline(number); }

class GateReport {
 public:
  explicit GateReport(const Gate& gate) : gate_(gate), header_(gate.header()), hosts_(HostRoutes(gate).hosts()) {}

  [[nodiscard]] Outline make() {
    Outline report = Outline::object();
    add_header(report);
    report.set("claims", names(header_.claim_names));
    report.set("headers", names(header_.header_names));
    report.set("parameters", names(header_.parameter_names));
    report.set("flags", names(header_.flags));
    report.set("issuers", rows(header_.issuers, &GateReport::issuer));
    report.set("origins", rows(header_.origins, &GateReport::origin));
    report.set("identity_headers", rows(header_.identity_headers, &GateReport::identity_header));
    report.set("routes", rows(header_.routes, &GateReport::route));
    report.set("rules", rows(header_.rules, &GateReport::rule));
    report.set("roles", rows(header_.roles, &GateReport::role));
    return report;
  }

 private:
  [[nodiscard]] Outline rows(ImageTable table, Outline (GateReport::*one)(std::uint32_t)) {
    Outline list = Outline::list();
    for (std::uint32_t row = 0; row < table.count; ++row) list.add((this->*one)(row));
    return list;
  }

  void add_header(Outline& report) const {
    const GateSeal& seal = header_.seal;
    report.set("gate", gate_.name());
    report.set("format", header_.format);
    report.set("version", header_.version);
    report.set("size", gate_.image().size());
    report.set("content_hash", hex_text(seal.content_hash));
    report.set("signed", seal.is_signed());
    report.set("key_id", seal.is_signed() ? Outline(hex_text(seal.key_id)) : Outline());
    report.set("boundary", boundary());
  }

  /// As the image says it: who made the image, and who the reviews, is not checked here.
  [[nodiscard]] Outline boundary() const {
    const GateBoundary& boundary = header_.boundary;
    if (!boundary.is_proved()) return {};
    Outline reviews = Outline::list();
    for (std::uint32_t row = 0; row < boundary.reviews.count; ++row) {
      const GateReview review = gate_.review(row);
      Outline one = Outline::object();
      one.set("key_id", hex_text(review.key_id));
      one.set("date", time_text(review.date_s));
      reviews.add(std::move(one));
    }
    Outline proved = Outline::object();
    proved.set("hash", hex_text(boundary.hash));
    proved.set("prover", boundary.prover);
    proved.set("reviews", std::move(reviews));
    return proved;
  }

  [[nodiscard]] Outline names(ImageTable table) const {
    Outline list = Outline::list();
    for (std::uint32_t row = 0; row < table.count; ++row) {
      list.add(gate_.text(image_record<Span>(gate_.image(), table, row)));
    }
    return list;
  }

  /// An object whose line in the text is its id.
  [[nodiscard]] Outline named(Span id) const {
    Outline object = Outline::object();
    object.title(std::string(gate_.text(id)));
    object.tell("id", gate_.text(id));
    return object;
  }

  [[nodiscard]] Outline issuer(std::uint32_t row) {
    const IssuerRecord record = gate_.issuer(row);
    Outline required = Outline::object();
    for (std::uint32_t i = 0; i + 1 < record.required_claims.count; i += 2) {
      const std::uint32_t at = record.required_claims.first + i;
      required.set(std::string(gate_.listed_text(at)), gate_.listed_text(at + 1));
    }
    Outline issuer = named(record.id);
    issuer.set("issuer", gate_.text(record.issuer));
    issuer.set("audiences", text_list(gate_, record.audiences));
    issuer.set("audience_claim", audience_claim_word(record.audience_claim));
    issuer.set("algorithms", algorithm_list(record.algorithms));
    issuer.set("profile", profile_word(record.profile));
    issuer.set("clock_skew_s", record.clock_skew_s);
    issuer.set("age_max_s", perhaps_number(record.age_max_s));
    issuer.set("required_claims", std::move(required));
    return issuer;
  }

  [[nodiscard]] Outline origin(std::uint32_t row) {
    const OriginRecord record = gate_.origin(row);
    Outline origin = named(record.id);
    origin.set("scheme", gate_.text(record.scheme));
    origin.set("host", gate_.text(record.host));
    origin.set("port", record.port);
    origin.set("shield", Outline::perhaps(gate_.text(record.shield)));
    if (record.sign != HopSignature::kNone) origin.set("sign", sign(record));
    origin.set("connect_timeout_ms", perhaps_number(record.connect_timeout_ms));
    origin.set("first_byte_timeout_ms", perhaps_number(record.first_byte_timeout_ms));
    origin.set("between_bytes_timeout_ms", perhaps_number(record.between_bytes_timeout_ms));
    return origin;
  }

  [[nodiscard]] Outline sign(const OriginRecord& record) const {
    Outline sign = Outline::object();
    sign.set("with", hop_signature_name(record.sign));
    sign.set("key", Outline::perhaps(gate_.text(record.sign_key)));
    sign.set("region", Outline::perhaps(gate_.text(record.sign_region)));
    sign.set("service", Outline::perhaps(gate_.text(record.sign_service)));
    return sign;
  }

  [[nodiscard]] Outline identity_header(std::uint32_t row) {
    const IdentityHeaderRecord record = gate_.identity_header(row);
    const std::string name(gate_.text(record.name));
    const bool is_claim = record.source == HeaderSource::kClaim;
    Outline header = Outline::object();
    header.title(name + (is_claim ? " from claim " + std::string(gate_.text(record.claim)) + " (" +
                                        std::string(claim_kind_word(record.claim_kind)) + ")"
                                  : " from peer"));
    header.tell("name", name);
    header.tell("claim", is_claim ? Outline(gate_.text(record.claim)) : Outline());
    header.tell("claim_kind", is_claim ? Outline(claim_kind_word(record.claim_kind)) : Outline());
    header.tell("from", is_claim ? Outline() : Outline("peer"));
    return header;
  }

  [[nodiscard]] Outline route(std::uint32_t row) {
    const RouteRecord record = gate_.route(row);
    Outline hosts = Outline::list();
    for (std::string& host : hosts_[row]) hosts.add(std::move(host));
    Outline methods = Outline::list();
    for (const std::string_view method : method_names(record.methods)) methods.add(method);
    Outline waivers = Outline::list();
    for (std::uint32_t i = 0; i < record.waivers.count; ++i) {
      waivers.add(reason_info(gate_.waiver(record.waivers.first + i)).name);
    }
    const bool must_have_role = record.role_required == 1;
    Outline route = named(record.id);
    route.set("hosts", std::move(hosts));
    route.set("methods", std::move(methods));
    route.set("path", route_pattern(gate_, record));
    route.set("origin", gate_.text(gate_.origin(record.origin).id));
    route.set("waive", std::move(waivers));
    must_have_role ? route.set("role", "required") : route.tell("role", "optional");
    route.set("reads_headers", read_names(record.headers, &Gate::header_name));
    route.set("guarded_headers", read_names(record.guarded, &Gate::header_name));
    route.set("reads_parameters", read_names(record.parameters, &Gate::parameter_name));
    record.reads_path == 1 ? route.set("reads_path", true) : route.tell("reads_path", false);
    route.set("shaping", shape_report(gate_, gate_.shape(record)));
    add_route_rules(record, route);
    return route;
  }

  [[nodiscard]] Outline read_names(Range range, std::string_view (Gate::*name)(std::uint32_t) const noexcept) const {
    Outline list = Outline::list();
    for (std::uint32_t i = 0; i < range.count; ++i) list.add((gate_.*name)(gate_.read_name(range.first + i)));
    return list;
  }

  void add_route_rules(const RouteRecord& record, Outline& route) {
    Outline rules = Outline::list();
    std::uint64_t left_out = 0;
    for (std::uint32_t i = 0; i < record.blocks.count; ++i) {
      const RuleBlockRecord block = gate_.rule_block(record.blocks.first + i);
      for (std::uint32_t j = 0; j < block.rules.count; ++j) {
        if (++listings_ > kListingsMax) {
          left_out += block.rules.count - j;
          break;
        }
        rules.add(route_rule(record, gate_.block_rule(block.rules.first + j)));
      }
    }
    Outline roles = Outline::list();
    for (std::uint32_t i = 0; i < record.roles.count; ++i) {
      if (++listings_ > kListingsMax) {
        left_out += record.roles.count - i;
        break;
      }
      roles.add(gate_.text(gate_.role(gate_.route_role(record.roles.first + i)).id));
    }
    route.set("rules", std::move(rules));
    route.set("roles", std::move(roles));
    if (left_out != 0) route.set("rules_and_roles_not_listed", left_out);
  }

  /// A rule as it stands in a route: all of it on one line.
  [[nodiscard]] Outline route_rule(const RouteRecord& route, const BlockRuleRecord& rule) {
    const RuleRecord record = gate_.rule(rule.rule);
    std::string line = std::string(effect_word(record.effect)) + " " + std::string(gate_.text(record.id)) + ": ";
    line += rule.asks_identity() ? "identity" : "public";
    Outline conditions = Outline::list();
    const auto add = [&](std::string condition) {
      line += "; " + condition;
      conditions.add(std::move(condition));
    };
    if (rule.is_unbound()) add("never: the path of the route binds claims");
    if (rule.allows() && rule.asks_identity() && route.binding != kNoRow) add("path " + route_pattern(gate_, route));
    for (std::uint32_t i = 0; i < record.predicates.count; ++i) {
      add(condition_text_of(gate_.condition_row(record.predicates.first + i)));
    }
    Outline outline = Outline::object();
    outline.tell("effect", effect_word(record.effect));
    outline.tell("id", gate_.text(record.id));
    outline.tell("conditions", std::move(conditions));
    outline.title(std::move(line));
    return outline;
  }

  /// Rules share conditions.
  const std::string& condition_text_of(std::uint32_t predicate) {
    const auto [entry, is_new] = condition_texts_.try_emplace(predicate);
    if (is_new) entry->second = condition_text(gate_, predicate);
    return entry->second;
  }

  [[nodiscard]] Outline conditions(Range range) const {
    Outline list = Outline::list();
    for (std::uint32_t i = 0; i < range.count; ++i) {
      list.add(condition_outline(gate_, gate_.condition_row(range.first + i)));
    }
    return list;
  }

  [[nodiscard]] Outline rule(std::uint32_t row) {
    const RuleRecord record = gate_.rule(row);
    const bool is_public = record.subject == RuleSubject::kAnyone;
    Outline rule = Outline::object();
    rule.title(std::string(effect_word(record.effect)) + " " + std::string(gate_.text(record.id)) +
               (is_public ? " (public)" : ""));
    rule.tell("id", gate_.text(record.id));
    rule.tell("effect", effect_word(record.effect));
    rule.tell("public", is_public);
    rule.set("owner", Outline::perhaps(gate_.text(record.owner)));
    rule.set("ticket", Outline::perhaps(gate_.text(record.ticket)));
    rule.set("conditions", conditions(record.predicates));
    return rule;
  }

  [[nodiscard]] Outline role_text(const RoleTextRecord& record) const {
    const bool is_claim = record.kind == RoleTextKind::kClaim;
    const std::string_view value = is_claim ? gate_.claim_name(record.claim) : gate_.text(record.text);
    Outline text = Outline::object();
    text.title(is_claim ? "claim " + std::string(value) : adapt::quoted(value));
    text.tell(is_claim ? "claim" : "text", value);
    return text;
  }

  [[nodiscard]] Outline role(std::uint32_t row) {
    const RoleRecord record = gate_.role(row);
    Outline tags = Outline::object();
    for (std::uint32_t i = 0; i < record.session_tags.count; ++i) {
      const SessionTagRecord tag = gate_.session_tag(record.session_tags.first + i);
      tags.set(std::string(gate_.text(tag.key)), role_text(tag.value));
    }
    Outline role = named(record.id);
    role.set("role_arn", gate_.text(record.role_arn));
    role.set("duration_s", record.duration_s);
    role.set("owner", Outline::perhaps(gate_.text(record.owner)));
    role.set("ticket", Outline::perhaps(gate_.text(record.ticket)));
    role.set("session_name", role_text(record.session_name));
    role.set("session_tags", std::move(tags));
    role.set("conditions", conditions(record.predicates));
    return role;
  }

  const Gate& gate_;
  const GateHeader& header_;
  std::vector<std::vector<std::string>> hosts_;
  std::map<std::uint32_t, std::string> condition_texts_;
  std::size_t listings_ = 0;
};

}  // namespace

Outline gate_report(const Gate& gate) { return GateReport(gate).make(); }

}  // namespace ostiary::policy

namespace ostiary {

std::string gate_text(const Gate& gate) { return policy::gate_report(gate).text(); }

std::string gate_json(const Gate& gate) { return policy::gate_report(gate).json(); }

}  // namespace ostiary
