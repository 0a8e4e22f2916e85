// What becomes of an allowed request: its fields, its target, who may keep the answer, and what it is counted under.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/http/query.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/evaluation.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/policy/key.hpp>
#include <ostiary/policy/shape.hpp>
#include <ostiary/policy/text_sink.hpp>
#include <ostiary/token/identity.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::detail {

/// Everything that shaping looks at. Borrows everything. Plain data.
struct ShapeInputs {
  const Gate& gate;
  const RouteRecord& route;
  const ShapeRecord& shape;
  const Request& request;
  const Identity* identity;  ///< or nullptr
  const Facts& facts;
  const Limits& limits;
};

/// Visible ASCII and inner spaces: nothing that a next program could read as a line end or trim away.
[[nodiscard]] inline bool is_plain_header_value(std::string_view value) noexcept {
  if (value.empty() || value.front() == ' ' || value.back() == ' ') return false;
  for (const char c : value) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

/// A set as a comma-separated list. Reasons: IDENTITY_HEADER_VALUE when it is too long, or an element could be read as
/// two or as none; USAGE_SCRATCH_TOO_SMALL.
[[nodiscard]] inline Result<std::string_view> join_set(const Identity& identity, const ClaimRecord& set, Arena& scratch,
                                                       const Limits& limits) noexcept {
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < set.text.length; ++i) {
    const std::string_view element = identity.element(set, i);
    if (!is_plain_header_value(element) || element.find(',') != std::string_view::npos) {
      return Reason::kIdentityHeaderValue;
    }
    size += element.size() + (i == 0 ? 0 : 1);
    if (size > limits.identity_header_size_max) return Reason::kIdentityHeaderValue;
  }
  char* const joined = scratch.allocate<char>(size);
  if (joined == nullptr) return Reason::kUsageScratchTooSmall;
  char* next = joined;
  for (std::uint32_t i = 0; i < set.text.length; ++i) {
    if (i != 0) *next++ = ',';
    const std::string_view element = identity.element(set, i);
    next = std::copy(element.begin(), element.end(), next);
  }
  return std::string_view(joined, size);
}

/// The claim as text, which is perhaps no header value.
[[nodiscard]] inline Result<std::string_view> claim_header_value(const Identity& identity, const ClaimRecord& claim,
                                                                 Arena& scratch, const Limits& limits) noexcept {
  switch (claim.kind) {
    case ClaimKind::kText: return identity.text(claim.text);
    case ClaimKind::kBoolean: return std::string_view(claim.integer != 0 ? "true" : "false");
    case ClaimKind::kTextSet: return join_set(identity, claim, scratch, limits);
    case ClaimKind::kInteger: {
      constexpr std::size_t kDigitsMax = 20;  // of a 64-bit integer with its sign
      char* const digits = scratch.allocate<char>(kDigitsMax);
      if (digits == nullptr) return Reason::kUsageScratchTooSmall;
      const char* const end = std::to_chars(digits, digits + kDigitsMax, claim.integer).ptr;
      return std::string_view(digits, static_cast<std::size_t>(end - digits));
    }
    case ClaimKind::kOther: break;
  }
  return Reason::kIdentityHeaderValue;
}

struct HeaderValue {
  Reason reason = Reason::kOk;
  std::string_view text;  ///< absent (null) when there is nothing to send
};

/// A claim of another kind than declared is not sent: what reads the header expects the kind that people reviewed.
[[nodiscard]] inline HeaderValue claim_value(const ShapeInputs& inputs, std::string_view name, ClaimKind declared,
                                             Arena& scratch) noexcept {
  ClaimRecord claim;
  if (inputs.identity == nullptr || !inputs.identity->find(name, claim)) return {};
  if (claim.kind != declared) return {Reason::kIdentityHeaderValue, {}};
  const Result<std::string_view> value = claim_header_value(*inputs.identity, claim, scratch, inputs.limits);
  if (!value.ok()) return {value.reason(), {}};
  const bool faithful = is_plain_header_value(*value) && value->size() <= inputs.limits.identity_header_size_max;
  return faithful ? HeaderValue{Reason::kOk, *value} : HeaderValue{Reason::kIdentityHeaderValue, {}};
}

