// What the lazy ranges over cookies, query parameters and credentials share: text that is cut at one separator, and an
// iterator over whatever a reader reads next. Nothing is stored: every item is found when it is asked for.
#pragma once

#include <ostiary/core/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace ostiary::detail {

/// Where `part` lies in `text`, of which it is a part.
constexpr Span span_of(std::string_view part, std::string_view text) noexcept {
  return Span{static_cast<std::uint32_t>(part.data() - text.data()), static_cast<std::uint32_t>(part.size())};
}

/// Walks over the pieces between separators, of which there is always one more than there are separators. The readers
/// work on views, which stay in registers, and write Spans when an item is complete.
class PieceCursor {
 public:
  /// Nothing to walk over.
  constexpr PieceCursor() = default;
  constexpr explicit PieceCursor(std::string_view text) noexcept : rest_(text) {}

  /// The next piece, which may be empty; `data()` is nullptr when there is none left.
  constexpr std::string_view next(char separator) noexcept {
    const std::size_t found = rest_.find(separator);
    const std::string_view piece(rest_.data(), found == std::string_view::npos ? rest_.size() : found);
    if (found == std::string_view::npos) {
      rest_ = std::string_view();
    } else {
      rest_.remove_prefix(found + 1);
    }
    return piece;
  }

 private:
  std::string_view rest_;
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
