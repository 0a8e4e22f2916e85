// Collects what is wrong with a Gate's source and says where: line, column and the way to it through the document.
#pragma once

#include <ostiary/policy/compile.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// However much is wrong, and however long the names in it are, memory and time stay bounded.
class Diagnostics {
 public:
  explicit Diagnostics(std::string_view source) : source_(source) {}

  void add(Reason reason, std::uint32_t offset, std::string_view message);

  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

  /// How many were added.
  [[nodiscard]] std::size_t count() const noexcept { return added_; }

  /// The first kGateErrorsMax errors in the order of the text, and one that counts the others.
  [[nodiscard]] std::vector<GateError> take();

 private:
  struct Entry {
    Reason reason;
    std::uint32_t offset;
    std::size_t number;  ///< in the order in which they were found
    std::string message;

    friend bool operator<(const Entry& a, const Entry& b) {
      return a.offset != b.offset ? a.offset < b.offset : a.number < b.number;
    }
  };

  void leave_out_last();
  void add_paths();

  std::string_view source_;
  std::vector<Entry> entries_;  ///< a heap, the last in the text on top
  std::size_t added_ = 0;
  std::uint32_t left_out_at_ = UINT32_MAX;  ///< where the first of those that are left out stands
};

}  // namespace ostiary::policy
