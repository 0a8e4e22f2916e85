// What fields say: cookies, query parameters, credentials.
#include "handles.hpp"

#include <ostiary/http/authorization.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/query.hpp>

#include <span>

using ostiary::Arena;
using ostiary::Authorization;
using ostiary::AuthParameter;
using ostiary::Cookie;
using ostiary::Error;
using ostiary::Parameter;
using ostiary::PlusSign;
using ostiary::Reason;
using ostiary::Request;
using ostiary::Result;
using ostiary::Span;
namespace capi = ostiary::capi;
using capi::request_of;

namespace {

constexpr ostiary_pair kNoPair{capi::kAbsent, capi::kAbsent};

/// Where a list goes: as much of it as the caller has room for, and how long it is.
template <typename Element>
class ListOut {
 public:
  ListOut(Element* out, size_t capacity, size_t* count) noexcept : out_(out), capacity_(capacity), count_(count) {
    if (count_ != nullptr) *count_ = 0;
  }
  [[nodiscard]] bool usable() const noexcept { return count_ != nullptr && (out_ != nullptr || capacity_ == 0); }
  void push(const Element& element) noexcept {
    if (*count_ < capacity_) out_[*count_] = element;
    ++*count_;
  }

 private:
  Element* out_;
  size_t capacity_;
  size_t* count_;
};

/// Runs one of the decoders over the caller's memory.
template <typename Decode>
ostiary_reason decode_into(ostiary_bytes raw, char* memory, size_t memory_size, ostiary_bytes* out,
                           ostiary_error* error, Decode decode) noexcept {
  if (out == nullptr) return capi::refuse_argument(error, "the view to fill is NULL");
  *out = capi::kAbsent;
  std::string_view text;
  if (!capi::to_view(raw, text) || (memory == nullptr && memory_size != 0)) {
    return capi::refuse_argument(error, "the text or the memory is {NULL, n > 0}");
  }
  if (text.data() == nullptr) return OSTIARY_OK;
  Arena arena(std::as_writable_bytes(std::span(memory, memory_size)));
  const Result<std::string_view> decoded = decode(text, arena);
  if (!decoded) return capi::report(error, decoded.error());
  *out = capi::to_c(*decoded);
  return OSTIARY_OK;
}

ostiary_pair to_c(const Parameter& parameter, std::string_view text) noexcept {
  return {capi::to_c(parameter.name, text), capi::to_c(parameter.value, text)};
}

}  // namespace

