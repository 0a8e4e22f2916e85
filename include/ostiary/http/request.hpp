// The canonical view of one HTTP request head, and what was noticed while it was made.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/reason.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostiary {

/// The methods of RFC 9110 §9.3 and RFC 5789. There is no "other": an unlisted method is refused.
enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kDelete, kConnect, kOptions, kTrace, kPatch };

inline constexpr std::array<std::string_view, 9> kMethodNames = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                                 "CONNECT", "OPTIONS", "TRACE", "PATCH"};

/// What follows the head (RFC 9112 §6.3).
enum class Framing : std::uint8_t { kNoBody, kContentLength, kChunked };

/// What becomes of a request because of a Finding.
enum class Disposition : std::uint8_t {
  kFlag,    ///< noticed, nothing changed
  kShape,   ///< repaired in the canonical view; forward the view, not the bytes
  kReject,  ///< the request is refused
};

/// One numbered thing the inspector noticed.
struct Finding {
  Reason reason = Reason::kOk;
  Disposition disposition = Disposition::kFlag;
  std::uint32_t offset = 0;  ///< byte of Request::head
};

/// One header field. Both spans refer to Request::head.
struct Field {
  Span name;   ///< as it was sent
  Span value;  ///< without leading and trailing white space; present, possibly empty
};

/// The canonical view. Every Span refers to `head`; the views borrow either `head` or the scratch
/// memory given to the inspector and live as long as both. Immutable once filled.
struct Request {
  static constexpr std::size_t kFindingsMax = 8;

  std::string_view head;  ///< bytes door: the caller's bytes; fields door: the copy in scratch, as HTTP/1.1 text

  Method method = Method::kGet;
  std::uint8_t version_minor = 1;  ///< HTTP/1.x; the fields door sets 1
  Framing framing = Framing::kNoBody;
  std::uint64_t content_length = 0;  ///< bytes; 0 unless framing is kContentLength

  Span target;                    ///< the whole request target as sent
  Span raw_path;                  ///< the target up to the question mark
  Span query;                     ///< after the question mark; absent when there is none
  std::string_view path;          ///< canonical path: decoded once, dot segments removed, starts with a slash
  std::string_view host;          ///< canonical host: lower case, no port, no trailing dot
  std::uint16_t port = 0;         ///< of the Host; 0 when it names none
  std::span<const Field> fields;  ///< in the order sent; borrows scratch

  std::array<Finding, kFindingsMax> findings{};  ///< flags and shapes: of the path in order of Reason, then of fields
  std::uint8_t finding_count = 0;
  bool findings_truncated = false;  ///< more than kFindingsMax were met

  [[nodiscard]] constexpr std::string_view name(const Field& field) const noexcept { return field.name.in(head); }
  [[nodiscard]] constexpr std::string_view value(const Field& field) const noexcept { return field.value.in(head); }

  /// The first field of this name (given in lower case), or nullptr. Borrows scratch.
  [[nodiscard]] constexpr const Field* find(std::string_view lower_name) const noexcept {
    for (const Field& field : fields) {
      if (equals_ignoring_case(name(field), lower_name)) return &field;
    }
    return nullptr;
  }
};

namespace detail {

constexpr void add_finding(Request& request, Reason reason, Disposition disposition, std::uint32_t offset) noexcept {
  if (request.finding_count == Request::kFindingsMax) {
    request.findings_truncated = true;
    return;
  }
  request.findings[request.finding_count++] = Finding{reason, disposition, offset};
}

}  // namespace detail
}  // namespace ostiary
