// A Request with the field lines a test asks for and nothing else, made without the inspector. Request::find by FieldId
// does not work on it.
#pragma once

#include <ostiary/http/known_fields.hpp>
#include <ostiary/http/request.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {

class FieldRequest {
 public:
  using Line = std::pair<std::string_view, std::string_view>;

  explicit FieldRequest(const std::vector<Line>& lines) {
    for (const auto& [name, value] : lines) {
      Field field;
      field.name = append(name);
      field.id = find_field(name);
      request_.known.add(field.id);
      head_ += ": ";
      field.value = append(value);
      head_ += "\r\n";
      fields_.push_back(field);
    }
    request_.head = head_;
    request_.fields = fields_;
  }
  FieldRequest(const FieldRequest&) = delete;
  FieldRequest& operator=(const FieldRequest&) = delete;

  [[nodiscard]] const Request& request() const { return request_; }

  /// Where `text` first stands in the head.
  [[nodiscard]] std::uint32_t offset_of(std::string_view text) const {
    return static_cast<std::uint32_t>(head_.find(text));
  }

 private:
  Span append(std::string_view text) {
    const Span span{static_cast<std::uint32_t>(head_.size()), static_cast<std::uint32_t>(text.size())};
    head_ += text;
    return span;
  }

  std::string head_ = "GET / HTTP/1.1\r\n";
  std::vector<Field> fields_;
  Request request_;
};

}  // namespace ostiary::test