extern "C" {

ostiary_reason ostiary_inspection_cookies(const ostiary_inspection* inspection, ostiary_pair* out, size_t capacity,
                                          size_t* count, ostiary_error* error) {
  ListOut<ostiary_pair> list(out, capacity, count);
  if (!list.usable()) return capi::refuse_argument(error, "count is NULL, or out is {NULL, n > 0}");
  const Request* const request = request_of(inspection);
  if (request == nullptr) return OSTIARY_OK;
  for (const Cookie& cookie : ostiary::cookies(*request)) {
    list.push({capi::to_c(cookie.name, request->head), capi::to_c(cookie.value, request->head)});
  }
  return OSTIARY_OK;
}

ostiary_reason ostiary_inspection_cookie_find(const ostiary_inspection* inspection, ostiary_bytes name,
                                              ostiary_bytes* value, ostiary_error* error) {
  if (value == nullptr) return capi::refuse_argument(error, "value is NULL");
  *value = capi::kAbsent;
  std::string_view wanted;
  if (!capi::to_view(name, wanted)) return capi::refuse_argument(error, "name is {NULL, n > 0}");
  const Request* const request = request_of(inspection);
  if (request == nullptr) return OSTIARY_OK;
  const Result<Span> found = ostiary::find_cookie(*request, wanted, capi::kLimits);
  if (!found) return capi::report(error, found.error());
  *value = capi::to_c(*found, request->head);
  return OSTIARY_OK;
}

ostiary_bytes ostiary_inspection_cookie_nameless(const ostiary_inspection* inspection) {
  const Request* const request = request_of(inspection);
  return request == nullptr ? capi::kAbsent : capi::to_c(ostiary::first_nameless_cookie(*request), request->head);
}

ostiary_reason ostiary_inspection_parameters(const ostiary_inspection* inspection, ostiary_pair* out, size_t capacity,
                                             size_t* count, ostiary_error* error) {
  ListOut<ostiary_pair> list(out, capacity, count);
  if (!list.usable()) return capi::refuse_argument(error, "count is NULL, or out is {NULL, n > 0}");
  const Request* const request = request_of(inspection);
  if (request == nullptr) return OSTIARY_OK;
  const Error fault = ostiary::judge_parameters(*request, capi::kLimits);
  if (fault.reason != Reason::kOk) return capi::report(error, fault);
  for (const Parameter& parameter : ostiary::parameters(*request)) list.push(to_c(parameter, request->head));
  return OSTIARY_OK;
}

ostiary_reason ostiary_inspection_parameter_find(const ostiary_inspection* inspection, ostiary_bytes name,
                                                 ostiary_pair* out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = kNoPair;
  std::string_view wanted;
  if (!capi::to_view(name, wanted)) return capi::refuse_argument(error, "name is {NULL, n > 0}");
  const Request* const request = request_of(inspection);
  if (request == nullptr) return OSTIARY_OK;
  const Result<Parameter> found = ostiary::find_parameter(*request, wanted, capi::kLimits);
  if (!found) return capi::report(error, found.error());
  *out = to_c(*found, request->head);
  return OSTIARY_OK;
}

ostiary_reason ostiary_parameter_decode(ostiary_bytes raw, uint32_t plus, char* memory, size_t memory_size,
                                        ostiary_bytes* decoded, ostiary_error* error) {
  if (plus > OSTIARY_PLUS_IS_SPACE) return capi::refuse_argument(error, "plus: expected one of OSTIARY_PLUS_IS_*");
  return decode_into(raw, memory, memory_size, decoded, error, [plus](std::string_view text, Arena& arena) noexcept {
    return ostiary::decode_parameter(text, static_cast<PlusSign>(plus), arena);
  });
}

ostiary_reason ostiary_inspection_authorization(const ostiary_inspection* inspection, ostiary_authorization* out,
                                                ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = {capi::kAbsent, capi::kAbsent, OSTIARY_CREDENTIALS_EMPTY, 0};
  const Request* const request = request_of(inspection);
  if (request == nullptr) return OSTIARY_OK;
  const Result<Authorization> read = ostiary::authorization(*request);
  if (!read) return capi::report(error, read.error());
  *out = {capi::to_c(read->scheme, request->head), capi::to_c(read->rest, request->head),
          static_cast<ostiary_credentials_kind>(read->kind), 0};
  return OSTIARY_OK;
}

ostiary_reason ostiary_inspection_auth_parameters(const ostiary_inspection* inspection, ostiary_auth_parameter* out,
                                                  size_t capacity, size_t* count, ostiary_error* error) {
  ListOut<ostiary_auth_parameter> list(out, capacity, count);
  if (!list.usable()) return capi::refuse_argument(error, "count is NULL, or out is {NULL, n > 0}");
  const Request* const request = request_of(inspection);
  if (request == nullptr) return OSTIARY_OK;
  const Result<Authorization> read = ostiary::authorization(*request);
  if (!read) return capi::report(error, read.error());
  for (const AuthParameter& parameter : ostiary::auth_parameters(request->head, *read)) {
    list.push({capi::to_c(parameter.name, request->head), capi::to_c(parameter.value, request->head),
               parameter.quoted ? 1U : 0U, 0});
  }
  return OSTIARY_OK;
}

ostiary_reason ostiary_auth_unquote(ostiary_bytes value, char* memory, size_t memory_size, ostiary_bytes* unquoted,
                                    ostiary_error* error) {
  return decode_into(value, memory, memory_size, unquoted, error,
                     [](std::string_view text, Arena& arena) noexcept { return ostiary::unquote(text, arena); });
}

}  // extern "C"
