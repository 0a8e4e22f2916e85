// What the lazy ranges over cookies, query parameters and credentials share: text that is cut at one separator, and an
// iterator over whatever a reader reads next. Nothing is stored: every item is found when it is asked for.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/http/characters.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace ostiary::detail {

/// `span` of `text` without leading and trailing SP and HTAB. Pure.
constexpr Span trimmed(std::string_view text, Span span) noexcept {
  while (span.length > 0 && is_blank(text[span.offset])) {
    ++span.offset;
    --span.length;
  }
  while (span.length > 0 && is_blank(text[span.offset + span.length - 1])) --span.length;
  return span;
}

/// A piece cut at its first equals sign; `after` is absent when there is none.
struct Halves {
  Span before;
  Span after;
};

constexpr Halves cut_at_equals(std::string_view text, Span piece) noexcept {
  const std::size_t equals = piece.in(text).find('=');
  if (equals == std::string_view::npos) return {piece, Span{}};
  const auto before = static_cast<std::uint32_t>(equals);
  return {Span{piece.offset, before}, Span{piece.offset + before + 1, piece.length - before - 1}};
}

/// Walks over the pieces between the separators of `text` from `at` to `end`, both at most text.size(), which is below
/// Span::kAbsentOffset. There is always one piece more than there are separators; a default cursor has no piece.
struct PieceCursor {
  std::string_view text;
  std::uint32_t at = 1;  ///< where the next piece starts; beyond `end` when there is none
  std::uint32_t end = 0;

  static constexpr PieceCursor over(std::string_view text, Span part) noexcept {
    return part.present() ? PieceCursor{text, part.offset, part.offset + part.length} : PieceCursor{};
  }

  /// False when there is no piece left.
  constexpr bool next(char separator, Span& piece) noexcept {
    if (at > end) return false;
    const std::string_view rest(text.data() + at, end - at);
    const std::size_t found = rest.find(separator);
    piece = Span{at, found == std::string_view::npos ? end - at : static_cast<std::uint32_t>(found)};
    at += piece.length + 1;
    return true;
  }
};

/// Iterates over what a Reader reads: a small value with a type Item and `bool next(Item&)`, which is false at the end.
/// Items know where they stand, so that no two of one range are equal.
template <typename Reader>
class ReadIterator {
 public:
  using iterator_concept = std::forward_iterator_tag;
  using iterator_category = std::input_iterator_tag;  // what it points to is made on the way
  using value_type = typename Reader::Item;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = value_type;

  constexpr ReadIterator() = default;
  constexpr explicit ReadIterator(const Reader& reader) noexcept : reader_(reader) { ++*this; }

  constexpr value_type operator*() const noexcept { return item_; }
  constexpr ReadIterator& operator++() noexcept {
    there_ = reader_.next(item_);
    return *this;
  }
  constexpr ReadIterator operator++(int) noexcept {
    const ReadIterator before = *this;
    ++*this;
    return before;
  }
  friend constexpr bool operator==(const ReadIterator& left, const ReadIterator& right) noexcept {
    return left.there_ == right.there_ && (!left.there_ || left.item_ == right.item_);
  }
  friend constexpr bool operator==(const ReadIterator& at, std::default_sentinel_t /*end*/) noexcept {
    return !at.there_;
  }

 private:
  Reader reader_{};
  value_type item_{};
  bool there_ = false;
};

/// Begins anew with every begin().
template <typename Reader>
class ReadRange {
 public:
  constexpr ReadRange() = default;
  constexpr explicit ReadRange(const Reader& reader) noexcept : reader_(reader) {}

  [[nodiscard]] constexpr ReadIterator<Reader> begin() const noexcept { return ReadIterator<Reader>(reader_); }
  [[nodiscard]] constexpr std::default_sentinel_t end() const noexcept { return std::default_sentinel; }

 private:
  Reader reader_{};
};

}  // namespace ostiary::detail
