#include "policy/diagnostics.hpp"

#include "adapt/json.hpp"
#include "policy/quote.hpp"

#include <algorithm>
#include <span>

namespace ostiary::policy {

namespace {

/// One line, whatever stands in the names of a source: control characters (C0, DEL and C1) as JSON escapes them.
std::string on_one_line(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto point = static_cast<unsigned char>(text[i]);
    const bool second_half = point == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (second_half) point = static_cast<unsigned char>(text[++i]);
    if (!second_half && point >= ' ' && point != 0x7f) {
      line += text[i];
    } else {
      line.append("\\u00").append({kDigits[point >> 4U], kDigits[point & 15U]});
    }
  }
  return line;
}

/// The way to the value at `offset`, as "routes[2].hosts", or to the object that has the name there; empty at the root.
std::string path_to(std::span<const adapt::JsonValue> values, std::uint32_t offset) {
  constexpr std::size_t kNameShown = 64;
  std::string path;
  std::uint32_t at = 0;
  while (at < values.size()) {
    const bool in_object = values[at].kind == adapt::JsonKind::kObject;
    if (!in_object && values[at].kind != adapt::JsonKind::kArray) break;
    std::uint32_t found = at;
    std::size_t position = 0;
    for (std::uint32_t child = at + 1; child < values[at].end; child = values[child].end) {
      if ((in_object ? values[child].key_offset : values[child].offset) > offset) break;
      found = child;
      ++position;
    }
    if (found == at || (in_object && values[found].key_offset == offset)) break;
    at = found;
    if (in_object) {
      path.append(path.empty() ? "" : ".").append(cut_text(values[at].key, kNameShown));
    } else {
      path.append("[").append(std::to_string(position - 1)).append("]");
    }
  }
  return path;
}

}  // namespace

void Diagnostics::add(Reason reason, std::uint32_t offset, std::string_view message) {
  entries_.push_back({reason, offset, added_++, cut_text(message, kGateErrorSizeMax)});
  std::push_heap(entries_.begin(), entries_.end());
  if (entries_.size() > kGateErrorsMax) leave_out_last();
}

void Diagnostics::leave_out_last() {
  std::pop_heap(entries_.begin(), entries_.end());
  left_out_at_ = std::min(left_out_at_, entries_.back().offset);
  entries_.pop_back();
}

/// Reads the source once more, since only errors need the way to them. What is no JSON has none.
void Diagnostics::add_paths() {
  constexpr std::uint32_t kDepthMax = 64;
  if (entries_.empty()) return;
  const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(source_.size(), UINT32_MAX));
  adapt::JsonReader reader({size, kDepthMax, size, false});
  const adapt::JsonResult document = reader.read(source_);
  if (document.fault != adapt::JsonFault::kNone) return;
  for (Entry& entry : entries_) {
    const std::string path = path_to(document.values, entry.offset);
    if (!path.empty()) entry.message.insert(0, path + ": ");
  }
}

std::vector<GateError> Diagnostics::take() {
  std::sort_heap(entries_.begin(), entries_.end());
  add_paths();
  const std::size_t left_out = added_ - entries_.size();
  if (left_out != 0) {
    entries_.push_back(
        {Reason::kGateLimit, left_out_at_, added_, "and " + std::to_string(left_out) + " more; mend the others first"});
  }
  std::vector<GateError> errors;
  std::uint32_t line = 1;
  std::size_t line_start = 0;
  std::size_t scanned = 0;
  for (const Entry& entry : entries_) {
    for (; scanned < entry.offset && scanned < source_.size(); ++scanned) {
      if (source_[scanned] != '\n') continue;
      ++line;
      line_start = scanned + 1;
    }
    const auto column = static_cast<std::uint32_t>(entry.offset - line_start + 1);
    errors.push_back({entry.reason, line, column, cut_text(on_one_line(entry.message), kGateErrorSizeMax)});
  }
  entries_.clear();
  return errors;
}

}  // namespace ostiary::policy
