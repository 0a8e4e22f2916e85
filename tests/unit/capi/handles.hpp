// Views, and an inspection that frees itself, for the tests of the C interface.
#pragma once

#include <ostiary.h>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace ostiary_c {

inline ostiary_bytes bytes(std::string_view text) { return {text.data(), text.size()}; }
inline std::string text(ostiary_bytes view) {
  return view.data == nullptr ? "<absent>" : std::string(view.data, view.len);
}
inline constexpr ostiary_bytes kDangling{nullptr, 5};
inline constexpr ostiary_bytes kNone{nullptr, 0};

/// An inspection, and the head that it was made of.
class Inspected {
 public:
  Inspected() { EXPECT_EQ(ostiary_inspection_new(&handle_, nullptr), OSTIARY_OK); }
  explicit Inspected(std::string_view head) : Inspected() {
    head_ = head;
    EXPECT_EQ(ostiary_inspect_bytes(handle_, bytes(head_), nullptr), OSTIARY_OK);
  }
  Inspected(const Inspected&) = delete;
  Inspected& operator=(const Inspected&) = delete;
  ~Inspected() { ostiary_inspection_free(handle_); }

  // NOLINTNEXTLINE(google-explicit-constructor): stands for its handle
  operator ostiary_inspection*() const { return handle_; }

  /// The outcome of inspecting with these rules waived.
  ostiary_reason with_waived(std::string_view head, const std::vector<ostiary_reason>& waived,
                             ostiary_error* error = nullptr) {
    ostiary_inspect_options options = OSTIARY_INSPECT_OPTIONS_INIT;
    options.waived = waived.data();
    options.waived_count = waived.size();
    head_ = head;
    return ostiary_inspect_bytes_with(handle_, bytes(head_), &options, error);
  }
  [[nodiscard]] ostiary_reason verdict() const { return ostiary_inspection_verdict(handle_).reason; }
  [[nodiscard]] bool complete() const { return ostiary_inspection_progress(handle_) == OSTIARY_PROGRESS_COMPLETE; }

 private:
  std::string head_;
  ostiary_inspection* handle_ = nullptr;
};

}  // namespace ostiary_c
