// Owns what an Inspection borrows, in heap blocks of exactly the right size so that an over-read is caught.
#pragma once

#include <ostiary/http/inspect.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {

class Inspected {
 public:
  explicit Inspected(std::string_view bytes, const InspectOptions& options = {})
      : bytes_(new char[bytes.size()]), scratch_(inspect_scratch_size_max(options.limits)), arena_(scratch_) {
    bytes.copy(bytes_.get(), bytes.size());
    inspection_ = inspect_bytes(std::string_view(bytes_.get(), bytes.size()), arena_, options);
  }
  Inspected(std::string_view bytes, const Limits& limits) : Inspected(bytes, InspectOptions{limits, {}, {}}) {}
  explicit Inspected(const ParsedHead& parsed, const InspectOptions& options = {})
      : scratch_(inspect_scratch_size_max(options.limits)), arena_(scratch_) {
    inspection_ = inspect_fields(parsed, arena_, options);
  }
  Inspected(const ParsedHead& parsed, const Limits& limits) : Inspected(parsed, InspectOptions{limits, {}, {}}) {}
  Inspected(const Inspected&) = delete;
  Inspected& operator=(const Inspected&) = delete;

  [[nodiscard]] const Inspection& operator*() const { return inspection_; }
  [[nodiscard]] const Inspection* operator->() const { return &inspection_; }
  [[nodiscard]] const Request& request() const { return inspection_.request; }
  [[nodiscard]] Reason reason() const { return inspection_.finding.reason; }
  [[nodiscard]] std::uint32_t offset() const { return inspection_.finding.offset; }
  [[nodiscard]] bool complete() const { return inspection_.progress == Progress::kComplete; }
  [[nodiscard]] bool rejected() const { return inspection_.progress == Progress::kRejected; }
  [[nodiscard]] std::size_t scratch_used() const { return arena_.used(); }
  [[nodiscard]] const char* input() const { return bytes_.get(); }

  /// The offset of the first Finding with this Reason, or -1.
  [[nodiscard]] std::int64_t found(Reason reason) const {
    for (std::size_t i = 0; i < request().finding_count; ++i) {
      if (request().findings[i].reason == reason) return request().findings[i].offset;
    }
    return -1;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::vector<std::byte> scratch_;
  Arena arena_;
  Inspection inspection_;
};

inline std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a.example\r\n\r\n";
}

/// Bytes of scratch that an inspection takes for its fields under the default limits, whatever the request.
inline constexpr std::size_t kScratchForFields =
    Limits{}.field_count_max * sizeof(Field) + detail::kFieldSlotCount * sizeof(std::uint16_t);

inline std::string post_with(std::string_view lines) {
  return "POST / HTTP/1.1\r\nHost: a.example\r\n" + std::string(lines) + "\r\n";
}

inline std::string with_host(std::string_view host) {
  return "GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
}

/// `lines` are whole field lines with their CR LF.
inline std::string with_lines(std::string_view lines) {
  return "GET / HTTP/1.1\r\nHost: a.example\r\n" + std::string(lines) + "\r\n";
}

/// The byte at which `lines` start in with_lines.
inline constexpr std::uint32_t kLinesOffset = 33;

/// The byte at which the value starts in with_host.
inline constexpr std::uint32_t kHostOffset = 22;

/// The byte at which the target starts in get.
inline constexpr std::uint32_t kTargetOffset = 4;

inline std::string_view name_of(Reason reason) { return reason_info(reason).name; }

/// Keeps NUL bytes that a plain literal would end at.
template <std::size_t N>
std::string raw(const char (&literal)[N]) {
  return std::string(literal, N - 1);
}

struct RejectCase {
  std::string input;
  Reason reason;
  std::uint32_t offset;
};

}  // namespace ostiary::test
