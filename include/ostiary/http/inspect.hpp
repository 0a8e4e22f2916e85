// Stage 1: bytes or fields in, canonical Request out. Strict, one form, no leniency switches.
//
// What this stage refuses and RFC 9112 would tolerate or repair: any line break other than CR LF, more than one empty
// line before the request line, unlisted methods, underscores that stand for the hyphen of a known field, leading zeros
// in Content-Length, Content-Length next to Transfer-Encoding, every transfer coding but one `chunked`, requests
// without Host in HTTP/1.0 too, and a body of GET and HEAD. docs/findings.md lists every rule.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/fields.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/framing.hpp>
#include <ostiary/http/head.hpp>
#include <ostiary/http/host.hpp>
#include <ostiary/http/inspect_options.hpp>
#include <ostiary/http/parsed_head.hpp>
#include <ostiary/http/plain_head.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/http/scan.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ostiary {

enum class Progress : std::uint8_t { kRejected, kNeedMore, kComplete };

/// What an inspection came to. Until it is complete, `request` holds nothing but `head`, the text that was inspected.
struct Inspection {
  Progress progress = Progress::kRejected;
  /// Why and at which byte of `request.head` it was rejected; kHeadIncomplete or kHeadEmpty when more bytes are
  /// needed; kOk when complete. A fault of absence (kHostMissing) has offset 0.
  Finding finding{Reason::kInternal, Disposition::kReject, 0};
  std::uint32_t head_size = 0;  ///< bytes of the head with its empty line, when complete; the body follows
  RuleSet unseen;               ///< rules whose evidence this door cannot see: another hop has to vouch for them
  Request request;
};

/// The rules whose evidence the bytes door cannot see. Static.
inline constexpr RuleSet kUnseenByBytesDoor = RuleSet::where([](const FindingRule& rule) { return !rule.bytes_door; });
/// The rules whose evidence the host has already destroyed when the fields door is asked. Static.
inline constexpr RuleSet kUnseenByFieldsDoor =
    RuleSet::where([](const FindingRule& rule) { return !rule.fields_door; });

/// A head that is still growing: what has been read of it is not read again. Confined.
struct GrowingHead {
  detail::HeadLines lines;
  Request request;
  bool path_in_head = false;  ///< the canonical path borrows the head, which may move
};

