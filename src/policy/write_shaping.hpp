// Writes what routes say about shaping.
#pragma once

#include "policy/image_tables.hpp"
#include "policy/source.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// The kinds of the claims as they are declared; those that are built in are texts.
class ClaimKinds {
 public:
  explicit ClaimKinds(const std::vector<ClaimSource>& claims);

  [[nodiscard]] ClaimKind of(std::string_view name) const;

 private:
  std::map<std::string, ClaimKind, std::less<>> kinds_;
};

/// The row of shapes for this route; kNoRow when it says nothing, so that such routes take no room.
[[nodiscard]] std::uint32_t write_shape(const ShapeSource& shape, const ClaimKinds& kinds, ImageTables& tables);

}  // namespace ostiary::policy
