#include "policy/write_image.hpp"

#include "policy/image_tables.hpp"
#include "policy/pattern.hpp"
#include "policy/quote.hpp"
#include "policy/write_blocks.hpp"
#include "policy/write_conditions.hpp"
#include "policy/write_routes.hpp"
#include "policy/write_shaping.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

namespace ostiary::policy {

namespace {

/// Pointers to the elements in order of id.
template <typename Source>
std::vector<const Source*> sorted_by_id(const std::vector<Source>& sources) {
  std::vector<const Source*> sorted;
  for (const Source& source : sources) sorted.push_back(&source);
  std::sort(sorted.begin(), sorted.end(), [](const Source* a, const Source* b) { return a->id.value < b->id.value; });
  return sorted;
}

template <typename Source>
std::map<std::string_view, std::uint32_t> rows_by_id(const std::vector<const Source*>& sorted) {
  std::map<std::string_view, std::uint32_t> rows;
  for (const Source* source : sorted) rows.emplace(source->id.value, static_cast<std::uint32_t>(rows.size()));
  return rows;
}

/// Which rows name a route, itself or through "*"; ascending.
class RowsByRoute {
 public:
  void note(const std::vector<Text>& routes, std::uint32_t row) {
    for (const Text& route : routes) (route.value == "*" ? everywhere_ : by_route_[route.value]).push_back(row);
  }

  /// Those that name it itself.
  [[nodiscard]] std::vector<std::uint32_t> own(const std::string& route) const {
    const auto found = by_route_.find(route);
    return found == by_route_.end() ? std::vector<std::uint32_t>() : found->second;
  }

  /// All of a route for which these are its own.
  [[nodiscard]] std::vector<std::uint32_t> with(const std::vector<std::uint32_t>& own) const {
    std::vector<std::uint32_t> rows;
    std::merge(everywhere_.begin(), everywhere_.end(), own.begin(), own.end(), std::back_inserter(rows));
    return rows;
  }

 private:
  std::vector<std::uint32_t> everywhere_;
  std::map<std::string, std::vector<std::uint32_t>> by_route_;
};

class ImageWriter {
 public:
  ImageWriter(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics)
      : gate_(gate),
        size_max_(limits.gate_image_size_max),
        diagnostics_(diagnostics),
        origin_rows_(rows_by_id(sorted_by_id(gate.origins))),
        claim_kinds_(gate.claims),
        conditions_(gate, tables_),
        blocks_(tables_) {}

  std::string write(const BoundaryMark& mark) {
    tables_.header.boundary.hash = mark.hash;
    tables_.header.boundary.prover = mark.prover;
    tables_.reviews = mark.reviews;
    tables_.header.name = tables_.span(gate_.name);
    tables_.header.version = gate_.version;
    for (const IssuerSource* issuer : sorted_by_id(gate_.issuers)) write_issuer(*issuer);
    for (const OriginSource* origin : sorted_by_id(gate_.origins)) write_origin(*origin);
    write_identity_headers();
    const bool fits = write_all(gate_.rules, &ImageWriter::write_rule) &&
                      write_all(gate_.roles, &ImageWriter::write_role) &&
                      write_all(gate_.routes, &ImageWriter::write_route);
    if (!fits) return {};
    write_hosts();
    return fits_with(gate_.routes.back().id) ? tables_.assemble() : std::string();
  }

 private:
  /// False, with a diagnostic, when the image has become too large.
  template <typename Source>
  bool write_all(const std::vector<Source>& sources, void (ImageWriter::*add)(const Source&)) {
    for (const Source* source : sorted_by_id(sources)) {
      (this->*add)(*source);
      if (!fits_with(source->id)) return false;
    }
    return true;
  }

  bool fits_with(const Text& place) {
    if (tables_.size() <= size_max_) return true;
    diagnostics_.add(
        Reason::kGateLimit, place.offset,
        "with " + quote(place.value) + " the image has more than " + std::to_string(size_max_) +
            " bytes; what names \"*\" takes room on every route that has rules of its own: name routes, or "
            "make several Gates of it");
    return false;
  }

  void write_issuer(const IssuerSource& issuer) {
    std::vector<std::string> audiences;
    for (const Text& audience : issuer.audiences) audiences.push_back(audience.value);
    tables_.issuers.push_back({tables_.span(issuer.id.value), tables_.span(issuer.issuer.value),
                               tables_.append_sorted(std::move(audiences)), issuer.algorithms, issuer.clock_skew_s,
                               issuer.profile, issuer.audience_claim, 0, issuer.age_max_s, required_claims(issuer)});
  }

  Range required_claims(const IssuerSource& issuer) {
    std::map<std::string, std::string> by_name;
    for (const RequiredClaimSource& claim : issuer.required_claims) {
      by_name.emplace(claim.name.value, claim.value.value);
    }
    std::vector<Span> spans;
    for (const auto& [name, value] : by_name) {
      spans.push_back(tables_.span(name));
      spans.push_back(tables_.span(value));
    }
    return ImageTables::append(tables_.texts, spans);
  }

