// The records of a Gate image in the words of docs/language.md.
#pragma once

#include "adapt/outline.hpp"

#include <ostiary/policy/gate.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// One condition taken apart.
struct ConditionWords {
  Dimension dimension = Dimension::kNone;
  std::string_view member;               ///< "identity.claims"; static
  std::string subject;                   ///< the claim, header, parameter or flag; empty where there is none
  std::string_view operation;            ///< "has_any"; static, empty where the language has none
  std::vector<adapt::Outline> values;    ///< texts, integers, Booleans; nothing for an open end of a time
  std::vector<std::string> value_texts;  ///< the same as JSON
};

[[nodiscard]] ConditionWords condition_words(const Gate& gate, const PredicateRecord& predicate);

/// On one line.
[[nodiscard]] std::string condition_line(const ConditionWords& words);

/// The line, and everything apart in the JSON.
[[nodiscard]] adapt::Outline condition_outline(const Gate& gate, std::uint32_t predicate);

[[nodiscard]] std::string pattern_text(const Gate& gate, Range segments, bool has_tail);
[[nodiscard]] std::string route_pattern(const Gate& gate, const RouteRecord& route);
[[nodiscard]] std::vector<std::string_view> method_names(std::uint32_t mask);
[[nodiscard]] std::string hex_text(std::span<const std::uint8_t> bytes);
[[nodiscard]] adapt::Outline text_list(const Gate& gate, Range texts);
[[nodiscard]] std::string_view claim_kind_word(ClaimKind kind);
[[nodiscard]] std::string_view effect_word(RuleEffect effect);

}  // namespace ostiary::policy