namespace detail {

/// Takes the port off that the scheme implies (RFC 9110 §4.2.3).
constexpr void drop_default_port(Scheme scheme, std::uint16_t& port) noexcept {
  if ((scheme == Scheme::kHttp && port == 80) || (scheme == Scheme::kHttps && port == 443)) port = 0;
}

/// The authority of an absolute or authority-form target; absent otherwise.
constexpr std::string_view target_authority(const Request& request) noexcept {
  return request.authority.in(request.head);
}

/// Fills host and port. `authority` is what a pseudo-header names besides; that and the authority of the target must be
/// the same host (RFC 9113 §8.3.1, RFC 9112 §3.2.2).
inline Error judge_host(Request& request, std::string_view authority, Arena& scratch) noexcept {
  const Field* const field = request.find(FieldId::kHost);
  if (field == nullptr) return Error{Reason::kHostMissing, 0};
  Result<CanonicalHost> host = canonical_host(request.value(*field), scratch);
  if (!host) return Error{host.reason(), field->value.offset + host.error().offset};
  drop_default_port(request.scheme, host.value().port);
  request.host = host->host;
  request.port = host->port;
  for (const std::string_view named : {target_authority(request), authority}) {
    if (named.data() == nullptr) continue;
    Result<CanonicalHost> other = canonical_host(trim_blanks(named), scratch);
    if (other.reason() == Reason::kUsageScratchTooSmall) return other.error();
    drop_default_port(request.scheme, other.value().port);
    if (!other || *other != *host) return Error{Reason::kHostDisagrees, field->value.offset};
  }
  return kNoFault;
}

/// The Host as the pass over the lines found it: canonical as it stands, and nothing to compare it with.
constexpr bool take_plain_host(Request& request, const HeadLines& lines, std::string_view authority) noexcept {
  if (lines.plain_host_size == 0 || authority.data() != nullptr || request.authority.present()) return false;
  request.host = request.value(*request.find(FieldId::kHost)).substr(0, lines.plain_host_size);
  request.port = lines.plain_port;
  drop_default_port(request.scheme, request.port);
  return true;
}

/// Gives the Request its fields.
constexpr void attach_fields(Request& request, const HeadLines& lines) noexcept {
  request.fields = std::span<const Field>(lines.fields, lines.count);
  request.first_of = lines.first_of;
}

/// The slots of Request::first_of, rounded up to whole pieces of clear_slots.
inline constexpr std::size_t kFieldSlotCount = 128;
static_assert(kFieldIdCount <= kFieldSlotCount);

/// Sets every slot to kNoField. In pieces, because compilers turn a clearing of this size into a string instruction
/// that takes longer than the whole pass over the lines.
inline void clear_slots(std::uint16_t* slots) noexcept {
  constexpr std::size_t kPiece = 64;
  static_assert(Request::kNoField == 0xffff && kFieldSlotCount * sizeof(*slots) == 4 * kPiece);
  auto* const bytes = reinterpret_cast<char*>(slots);
  std::memset(bytes, 0xff, kPiece);
  std::memset(bytes + kPiece, 0xff, kPiece);
  std::memset(bytes + 2 * kPiece, 0xff, kPiece);
  std::memset(bytes + 3 * kPiece, 0xff, kPiece);
}

/// Memory for the fields of one head.
inline Error reserve_fields(HeadLines& lines, Arena& scratch, const Limits& limits) noexcept {
  lines.capacity = field_capacity(limits);
  lines.fields = scratch.allocate_unset<Field>(lines.capacity);
  lines.first_of = scratch.allocate_unset<std::uint16_t>(kFieldSlotCount);
  if (lines.fields == nullptr || lines.first_of == nullptr) return Error{Reason::kUsageScratchTooSmall, 0};
  clear_slots(lines.first_of);
  return kNoFault;
}

/// A line of cookies shorter than the number allowed cannot hold too many, and without a dollar sign no $Version.
inline Error judge_cookie_lines(const Request& request, const HeadLines& lines, bool may_repeat,
                                const Limits& limits) noexcept {
  const Field* const first = request.find(FieldId::kCookie);
  if (first == nullptr) return kNoFault;
  if (!may_repeat && lines.plain_cookie && first->value.length < limits.cookie_count_max) return kNoFault;
  return judge_cookies(request, limits);
}

/// What stands in `fields` beside routing: judged only when there is anything to judge.
inline Error judge_rare_fields(Request& request, const InspectOptions& options) noexcept {
  if (const Error fault = judge_expect(request); fault.reason != Reason::kOk) return fault;
  if (const Error fault = judge_upgrade(request, options.left_to_route); fault.reason != Reason::kOk) return fault;
  return judge_lists(request, options.limits);
}

/// What the fields mean together, after every byte has been judged. `authority` is absent unless a pseudo-header
/// gave one besides the Host field.
inline Error judge_meaning(Request& request, const HeadLines& lines, std::string_view authority, bool cookie_may_repeat,
                           Arena& scratch, const InspectOptions& options) noexcept {
  attach_fields(request, lines);
  Error fault = judge_duplicates(request, lines, cookie_may_repeat);
  if (fault.reason == Reason::kOk) fault = judge_connection(request, options.limits);
  if (fault.reason == Reason::kOk && !take_plain_host(request, lines, authority)) {
    fault = judge_host(request, authority, scratch);
  }
  if (fault.reason == Reason::kOk) fault = judge_framing(request);
  if (fault.reason == Reason::kOk) fault = judge_body(request, options.left_to_route);
  if (fault.reason == Reason::kOk) fault = judge_cookie_lines(request, lines, cookie_may_repeat, options.limits);
  if (fault.reason == Reason::kOk && (lines.account & kNeedsJudge) != 0) fault = judge_rare_fields(request, options);
  if (fault.reason == Reason::kOk) note_untrusted_fields(request, lines.account);
  return fault;
}

/// Moves over the one empty line that may stand before the request line (RFC 9112 §2.2).
inline Error skip_leading_line(std::string_view bytes, HeadLines& lines, Request& request) noexcept {
  if (bytes.empty()) return Error{Reason::kHeadIncomplete, 0};
  if (lines.ends.open != 0 || bytes[0] != '\r') return kNoFault;
  if (bytes.size() == 1) return Error{Reason::kHeadIncomplete, 1};
  if (bytes[1] != '\n') return kNoFault;
  lines.line = lines.scanned = lines.request_line = lines.ends.open = 2;
  add_finding(request, Reason::kHeadLeadingEmptyLine, Disposition::kShape, 0);
  return kNoFault;
}

/// Reads the request line, once its end has been found or `odd` says that it will not be plain.
inline Error read_first_line(HeadLines& lines, Request& request, Arena& scratch, const InspectOptions& options,
                             bool odd) noexcept {
  if (!odd && read_plain_request_line(lines, request, options)) return kNoFault;
  HeadCursor cursor{request.head, lines.request_line};
  const Error fault = read_request_line(cursor, request, scratch, options);
  if (fault.reason == Reason::kOk && odd) lines.line_read(cursor.at);
  return fault;
}

/// Reads one line that the fast pass left. `ended` tells that it was the empty one.
inline Error read_odd_line(HeadLines& lines, Request& request, bool& ended) noexcept {
  HeadCursor cursor{request.head, lines.line};
  const Error fault = read_field_line(cursor, request, lines, ended);
  if (fault.reason == Reason::kOk) lines.line_read(cursor.at);
  return fault;
}

/// A request line that does not end is given up as soon as it cannot be good any more.
inline Error judge_endless_line(const HeadLines& lines, Request& request, Arena& scratch,
                                const InspectOptions& options) noexcept {
  const Error incomplete{Reason::kHeadIncomplete, static_cast<std::uint32_t>(request.head.size())};
  const std::uint64_t size = request.head.size() - lines.request_line;
  // beyond this the exact reader always finds a fault, so that it is asked once
  const std::uint64_t enough = std::uint64_t{options.limits.target_size_max} + std::uint64_t{2} * kMethodSizeMax;
  if (lines.request_line_read || size <= enough) return incomplete;
  HeadCursor cursor{request.head, lines.request_line};
  return read_request_line(cursor, request, scratch, options);
}

/// Reads all the lines there are; kOk at the end of the head, whose size is `lines.line` then.
inline Error read_head(HeadLines& lines, Request& request, Arena& scratch, const InspectOptions& options) noexcept {
  if (const Error fault = skip_leading_line(request.head, lines, request); fault.reason != Reason::kOk) return fault;
  const PaddedBytes bytes(request.head);
  for (bool ended = false; !ended;) {
    const LineStop stop = read_lines(bytes, lines);
    if (!lines.request_line_read && (lines.request_line_end != 0 || stop == LineStop::kOddLine)) {
      const bool odd = lines.request_line_end == 0;
      const Error fault = read_first_line(lines, request, scratch, options, odd);
      if (fault.reason != Reason::kOk) return fault;
      lines.request_line_read = true;
      if (odd) {
        lines.request_line_end = lines.line;
        continue;
      }
    }
    if (stop == LineStop::kNoLineEnd) return judge_endless_line(lines, request, scratch, options);
    if (stop == LineStop::kEmptyLine) return kNoFault;
    if (const Error fault = read_odd_line(lines, request, ended); fault.reason != Reason::kOk) return fault;
  }
  return kNoFault;
}

/// Where a scheme that the host does not tell may be taken from: the target. One that disagrees is refused there.
inline Error read_bytes(HeadLines& lines, Request& request, Arena& scratch, const InspectOptions& options) noexcept {
  if (lines.fields == nullptr) {
    if (const Error fault = reserve_fields(lines, scratch, options.limits); fault.reason != Reason::kOk) return fault;
    request.scheme = options.scheme;
  }
  if (const Error fault = read_head(lines, request, scratch, options); fault.reason != Reason::kOk) return fault;
  return judge_meaning(request, lines, {}, false, scratch, options);
}

inline Error read_pieces(const ParsedHead& parsed, Request& request, Arena& scratch,
                         const InspectOptions& options) noexcept {
  CopyPlan plan;
  if (const Error fault = plan_copy(parsed, options.limits, plan); fault.reason != Reason::kOk) return fault;
  HeadLines lines;
  if (const Error fault = reserve_fields(lines, scratch, options.limits); fault.reason != Reason::kOk) return fault;
  request.version = parsed.version;
  request.scheme = options.scheme;
  const Result<Span> method = copy_head(parsed, plan, request, lines, scratch);
  if (!method) return method.error();
  const Error fault = judge_pieces(*method, plan.field_count, request, lines, scratch, options);
  if (fault.reason != Reason::kOk) return fault;
  const std::string_view second_authority = plan.adds_host ? std::string_view() : parsed.authority;
  return judge_meaning(request, lines, second_authority, true, scratch, options);  // RFC 9113 §8.2.3: cookie crumbs
}

/// A half-filled Request never leaves the inspector.
[[gnu::noinline, gnu::cold]] inline void stop(Inspection& inspection, Progress progress, Error error,
                                              std::string_view head) noexcept {
  inspection.progress = progress;
  inspection.finding = Finding{error.reason, Disposition::kReject, error.offset};
  inspection.request = Request{};
  inspection.request.head = head;
}

constexpr void complete(Inspection& inspection, std::uint32_t head_size) noexcept {
  inspection.progress = Progress::kComplete;
  inspection.finding = Finding{Reason::kOk, Disposition::kFlag, 0};
  inspection.head_size = head_size;
  inspection.request.head = inspection.request.head.substr(0, head_size);
}

/// What became of reading `bytes`, of which no more than the limit has been looked at.
inline void conclude(Inspection& inspection, std::string_view bytes, const HeadLines& lines, Error fault,
                     const Limits& limits) noexcept {
  const std::string_view seen = bytes.substr(0, limits.head_size_max);
  if (fault.reason == Reason::kOk) return complete(inspection, lines.line);
  if (fault.reason != Reason::kHeadIncomplete) return stop(inspection, Progress::kRejected, fault, seen);
  if (bytes.size() < limits.head_size_max) return stop(inspection, Progress::kNeedMore, fault, seen);
  stop(inspection, Progress::kRejected, Error{Reason::kHeadTooLarge, limits.head_size_max}, seen);
}

}  // namespace detail

