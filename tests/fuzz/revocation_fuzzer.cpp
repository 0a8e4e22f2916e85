// A hostile revocation list: no crash, and what was read revokes what it says.
#include <ostiary/token/revocation.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace ostiary;

namespace {

void require(bool good) {
  if (!good) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const auto list = RevocationList::from_json(json);
  if (!list) {
    require(list.error().offset <= size);
    require(list.reason() == Reason::kRevocationJson || list.reason() == Reason::kRevocationLimit);
    return 0;
  }
  const auto again = RevocationList::from_json(json);
  require(again && (*again)->fingerprint() == (*list)->fingerprint());
  require((*list)->size() <= Limits{}.revocation_count_max);
  // Marks out of the text itself: any two runs between quotes.
  const std::size_t middle = json.size() / 2;
  const std::string_view first = json.substr(0, middle);
  const std::string_view second = json.substr(middle);
  const bool revoked = (*list)->revokes({.issuer = first, .key_id = second, .token_id = second, .subject = second});
  require(!revoked || (*list)->size() > 0);
  require(!(*list)->revokes({}));
  return 0;
}
