// Headers that decide something: no next program may read one under another name, and no next hop may drop one.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/fields.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/gate.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostiary::detail {

template <typename IsGuarded>
[[nodiscard]] Error judge_underscored_names(const Request& request, const IsGuarded& is_guarded) noexcept {
  for (const Field& field : request.fields) {
    const std::size_t underscore = request.name(field).find('_');
    if (underscore == std::string_view::npos || !is_guarded(request.name(field))) continue;
    return Error{Reason::kFieldNameUnderscore, field.name.offset + static_cast<std::uint32_t>(underscore)};
  }
  return kNoFault;
}

template <typename IsGuarded>
[[nodiscard]] Error judge_connection_options(const Request& request, const Field& field,
                                             const IsGuarded& is_guarded) noexcept {
  const std::string_view value = request.value(field);
  if (equals_ignoring_case(value, "keep-alive") || equals_ignoring_case(value, "close")) return kNoFault;
  for (std::size_t at = 0; at <= value.size();) {
    const std::string_view option = take_member(value, at);
    if (option.empty() || !is_guarded(option)) continue;
    const auto offset = static_cast<std::uint32_t>(option.data() - value.data());
    return Error{Reason::kFieldConnectionSpecific, field.value.offset + offset};
  }
  return kNoFault;
}

/// Refuses a field whose name has underscores and that a next program could take for a guarded one, and a Connection
/// that would have the next hop drop one. `is_guarded(name)` says whether a name could be taken for one; it is not
/// asked where no name has an underscore and Connection names nothing.
/// Reasons: kFieldNameUnderscore, kFieldConnectionSpecific. Pure.
template <typename IsGuarded>
[[nodiscard]] Error judge_guarded(const Request& request, const IsGuarded& is_guarded) noexcept {
  if (request.underscore_names) {
    const Error fault = judge_underscored_names(request, is_guarded);
    if (fault.reason != Reason::kOk) return fault;
  }
  return judge_each(request, FieldId::kConnection,
                    [&](const Field& field) noexcept { return judge_connection_options(request, field, is_guarded); });
}

/// The same for the headers that the route's rules, role mappings, keys and renames read.
[[nodiscard]] inline Error judge_route_headers(const Gate& gate, const RouteRecord& route,
                                               const Request& request) noexcept {
  if (route.guarded.count == 0) return kNoFault;
  return judge_guarded(request, [&](std::string_view name) noexcept {
    for (std::uint32_t i = 0; i < route.guarded.count; ++i) {
      if (could_be_same_name(name, gate.header_name(gate.read_name(route.guarded.first + i)))) return true;
    }
    return false;
  });
}

}  // namespace ostiary::detail
