// Walking a parsed document with its place in the text.
#pragma once

#include "adapt/json.hpp"
#include "policy/diagnostics.hpp"
#include "policy/source.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::policy {

/// One value of the document. Cheap to copy; borrows the JsonReader and the Diagnostics.
class JsonNode {
 public:
  JsonNode(std::span<const adapt::JsonValue> values, std::uint32_t index, Diagnostics& diagnostics)
      : values_(values), index_(index), diagnostics_(&diagnostics) {}

  [[nodiscard]] const adapt::JsonValue& value() const { return values_[index_]; }
  [[nodiscard]] std::string_view key() const { return value().key; }
  [[nodiscard]] Text key_text() const { return {std::string(key()), value().key_offset}; }
  [[nodiscard]] std::uint32_t offset() const { return value().offset; }
  /// This value and all below it. Borrows the JsonReader.
  [[nodiscard]] std::span<const adapt::JsonValue> subtree() const {
    return values_.subspan(index_, value().end - index_);
  }

  void fail(Reason reason, const std::string& message) const { fail_at(reason, offset(), message); }
  void fail_at(Reason reason, std::uint32_t offset, const std::string& message) const {
    diagnostics_->add(reason, offset, message);
  }

  /// What a member's value is handed to.
  struct Member {
    std::string_view name;
    bool required;
    std::function<void(const JsonNode&)> read;
  };

  /// Reads an object whose members are exactly these (and an optional text `why`): anything else is an error.
  void read_members(std::initializer_list<Member> members) const;

  /// Calls `read` for each member of an object with free names, in the order of the text.
  void for_each_member(const std::function<void(const JsonNode&)>& read) const;

  /// Calls `read` for each element of an array, in order; an empty array is an error.
  void for_each_element(const std::function<void(const JsonNode&)>& read) const;

  /// A non-empty string, or nothing after an error was added.
  [[nodiscard]] std::optional<Text> text() const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::int64_t min, std::int64_t max) const;
  [[nodiscard]] std::optional<bool> boolean() const;
  [[nodiscard]] std::vector<Text> texts() const;

  /// A string that is one of `names`; its position in them.
  [[nodiscard]] std::optional<std::size_t> one_of(std::span<const std::string_view> names) const;

  /// Positions in `names` of the strings of an array, none of which may stand twice.
  [[nodiscard]] std::vector<std::size_t> choices(std::span<const std::string_view> names) const;

  /// Whether an object has members besides `why`; true for what is no object, which is another error.
  [[nodiscard]] bool says_something() const;

 private:
  [[nodiscard]] bool require(adapt::JsonKind kind) const;
  void read_member(const JsonNode& child, std::initializer_list<Member> members) const;
  [[nodiscard]] JsonNode child(std::uint32_t index) const { return {values_, index, *diagnostics_}; }

  std::span<const adapt::JsonValue> values_;
  std::uint32_t index_;
  Diagnostics* diagnostics_;
};

/// Stores the text of a member into `target` when it is one.
inline auto text_into(Text& target) {
  return [&target](const JsonNode& node) {
    if (auto text = node.text()) target = std::move(*text);
  };
}

inline auto texts_into(std::vector<Text>& target) {
  return [&target](const JsonNode& node) { target = node.texts(); };
}

/// `"a", "b" or "c"` for messages.
[[nodiscard]] std::string spell_choices(std::span<const std::string_view> names);

}  // namespace ostiary::policy
