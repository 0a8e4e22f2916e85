// From offsets to lines and columns.
#pragma once

#include <ostiary/policy/gate_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ostiary::policy {

class LineIndex {
 public:
  explicit LineIndex(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }

  [[nodiscard]] SourcePlace place(std::uint32_t offset) const {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    return {static_cast<std::uint32_t>(after - starts_.begin()), offset - *(after - 1) + 1};
  }

 private:
  std::vector<std::uint32_t> starts_{0};
};

}  // namespace ostiary::policy