[[nodiscard]] inline HeaderValue identity_header_value(const ShapeInputs& inputs, const IdentityHeaderRecord& header,
                                                       Arena& scratch) noexcept {
  if (inputs.shape.identity_headers == 0) return {};
  if (header.source == HeaderSource::kClaim) {
    return claim_value(inputs, inputs.gate.text(header.claim), header.claim_kind, scratch);
  }
  return {Reason::kOk, inputs.facts.peer.empty() ? std::string_view() : inputs.facts.peer};
}

/// Edits being collected. There is room for all of them.
struct EditList {
  HeaderEdit* first = nullptr;
  std::size_t count = 0;

  void add(HeaderEditKind kind, std::string_view name, std::string_view value) noexcept {
    first[count++] = {kind, name, value};
  }
};

/// The route's own edits. A header that is set from a claim that is not there is removed.
[[nodiscard]] inline Reason add_shape_edits(const ShapeInputs& inputs, Arena& scratch, EditList& edits) noexcept {
  const Gate& gate = inputs.gate;
  for (std::uint32_t i = 0; i < inputs.shape.edits.count; ++i) {
    const ShapeEditRecord edit = gate.shape_edit(inputs.shape.edits.first + i);
    HeaderValue value{Reason::kOk, gate.text(edit.value)};
    if (edit.value_kind == EditValueKind::kClaim) {
      value = claim_value(inputs, gate.text(edit.value), edit.claim_kind, scratch);
    }
    if (value.reason != Reason::kOk) return value.reason;
    const bool is_absent = value.text.data() == nullptr;
    if (is_absent && edit.kind == HeaderEditKind::kAppend) continue;
    const bool removes = is_absent && edit.kind == HeaderEditKind::kSet;
    edits.add(removes ? HeaderEditKind::kRemove : edit.kind, gate.text(edit.name), value.text);
  }
  return Reason::kOk;
}

/// First every removal, then every addition, so that nothing the client sent survives under these names.
[[nodiscard]] inline Reason add_identity_headers(const ShapeInputs& inputs, Arena& scratch, EditList& edits) noexcept {
  const Gate& gate = inputs.gate;
  const std::uint32_t count = gate.header().identity_headers.count;
  for (std::uint32_t i = 0; i < count; ++i) {
    edits.add(HeaderEditKind::kRemove, gate.text(gate.identity_header(i).name), {});
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const IdentityHeaderRecord header = gate.identity_header(i);
    const HeaderValue value = identity_header_value(inputs, header, scratch);
    if (value.reason != Reason::kOk) return value.reason;
    if (value.text.data() != nullptr) edits.add(HeaderEditKind::kSet, gate.text(header.name), value.text);
  }
  return Reason::kOk;
}

/// The identity headers come last: whatever the route's edits do, these win.
[[nodiscard]] inline Reason edit_headers(const ShapeInputs& inputs, Arena& scratch, Decision& decision) noexcept {
  const std::size_t most = inputs.shape.edits.count + std::size_t{inputs.gate.header().identity_headers.count} * 2;
  EditList edits{scratch.allocate<HeaderEdit>(most)};
  if (edits.first == nullptr) return Reason::kUsageScratchTooSmall;
  if (const Reason fault = add_shape_edits(inputs, scratch, edits); fault != Reason::kOk) return fault;
  if (const Reason fault = add_identity_headers(inputs, scratch, edits); fault != Reason::kOk) return fault;
  decision.headers = {edits.first, edits.count};
  return Reason::kOk;
}

/// What stands behind the first `count` segments of a path.
[[nodiscard]] inline std::string_view behind_segments(std::string_view path, std::uint32_t count) noexcept {
  for (std::uint32_t i = 0; i < count && path.starts_with('/'); ++i) (void)take_segment(path);
  return path;
}