/// Scratch memory, in bytes, with which neither door ever answers kUsageScratchTooSmall under these limits. The bytes
/// door takes room for the fields the limit allows and, when the path or the host is not canonical already, their
/// size; the fields door also takes the size of the head. Pure.
[[nodiscard]] constexpr std::size_t inspect_scratch_size_max(const Limits& limits) noexcept {
  const std::size_t fields = limits.field_count_max * sizeof(Field) + alignof(Field);
  const std::size_t slots = detail::kFieldSlotCount * sizeof(std::uint16_t) + alignof(std::uint16_t);
  const std::size_t path = limits.target_size_max;
  const std::size_t host_and_authority = 2 * 256;
  return limits.head_size_max + fields + slots + path + host_and_authority;
}

/// Inspects the head of an HTTP/1.1 or HTTP/1.0 request at the start of `bytes`; what follows the head is not looked
/// at. A prefix of a head that would be accepted always needs more, and a prefix that is rejected is rejected for the
/// same reason however it goes on. Faults are reported in byte order, line by line, once a line is finished; those of
/// the path as a whole follow the target, those of fields together (duplicates, Connection, Host, framing, the rest)
/// follow the last byte. When more bytes are needed, inspect_more on a GrowingHead does not read them all again.
/// The Request borrows `bytes` and the scratch memory. Reasons: 1001 to 1103, kUsageScratchTooSmall.
/// Pure apart from the scratch, which is confined to the calling thread. RFC 9110, RFC 9112, RFC 3986.
[[nodiscard]] inline Inspection inspect_bytes(std::string_view bytes, Arena& scratch,
                                              const InspectOptions& options = kStrictestOptions) noexcept {
  Inspection inspection;
  inspection.unseen = kUnseenByBytesDoor;
  if (bytes.empty()) {
    detail::stop(inspection, Progress::kNeedMore, Error{Reason::kHeadEmpty, 0}, bytes);
    return inspection;
  }
  detail::HeadLines lines;
  inspection.request.head = bytes.substr(0, options.limits.head_size_max);
  const Error fault = detail::read_bytes(lines, inspection.request, scratch, options);
  detail::conclude(inspection, bytes, lines, fault, options.limits);
  return inspection;
}

