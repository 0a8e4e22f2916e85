// The one door to JSON. Only json.cpp knows which library parses it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace ostiary::adapt {

enum class JsonKind : std::uint8_t { kNull, kBoolean, kInteger, kNumber, kText, kArray, kObject };

/// One value of a document. Values stand in the order of the text (pre-order), so the children of a
/// container follow it directly and `end` skips a value together with everything below it.
struct JsonValue {
  JsonKind kind = JsonKind::kNull;
  bool boolean = false;
  std::uint32_t offset = 0;      ///< byte of the value's first character in the source
  std::uint32_t key_offset = 0;  ///< byte of the member name's opening quote; meaningful inside an object
  std::uint32_t end = 0;         ///< index of the first value after this one's subtree
  std::uint32_t count = 0;       ///< number of direct children of an array or object
  std::uint64_t key_start = 0;   ///< the first eight bytes of the name, the first lowest; zeros behind a shorter name
  std::string_view key;          ///< unescaped member name; borrows the reader until its next read
  std::string_view text;         ///< kText: unescaped; borrows the reader until its next read
  std::int64_t integer = 0;      ///< kInteger: an integer literal that fits 64 bits signed
  double number = 0;             ///< kNumber: any other finite number
};

enum class JsonFault : std::uint8_t {
  kNone,
  kSyntax,     ///< not RFC 8259 JSON, not UTF-8, a number beyond double, or bytes after the value
  kDuplicate,  ///< a member name stands twice in one object, compared after unescaping
  kLimit,      ///< larger, deeper or with more values than allowed
};

struct JsonResult {
  JsonFault fault = JsonFault::kNone;
  std::uint32_t offset = 0;             ///< of the fault
  std::span<const JsonValue> values{};  ///< values[0] is the root; borrows the reader until its next read
};

/// Parses strict JSON into a flat list of values. Memory is taken once, in the constructor, for the
/// limits given; reading allocates nothing when `preallocate` is set. Confined to one thread.
class JsonReader {
 public:
  struct Bounds {
    std::uint32_t size_max;    ///< bytes
    std::uint32_t depth_max;   ///< nesting of arrays and objects; a scalar has depth 0
    std::uint32_t values_max;  ///< values in all, containers included
    bool preallocate;          ///< false: grow as needed up to the bounds (for large, rare documents)
  };

  explicit JsonReader(const Bounds& bounds);
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  /// Copies `json` into the reader's padded buffer and parses it.
  [[nodiscard]] JsonResult read(std::string_view json) noexcept;

  /// `size` writable bytes of the reader's padded buffer, for text that is decoded into place
  /// (base64url); empty when `size` exceeds the bound. Followed by read_in_place(size).
  [[nodiscard]] std::span<char> buffer(std::size_t size) noexcept;
  [[nodiscard]] JsonResult read_in_place(std::size_t size) noexcept;

  /// One run of bytes that every name and text of the document read last stands in, as they are in its values: at most
  /// as long as the document. Borrows the reader until its next read.
  [[nodiscard]] std::string_view texts() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The member `key` of the object at values[object], or nullptr.
[[nodiscard]] const JsonValue* find_member(std::span<const JsonValue> values, std::size_t object,
                                           std::string_view key) noexcept;

}  // namespace ostiary::adapt
