// What the structural pass over a head leaves behind, and the work every back end shares.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/limits.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/known_fields.hpp>
#include <ostiary/http/request.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ostiary::detail {

/// Eight bytes as a little-endian number.
inline std::uint64_t read_word(const char* text) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof(word));
  if constexpr (std::endian::native == std::endian::big) {
    std::uint64_t turned = 0;
    for (unsigned i = 0; i < 8; ++i) turned |= (word >> i * 8 & 0xffU) << (56 - i * 8);
    word = turned;
  }
  return word;
}

/// Why the pass over the lines stopped.
enum class LineStop : std::uint8_t {
  kMoreLines,  ///< not at all: there may be more of them
  kEmptyLine,  ///< the head is complete
  kNoLineEnd,  ///< the last line is not finished
  kOddLine,    ///< the line is for the exact reader: it is unusual or wrong
};

/// The ends of lines that have been found and not been read yet.
struct LineEnds {
  static constexpr std::uint32_t kCountMax = 32;

  std::uint32_t next = 0;                   ///< the first that has not been read
  std::uint32_t count = 0;                  ///< of those found
  std::uint32_t open = 0;                   ///< start of the first line whose end has not been found
  std::uint32_t odd = 0;                    ///< one bit for each line found: it has tabs or bytes outside ASCII
  bool open_is_odd = false;                 ///< the same of the line at `open`
  std::array<std::uint32_t, kCountMax> at;  ///< where their CR stands; `count` of them are set

  constexpr void found(std::uint32_t new_count, std::uint32_t new_open) noexcept {
    next = 0;
    count = new_count;
    open = new_open;
  }

  [[nodiscard]] constexpr bool is_odd(std::uint32_t index) const noexcept { return (odd >> index & 1U) != 0; }
};

/// How far the lines of a head have been read. It survives from one call to the next as the head grows.
struct HeadLines {
  std::uint32_t line = 0;              ///< start of the first line that has not been read
  std::uint32_t scanned = 0;           ///< from `ends.open` to here there is no line end
  std::uint32_t request_line = 0;      ///< where it starts: after the empty line that may stand before it
  std::uint32_t request_line_end = 0;  ///< 0 until its line end is found
  std::uint32_t method_size = 0;       ///< bytes up to the first space of the request line
  std::uint32_t plain_path_end = 0;    ///< end of a path that is canonical as it stands; 0 when there is none
  LineStop after_found = LineStop::kMoreLines;
  bool request_line_read = false;    ///< by the exact reader or by the fast one
  std::uint8_t plain_host_size = 0;  ///< of the first Host, when its name is canonical as it stands; otherwise 0
  std::uint16_t plain_port = 0;      ///< of that Host; 0 when it names none
  bool plain_cookie = false;         ///< the value of the first Cookie has no dollar sign
  std::uint8_t account = 0;          ///< of all fields together, bits of FieldTrait and FieldAccount

  Field* fields = nullptr;  ///< room for `capacity`, in scratch
  std::uint32_t count = 0;
  std::uint32_t capacity = 0;
  std::uint16_t* first_of = nullptr;   ///< see Request::first_of
  std::uint32_t duplicate = kNoField;  ///< the first field that stands again and may not
  LineEnds ends;

  static constexpr std::uint32_t kNoField = 0xffffffffU;

  /// The exact reader has read the line that starts at `line`; the next one starts at `next_line`.
  constexpr void line_read(std::uint32_t next_line) noexcept {
    line = next_line;
    if (ends.next < ends.count) {
      ++ends.next;
      return;
    }
    ends.open = scanned = next_line;
    ends.open_is_odd = false;
  }
};

/// How many fields there may be: their numbers must fit the slots of Request::first_of.
constexpr std::uint32_t field_capacity(const Limits& limits) noexcept {
  return std::min<std::uint32_t>(limits.field_count_max, Request::kNoField);
}

/// Takes the next `count` fields, which have just been written, into the account of all fields.
constexpr void count_fields(HeadLines& lines, std::uint32_t count) noexcept {
  const std::uint32_t end = lines.count + count;
  std::uint16_t* const first_of = lines.first_of;
  const Field* field = lines.fields + lines.count;
  unsigned accounts = lines.account;
  for (std::uint32_t index = lines.count; index < end; ++index, ++field) {
    const auto row = static_cast<std::size_t>(field->id);
    const unsigned account = kNames.accounts[row];
    accounts |= account;
    if (first_of[row] == Request::kNoField) {
      first_of[row] = static_cast<std::uint16_t>(index);
    } else if ((account & kMayRepeat) == 0) {
      lines.duplicate = std::min(lines.duplicate, index);
    }
  }
  lines.account = static_cast<std::uint8_t>(accounts);
  lines.count = end;
}

/// Appends a field that has been read; there is room for it.
constexpr void add_field(const Field& field, HeadLines& lines) noexcept {
  lines.fields[lines.count] = field;
  count_fields(lines, 1);
}

/// The bytes of a head with room to read ahead: every offset up to the end has kRoom readable bytes behind it (a block
/// of 64 and whatever stands next to it), the ones past the end being zero. The last bytes are copied, the others are
/// read where they are.
class PaddedBytes {
 public:
  static constexpr std::size_t kRoom = 96;

  explicit PaddedBytes(std::string_view bytes) noexcept : data_(bytes.data()), size_(bytes.size()) {
    std::memset(tail_ + kRoom, 0, kRoom);
    if (size_ >= kRoom) {
      direct_ = size_ - kRoom + 1;
      tail_begin_ = size_ - kRoom;
      std::memcpy(tail_, data_ + tail_begin_, kRoom);
    } else {
      std::memset(tail_, 0, kRoom);
      if (size_ != 0) std::memcpy(tail_, data_, size_);
    }
  }

  [[nodiscard]] const char* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] char operator[](std::size_t at) const noexcept { return data_[at]; }

  /// kRoom readable bytes from `at` on. `at` does not lie past the end.
  [[nodiscard]] const char* ahead(std::size_t at) const noexcept {
    return at < direct_ ? data_ + at : tail_ + (at - tail_begin_);
  }

 private:
  const char* data_;
  std::size_t size_;
  std::size_t direct_ = 0;  ///< offsets below are read where they are
  std::size_t tail_begin_ = 0;
  char tail_[2 * kRoom];
};

/// What a value of at most 63 bytes starts with: how many bytes that may stand in a host name in canonical form, and
/// where there are dots and hyphens, one bit for each byte.
struct HostBits {
  std::uint32_t size = 0;
  std::uint64_t dots = 0;
  std::uint64_t hyphens = 0;
};

/// Whether these bytes are a canonical host name whose last label starts with a letter, so that no program reads it as
/// an address.
constexpr bool is_plain_host(const HostBits& bits, const char* text) noexcept {
  if (bits.size == 0) return false;
  const std::uint64_t starts = bits.dots << 1 | 1U;  // of labels
  const std::uint64_t ends = bits.dots >> 1 | std::uint64_t{1} << (bits.size - 1);
  if (((starts | ends) & (bits.dots | bits.hyphens)) != 0) return false;
  const unsigned last_start = 64U - static_cast<unsigned>(std::countl_zero(bits.dots));
  return text[last_start] >= 'a';
}

}  // namespace ostiary::detail
