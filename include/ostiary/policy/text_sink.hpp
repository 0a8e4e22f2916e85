// Text whose size is known only after it has been written: written twice, first to learn its size.
#pragma once

#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace ostiary::detail {

/// Counts, or writes where there is memory. Confined.
class TextSink {
 public:
  explicit TextSink(char* out) noexcept : out_(out) {}

  void append(std::string_view text) noexcept {
    if (out_ != nullptr && !text.empty()) std::memcpy(out_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  char* out_;
  std::size_t size_ = 0;
};

/// What `write(sink)` writes, in scratch; `too_large` when it is longer than `most`. `write` does the same both times.
template <typename Write>
[[nodiscard]] Result<std::string_view> write_sized(const Write& write, std::size_t most, Reason too_large,
                                                   Arena& scratch) noexcept {
  TextSink count(nullptr);
  write(count);
  if (count.size() > most) return too_large;
  char* const out = scratch.allocate<char>(count.size());
  if (out == nullptr) return Reason::kUsageScratchTooSmall;
  TextSink sink(out);
  write(sink);
  return std::string_view(out, sink.size());
}

}  // namespace ostiary::detail
