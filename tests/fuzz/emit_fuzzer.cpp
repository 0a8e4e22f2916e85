// Whatever the head, its edits and the options: what is emitted reads back as the same view and is emitted again as the
// same bytes. A broken promise traps. The first byte chooses edits and options, the next two the lengths of a name and
// a value that an edit speaks of, these follow, then the head.
#include "support/emit_promises.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

std::string_view take(std::string_view& rest, std::size_t size) {
  const std::string_view piece = rest.substr(0, size);
  rest.remove_prefix(piece.size());
  return piece;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ostiary;
  if (size < 3) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
  test::EmitCase wanted = test::make_case(data[0]);
  const std::string_view name = take(rest, data[1]);
  const std::string_view value = take(rest, data[2]);
  // The case's bits choose what is done with them. An edit that is refused says nothing about the head.
  constexpr HeaderEditKind kKinds[] = {HeaderEditKind::kSet, HeaderEditKind::kAppend, HeaderEditKind::kRename};
  const HeaderEdit edit{kKinds[(data[0] >> 6U) % 3], name, value};
  if (detail::is_sound_edit(edit)) wanted.edits.push_back(edit);
  (void)test::check_promises(rest, wanted);
  return 0;
}
