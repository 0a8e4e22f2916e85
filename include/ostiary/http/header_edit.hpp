// What a door changes in the fields that it forwards.
#pragma once

#include <cstdint>
#include <string_view>

namespace ostiary {

enum class HeaderEditKind : std::uint32_t {
  kRemove = 1,  ///< remove every field of this name from the request
  kSet = 2,     ///< put this one in the place of every field of this name
  kAppend = 3,  ///< add this one behind the fields of this name
  kRename = 4,  ///< give every field of this name another one, in the place of every field of that other name
};

/// One edit. They are applied one after the other, each to what those before it left. Plain data; borrows what its
/// maker says (a Decision: the Gate image, the identity, the facts or scratch).
struct HeaderEdit {
  HeaderEditKind kind = HeaderEditKind::kRemove;
  std::string_view name;   ///< lower case
  std::string_view value;  ///< kSet, kAppend: of the field; kRename: the other name, in lower case
};

}  // namespace ostiary
