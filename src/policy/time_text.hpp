// Times as a Gate writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostiary::policy {

/// The seconds since 1970-01-01T00:00:00Z of `YYYY-MM-DDThh:mm:ssZ` (RFC 3339 §5.6, in UTC, without fractions), or
/// nothing when it is no such time. A leap second (60) is none: the clocks that hosts read do not show it. Pure.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

/// The same in the other direction. A time that no such text has is given as its seconds in decimal. Pure.
[[nodiscard]] std::string time_text(std::int64_t seconds);

}  // namespace ostiary::policy
