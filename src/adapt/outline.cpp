#include "adapt/outline.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>

namespace ostiary::adapt {

namespace {

using Json = nlohmann::ordered_json;

[[nodiscard]] std::string dumped(const Json& json, int indent) {
  return json.dump(indent, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

std::string escaped(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return text;
}

std::string quoted(std::string_view text) { return dumped(Json(text), -1); }

void Outline::add(Outline element) { std::get<List>(value_).push_back(std::move(element)); }

void Outline::put(std::string name, Outline value, bool told) {
  Object& object = std::get<Object>(value_);
  object.names.push_back(std::move(name));
  object.values.push_back(std::move(value));
  object.told.push_back(told);
}

class OutlineJson {
 public:
  Json operator()(std::monostate) const { return {}; }
  Json operator()(bool value) const { return value; }
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(std::uint64_t value) const { return value; }
  Json operator()(const std::string& value) const { return value; }
  Json operator()(const Outline::List& list) const {
    Json json = Json::array();
    for (const Outline& element : list) json.push_back(std::visit(*this, element.value_));
    return json;
  }
  Json operator()(const Outline::Object& object) const {
    Json json = Json::object();
    for (std::size_t i = 0; i < object.names.size(); ++i) {
      json[object.names[i]] = std::visit(*this, object.values[i].value_);
    }
    return json;
  }

  static Json of(const Outline& outline) { return std::visit(OutlineJson{}, outline.value_); }
};

/// Prints the outline. Depth is that of the tree, which the code that makes it bounds.
class OutlineText {
 public:
  void print(const Outline& outline, std::size_t depth) {
    if (const auto* const object = std::get_if<Outline::Object>(&outline.value_)) return print_object(*object, depth);
    if (const auto* const list = std::get_if<Outline::List>(&outline.value_)) return print_list(*list, depth);
    line(depth, scalar(outline));
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  static bool is_scalar(const Outline& outline) {
    return !std::holds_alternative<Outline::Object>(outline.value_) &&
           !std::holds_alternative<Outline::List>(outline.value_);
  }

  /// Scalars, and lists of them, stand behind their names.
  static bool is_short(const Outline& outline) {
    if (is_scalar(outline)) return true;
    const auto* const list = std::get_if<Outline::List>(&outline.value_);
    return list != nullptr && std::all_of(list->begin(), list->end(), is_scalar);
  }

  static bool is_nothing(const Outline& outline) {
    const auto* const list = std::get_if<Outline::List>(&outline.value_);
    const auto* const object = std::get_if<Outline::Object>(&outline.value_);
    return std::holds_alternative<std::monostate>(outline.value_) || (list != nullptr && list->empty()) ||
           (object != nullptr && outline.title_.empty() && shown(*object).empty());
  }

  /// Of the values of an object, those that the text has lines for.
  static std::vector<std::size_t> shown(const Outline::Object& object) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < object.names.size(); ++i) {
      if (!object.told[i] && !is_nothing(object.values[i])) rows.push_back(i);
    }
    return rows;
  }

  /// Also objects of which the line tells all.
  static bool is_inline(const Outline& outline) {
    const auto* const object = std::get_if<Outline::Object>(&outline.value_);
    return object == nullptr ? is_short(outline) : !outline.title_.empty() && shown(*object).empty();
  }

  static std::string shown_inline(const Outline& outline) {
    return outline.title_.empty() ? shown_short(outline) : escaped_title(outline);
  }

  /// Titles hold strings of JSON, of which the backslashes stay.
  static std::string escaped_title(const Outline& outline) {
    std::string text;
    std::string_view rest = outline.title_;
    for (std::size_t at = rest.find('\\'); at != std::string_view::npos; at = rest.find('\\')) {
      text += escaped(rest.substr(0, at)) + "\\";
      rest.remove_prefix(at + 1);
    }
    return text + escaped(rest);
  }

  static std::string scalar(const Outline& outline) {
    if (const auto* const text = std::get_if<std::string>(&outline.value_)) {
      return text->empty() ? "\"\"" : escaped(*text);
    }
    return dumped(OutlineJson::of(outline), -1);
  }

  static std::string shown_short(const Outline& outline) {
    const auto* const list = std::get_if<Outline::List>(&outline.value_);
    if (list == nullptr) return scalar(outline);
    std::string text;
    for (const Outline& element : *list) text += (text.empty() ? "" : ", ") + scalar(element);
    return text;
  }

  void print_object(const Outline::Object& object, std::size_t depth) {
    const std::vector<std::size_t> rows = shown(object);
    std::size_t width = 0;
    for (const std::size_t row : rows) {
      if (is_inline(object.values[row])) width = std::max(width, escaped(object.names[row]).size());
    }
    for (const std::size_t row : rows) {
      const Outline& value = object.values[row];
      const std::string name = escaped(object.names[row]);
      if (is_inline(value)) {
        line(depth, name + std::string(width - name.size() + 2, ' ') + shown_inline(value));
        continue;
      }
      if (depth == 0 && !text_.empty()) text_ += "\n";
      line(depth, name);
      print(value, depth + 1);
    }
  }

  void print_list(const Outline::List& list, std::size_t depth) {
    for (const Outline& element : list) {
      const bool titled = !element.title_.empty();
      if (titled) line(depth, escaped_title(element));
      print(element, titled ? depth + 1 : depth);
    }
  }

  void line(std::size_t depth, const std::string& text) { text_ += std::string(depth * 2, ' ') + text + "\n"; }

  std::string text_;
};

std::string Outline::json() const { return dumped(OutlineJson::of(*this), 2) + "\n"; }

std::string Outline::text() const {
  OutlineText text;
  text.print(*this, 0);
  return text.take();
}

}  // namespace ostiary::adapt
