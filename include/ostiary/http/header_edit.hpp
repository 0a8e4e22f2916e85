// What a door changes in the fields that it forwards.
#pragma once

#include <cstdint>
#include <string_view>

namespace ostiary {

enum class HeaderEditKind : std::uint32_t {
  kRemove = 1,  ///< remove every field of this name from the request
  kSet = 2,     ///< put this one in the place of every field of this name
};

/// One edit. They are applied in order: of several for one name, the last one holds. Plain data; borrows what its maker
/// says (a Decision: the Gate image, the identity, the facts or scratch).
struct HeaderEdit {
  HeaderEditKind kind = HeaderEditKind::kRemove;
  std::string_view name;   ///< lower case
  std::string_view value;  ///< kSet only
};

}  // namespace ostiary
