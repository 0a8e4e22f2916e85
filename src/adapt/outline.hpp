// What is said to people and to programs alike: one tree, printed as an outline or as JSON. Only outline.cpp knows
// which library writes the JSON.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ostiary::adapt {

/// Printable ASCII as it is; every other byte, and the backslash, as \xNN.
[[nodiscard]] std::string escaped(std::string_view bytes);

/// A string of JSON, quotes included, in ASCII.
[[nodiscard]] std::string quoted(std::string_view text);

/// A value: nothing, a Boolean, an integer, a text, a list or an object whose members keep their order.
class Outline {
 public:
  Outline() = default;
  // NOLINTBEGIN(google-explicit-constructor): what a tree is made of should read plainly
  Outline(const char* text) : value_(std::string(text)) {}
  Outline(std::string_view text) : value_(std::string(text)) {}
  Outline(std::string text) : value_(std::move(text)) {}
  template <std::integral Number>
  Outline(Number number) {
    if constexpr (std::same_as<Number, bool>) {
      value_ = number;
    } else if constexpr (std::unsigned_integral<Number>) {
      value_ = std::uint64_t{number};
    } else {
      value_ = std::int64_t{number};
    }
  }
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] static Outline list() { return Outline(Value(List{})); }
  [[nodiscard]] static Outline object() { return Outline(Value(Object{})); }
  /// A text, or nothing for a view that is absent (data() is null).
  [[nodiscard]] static Outline perhaps(std::string_view text) {
    return text.data() == nullptr ? Outline() : Outline(text);
  }

  /// To a list.
  void add(Outline element);
  /// To an object: a member that both forms show.
  void set(std::string name, Outline value) { put(std::move(name), std::move(value), false); }
  /// To an object: a member of the JSON that the text tells in another way.
  void tell(std::string name, Outline value) { put(std::move(name), std::move(value), true); }
  /// The line that stands for the whole object in the text, before the members that were set. It is not JSON.
  void title(std::string line) { title_ = std::move(line); }
  [[nodiscard]] const std::string& line() const noexcept { return title_; }

  /// A document of two spaces' indentation, in ASCII; ends in a line break.
  [[nodiscard]] std::string json() const;

  /// An outline, a line for each value, in ASCII. Nothing and empty lists take no line.
  [[nodiscard]] std::string text() const;

 private:
  friend class OutlineText;
  friend class OutlineJson;

  using List = std::vector<Outline>;
  struct Object {
    std::vector<std::string> names;
    std::vector<bool> told;
    List values;
  };
  using Value = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, std::string, List, Object>;

  explicit Outline(Value value) : value_(std::move(value)) {}

  void put(std::string name, Outline value, bool told);

  Value value_;
  std::string title_;
};

}  // namespace ostiary::adapt
