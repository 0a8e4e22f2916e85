// Scratch memory of the caller, handed out front to back. The request path allocates nowhere else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace ostiary {

/// Hands out pieces of a caller's buffer. Everything it gave out is dead after `reset()` or when the
/// buffer goes. Confined to one thread.
class Arena {
 public:
  Arena() = default;
  explicit Arena(std::span<std::byte> memory) noexcept : memory_(memory) {}

  /// `count` default-initialised objects, or nullptr when the buffer is used up.
  template <typename T>
  [[nodiscard]] T* allocate(std::size_t count) noexcept {
    static_assert(std::is_trivially_destructible_v<T>, "nothing is destroyed when the arena is reset");
    const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(memory_.data()) + used_;
    const std::size_t padding = (alignof(T) - address % alignof(T)) % alignof(T);
    const std::size_t room = memory_.size() - used_;
    if (padding > room || count > (room - padding) / sizeof(T)) return nullptr;
    T* first = reinterpret_cast<T*>(memory_.data() + used_ + padding);
    std::uninitialized_default_construct_n(first, count);
    used_ += padding + count * sizeof(T);
    return first;
  }

  void reset() noexcept { used_ = 0; }
  [[nodiscard]] std::size_t used() const noexcept { return used_; }

 private:
  std::span<std::byte> memory_;
  std::size_t used_ = 0;
};

}  // namespace ostiary
