#include "policy/write_image.hpp"

#include "policy/pattern.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>
#include <type_traits>
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

class ImageWriter {
 public:
  explicit ImageWriter(const GateSource& gate)
      : gate_(gate),
        issuers_(sorted_by_id(gate.issuers)),
        origins_(sorted_by_id(gate.origins)),
        routes_(sorted_by_id(gate.routes)),
        rules_(sorted_by_id(gate.rules)),
        issuer_rows_(rows_by_id(issuers_)),
        origin_rows_(rows_by_id(origins_)) {}

  std::string write() {
    header_.name = span(gate_.name);
    for (const IssuerSource* issuer : issuers_) write_issuer(*issuer);
    for (const OriginSource* origin : origins_) write_origin(*origin);
    write_identity_headers();
    for (const RuleSource* rule : rules_) write_rule(*rule);
    for (const RouteSource* route : routes_) write_route(*route);
    write_hosts();
    return assemble();
  }

 private:
  /// Each text is stored once; its offset is made absolute when the tables' sizes are known.
  Span span(const std::string& text) {
    const auto [entry, inserted] = text_offsets_.try_emplace(text, static_cast<std::uint32_t>(pool_.size()));
    if (inserted) pool_ += text;
    return {entry->second, static_cast<std::uint32_t>(text.size())};
  }

  template <typename Record>
  static Range append(std::vector<Record>& table, const std::vector<Record>& records) {
    const Range range{static_cast<std::uint32_t>(table.size()), static_cast<std::uint32_t>(records.size())};
    table.insert(table.end(), records.begin(), records.end());
    return range;
  }

  /// Sets are stored in order, so that their order in the source leaves no trace.
  Range text_set(const std::vector<Text>& texts) {
    std::vector<std::string> sorted;
    for (const Text& text : texts) sorted.push_back(text.value);
    std::sort(sorted.begin(), sorted.end());
    std::vector<Span> spans;
    for (const std::string& text : sorted) spans.push_back(span(text));
    return append(texts_, spans);
  }

  Range required_claims(const IssuerSource& issuer) {
    std::map<std::string_view, std::string_view> by_name;
    for (const RequiredClaimSource& claim : issuer.required_claims)
      by_name.emplace(claim.name.value, claim.value.value);
    std::vector<Span> spans;
    for (const auto& [name, value] : by_name) {
      spans.push_back(span(std::string(name)));
      spans.push_back(span(std::string(value)));
    }
    return append(texts_, spans);
  }

  void write_issuer(const IssuerSource& issuer) {
    issuer_records_.push_back({span(issuer.id.value), span(issuer.issuer.value), text_set(issuer.audiences),
                               issuer.algorithms, issuer.clock_skew_s, issuer.profile, issuer.audience_claim, 0,
                               issuer.age_max_s, required_claims(issuer)});
  }

  void write_origin(const OriginSource& origin) {
    origin_records_.push_back({span(origin.id.value), span(origin.scheme), span(origin.host.value), origin.port});
  }

  void write_identity_headers() {
    std::map<std::string_view, const IdentityHeaderSource*> by_name;
    for (const IdentityHeaderSource& header : gate_.identity_headers) by_name.emplace(header.name.value, &header);
    for (const auto& [name, header] : by_name) {
      identity_headers_.push_back({span(header->name.value), header->source, span(header->claim.value)});
    }
  }

  ConditionRecord condition_record(const ConditionSource& condition) {
    ConditionRecord record{span(condition.claim.value), condition.kind, {}};
    switch (condition.kind) {
      case ConditionKind::kTextIn:
      case ConditionKind::kHasAny:
      case ConditionKind::kHasAll: record.values = text_set(condition.texts); break;
      case ConditionKind::kIntegerIn: {
        std::vector<std::int64_t> sorted = condition.integers;
        std::sort(sorted.begin(), sorted.end());
        record.values = append(integers_, sorted);
        break;
      }
      case ConditionKind::kBooleanIs: record.values.first = condition.boolean ? 1 : 0; break;
      case ConditionKind::kPresent:
      case ConditionKind::kAbsent: break;
    }
    return record;
  }