inline void put_step(TextSink& sink, const ShapeInputs& inputs, const RewriteStepRecord& step) noexcept {
  const std::string_view path = inputs.request.path;
  switch (step.kind) {
    case RewriteStepKind::kLiteral: sink.append("/"); return sink.append(inputs.gate.text(step.text));
    case RewriteStepKind::kSegment: {
      std::string_view rest = behind_segments(path, step.segment - 1);
      sink.append("/");
      return sink.append(rest.starts_with('/') ? take_segment(rest) : std::string_view());
    }
    case RewriteStepKind::kTail: return sink.append(behind_segments(path, inputs.route.segments.count));
  }
}

inline void put_path(TextSink& sink, const ShapeInputs& inputs) noexcept {
  const std::string_view path = inputs.request.path;
  if (inputs.shape.rewrite.count == 0) return sink.append(path);
  for (std::uint32_t i = 0; i < inputs.shape.rewrite.count; ++i) {
    put_step(sink, inputs, inputs.gate.rewrite_step(inputs.shape.rewrite.first + i));
  }
}

/// Whether some program could take the parameter for one of this name: also `a[]` and `a[b]` are called `a`.
[[nodiscard]] constexpr bool could_be_parameter(std::string_view raw, std::string_view name) noexcept {
  const std::size_t prefix = decoded_prefix(raw, name);
  return prefix != std::string_view::npos && (prefix == raw.size() || bracket_follows(raw, prefix));
}

[[nodiscard]] inline bool goes_on(const ShapeInputs& inputs, std::string_view piece) noexcept {
  const ShapeRecord& shape = inputs.shape;
  const bool keeps = shape.query_filter == QueryFilter::kKeep;
  const std::string_view raw = piece.substr(0, piece.find('='));
  for (std::uint32_t i = 0; i < shape.query_names.count; ++i) {
    const std::string_view name = inputs.gate.listed_text(shape.query_names.first + i);
    if (keeps ? is_parameter_name(raw, name) : could_be_parameter(raw, name)) return keeps;
  }
  return !keeps;
}

/// The parameters that go on, as they were sent.
inline void put_filtered_query(TextSink& sink, const ShapeInputs& inputs, std::string_view query) noexcept {
  PieceCursor pieces(query);
  for (std::string_view piece = pieces.next('&'); piece.data() != nullptr; piece = pieces.next('&')) {
    if (piece.empty() || !goes_on(inputs, piece)) continue;
    if (sink.size() != 0) sink.append("&");
    sink.append(piece);
  }
}

/// The query that goes on; absent (null) when there is none, or nothing is left of it.
[[nodiscard]] inline Result<std::string_view> forwarded_query(const ShapeInputs& inputs, Arena& scratch) noexcept {
  const std::string_view query = inputs.request.query.in(inputs.request.head);
  if (inputs.shape.query_filter == QueryFilter::kAll || query.data() == nullptr) return query;
  const auto put = [&](TextSink& sink) { put_filtered_query(sink, inputs, query); };
  const Result<std::string_view> filtered = write_sized(put, query.size(), Reason::kTargetTooLong, scratch);
  if (!filtered.ok()) return filtered;
  return filtered->empty() ? std::string_view() : *filtered;
}

/// The target to forward where it is another one than the request's.
[[nodiscard]] inline Reason rewrite_target(const ShapeInputs& inputs, std::string_view query, Arena& scratch,
                                           Decision& decision) noexcept {
  const Request& request = inputs.request;
  const std::string_view sent = request.query.in(request.head);
  const bool same_query = query == sent && (query.data() == nullptr) == (sent.data() == nullptr);
  if (inputs.shape.rewrite.count == 0 && same_query) return Reason::kOk;
  const auto put = [&](TextSink& sink) {
    put_path(sink, inputs);
    if (query.data() == nullptr) return;
    sink.append("?");
    sink.append(query);
  };
  const Result<std::string_view> target =
      write_sized(put, inputs.limits.target_size_max, Reason::kTargetTooLong, scratch);
  if (!target.ok()) return target.reason();
  const bool same_path = target->substr(0, target->find('?')) == request.path;
  if (!same_path || !same_query) decision.target = *target;
  return Reason::kOk;
}

