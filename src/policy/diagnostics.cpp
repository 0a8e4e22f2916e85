#include "policy/diagnostics.hpp"

#include <algorithm>
#include <utility>

namespace ostiary::policy {

void Diagnostics::add(Reason reason, std::uint32_t offset, std::string message) {
  entries_.push_back({reason, offset, std::move(message)});
}

std::vector<GateError> Diagnostics::take() {
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.offset < b.offset; });
  std::vector<GateError> errors;
  std::uint32_t line = 1;
  std::size_t line_start = 0;
  std::size_t scanned = 0;
  for (Entry& entry : entries_) {
    for (; scanned < entry.offset && scanned < source_.size(); ++scanned) {
      if (source_[scanned] != '\n') continue;
      ++line;
      line_start = scanned + 1;
    }
    const auto column = static_cast<std::uint32_t>(entry.offset - line_start + 1);
    errors.push_back({entry.reason, line, column, std::move(entry.message)});
  }
  entries_.clear();
  return errors;
}

}  // namespace ostiary::policy
