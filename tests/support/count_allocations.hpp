// Counts what operator new hands out. Include it in exactly one file of an executable.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace ostiary::test {

inline std::atomic<std::size_t> allocation_count{0};

inline void* counted(std::size_t size) noexcept {
  ++allocation_count;
  return std::malloc(size != 0 ? size : 1);
}

/// Allocations by operator new since it was made.
class AllocationCounter {
 public:
  [[nodiscard]] std::size_t count() const { return allocation_count - start_; }

 private:
  std::size_t start_ = allocation_count;
};

}  // namespace ostiary::test

[[gnu::noinline]] void* operator new(std::size_t size) {
  void* memory = ostiary::test::counted(size);
  if (memory == nullptr) std::abort();
  return memory;
}
[[gnu::noinline]] void* operator new[](std::size_t size) { return ::operator new(size); }
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return ostiary::test::counted(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return ostiary::test::counted(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
