// What the structural pass over a head leaves behind, and the work every back end shares.
#pragma once

#include <ostiary/core/bytes.hpp>
#include <ostiary/http/characters.hpp>
#include <ostiary/http/known_fields.hpp>
#include <ostiary/http/request.hpp>

#include <algorithm>
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
  kEmptyLine,  ///< the head is complete
  kNoLineEnd,  ///< the last line is not finished
  kOddLine,    ///< the line is for the exact reader: it is unusual or wrong
};

/// How far the lines of a head have been read. It survives from one call to the next as the head grows.
struct HeadLines {
  std::uint32_t line = 0;              ///< start of the first line that has not been read
  std::uint32_t scanned = 0;           ///< between the start of the line and here there is no line end
  std::uint32_t request_line = 0;      ///< where it starts: after the empty line that may stand before it
  std::uint32_t request_line_end = 0;  ///< 0 until its line end is found
  bool request_line_read = false;      ///< by the exact reader or by the fast one
  std::uint32_t method_size = 0;       ///< bytes up to the first space of the request line
  std::uint32_t plain_path_end = 0;    ///< end of a path that is canonical as it stands; 0 when there is none
  std::uint32_t plain_host_line = kNoField;  ///< the field whose value is a canonical host name as it stands

  Field* fields = nullptr;  ///< room for `capacity`, in scratch
  std::uint32_t count = 0;
  std::uint32_t capacity = 0;
  std::uint16_t* first_of = nullptr;     ///< see Request::first_of
  FieldSet known;                        ///< ids met, kUnknown among them
  std::uint8_t traits = 0;               ///< of all fields together, bits of FieldTrait
  std::uint32_t duplicate = kNoField;    ///< the first field that stands again and may not

  static constexpr std::uint32_t kNoField = 0xffffffffU;

  /// The field was read; takes it into the account of all fields.
  constexpr void add(const Field& field) noexcept {
    const KnownField& known_row = kKnownFields[static_cast<std::size_t>(field.id)];
    if (!known.has(field.id)) {
      known.add(field.id);
      first_of[static_cast<std::size_t>(field.id)] = static_cast<std::uint16_t>(count);
      traits |= known_row.traits;
    } else if (known_row.cardinality != Cardinality::kList && duplicate == kNoField) {
      duplicate = count;
    }
    fields[count++] = field;
  }
};

/// The bytes of a head with room to read ahead: every offset up to the end has kRoom readable bytes behind it, the ones
/// past the end being zero. The last bytes are copied, the others are read where they are.
class PaddedBytes {
 public:
  static constexpr std::size_t kRoom = 64;

  explicit PaddedBytes(std::string_view bytes) noexcept
      : data_(bytes.data()), size_(bytes.size()) {
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

/// Whether a value made of lower-case letters, digits, hyphens and dots, at most 63 bytes long, is a canonical host name.
/// One bit for each byte of the value. `last_label_alpha`: the last label starts with a letter, so that no program
/// reads the name as an address.
struct HostBits {
  std::uint64_t dots = 0;
  std::uint64_t hyphens = 0;
  std::uint64_t letters = 0;
};

constexpr bool is_plain_host(const HostBits& bits, std::uint32_t size) noexcept {
  const std::uint64_t starts = bits.dots << 1 | 1U;  // of labels
  const std::uint64_t ends = bits.dots >> 1 | std::uint64_t{1} << (size - 1);
  if (((starts | ends) & (bits.dots | bits.hyphens)) != 0) return false;
  const unsigned last_start = 64U - static_cast<unsigned>(std::countl_zero(bits.dots));
  return (bits.letters >> last_start & 1U) != 0;
}

}  // namespace ostiary::detail