  void write_origin(const OriginSource& origin) {
    tables_.origins.push_back(
        {tables_.span(origin.id.value), tables_.span(origin.scheme), tables_.span(origin.host.value), origin.port,
         tables_.span_unless_empty(origin.shield.value), origin.connect_timeout_ms, origin.first_byte_timeout_ms,
         origin.between_bytes_timeout_ms, origin.sign.method, tables_.span_unless_empty(origin.sign.key.value),
         tables_.span_unless_empty(origin.sign.region.value), tables_.span_unless_empty(origin.sign.service.value)});
  }

  void write_identity_headers() {
    std::map<std::string_view, const IdentityHeaderSource*> by_name;
    for (const IdentityHeaderSource& header : gate_.identity_headers) by_name.emplace(header.name.value, &header);
    for (const auto& [name, header] : by_name) {
      tables_.identity_headers.push_back(
          {tables_.span(header->name.value), header->source, tables_.span(header->claim.value),
           header->source == HeaderSource::kClaim ? claim_kinds_.of(header->claim.value) : ClaimKind::kText});
    }
  }

  void write_rule(const RuleSource& rule) {
    RuleRecord record;
    record.id = tables_.span(rule.id.value);
    record.effect = rule.effect;
    record.subject = rule.subject;
    record.predicates =
        conditions_.add(rule.effect == RuleEffect::kDeny ? of_unknown_scheme(rule.predicates) : rule.predicates);
    record.owner = tables_.span_unless_empty(rule.owner);
    record.ticket = tables_.span_unless_empty(rule.ticket);
    RowsByRoute& rows = rule.effect == RuleEffect::kDeny ? denies_ : allows_;
    rows.note(rule.routes, static_cast<std::uint32_t>(tables_.rules.size()));
    tables_.rules.push_back(record);
  }

  /// What a rule denies to some schemes it denies to a request whose scheme nobody knows.
  static std::vector<PredicateSource> of_unknown_scheme(std::vector<PredicateSource> predicates) {
    constexpr std::int64_t kUnknown = std::int64_t{1} << static_cast<unsigned>(Scheme::kUnknown);
    for (PredicateSource& predicate : predicates) {
      if (predicate.kind == PredicateKind::kSchemeIn) predicate.integers.front() |= kUnknown;
    }
    return predicates;
  }

  RoleTextRecord role_text(const RoleTextSource& text) {
    if (text.is_claim) return {RoleTextKind::kClaim, conditions_.claim(text.value.value), {}};
    return {RoleTextKind::kText, 0, tables_.span(text.value.value)};
  }

  void write_role(const RoleSource& role) {
    // Nothing is written before all is sorted, or the order of the source would show in the order of the texts.
    std::map<std::string_view, const RoleTextSource*> tags;
    for (const SessionTagSource& tag : role.session_tags) tags.emplace(tag.key.value, &tag.value);
    std::vector<SessionTagRecord> records;
    for (const auto& [key, value] : tags) records.push_back({tables_.span(std::string(key)), role_text(*value)});
    mappings_.note(role.routes, static_cast<std::uint32_t>(tables_.roles.size()));
    tables_.roles.push_back({tables_.span(role.id.value), conditions_.add(role.predicates),
                             tables_.span(role.role_arn.value), role_text(role.session_name),
                             ImageTables::append(tables_.session_tags, records), role.duration_s,
                             tables_.span_unless_empty(role.owner), tables_.span_unless_empty(role.ticket)});
  }

  /// What the conditions of these rules and mappings read, each name once.
  struct Reads {
    std::set<std::uint32_t> headers;
    std::set<std::uint32_t> parameters;
    bool path = false;

    void add(const ConditionReads& reads) {
      headers.insert(reads.headers.begin(), reads.headers.end());
      parameters.insert(reads.parameters.begin(), reads.parameters.end());
      path = path || reads.path;
    }
  };

  Range names(const std::set<std::uint32_t>& rows) {
    return ImageTables::append(tables_.read_names, std::vector<std::uint32_t>(rows.begin(), rows.end()));
  }

  /// Routes of the same rules share their blocks.
  struct RulesOfRoute {
    std::vector<std::uint32_t> rules;
    std::vector<std::uint32_t> roles;
    Reads reads;
    std::map<std::uint32_t, Range> blocks;  ///< by the binding of the route
  };

