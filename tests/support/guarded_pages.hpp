// Text at the very end of memory that may be read: one byte further and the program dies.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace ostiary::test {

/// Memory that ends where the next page may not be touched.
class GuardedPages {
 public:
  GuardedPages() : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    void* const memory = mmap(nullptr, kPages * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    begin_ = static_cast<char*>(memory);
    if (mprotect(begin_ + (kPages - 1) * page_, page_, PROT_NONE) != 0) begin_ = nullptr;
  }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;
  ~GuardedPages() {
    if (begin_ != nullptr) munmap(begin_, kPages * page_);
  }

  /// The text, its last byte being the last one that may be read.
  [[nodiscard]] std::string_view hold(std::string_view text) const {
    char* const end = begin_ + (kPages - 1) * page_;
    std::memcpy(end - text.size(), text.data(), text.size());
    return {end - text.size(), text.size()};
  }
  [[nodiscard]] bool ready() const { return begin_ != nullptr; }

 private:
  static constexpr std::size_t kPages = 18;
  std::size_t page_;
  char* begin_ = nullptr;
};

}  // namespace ostiary::test
