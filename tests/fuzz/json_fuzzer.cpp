// The JSON door against a second parser, and against what it says about itself.
#include "adapt/json.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

using ostiary::adapt::JsonFault;
using ostiary::adapt::JsonKind;
using ostiary::adapt::JsonReader;
using ostiary::adapt::JsonResult;
using ostiary::adapt::JsonValue;

namespace {

void require(bool good) {
  if (!good) __builtin_trap();
}

void check_children(std::span<const JsonValue> values, std::uint32_t index, std::string_view json) {
  const JsonValue& value = values[index];
  const bool container = value.kind == JsonKind::kArray || value.kind == JsonKind::kObject;
  require(value.offset < json.size());
  require(value.end > index && value.end <= values.size());
  require(container || (value.end == index + 1 && value.count == 0));
  std::uint32_t children = 0;
  for (std::uint32_t child = index + 1; child < value.end; child = values[child].end) {
    ++children;
    require(values[child].offset > value.offset);
    if (value.kind == JsonKind::kObject) require(json[values[child].key_offset] == '"');
  }
  require(children == value.count);
}

bool is_inside(std::string_view text, std::string_view texts) {
  return text.data() >= texts.data() && text.data() + text.size() <= texts.data() + texts.size();
}

/// Names and texts are those of the other parser.
void check_texts(std::span<const JsonValue> values, std::uint32_t index, const nlohmann::ordered_json& other,
                 std::string_view texts) {
  const JsonValue& value = values[index];
  if (value.kind == JsonKind::kText) require(value.text == other.get<std::string>() && is_inside(value.text, texts));
  auto member = other.begin();
  for (std::uint32_t child = index + 1; child < value.end; child = values[child].end, ++member) {
    require(member != other.end());
    if (value.kind == JsonKind::kObject) {
      require(values[child].key == member.key() && is_inside(values[child].key, texts));
    }
    check_texts(values, child, *member, texts);
  }
}

bool has_long_number(std::string_view json) {
  std::size_t digits = 0;
  for (const char c : json) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits >= 19) return true;
  }
  return false;
}

// The other parser skips a byte order mark, takes NUL for the end, and reads root numbers and exponents of any length.
bool parsers_may_differ(std::string_view json) {
  return json.starts_with("\xEF\xBB\xBF") || json.find('\0') != std::string_view::npos || has_long_number(json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  static JsonReader reader({.size_max = 1 << 16, .depth_max = 16, .values_max = 4096, .preallocate = true});
  const JsonResult result = reader.read(json);
  require(result.offset <= json.size() || result.fault == JsonFault::kLimit);
  if (result.fault == JsonFault::kNone) {
    for (std::uint32_t i = 0; i < result.values.size(); ++i) check_children(result.values, i, json);
    require(result.values[0].end == result.values.size());
    const auto other = nlohmann::ordered_json::parse(json, nullptr, false);
    if (!other.is_discarded()) check_texts(result.values, 0, other, reader.texts());
  }
  if (result.fault == JsonFault::kNone || (result.fault == JsonFault::kSyntax && !parsers_may_differ(json))) {
    require(nlohmann::json::accept(json) == (result.fault == JsonFault::kNone));
  }
  return 0;
}