  RulesOfRoute& rules_of(const std::string& route) {
    const std::array own = {denies_.own(route), allows_.own(route), mappings_.own(route)};
    const auto [entry, inserted] = rules_of_routes_.try_emplace(own);
    RulesOfRoute& all = entry->second;
    if (!inserted) return all;
    // Denials first: the evaluator stops at the first rule that matches.
    all.rules = denies_.with(own[0]);
    const std::vector<std::uint32_t> allows = allows_.with(own[1]);
    all.rules.insert(all.rules.end(), allows.begin(), allows.end());
    all.roles = mappings_.with(own[2]);
    for (const std::uint32_t row : all.rules) all.reads.add(conditions_.reads(tables_.rules[row].predicates));
    for (const std::uint32_t row : all.roles) all.reads.add(conditions_.reads(tables_.roles[row].predicates));
    return all;
  }

  Range blocks_of(RulesOfRoute& rules, std::uint32_t binding) {
    const auto [entry, inserted] = rules.blocks.try_emplace(binding);
    if (inserted) entry->second = blocks_.add(rules.rules, binding);
    return entry->second;
  }

  void write_route(const RouteSource& route) {
    RulesOfRoute& rules = rules_of(route.id.value);
    const auto row = static_cast<std::uint32_t>(tables_.routes.size());
    const auto pattern = std::make_shared<const PathPattern>(split_path_pattern(route.path.value));
    for (const Text& host : route.hosts) routes_by_host_[host.value].push_back({pattern, route.methods, row});
    RouteRecord record;
    record.id = tables_.span(route.id.value);
    record.methods = route.methods;
    record.has_tail = pattern->has_tail ? 1 : 0;
    record.segments = conditions_.segments(route.path.value);
    record.origin = origin_rows_.at(route.origin.value);
    record.waivers = ImageTables::append(tables_.waivers, sorted(route.waivers));
    record.roles = ImageTables::append(tables_.route_roles, rules.roles);
    record.parameters = names(rules.reads.parameters);
    record.headers = names(rules.reads.headers);
    record.guarded = names(guarded(rules.reads.headers, route.shape));
    record.binding = conditions_.add_binding(route.path.value);
    record.blocks = blocks_of(rules, record.binding);
    record.role_required = route.role_required ? 1 : 0;
    record.shape = write_shape(route.shape, claim_kinds_, tables_);
    record.reads_path = rules.reads.path || looks_at_path(route.shape) || record.binding != kNoRow ? 1 : 0;
    tables_.routes.push_back(record);
  }

  /// The headers that rules read, and those that a key or a rename does.
  std::set<std::uint32_t> guarded(std::set<std::uint32_t> rows, const ShapeSource& shape) {
    std::set<std::string> sorted;  // or the order of the source would show in the order of the rows
    for (const std::vector<KeyPartSource>* key : {&shape.cache.key, &shape.rate.key}) {
      for (const KeyPartSource& part : *key) {
        if (part.kind == KeyPartKind::kHeader) sorted.insert(part.name.value);
      }
    }
    for (const HeaderEditSource& edit : shape.edits) {
      if (edit.kind == HeaderEditKind::kRename) sorted.insert(edit.name.value);
    }
    for (const std::string& name : sorted) rows.insert(conditions_.header(name));
    return rows;
  }

  /// A shared answer is found by the path, too.
  static bool looks_at_path(const ShapeSource& shape) {
    return !shape.rewrite.value.empty() || shape.cache.cache_class == CacheClass::kShared;
  }

  static std::vector<Reason> sorted(std::vector<Reason> rules) {
    std::sort(rules.begin(), rules.end());
    return rules;
  }

  void write_hosts() {
    std::vector<std::vector<HostRoute>> routes;
    for (const auto& [host, its_routes] : routes_by_host_) routes.push_back(its_routes);
    tables_.route_index =
        write_routes(std::move(routes), [this](const std::string& text) { return tables_.span(text); });
    auto root = tables_.route_index.roots.begin();
    for (const auto& [host, its_routes] : routes_by_host_) {
      const bool wildcard = host.starts_with("*.");
      const HostRecord record{tables_.span(wildcard ? host.substr(2) : host), *root++};
      (wildcard ? tables_.wildcard_hosts : tables_.exact_hosts).push_back(record);
    }
  }

  const GateSource& gate_;
  const std::uint64_t size_max_;
  Diagnostics& diagnostics_;
  ImageTables tables_;
  std::map<std::string_view, std::uint32_t> origin_rows_;
  ClaimKinds claim_kinds_;
  ConditionWriter conditions_;
  BlockWriter blocks_;
  RowsByRoute denies_;
  RowsByRoute allows_;
  RowsByRoute mappings_;
  std::map<std::array<std::vector<std::uint32_t>, 3>, RulesOfRoute> rules_of_routes_;  ///< by denies, allows, mappings
  std::map<std::string, std::vector<HostRoute>> routes_by_host_;
};

}  // namespace

std::string write_image(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics,
                        const BoundaryMark& mark) {
  return ImageWriter(gate, limits, diagnostics).write(mark);
}

}  // namespace ostiary::policy
