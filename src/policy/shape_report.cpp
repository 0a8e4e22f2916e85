#include "policy/gate_report.hpp"
#include "policy/gate_words.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace ostiary::policy {

namespace {

using adapt::Outline;

[[nodiscard]] std::string_view cache_class_word(CacheClass cache_class) {
  switch (cache_class) {
    case CacheClass::kNone: return "none";
    case CacheClass::kPrivate: return "private";
    case CacheClass::kShared: return "shared";
  }
  return {};
}

[[nodiscard]] std::string_view part_word(KeyPartKind kind) {
  switch (kind) {
    case KeyPartKind::kClient: return "client";
    case KeyPartKind::kRoute: return "route";
    case KeyPartKind::kClaim: return "claim";
    case KeyPartKind::kHeader: return "header";
    case KeyPartKind::kParameter: return "query";
  }
  return {};
}

/// "claim sub (text)", "header x-plan", "client".
[[nodiscard]] Outline key_outline(const Gate& gate, Range parts) {
  Outline list = Outline::list();
  for (std::uint32_t i = 0; i < parts.count; ++i) {
    const KeyPartRecord part = gate.key_part(parts.first + i);
    std::string text(part_word(part.kind));
    if (part.name.present()) text.append(" ").append(gate.text(part.name));
    if (part.kind == KeyPartKind::kClaim) text.append(" (").append(claim_kind_word(part.claim_kind)).append(")");
    list.add(std::move(text));
  }
  return list;
}

[[nodiscard]] Outline cache_outline(const Gate& gate, const ShapeRecord& shape) {
  if (shape.cache_class == CacheClass::kNone) return {};
  Outline cache = Outline::object();
  cache.set("class", cache_class_word(shape.cache_class));
  cache.set("ttl_s", shape.cache_ttl_s);
  cache.set("surrogate_keys", text_list(gate, shape.surrogate_keys));
  if (shape.cache_class != CacheClass::kShared) return cache;
  cache.set("whole_query_in_key", shape.key_whole_query == 1);
  cache.set("key", key_outline(gate, shape.cache_key));
  return cache;
}

[[nodiscard]] Outline rate_outline(const Gate& gate, const ShapeRecord& shape) {
  if (shape.rate_limit == 0) return {};
  Outline rate = Outline::object();
  rate.set("limit", shape.rate_limit);
  rate.set("period_s", shape.rate_period_s);
  rate.set("burst", shape.rate_burst);
  rate.set("key", key_outline(gate, shape.rate_key));
  return rate;
}

[[nodiscard]] std::string_view edit_word(HeaderEditKind kind) {
  switch (kind) {
    case HeaderEditKind::kRemove: return "remove";
    case HeaderEditKind::kRename: return "rename";
    case HeaderEditKind::kSet: return "set";
    case HeaderEditKind::kAppend: return "append";
  }
  return {};
}

[[nodiscard]] Outline edit_outline(const Gate& gate, const ShapeEditRecord& edit) {
  const std::string name(gate.text(edit.name));
  const std::string value(gate.text(edit.value));
  const std::string_view word = edit_word(edit.kind);
  const bool is_claim = edit.value_kind == EditValueKind::kClaim;
  std::string line = std::string(word) + " " + name;
  Outline outline = Outline::object();
  outline.tell("do", word);
  outline.tell("name", name);
  if (edit.kind == HeaderEditKind::kRename) {
    outline.tell("to", value);
    line += " to " + value;
  } else if (edit.kind != HeaderEditKind::kRemove) {
    outline.tell(is_claim ? "claim" : "text", value);
    if (is_claim) outline.tell("claim_kind", claim_kind_word(edit.claim_kind));
    line += is_claim ? " to claim " + value + " (" + std::string(claim_kind_word(edit.claim_kind)) + ")"
                     : " to " + adapt::quoted(value);
  }
  outline.title(std::move(line));
  return outline;
}

[[nodiscard]] std::string rewrite_text(const Gate& gate, Range steps) {
  std::string text;
  for (std::uint32_t i = 0; i < steps.count; ++i) {
    const RewriteStepRecord step = gate.rewrite_step(steps.first + i);
    switch (step.kind) {
      case RewriteStepKind::kLiteral: text += "/" + std::string(gate.text(step.text)); break;
      case RewriteStepKind::kSegment: text += "/{" + std::to_string(step.segment) + "}"; break;
      case RewriteStepKind::kTail: text += "/**"; break;
    }
  }
  return text;
}

[[nodiscard]] Outline query_outline(const Gate& gate, const ShapeRecord& shape) {
  if (shape.query_filter == QueryFilter::kAll) return {};
  const bool keeps = shape.query_filter == QueryFilter::kKeep;
  Outline query = Outline::object();
  query.title(std::string(keeps ? "keep" : "drop") + (shape.query_names.count == 0 ? " nothing" : ""));
  query.set(keeps ? "keep" : "drop", text_list(gate, shape.query_names));
  return query;
}

}  // namespace

Outline shape_report(const Gate& gate, const ShapeRecord& shape) {
  Outline report = Outline::object();
  Outline edits = Outline::list();
  for (std::uint32_t i = 0; i < shape.edits.count; ++i) {
    edits.add(edit_outline(gate, gate.shape_edit(shape.edits.first + i)));
  }
  report.set("headers", std::move(edits));
  report.set("rewrite", shape.rewrite.count == 0 ? Outline() : Outline(rewrite_text(gate, shape.rewrite)));
  report.set("query", query_outline(gate, shape));
  report.set("cache", cache_outline(gate, shape));
  report.set("rate", rate_outline(gate, shape));
  // What is so unless a route says otherwise takes no line.
  const bool identity_headers = shape.identity_headers == 1;
  identity_headers ? report.tell("identity_headers", true) : report.set("identity_headers", false);
  shape.hide == 0 ? report.tell("hide", false) : report.set("hide", true);
  report.set("login", Outline::perhaps(gate.text(shape.login)));
  return report;
}

}  // namespace ostiary::policy
