// Any bytes as an item, a list and a dictionary, on one line and cut into several. Whatever is accepted is written in
// one form, and that form means the same.
#include "support/structured.hpp"

#include <ostiary/http/structured_fields.hpp>
#include <ostiary/http/structured_fields_write.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ostiary::Arena;
using ostiary::Reason;
using ostiary::Result;
using ostiary::test::same;
namespace structured = ostiary::structured;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

struct ItemDoor {
  template <typename Text>
  static auto read(const Text& text, Arena& arena) {
    return structured::read_item(text, arena);
  }
};
struct ListDoor {
  template <typename Text>
  static auto read(const Text& text, Arena& arena) {
    return structured::read_list(text, arena);
  }
};
struct DictionaryDoor {
  template <typename Text>
  static auto read(const Text& text, Arena& arena) {
    return structured::read_dictionary(text, arena);
  }
};

template <typename Door, typename Text>
void check(const Text& text, std::size_t size) {
  std::vector<std::byte> memory(structured::scratch_size_max(size));
  Arena arena(memory);
  const auto value = Door::read(text, arena);
  if (!value) {
    require(value.reason() != Reason::kInternal && value.reason() != Reason::kUsageScratchTooSmall);
    require(value.error().offset <= size);
    return;
  }
  // A byte of a display string may need three, and a repeated key takes nothing.
  std::vector<std::byte> room(4 * size + 4096 + structured::scratch_size_max(3 * size));
  Arena more(room);
  const Result<std::string_view> written = structured::write(*value, more);
  require(written.ok());
  const std::string canonical(*written);
  more.reset();
  const auto again = Door::read(std::string_view(canonical), more);
  require(again.ok() && same(*again, *value));
  std::vector<std::byte> last(4 * size + 4096);
  Arena rest(last);
  const Result<std::string_view> rewritten = structured::write(*again, rest);
  require(rewritten.ok() && *rewritten == canonical);
}

template <typename Door>
void check_both(std::string_view text) {
  // Copies of exactly their size, so that a read past the end leaves the allocation.
  const std::vector<char> copy(text.begin(), text.end());
  check<Door>(std::string_view(copy.data(), copy.size()), copy.size());

  std::vector<std::vector<char>> pieces(1);
  for (const char c : text) {
    if (c == '\n') {
      pieces.emplace_back();
    } else {
      pieces.back().push_back(c);
    }
  }
  std::vector<std::string_view> lines;
  for (const std::vector<char>& piece : pieces) lines.emplace_back(piece.data(), piece.size());
  check<Door>(std::span<const std::string_view>(lines), text.size() + lines.size() - 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_both<ItemDoor>(text);
  check_both<ListDoor>(text);
  check_both<DictionaryDoor>(text);
  return 0;
}
