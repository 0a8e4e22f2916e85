// The forwarded head: written from the canonical view and the header edits, never copied from what was sent, so that
// only what was verified leaves the door.
//
// What becomes of the fields: Host is the canonical host, the framing field is the one of the view, cookies are joined
// into one field (RFC 9113 §8.2.3); every other field stands as it was sent, its value trimmed, in the order sent.
// These are left out: what belongs to the connection (RFC 9110 §7.6.1), which includes TE, because whether trailers go
// on is the host's matter, and whatever Connection names; fields that nobody may send, those that only a trusted hop
// may send unless the peer is one, and those that an edit removes or replaces. A field that an edit renames stays in
// its place. An Expect is kept where it can have a meaning.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/fields.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/framing.hpp>
#include <ostiary/http/header_edit.hpp>
#include <ostiary/http/known_fields.hpp>
#include <ostiary/http/parsed_head.hpp>
#include <ostiary/http/request.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// Plain data; the defaults are the strictest there are.
struct EmitOptions {
  /// What the route waives. A Request with a rejection outside this set is not emitted. A change of protocol is
  /// forwarded when UPGRADE_REFUSED is among them, save an offer of h2c.
  RuleSet waived;
  /// The peer is a trusted hop: fields that only such a one may send are kept.
  bool peer_is_trusted = false;
  /// The host has a body whose length the head does not tell, as HTTP/2 and HTTP/3 allow, and sends it on in chunks.
  /// Without meaning for a view that was read from HTTP/1.1 text or has a Content-Length.
  bool body_of_unknown_length = false;
  /// Path and query in place of the request's, such as a Decision's target; data() is nullptr when they stay.
  std::string_view target{};
};

namespace detail {

/// The known field that a back end could take this name for.
constexpr FieldId find_folded_field(std::string_view name) noexcept {
  if (name.size() > kKnownNameSizeMax) return FieldId::kUnknown;
  std::array<char, kKnownNameSizeMax> folded{};
  for (std::size_t i = 0; i < name.size(); ++i) folded[i] = fold_name_byte(name[i]);
  return find_field(std::string_view(folded.data(), name.size()));
}

/// The Host, the framing and the connection belong to the emitter.
constexpr bool is_editable(FieldId id) noexcept {
  return id != FieldId::kHost && id != FieldId::kContentLength && !has_trait(id, FieldTrait::kHopByHop);
}

/// Whether a value reads back as it is: the bytes of a field value (RFC 9110 §5.5), no blank at either end.
constexpr bool is_field_value(std::string_view value) noexcept {
  for (const char c : value) {
    if (!has_class(c, CharClass::kFieldValue)) return false;
  }
  return value.data() != nullptr && trim_blanks(value).size() == value.size();
}

/// Whether a second field of this name means a longer list (RFC 9110 §5.3) and not a contradiction.
constexpr bool may_stand_again(FieldId id) noexcept {
  return id == FieldId::kUnknown || cardinality_of(id) == Cardinality::kList;
}

constexpr bool is_sound_edit(const HeaderEdit& edit) noexcept {
  if (!is_token(edit.name)) return false;
  const FieldId id = find_folded_field(edit.name);
  if (!is_editable(id)) return false;
  // The next door would refuse a known field written with underscores.
  const bool plain = id == find_field(edit.name);
  switch (edit.kind) {
    case HeaderEditKind::kRemove: return true;
    case HeaderEditKind::kSet: return plain && is_field_value(edit.value);
    case HeaderEditKind::kAppend: return plain && may_stand_again(id) && is_field_value(edit.value);
    case HeaderEditKind::kRename:
      // What a client sends under one name was not judged as the value of a known field.
      return id != FieldId::kCookie && is_token(edit.value) && find_folded_field(edit.value) == FieldId::kUnknown &&
             !could_be_same_name(edit.name, edit.value);
  }
  return false;
}

constexpr Error judge_edits(std::span<const HeaderEdit> edits) noexcept {
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (!is_sound_edit(edits[i])) return Error{Reason::kUsageHeaderEdit, static_cast<std::uint32_t>(i)};
  }
  return kNoFault;
}

