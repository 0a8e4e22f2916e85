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
    T* const first = reinterpret_cast<T*>(take(count, sizeof(T), alignof(T)));
    if (first != nullptr) std::uninitialized_default_construct_n(first, count);
    return first;
  }

  /// Storage for `count` objects of a type that can be copied byte by byte, or nullptr when the buffer is used up. It
  /// holds no values yet: assign each object before it is read.
  template <typename T>
  [[nodiscard]] T* allocate_unset(std::size_t count) noexcept {
    static_assert(std::is_trivially_copyable_v<T>, "such objects exist as soon as their storage does");
    std::byte* const storage = take(count, sizeof(T), alignof(T));
    return reinterpret_cast<T*>(storage);
  }

  void reset() noexcept { used_ = 0; }
  [[nodiscard]] std::size_t used() const noexcept { return used_; }

 private:
  [[nodiscard]] std::byte* take(std::size_t count, std::size_t size, std::size_t alignment) noexcept {
    const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(memory_.data()) + used_;
    const std::size_t padding = (alignment - address % alignment) % alignment;
    const std::size_t room = memory_.size() - used_;
    if (padding > room || count > (room - padding) / size) return nullptr;
    std::byte* const first = memory_.data() + used_ + padding;
    used_ += padding + count * size;
    return first;
  }

  std::span<std::byte> memory_;
  std::size_t used_ = 0;
};

}  // namespace ostiary
