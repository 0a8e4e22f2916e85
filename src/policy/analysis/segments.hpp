// Claims in paths: which segments say what a claim says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy::analysis {

/// The segments of canonical paths that decode to the text: as short as can be, and fully escaped where that differs.
/// None when no path can hold the text; `waived` says that rules of paths are, so that every text fits. What may be
/// left plain or escaped can also be mixed; see is_mixable. Pure.
[[nodiscard]] std::vector<std::string> segments_saying(std::string_view text, bool waived);

/// Whether there are more such segments than these: some of the bytes that may be either are plain, some escaped.
[[nodiscard]] bool is_mixable(std::string_view text);

/// One of those others: the first such byte escaped, the rest plain. Only for what is_mixable.
[[nodiscard]] std::string mixed_segment(std::string_view text);

/// The text that a segment stands for.
[[nodiscard]] std::string decoded_segment(std::string_view segment);

}  // namespace ostiary::policy::analysis