/// Edits by the size of their names: most fields need no comparison at all.
class EditedNames {
 public:
  explicit constexpr EditedNames(std::span<const HeaderEdit> edits) noexcept : edits_(edits) {
    for (const HeaderEdit& edit : edits) {
      sizes_ |= size_bit(edit.name);
      if (edit.kind != HeaderEditKind::kRename) continue;
      sizes_ |= size_bit(edit.value);
      renames_ = true;
    }
  }
  [[nodiscard]] constexpr bool renames() const noexcept { return renames_; }

  /// The name that a field of this one has after the edits from `first` on; absent (null) when one of them removes it.
  [[nodiscard]] constexpr std::string_view name_after(std::size_t first, std::string_view name) const noexcept {
    if ((sizes_ & size_bit(name)) == 0) return name;
    for (const HeaderEdit& edit : edits_.subspan(first)) {
      switch (edit.kind) {
        case HeaderEditKind::kAppend: break;
        case HeaderEditKind::kRemove:
        case HeaderEditKind::kSet:
          if (could_be_same_name(edit.name, name)) return {};
          break;
        case HeaderEditKind::kRename:
          if (could_be_same_name(edit.value, name)) return {};
          if (could_be_same_name(edit.name, name)) name = edit.value;
          break;
      }
    }
    return name;
  }

 private:
  static constexpr std::uint64_t size_bit(std::string_view name) noexcept {
    return std::uint64_t{1} << name.size() % 64;
  }

  std::span<const HeaderEdit> edits_;
  std::uint64_t sizes_ = 0;
  bool renames_ = false;
};

/// What is written, decided before anything is.
struct EmitPlan {
  const Request& request;
  std::span<const HeaderEdit> edits;
  EditedNames edited;
  bool* dropped = nullptr;  ///< by field
  Framing framing = Framing::kNoBody;
  std::string_view target{};  ///< data() is nullptr: the request's own
  bool upgrade = false;
};

constexpr bool emits_body(const EmitPlan& plan) noexcept {
  return plan.framing == Framing::kChunked || plan.request.content_length > 0;
}

/// Whether this may stand in place of the request's path and query.
constexpr Reason judge_target(const Request& request, std::string_view target) noexcept {
  if (target.data() == nullptr) return Reason::kOk;
  const bool has_path = request.form == TargetForm::kOrigin || request.form == TargetForm::kAbsolute;
  if (!has_path || !target.starts_with('/')) return Reason::kTargetForm;
  for (const char c : target) {
    if (c <= ' ' || c > '~' || c == '#') return Reason::kTargetCharacter;
  }
  return Reason::kOk;
}

/// Why the view may not leave; kOk when it may.
constexpr Error judge_emission(const EmitPlan& plan, const EmitOptions& options) noexcept {
  const Request& request = plan.request;
  if (request.host.empty()) return Error{Reason::kUsageArgument, 0};  // not the view of a complete inspection
  // Back ends take what follows a CONNECT for the tunnel, whatever its framing fields say (RFC 9110 §9.3.6).
  if (request.method == Method::kConnect && emits_body(plan)) return Error{Reason::kBodyUnexpected, 0};
  RuleSet unwaived = request.to_waive.without(options.waived);
  if (plan.framing != request.framing) {  // what the inspector would have said, had it known of the body
    if (request.to_waive.has(Reason::kUpgradeRefused)) return Error{Reason::kUpgradeWithBody, 0};
    const bool waived = options.waived.has(Reason::kBodyUnexpected);
    if (takes_no_body(request.method) && !waived) unwaived.add(Reason::kBodyUnexpected);
  }
  for (const FindingRule& rule : kFindingRules) {
    if (unwaived.empty()) break;
    if (unwaived.has(rule.reason)) return Error{rule.reason, 0};
  }
  if (const Reason target = judge_target(request, options.target); target != Reason::kOk) return Error{target, 0};
  return judge_edits(plan.edits);
}

