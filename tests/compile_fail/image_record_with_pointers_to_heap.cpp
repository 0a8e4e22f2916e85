// Images hold plain data only: what owns memory cannot be copied out of bytes.
// expect: static assertion failed|static_assert failed
#include <ostiary/core/image.hpp>

#include <string>

#ifdef MUST_FAIL
using Record = std::string;
#else
using Record = ostiary::ImageTable;
#endif

int main() {
  const char bytes[sizeof(Record)] = {};
  const auto record = ostiary::image_record<Record>({bytes, sizeof bytes}, {0, 1}, 0);
  return sizeof record > 0 ? 0 : 1;
}
