#include "policy/image_tables.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace ostiary::policy {

namespace {

template <typename Record>
ImageTable place(const std::vector<Record>& table, std::uint32_t& offset) {
  const ImageTable placed{offset, static_cast<std::uint32_t>(table.size())};
  offset += static_cast<std::uint32_t>(table.size() * sizeof(Record));
  return placed;
}

template <typename Record>
void copy(const std::vector<Record>& table, std::string& image) {
  static_assert(std::has_unique_object_representations_v<Record>, "padding would make images differ");
  if (!table.empty()) image.append(reinterpret_cast<const char*>(table.data()), table.size() * sizeof(Record));
}

}  // namespace

Span ImageTables::span(const std::string& text) {
  const auto [entry, inserted] = offsets_.try_emplace(text, static_cast<std::uint32_t>(pool_.size()));
  if (inserted) pool_ += text;
  return {entry->second, static_cast<std::uint32_t>(text.size())};
}

Span ImageTables::blob(const std::string& bytes) {
  const Span span{static_cast<std::uint32_t>(pool_.size()), static_cast<std::uint32_t>(bytes.size())};
  pool_ += bytes;
  return span;
}

Range ImageTables::append_sorted(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  std::vector<Span> spans;
  for (const std::string& text : values) spans.push_back(span(text));
  return append(texts, spans);
}

/// Calls `visit` with every table in the order of the image.
template <typename Visit>
void ImageTables::for_each_table(Visit visit) {
  visit(header.integers, integers);
  visit(header.boundary.reviews, reviews);
  visit(header.route_index.nodes, route_index.nodes);
  visit(header.route_index.accepts, route_index.accepts);
  visit(header.issuers, issuers);
  visit(header.origins, origins);
  visit(header.identity_headers, identity_headers);
  visit(header.exact_hosts, exact_hosts);
  visit(header.wildcard_hosts, wildcard_hosts);
  visit(header.routes, routes);
  visit(header.segments, segments);
  visit(header.rule_blocks, rule_blocks);
  visit(header.block_rules, block_rules);
  visit(header.rules, rules);
  visit(header.roles, roles);
  visit(header.session_tags, session_tags);
  visit(header.route_roles, route_roles);
  visit(header.condition_rows, condition_rows);
  visit(header.predicates, predicates);
  visit(header.patterns, patterns);
  visit(header.networks, networks);
  visit(header.claim_names, claim_names);
  visit(header.header_names, header_names);
  visit(header.parameter_names, parameter_names);
  visit(header.read_names, read_names);
  visit(header.flags, flags);
  visit(header.shapes, shapes);
  visit(header.shape_edits, shape_edits);
  visit(header.key_parts, key_parts);
  visit(header.rewrite_steps, rewrite_steps);
  visit(header.texts, texts);
  visit(header.waivers, waivers);
  visit(header.route_index.displacements, route_index.displacements);
}

void ImageTables::make_spans_absolute(std::uint32_t pool_offset) {
  const auto shift = [pool_offset](Span& span) {
    if (span.present()) span.offset += pool_offset;
  };
  shift(header.name);
  for (IssuerRecord& r : issuers) shift(r.id), shift(r.issuer);
  for (OriginRecord& r : origins)
    shift(r.id), shift(r.scheme), shift(r.host), shift(r.shield), shift(r.sign_key), shift(r.sign_region),
        shift(r.sign_service);
  for (IdentityHeaderRecord& r : identity_headers) shift(r.name), shift(r.claim);
  for (HostRecord& r : exact_hosts) shift(r.host);
  for (HostRecord& r : wildcard_hosts) shift(r.host);
  for (RouteRecord& r : routes) shift(r.id);
  for (SegmentRecord& r : segments) {
    if (r.kind == SegmentKind::kLiteral) shift(r.text);
  }
  for (RouteNode& r : route_index.nodes) r.text += pool_offset, r.link += r.rest_size != 0 ? pool_offset : 0;
  for (RuleRecord& r : rules) shift(r.id), shift(r.owner), shift(r.ticket);
  for (RoleRecord& r : roles)
    shift(r.id), shift(r.role_arn), shift(r.session_name.text), shift(r.owner), shift(r.ticket);
  for (SessionTagRecord& r : session_tags) shift(r.key), shift(r.value.text);
  for (ShapeRecord& r : shapes) shift(r.login);
  for (ShapeEditRecord& r : shape_edits) shift(r.name), shift(r.value);
  for (KeyPartRecord& r : key_parts) shift(r.name);
  for (RewriteStepRecord& r : rewrite_steps) shift(r.text);
  for (std::vector<Span>* table : {&networks, &claim_names, &header_names, &parameter_names, &flags, &texts}) {
    for (Span& text : *table) shift(text);
  }
}

std::uint64_t ImageTables::size() {
  std::uint64_t size = sizeof(GateHeader) + pool_.size() + kRouteTextPadding;
  for_each_table([&](ImageTable&, const auto& table) { size += table.size() * sizeof(table[0]); });
  return size;
}

std::string ImageTables::assemble() {
  std::uint32_t offset = sizeof(GateHeader);
  for_each_table([&](ImageTable& placed, const auto& table) { placed = place(table, offset); });
  make_spans_absolute(offset);
  if (!header.boundary.is_proved()) header.boundary = {};
  std::string body;
  for_each_table([&](ImageTable&, const auto& table) { copy(table, body); });
  body += pool_;
  body.append(kRouteTextPadding, '\0');
  header.route_index.slots = route_index.slots;
  header.route_index.seed = route_index.seed;
  header.size = static_cast<std::uint32_t>(sizeof(GateHeader) + body.size());
  header.checksum = ostiary::detail::image_checksum(body);
  std::string image(sizeof(GateHeader), '\0');
  std::memcpy(image.data(), &header, sizeof(GateHeader));
  return image + body;
}

}  // namespace ostiary::policy