  void write_rule(const RuleSource& rule) {
    RuleRecord record;
    record.id = span(rule.id.value);
    record.effect = rule.effect;
    record.subject = rule.subject;
    std::vector<std::uint32_t> issuer_rows;
    for (const Text& issuer : rule.issuers) issuer_rows.push_back(issuer_rows_.at(issuer.value));
    std::sort(issuer_rows.begin(), issuer_rows.end());
    record.issuers = append(rule_issuers_, issuer_rows);
    record.scopes_all = text_set(rule.scopes_all);
    record.scopes_any = text_set(rule.scopes_any);
    std::vector<ConditionRecord> conditions;
    for (const ConditionSource* condition : by_claim(rule.conditions))
      conditions.push_back(condition_record(*condition));
    record.conditions = append(conditions_, conditions);
    rule_records_.push_back(record);
    note_routes(rule, static_cast<std::uint32_t>(rule_records_.size() - 1));
  }

  static std::vector<const ConditionSource*> by_claim(const std::vector<ConditionSource>& conditions) {
    std::vector<const ConditionSource*> sorted;
    for (const ConditionSource& condition : conditions) sorted.push_back(&condition);
    std::sort(sorted.begin(), sorted.end(),
              [](const ConditionSource* a, const ConditionSource* b) { return a->claim.value < b->claim.value; });
    return sorted;
  }

  void note_routes(const RuleSource& rule, std::uint32_t row) {
    const bool deny = rule.effect == RuleEffect::kDeny;
    for (const Text& route : rule.routes) {
      if (route.value == "*") {
        (deny ? denies_everywhere_ : allows_everywhere_).push_back(row);
      } else {
        (deny ? denies_ : allows_)[route.value].push_back(row);
      }
    }
  }

  /// Denials first: the evaluator stops at the first rule that matches.
  Range route_rules(const std::string& route) {
    std::vector<std::uint32_t> rows = merged(denies_everywhere_, denies_[route]);
    const std::vector<std::uint32_t> allows = merged(allows_everywhere_, allows_[route]);
    rows.insert(rows.end(), allows.begin(), allows.end());
    return append(route_rules_, rows);
  }

  static std::vector<std::uint32_t> merged(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    std::vector<std::uint32_t> all(a);
    all.insert(all.end(), b.begin(), b.end());
    std::sort(all.begin(), all.end());
    return all;
  }

  void write_route(const RouteSource& route) {
    const PathPattern pattern = split_path_pattern(route.path.value);
    std::vector<SegmentRecord> segments;
    for (const std::string& segment : pattern.segments) {
      const bool any = segment == "*";
      segments.push_back({any ? SegmentKind::kAny : SegmentKind::kLiteral, any ? Span{0, 0} : span(segment)});
    }
    const auto row = static_cast<std::uint32_t>(route_records_.size());
    for (const Text& host : route.hosts) host_routes_by_host_[host.value].push_back({pattern, row});
    route_records_.push_back({span(route.id.value), route.methods, pattern.has_tail ? 1U : 0U,
                              append(segments_, segments), origin_rows_.at(route.origin.value),
                              route_rules(route.id.value), append(waivers_, sorted(route.waivers))});
  }

  static std::vector<Reason> sorted(std::vector<Reason> rules) {
    std::sort(rules.begin(), rules.end());
    return rules;
  }

  struct HostRoute {
    PathPattern path;
    std::uint32_t row;
  };

  void write_hosts() {
    for (auto& [host, routes] : host_routes_by_host_) {
      std::sort(routes.begin(), routes.end(), [](const HostRoute& a, const HostRoute& b) {
        const auto order = compare_specificity(a.path, b.path);
        return order != 0 ? order < 0 : a.row < b.row;
      });
      std::vector<std::uint32_t> rows;
      for (const HostRoute& route : routes) rows.push_back(route.row);
      const bool wildcard = host.starts_with("*.");
      const HostRecord record{span(wildcard ? host.substr(2) : host), append(host_routes_, rows)};
      (wildcard ? wildcard_hosts_ : exact_hosts_).push_back(record);
    }
  }

  template <typename Record>
  ImageTable place(const std::vector<Record>& table, std::uint32_t& offset) {
    const ImageTable placed{offset, static_cast<std::uint32_t>(table.size())};
    offset += static_cast<std::uint32_t>(table.size() * sizeof(Record));
    return placed;
  }

