// Stage 1: bytes or fields in, canonical Request out. Strict, one form, no leniency switches.
//
// What this stage refuses and RFC 9112 would tolerate or repair: any line break other than CR LF, an empty line before
// the request line, absolute-form and CONNECT targets, unlisted methods, underscores in field names, leading zeros in
// Content-Length, Content-Length next to Transfer-Encoding, and every transfer coding but one `chunked`.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/fields.hpp>
#include <ostiary/http/framing.hpp>
#include <ostiary/http/head.hpp>
#include <ostiary/http/host.hpp>
#include <ostiary/http/parsed_head.hpp>
#include <ostiary/http/request.hpp>

#include <cstddef>
#include <cstdint>
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
  Request request;
};

namespace detail {

/// Fills host and port. `authority` is compared when the host gave one besides the Host field (RFC 9113 §8.3.1).
inline Error judge_host(Request& request, const Field* field, std::string_view authority, Arena& scratch) noexcept {
  if (field == nullptr) return Error{Reason::kHostMissing, 0};
  const Result<CanonicalHost> host = canonical_host(request.value(*field), scratch);
  if (!host) return Error{host.reason(), field->value.offset + host.error().offset};
  request.host = host->host;
  request.port = host->port;
  if (authority.data() == nullptr) return kNoFault;
  const Result<CanonicalHost> other = canonical_host(trim_blanks(authority), scratch);
  if (other.reason() == Reason::kUsageScratchTooSmall) return other.error();
  return other.ok() && *other == *host ? kNoFault : Error{Reason::kHostDisagrees, field->value.offset};
}

/// What the fields mean together, after every byte has been judged: roles, then host, then framing.
inline Error judge_meaning(Request& request, std::string_view authority, bool cookie_may_repeat,
                           Arena& scratch) noexcept {
  KeyFields keys;
  if (const Error fault = judge_field_roles(request, cookie_may_repeat, keys); fault.reason != Reason::kOk) {
    return fault;
  }
  if (const Error fault = judge_host(request, keys.host, authority, scratch); fault.reason != Reason::kOk) {
    return fault;
  }
  return judge_framing(request, keys);
}

inline Error read_head(HeadCursor& cursor, Request& request, Arena& scratch, const Limits& limits) noexcept {
  if (const Error fault = read_request_line(cursor, request, scratch, limits); fault.reason != Reason::kOk) {
    return fault;
  }
  if (const Error fault = read_fields(cursor, request, scratch, limits); fault.reason != Reason::kOk) return fault;
  return judge_meaning(request, std::string_view(), false, scratch);
}

inline Error read_pieces(const ParsedHead& parsed, Request& request, Arena& scratch, const Limits& limits) noexcept {
  CopyPlan plan;
  if (const Error fault = plan_copy(parsed, limits, plan); fault.reason != Reason::kOk) return fault;
  const Result<Span> method = copy_head(parsed, plan, request, scratch);
  if (!method) return method.error();
  if (const Error fault = judge_pieces(*method, request, scratch, limits); fault.reason != Reason::kOk) return fault;
  const std::string_view second_authority = plan.adds_host ? std::string_view() : parsed.authority;
  return judge_meaning(request, second_authority, true, scratch);  // RFC 9113 §8.2.3: cookie crumbs
}

inline Inspection complete(const Request& request, std::uint32_t head_size) noexcept {
  return {Progress::kComplete, Finding{Reason::kOk, Disposition::kFlag, 0}, head_size, request};
}

/// A half-filled Request never leaves the inspector.
inline Inspection stopped(Progress progress, Error error, std::string_view head) noexcept {
  Inspection inspection;
  inspection.progress = progress;
  inspection.finding = Finding{error.reason, Disposition::kReject, error.offset};
  inspection.request.head = head;
  return inspection;
}

}  // namespace detail

/// Scratch memory, in bytes, with which neither door ever answers kUsageScratchTooSmall under these limits. Most
/// requests need a fraction: the bytes door takes 16 bytes for each field and, when the path or the host is not
/// canonical already, their size; the fields door also takes the size of the head. Pure.
[[nodiscard]] constexpr std::size_t inspect_scratch_size_max(const Limits& limits) noexcept {
  const std::size_t path = limits.target_size_max;
  const std::size_t host_and_authority = 2 * 256;
  return limits.head_size_max + limits.field_count_max * sizeof(Field) + alignof(Field) + path + host_and_authority;
}

/// Inspects the head of an HTTP/1.1 or HTTP/1.0 request at the start of `bytes`; what follows the head is not looked
/// at. Ask again with all bytes so far, and a reset arena, as long as more are needed: a prefix of a head that would
/// be accepted always needs more, and a prefix that is rejected is rejected for the same reason however it goes on.
/// Faults are reported in byte order; those of the path as a whole follow the target, those of fields together
/// (roles, host, framing) follow the last byte.
/// The Request borrows `bytes` and the scratch memory. Reasons: 1001 to 1084, kUsageScratchTooSmall.
/// Pure apart from the scratch, which is confined to the calling thread. RFC 9110, RFC 9112, RFC 3986.
[[nodiscard]] inline Inspection inspect_bytes(std::string_view bytes, Arena& scratch,
                                              const Limits& limits = {}) noexcept {
  if (bytes.empty()) return detail::stopped(Progress::kNeedMore, Error{Reason::kHeadEmpty, 0}, bytes);
  detail::HeadCursor cursor{bytes.substr(0, limits.head_size_max), 0};
  Request request;
  request.head = cursor.bytes;
  const Error fault = detail::read_head(cursor, request, scratch, limits);
  if (fault.reason == Reason::kOk) {
    request.head = bytes.substr(0, cursor.at);
    return detail::complete(request, cursor.at);
  }
  if (fault.reason != Reason::kHeadIncomplete) return detail::stopped(Progress::kRejected, fault, cursor.bytes);
  if (bytes.size() < limits.head_size_max) return detail::stopped(Progress::kNeedMore, fault, cursor.bytes);
  return detail::stopped(Progress::kRejected, Error{Reason::kHeadTooLarge, limits.head_size_max}, cursor.bytes);
}

/// Inspects a head that the host has parsed. The pieces are copied once, as HTTP/1.1 text, into scratch, and every
/// Span and offset refers to that copy, so that both doors give the same Request and the same verdicts as far as the
/// host has left the evidence. An authority without a Host field becomes the first field; with one, both must be
/// equal in canonical form. Names may be in any case. Cookie may repeat (RFC 9113 §8.2.3). The version is taken to be
/// HTTP/1.1. The limits on head size and field count come before everything else.
/// The Request borrows the scratch memory only. Reasons: 1003, 1010 to 1084, kUsageScratchTooSmall.
/// Pure apart from the scratch, which is confined to the calling thread. RFC 9110, RFC 9113 §8.3, RFC 3986.
[[nodiscard]] inline Inspection inspect_fields(const ParsedHead& parsed, Arena& scratch,
                                               const Limits& limits = {}) noexcept {
  Request request;
  const Error fault = detail::read_pieces(parsed, request, scratch, limits);
  if (fault.reason == Reason::kOk) {
    return detail::complete(request, static_cast<std::uint32_t>(request.head.size()));
  }
  return detail::stopped(Progress::kRejected, fault, request.head);
}

}  // namespace ostiary
