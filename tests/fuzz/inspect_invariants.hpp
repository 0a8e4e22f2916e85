// What must hold of every Inspection.
#pragma once

#include <ostiary/http/credentials.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/http/lenses.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace ostiary::fuzz {

inline void require(bool promise) {
  if (!promise) __builtin_trap();
}

inline bool inside(Span span, std::string_view buffer) {
  return !span.present() || (span.offset <= buffer.size() && span.length <= buffer.size() - span.offset);
}

/// A canonical path is never longer than the raw one and stays what it is; the lens of RFC 3986 shows it, and every
/// other lens has an answer.
inline void require_sound_path(const Request& request) {
  require((request.path.data() == nullptr) == (request.form == TargetForm::kAuthority));
  if (!request.raw_path.present() || request.form == TargetForm::kAsterisk) return;
  const std::string_view raw = request.raw_path.in(request.head);
  std::vector<std::byte> memory(raw.size());
  Arena nothing;
  const Result<CanonicalPath> again = canonical_path(request.path, nothing, kWaivableRules);
  require(again.ok() && again->path == request.path && request.path.size() <= raw.size());
  for (const Lens lens : {Lens::kRfc3986, Lens::kNginx, Lens::kBackslash, Lens::kMatrix, Lens::kDoubleDecode}) {
    Arena scratch(memory);
    const Result<std::string_view> path = lens_path(raw, lens, scratch);
    require(path.ok() ? path->starts_with('/') : path.reason() == Reason::kPathAboveRoot);
    require(lens != Lens::kRfc3986 || *path == request.path);
    require(request.ambiguous_path || *path == request.path || lens == Lens::kRfc3986);
  }
}

inline void require_sound(const Inspection& seen) {
  const Request& request = seen.request;
  require(seen.finding.reason == Reason::kOk && seen.head_size == request.head.size());
  require(request.head.ends_with("\r\n\r\n"));
  require(request.target.present() && inside(request.target, request.head));
  require(inside(request.raw_path, request.head) && inside(request.query, request.head));
  require(inside(request.authority, request.head));
  require_sound_path(request);
  for (const Field& field : request.fields) {
    require(field.name.present() && inside(field.name, request.head) && field.name.length > 0);
    require(field.value.present() && inside(field.value, request.head));
    require(request.value(field).find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
  require(is_canonical_host(request.host));
  require(request.finding_count <= Request::kFindingsMax);
  for (std::size_t i = 0; i < request.finding_count; ++i) {
    require(request.findings[i].offset < request.head.size());
    require(request.findings[i].disposition != Disposition::kReject ||
            request.to_waive.has(request.findings[i].reason));
  }
  require(request.framing == Framing::kContentLength || request.content_length == 0);
  const Result<std::string_view> token = bearer_token(request);
  require(token.ok() || token.error().offset <= request.head.size());
}

inline void require_same(const Inspection& left, const Inspection& right) {
  require(left.progress == right.progress && left.head_size == right.head_size);
  require(left.finding.reason == right.finding.reason && left.finding.offset == right.finding.offset);
  const Request& a = left.request;
  const Request& b = right.request;
  require(a.method == b.method && a.version == b.version && a.framing == b.framing);
  require(a.content_length == b.content_length && a.path == b.path && a.host == b.host && a.port == b.port);
  require(a.target == b.target && a.query == b.query && a.fields.size() == b.fields.size());
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    require(a.fields[i].name == b.fields[i].name && a.fields[i].value == b.fields[i].value);
  }
  require(a.finding_count == b.finding_count && a.findings_truncated == b.findings_truncated);
  for (std::size_t i = 0; i < a.finding_count; ++i) {
    require(a.findings[i].reason == b.findings[i].reason && a.findings[i].offset == b.findings[i].offset);
  }
}

}  // namespace ostiary::fuzz