/// A key that would be longer than keys may be makes an answer that nobody keeps.
[[nodiscard]] inline Reason direct_cache(const ShapeInputs& inputs, std::string_view query, Arena& scratch,
                                         Decision& decision) noexcept {
  const ShapeRecord& shape = inputs.shape;
  if (shape.cache_class == CacheClass::kShared) {
    const KeyInputs key{inputs.gate, inputs.request, inputs.identity, inputs.facts, decision.route, query};
    if (!claims_fit(key, shape.cache_key)) return Reason::kIdentityHeaderValue;
    const auto put = [&](TextSink& sink) { put_cache_key(sink, key, shape); };
    const auto written = write_sized(put, key_size_max(inputs.limits), Reason::kHeadTooLarge, scratch);
    if (!written.ok()) return written.reason() == Reason::kHeadTooLarge ? Reason::kOk : written.reason();
    decision.cache.key = *written;
    std::string_view* const surrogates = scratch.allocate<std::string_view>(shape.surrogate_keys.count);
    if (surrogates == nullptr) return Reason::kUsageScratchTooSmall;
    for (std::uint32_t i = 0; i < shape.surrogate_keys.count; ++i) {
      surrogates[i] = inputs.gate.listed_text(shape.surrogate_keys.first + i);
    }
    decision.cache.surrogate_keys = {surrogates, shape.surrogate_keys.count};
  }
  decision.cache.cache_class = shape.cache_class;
  decision.cache.ttl_s = shape.cache_ttl_s;
  return Reason::kOk;
}

[[nodiscard]] inline Reason charge_rate(const ShapeInputs& inputs, Arena& scratch, Decision& decision) noexcept {
  const ShapeRecord& shape = inputs.shape;
  if (shape.rate_limit == 0) return Reason::kOk;
  const KeyInputs key{inputs.gate, inputs.request, inputs.identity, inputs.facts, decision.route, {}};
  if (!claims_fit(key, shape.rate_key)) return Reason::kIdentityHeaderValue;
  const auto put = [&](TextSink& sink) { put_rate_key(sink, key, shape); };
  const auto written = write_sized(put, key_size_max(inputs.limits), Reason::kHeadTooLarge, scratch);
  if (!written.ok()) return written.reason();
  decision.rate = {*written, shape.rate_limit, shape.rate_period_s, shape.rate_burst};
  return Reason::kOk;
}

inline void choose_origin(const Gate& gate, const RouteRecord& route, Decision& decision) noexcept {
  const OriginRecord origin = gate.origin(route.origin);
  decision.origin = gate.text(origin.id);
  decision.hop = {
      gate.text(origin.shield),
      origin.connect_timeout_ms,
      origin.first_byte_timeout_ms,
      origin.between_bytes_timeout_ms,
      {origin.sign, gate.text(origin.sign_key), gate.text(origin.sign_region), gate.text(origin.sign_service)}};
}

/// Everything an allowed request needs besides its role. What is wrong leaves the Decision half filled.
[[nodiscard]] inline Reason shape_request(const ShapeInputs& inputs, Arena& scratch, Decision& decision) noexcept {
  if (const Reason fault = edit_headers(inputs, scratch, decision); fault != Reason::kOk) return fault;
  const Result<std::string_view> query = forwarded_query(inputs, scratch);
  if (!query.ok()) return query.reason();
  if (const Reason fault = rewrite_target(inputs, *query, scratch, decision); fault != Reason::kOk) return fault;
  if (const Reason fault = direct_cache(inputs, *query, scratch, decision); fault != Reason::kOk) return fault;
  if (const Reason fault = charge_rate(inputs, scratch, decision); fault != Reason::kOk) return fault;
  choose_origin(inputs.gate, inputs.route, decision);
  return Reason::kOk;
}

}  // namespace ostiary::detail
