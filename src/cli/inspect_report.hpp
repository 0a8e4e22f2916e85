// The whole of what `ostiary inspect` shows.
#pragma once

#include "inspect_parts.hpp"

namespace ostiary::cli {

[[nodiscard]] Json inspection_json(const Inspected& head);
[[nodiscard]] std::string inspection_text(const Inspected& head);

/// Why there is nothing to forward: "rejected at byte 14 (line 1, column 15): HEAD_BARE_LF (1004): ...".
[[nodiscard]] std::string shown_refusal(const Inspected& head);

}  // namespace ostiary::cli