  template <typename Record>
  static void copy(const std::vector<Record>& table, std::string& image) {
    static_assert(std::has_unique_object_representations_v<Record>, "padding would make images differ");
    if (!table.empty()) image.append(reinterpret_cast<const char*>(table.data()), table.size() * sizeof(Record));
  }

  /// Calls `visit` with every table in the order of the image.
  template <typename Visit>
  void for_each_table(Visit visit) {
    visit(header_.integers, integers_);
    visit(header_.issuers, issuer_records_);
    visit(header_.origins, origin_records_);
    visit(header_.identity_headers, identity_headers_);
    visit(header_.exact_hosts, exact_hosts_);
    visit(header_.wildcard_hosts, wildcard_hosts_);
    visit(header_.host_routes, host_routes_);
    visit(header_.routes, route_records_);
    visit(header_.segments, segments_);
    visit(header_.route_rules, route_rules_);
    visit(header_.rules, rule_records_);
    visit(header_.rule_issuers, rule_issuers_);
    visit(header_.conditions, conditions_);
    visit(header_.texts, texts_);
    visit(header_.waivers, waivers_);
  }

  void make_spans_absolute(std::uint32_t pool_offset) {
    const auto shift = [pool_offset](Span& span) { span.offset += pool_offset; };
    shift(header_.name);
    for (IssuerRecord& r : issuer_records_) shift(r.id), shift(r.issuer);
    for (OriginRecord& r : origin_records_) shift(r.id), shift(r.scheme), shift(r.host);
    for (IdentityHeaderRecord& r : identity_headers_) shift(r.name), shift(r.claim);
    for (HostRecord& r : exact_hosts_) shift(r.host);
    for (HostRecord& r : wildcard_hosts_) shift(r.host);
    for (RouteRecord& r : route_records_) shift(r.id);
    for (SegmentRecord& r : segments_) shift(r.text);
    for (RuleRecord& r : rule_records_) shift(r.id);
    for (ConditionRecord& r : conditions_) shift(r.claim);
    for (Span& text : texts_) shift(text);
  }

  std::string assemble() {
    std::uint32_t offset = sizeof(GateHeader);
    for_each_table([&](ImageTable& placed, const auto& table) { placed = place(table, offset); });
    make_spans_absolute(offset);
    std::string body;
    for_each_table([&](ImageTable&, const auto& table) { copy(table, body); });
    body += pool_;
    header_.size = static_cast<std::uint32_t>(sizeof(GateHeader) + body.size());
    header_.checksum = ostiary::detail::image_checksum(body);
    std::string image(sizeof(GateHeader), '\0');
    std::memcpy(image.data(), &header_, sizeof(GateHeader));
    return image + body;
  }

  const GateSource& gate_;
  std::vector<const IssuerSource*> issuers_;
  std::vector<const OriginSource*> origins_;
  std::vector<const RouteSource*> routes_;
  std::vector<const RuleSource*> rules_;
  std::map<std::string_view, std::uint32_t> issuer_rows_;
  std::map<std::string_view, std::uint32_t> origin_rows_;

  std::vector<std::uint32_t> denies_everywhere_;
  std::vector<std::uint32_t> allows_everywhere_;
  std::map<std::string, std::vector<std::uint32_t>> denies_;
  std::map<std::string, std::vector<std::uint32_t>> allows_;
  std::map<std::string, std::vector<HostRoute>> host_routes_by_host_;

  GateHeader header_;
  std::string pool_;
  std::map<std::string, std::uint32_t> text_offsets_;
  std::vector<IssuerRecord> issuer_records_;
  std::vector<OriginRecord> origin_records_;
  std::vector<IdentityHeaderRecord> identity_headers_;
  std::vector<HostRecord> exact_hosts_;
  std::vector<HostRecord> wildcard_hosts_;
  std::vector<std::uint32_t> host_routes_;
  std::vector<RouteRecord> route_records_;
  std::vector<SegmentRecord> segments_;
  std::vector<std::uint32_t> route_rules_;
  std::vector<RuleRecord> rule_records_;
  std::vector<std::uint32_t> rule_issuers_;
  std::vector<ConditionRecord> conditions_;
  std::vector<Span> texts_;
  std::vector<std::int64_t> integers_;
  std::vector<Reason> waivers_;
};

}  // namespace

std::string write_image(const GateSource& gate) { return ImageWriter(gate).write(); }

}  // namespace ostiary::policy
