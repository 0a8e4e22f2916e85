// A Request with the field lines a test asks for and nothing else, made without the inspector.
#pragma once

#include <ostiary/http/known_fields.hpp>
#include <ostiary/http/request.hpp>

#include <array>
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
    first_of_.fill(Request::kNoField);
    for (const auto& [name, value] : lines) {
      Field field;
      field.name = append(name);
      field.id = find_field(name);
      head_ += ": ";
      field.value = append(value);
      head_ += "\r\n";
      std::uint16_t& first = first_of_[static_cast<std::size_t>(field.id)];
      if (first == Request::kNoField) first = static_cast<std::uint16_t>(fields_.size());
      fields_.push_back(field);
    }
    request_.head = head_;
    request_.fields = fields_;
    request_.first_of = first_of_.data();
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
  std::array<std::uint16_t, kFieldIdCount> first_of_;
  Request request_;
};

}  // namespace ostiary::test