/// A body that the head does not tell of can come only where the host read the framing itself.
constexpr Framing emitted_framing(const Request& request, const EmitOptions& options) noexcept {
  const bool told = request.version == HttpVersion::kHttp10 || request.version == HttpVersion::kHttp11;
  const bool chunks = request.framing == Framing::kNoBody && options.body_of_unknown_length && !told;
  return chunks ? Framing::kChunked : request.framing;
}

/// RFC 9110 §10.1.1: 100-continue is only for a request with content, and not from a client of HTTP/1.0.
constexpr bool keeps_expect(const EmitPlan& plan) noexcept {
  return emits_body(plan) && plan.request.version != HttpVersion::kHttp10;
}

/// Drops what Connection names (RFC 9110 §7.6.1). Known fields are found by id; only unknown names are compared.
constexpr void drop_named_by_connection(EmitPlan& plan, FieldSet& named) noexcept {
  const Request& request = plan.request;
  (void)judge_each(request, FieldId::kConnection, [&](const Field& connection) noexcept {
    const std::string_view options = request.value(connection);
    for (std::size_t at = 0; at <= options.size();) {
      const std::string_view option = take_member(options, at);
      const FieldId id = option.empty() ? FieldId::kUnknown : find_field(option);
      if (id != FieldId::kUnknown) named.add(id);
      for (std::size_t i = 0; id == FieldId::kUnknown && i < request.fields.size(); ++i) {
        if (request.fields[i].id != FieldId::kUnknown) continue;
        plan.dropped[i] = plan.dropped[i] || is_same_name(request.name(request.fields[i]), option);
      }
    }
    return kNoFault;
  });
}

/// Calls `use(protocol)` for every one that is offered, save h2c: that one would open a connection that no door looks
/// into.
template <typename Use>
constexpr void each_protocol(const Request& request, const Use& use) noexcept {
  (void)judge_each(request, FieldId::kUpgrade, [&](const Field& field) noexcept {
    const std::string_view value = request.value(field);
    for (std::size_t at = 0; at <= value.size();) {
      const std::string_view protocol = take_member(value, at);
      if (!protocol.empty() && !equals_ignoring_case(protocol.substr(0, protocol.find('/')), "h2c")) use(protocol);
    }
    return kNoFault;
  });
}

/// Whether there is an Upgrade to forward: RFC 9110 §7.8 wants it named by Connection, and naming a protocol.
constexpr bool emits_upgrade(const Request& request, const FieldSet& named) noexcept {
  if (!named.has(FieldId::kUpgrade) || !request.to_waive.has(Reason::kUpgradeRefused)) return false;
  bool offers = false;
  each_protocol(request, [&](std::string_view) noexcept { offers = true; });
  return offers;
}

/// Decides about every field, and whether the protocol may change.
constexpr void drop_fields(EmitPlan& plan, const EmitOptions& options) noexcept {
  const Request& request = plan.request;
  FieldSet named;
  for (std::size_t i = 0; i < request.fields.size(); ++i) plan.dropped[i] = false;
  drop_named_by_connection(plan, named);
  auto unwanted = static_cast<std::uint8_t>(static_cast<std::uint8_t>(FieldTrait::kHopByHop) |
                                            static_cast<std::uint8_t>(FieldTrait::kForbidden));
  if (!options.peer_is_trusted) unwanted |= static_cast<std::uint8_t>(FieldTrait::kTrustedOnly);
  FieldSet unwanted_fields = named;
  unwanted_fields.add(FieldId::kHost);
  unwanted_fields.add(FieldId::kContentLength);
  if (!keeps_expect(plan)) unwanted_fields.add(FieldId::kExpect);
  for (std::size_t i = 0; i < request.fields.size(); ++i) {
    const Field& field = request.fields[i];
    const bool unknown = field.id == FieldId::kUnknown;
    if (!unknown && ((traits_of(field.id) & unwanted) != 0 || unwanted_fields.has(field.id))) plan.dropped[i] = true;
    if (field.id == FieldId::kCookie && request.find(FieldId::kCookie) != &field) plan.dropped[i] = true;
    if (!plan.dropped[i]) plan.dropped[i] = plan.edited.name_after(0, request.name(field)).data() == nullptr;
  }
  plan.upgrade = emits_upgrade(request, named);
}

