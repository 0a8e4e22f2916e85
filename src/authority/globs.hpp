// Patterns of texts, and which of them can hold of one text together: exact, by walking all of them at once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::authority {

/// `*` is any characters, `?` is one (IAM User Guide, "String condition operators"). Over characters, not bytes.
struct Glob {
  std::vector<char32_t> symbols;
  bool folds = false;  ///< letters of ASCII are the same in both cases

  [[nodiscard]] bool is_literal() const noexcept;
  /// Whether every text matches.
  [[nodiscard]] bool is_everything() const noexcept;
};

inline constexpr char32_t kOneCharacter = 0x110000;
inline constexpr char32_t kAnyCharacters = 0x110001;

[[nodiscard]] Glob literal_glob(std::string_view text);
[[nodiscard]] Glob prefix_glob(std::string_view prefix);
[[nodiscard]] Glob pattern_glob(std::string_view pattern);

/// A character as UTF-8.
[[nodiscard]] std::string literal_text(char32_t character);

/// Straight from the definition, one text and one pattern. Pure.
[[nodiscard]] bool matches(const Glob& glob, std::string_view text);
[[nodiscard]] bool matches(const Glob& glob, std::u32string_view characters);

/// The characters of UTF-8. The reader of JSON has refused what is none; other bytes stand for themselves.
[[nodiscard]] std::u32string characters_of(std::string_view text);

/// For every way in which the globs can hold of a text, one such text, as short as can be and not empty where it need
/// not be; nothing when that would take more than `steps` steps. What it took is subtracted.
[[nodiscard]] std::optional<std::vector<std::string>> text_classes(std::span<const Glob> globs, std::uint64_t& steps);

}  // namespace ostiary::authority
