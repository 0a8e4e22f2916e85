// Texts of a source in messages, however long they are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ostiary::policy {

/// At most `size_max` bytes of UTF-8, with an ellipsis instead of what is left out. Pure.
[[nodiscard]] std::string cut_text(std::string_view text, std::size_t size_max);

/// In quotation marks, cut to the length that ids may have. Pure.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace ostiary::policy
