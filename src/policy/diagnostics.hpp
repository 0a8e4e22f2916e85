// Collects what is wrong with a Gate's source and turns byte offsets into line and column.
#pragma once

#include <ostiary/policy/compile.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

class Diagnostics {
 public:
  explicit Diagnostics(std::string_view source) : source_(source) {}

  void add(Reason reason, std::uint32_t offset, std::string message);

  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

  /// The errors in the order of the text.
  [[nodiscard]] std::vector<GateError> take();

 private:
  struct Entry {
    Reason reason;
    std::uint32_t offset;
    std::string message;
  };

  std::string_view source_;
  std::vector<Entry> entries_;
};

}  // namespace ostiary::policy