/// Counts what would be written.
class TextSize {
 public:
  constexpr void append(std::string_view text) noexcept { size_ += text.size(); }
  [[nodiscard]] constexpr std::uint64_t size() const noexcept { return size_; }

 private:
  std::uint64_t size_ = 0;
};

template <typename Sink>
constexpr void put_field(Sink& sink, std::string_view name, std::string_view value) noexcept {
  sink.append(name);
  sink.append(kColonBlank);
  sink.append(value);
  sink.append(kLineEnd);
}

/// A number of at most 20 digits.
template <typename Sink>
constexpr void put_number(Sink& sink, std::uint64_t number) noexcept {
  constexpr std::size_t kDigitsMax = 20;
  char digits[kDigitsMax] = {};
  std::size_t at = kDigitsMax;
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  sink.append(std::string_view(digits + at, kDigitsMax - at));
}

/// The port that is written: a CONNECT must name one, even the scheme's own (RFC 9112 §3.2.3).
constexpr std::uint16_t emitted_port(const Request& request) noexcept {
  if (request.port != 0 || request.form != TargetForm::kAuthority) return request.port;
  if (request.scheme == Scheme::kHttp) return 80;
  return request.scheme == Scheme::kHttps ? 443 : 0;
}

template <typename Sink>
constexpr void put_authority(Sink& sink, const Request& request) noexcept {
  sink.append(request.host);
  const std::uint16_t port = emitted_port(request);
  if (port == 0) return;
  sink.append(":");
  put_number(sink, port);
}

/// The absolute form goes on in origin form (RFC 9112 §3.2.1), every version as HTTP/1.1.
template <typename Sink>
constexpr void put_request_line(Sink& sink, const Request& request, std::string_view target) noexcept {
  sink.append(kMethodNames[static_cast<std::size_t>(request.method)]);
  sink.append(" ");
  if (target.data() != nullptr) {
    sink.append(target);
    sink.append(kVersionLineEnd);
    return;
  }
  if (request.form == TargetForm::kAuthority) {
    put_authority(sink, request);
  } else {
    sink.append(request.path);
  }
  if (request.query.present()) {
    sink.append("?");
    sink.append(request.query.in(request.head));
  }
  sink.append(kVersionLineEnd);
}

template <typename Sink>
constexpr void put_framing(Sink& sink, const EmitPlan& plan) noexcept {
  switch (plan.framing) {
    case Framing::kNoBody: return;
    case Framing::kChunked: put_field(sink, "Transfer-Encoding", "chunked"); return;
    case Framing::kContentLength:
      sink.append("Content-Length: ");
      put_number(sink, plan.request.content_length);
      sink.append(kLineEnd);
      return;
  }
}

template <typename Sink>
constexpr void put_upgrade(Sink& sink, const Request& request) noexcept {
  put_field(sink, "Connection", "upgrade");
  sink.append("Upgrade: ");
  std::string_view before;
  each_protocol(request, [&](std::string_view protocol) noexcept {
    sink.append(before);
    sink.append(protocol);
    before = ", ";
  });
  sink.append(kLineEnd);
}

/// One Cookie out of all crumbs (RFC 9113 §8.2.3).
template <typename Sink>
constexpr void put_cookies(Sink& sink, const Request& request, const Field& first) noexcept {
  sink.append(request.name(first));
  sink.append(kColonBlank);
  std::string_view before;
  (void)judge_each(request, FieldId::kCookie, [&](const Field& crumb) noexcept {
    if (crumb.value.length == 0) return kNoFault;
    sink.append(before);
    sink.append(request.value(crumb));
    before = "; ";
    return kNoFault;
  });
  sink.append(kLineEnd);
}

template <typename Sink>
constexpr void put_added_fields(Sink& sink, const EmitPlan& plan) noexcept {
  for (std::size_t i = 0; i < plan.edits.size(); ++i) {
    const HeaderEdit& edit = plan.edits[i];
    if (edit.kind != HeaderEditKind::kSet && edit.kind != HeaderEditKind::kAppend) continue;
    const std::string_view name = plan.edited.name_after(i + 1, edit.name);
    if (name.data() != nullptr) put_field(sink, name, edit.value);
  }
}

