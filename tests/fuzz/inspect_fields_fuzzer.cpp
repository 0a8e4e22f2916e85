// Whatever the pieces, the fields door keeps its promises, and its copy reads the same at the bytes door. A broken
// promise traps. The input is method, authority, target, then names and values in turn, separated by 0xFE; a first
// byte of 0xFD means that there is no authority.
#include "inspect_invariants.hpp"

#include <cstddef>
#include <cstdint>

namespace {

std::string_view take_piece(std::string_view& rest) {
  const std::size_t end = rest.find('\xfe');
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return piece;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ostiary;
  static std::vector<std::byte> memory(inspect_scratch_size_max({}));
  static std::vector<std::byte> second_memory(memory.size());
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const bool has_authority = !rest.starts_with('\xfd');
  if (!has_authority) rest.remove_prefix(1);
  ParsedHead parsed;
  parsed.version = HttpVersion::kHttp11;  // of which the copy is
  parsed.method = take_piece(rest);
  parsed.authority = take_piece(rest);
  if (!has_authority) parsed.authority = {};
  parsed.target = take_piece(rest);
  std::vector<FieldView> fields;
  while (!rest.empty()) {
    const std::string_view name = take_piece(rest);
    fields.push_back({name, take_piece(rest)});
  }
  parsed.fields = fields;
  Arena arena(memory);
  const Inspection seen = inspect_fields(parsed, arena);
  Arena second_arena(second_memory);
  fuzz::require_same(seen, inspect_fields(parsed, second_arena));
  fuzz::require(seen.progress != Progress::kNeedMore);
  if (seen.progress != Progress::kComplete) return 0;
  fuzz::require_sound(seen);
  // The bytes door has cookies in one field (RFC 6265 §5.4); everything else must read the same.
  Arena bytes_arena(second_memory);
  const Inspection again = inspect_bytes(seen.request.head, bytes_arena);
  if (again.finding.reason != Reason::kFieldDuplicate) fuzz::require_same(seen, again);
  return 0;
}