/// The same for a head that arrives in parts. Give all bytes so far, the same GrowingHead (a new one for each head),
/// the same options, and a scratch that is not reset in between; the bytes may move to other memory. Every byte is read
/// a bounded number of times, however small the parts are, and the answer does not depend on where they were cut.
[[nodiscard]] inline Inspection inspect_more(GrowingHead& growing, std::string_view bytes, Arena& scratch,
                                             const InspectOptions& options = kStrictestOptions) noexcept {
  Inspection inspection;
  inspection.unseen = kUnseenByBytesDoor;
  if (bytes.empty()) {
    detail::stop(inspection, Progress::kNeedMore, Error{Reason::kHeadEmpty, 0}, bytes);
    return inspection;
  }
  Request& request = growing.request;
  request.head = bytes.substr(0, options.limits.head_size_max);
  if (growing.path_in_head) request.path = request.raw_path.in(request.head);
  const Error fault = detail::read_bytes(growing.lines, request, scratch, options);
  growing.path_in_head =
      request.path.data() != nullptr && request.path.data() == request.raw_path.in(request.head).data();
  inspection.request = request;
  detail::conclude(inspection, bytes, growing.lines, fault, options.limits);
  return inspection;
}

/// Inspects a head that the host has parsed. The pieces are copied once, as HTTP/1.1 text, into scratch, and every
/// Span and offset refers to that copy, so that both doors give the same Request and the same verdicts as far as the
/// host has left the evidence (see Inspection::unseen). An authority without a Host field becomes the first field; with
/// one, both must be equal in canonical form. Names may be in any case up to HTTP/1.1. Cookie may repeat
/// (RFC 9113 §8.2.3). The limits on head size and field count come before everything else.
/// The Request borrows the scratch memory only. Reasons: 1003, 1010 to 1103, kUsageScratchTooSmall.
/// Pure apart from the scratch, which is confined to the calling thread. RFC 9110, RFC 9113 §8.3, RFC 3986.
[[nodiscard]] inline Inspection inspect_fields(const ParsedHead& parsed, Arena& scratch,
                                               const InspectOptions& options = kStrictestOptions) noexcept {
  Inspection inspection;
  inspection.unseen = kUnseenByFieldsDoor;
  const Error fault = detail::read_pieces(parsed, inspection.request, scratch, options);
  const std::string_view head = inspection.request.head;
  if (fault.reason == Reason::kOk) {
    detail::complete(inspection, static_cast<std::uint32_t>(head.size()));
  } else {
    detail::stop(inspection, Progress::kRejected, fault, head);
  }
  return inspection;
}

}  // namespace ostiary