/// The whole head: run once to learn its size and once to write it.
template <typename Sink>
constexpr void put_head(Sink& sink, const EmitPlan& plan) noexcept {
  const Request& request = plan.request;
  put_request_line(sink, request, plan.target);
  sink.append("Host: ");
  put_authority(sink, request);
  sink.append(kLineEnd);
  put_framing(sink, plan);
  if (plan.upgrade) put_upgrade(sink, request);
  for (std::size_t i = 0; i < request.fields.size(); ++i) {
    const Field& field = request.fields[i];
    if (plan.dropped[i]) continue;
    if (field.id == FieldId::kCookie) {
      put_cookies(sink, request, field);
    } else {
      const std::string_view name = request.name(field);
      put_field(sink, plan.edited.renames() ? plan.edited.name_after(0, name) : name, request.value(field));
    }
  }
  put_added_fields(sink, plan);
  sink.append(kLineEnd);
}

}  // namespace detail

/// Scratch memory, in bytes, with which emit_head never runs out for a Request that was inspected within these limits
/// and for these edits. Pure.
[[nodiscard]] constexpr std::size_t emit_scratch_size_max(const Limits& limits,
                                                          std::span<const HeaderEdit> edits = {}) noexcept {
  constexpr std::size_t kColonAndLineEnd = 4;
  constexpr std::size_t kAdded = 64;  // a Transfer-Encoding, a port, the brackets' worth of a longer IPv6 address
  // A blank after each colon, and a flag for each field.
  std::size_t size =
      limits.head_size_max + limits.target_size_max + std::size_t{limits.field_count_max} * (1 + sizeof(bool)) + kAdded;
  for (const HeaderEdit& edit : edits) {
    size += edit.name.size() + edit.value.size() + kColonAndLineEnd;
    if (edit.kind == HeaderEditKind::kRename) size += (limits.field_count_max + edits.size()) * edit.value.size();
  }
  return size;
}

/// The head to forward, with its empty line: HTTP/1.1, origin form (asterisk and authority form stay), Host first, then
/// the framing field, a permitted Upgrade, the fields, the fields that are added. Names are compared with edits in any
/// case and with underscores read as hyphens, because a back end may. inspect_bytes reads it back to the same method,
/// path, query, host, port, framing and fields, and what is emitted from that view is equal byte for byte.
/// The text borrows scratch. `Error::offset` of kUsageHeaderEdit is the index of the edit.
/// Reasons: kTargetForm and kTargetCharacter (of EmitOptions::target), kUsageHeaderEdit (not a name or value; Host,
/// framing or connection; a second field where one may stand; a new name that is a known field's), kUsageArgument (the
/// Request is not of a complete inspection), kUsageScratchTooSmall, kUpgradeWithBody (a body of unknown length),
/// kBodyUnexpected (of a CONNECT, waived or not), and the waivable rule that was left to the route and that
/// `options.waived` does not waive. Pure apart from the scratch. RFC 9110 §7.6, RFC 9112 §3.2, RFC 9113 §8.2.3.
[[nodiscard]] inline Result<std::string_view> emit_head(const Request& request, std::span<const HeaderEdit> edits,
                                                        const EmitOptions& options, Arena& scratch) noexcept {
  detail::EmitPlan plan{
      request, edits, detail::EditedNames(edits), nullptr, detail::emitted_framing(request, options), options.target};
  if (const Error fault = detail::judge_emission(plan, options); fault.reason != Reason::kOk) return fault;
  plan.dropped = scratch.allocate<bool>(request.fields.size());
  if (plan.dropped == nullptr) return Reason::kUsageScratchTooSmall;
  detail::drop_fields(plan, options);
  detail::TextSize size;
  detail::put_head(size, plan);
  const auto bytes = static_cast<std::size_t>(size.size());
  char* const out = size.size() <= UINT32_MAX ? scratch.allocate<char>(bytes) : nullptr;
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  detail::HeadWriter writer(out);
  detail::put_head(writer, plan);
  return writer.text();
}

}  // namespace ostiary
