#include "adapt/json.hpp"

// simdjson must hand out error codes here whatever the build flags are: the core never throws.
#define SIMDJSON_EXCEPTIONS 0
// Without this an unoptimised build would check other things, and could answer otherwise, than a release.
#define SIMDJSON_DEVELOPMENT_CHECKS 0
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <new>
#include <type_traits>

namespace ostiary::adapt {

namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::uint32_t kAbsent = UINT32_MAX;

// Only simdjson's other interface (DOM) uses this depth; ours is bounded by the frames below.
constexpr std::size_t kParserDepth = 1;

// simdjson 3.0 reads an integer at the root from a copy of this many bytes and does not see what follows them, so a
// longer number would be cut and `-1001000000082183831#` accepted.
constexpr std::size_t kRootIntegerMax = 20;

// Objects with more members than this are searched for duplicates by sorting.
constexpr std::uint32_t kMarkedMembersMax = 32;

/// An array that grows without throwing and keeps its memory.
template <typename T>
class Store {
 public:
  [[nodiscard]] bool reserve(std::size_t wanted) noexcept {
    if (wanted <= capacity_) return true;
    std::unique_ptr<T[]> larger(new (std::nothrow) T[wanted]());
    if (!larger) return false;
    std::copy_n(items_.get(), capacity_, larger.get());
    items_ = std::move(larger);
    capacity_ = wanted;
    return true;
  }

  /// Room for the item `index`, growing by half towards `bound`.
  [[nodiscard]] bool reserve_index(std::size_t index, std::size_t bound) noexcept {
    if (index < capacity_) return true;
    const std::size_t wanted = std::max<std::size_t>(capacity_ + capacity_ / 2, 64);
    return index < bound && reserve(std::min(wanted, bound));
  }

  [[nodiscard]] T* data() noexcept { return items_.get(); }
  [[nodiscard]] T& operator[](std::size_t index) noexcept { return items_[index]; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

 private:
  std::unique_ptr<T[]> items_;
  std::size_t capacity_ = 0;
};

/// An open container: where its value stands in the list, and simdjson's place in it.
struct Frame {
  std::uint32_t index = 0;
  std::uint32_t count = 0;  ///< of the children so far
  bool is_object = false;
  ondemand::array_iterator elements;
  ondemand::object_iterator members;
};

bool is_white_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::string_view trimmed(std::string_view token) noexcept {
  while (!token.empty() && is_white_space(token.back())) token.remove_suffix(1);
  return token;
}

/// The masks that keep the first bytes of a word.
consteval std::array<std::uint64_t, 9> first_bytes() {
  std::array<std::uint64_t, 9> masks{};
  for (std::size_t kept = 1; kept < masks.size(); ++kept) masks[kept] = ~std::uint64_t{0} >> (64 - 8 * kept);
  return masks;
}
constexpr std::array<std::uint64_t, 9> kFirstBytes = first_bytes();

// simdjson writes texts 32 bytes at a time into a buffer that holds more than the whole document would need, so a word
// may be read behind any of them.
static_assert(simdjson::SIMDJSON_PADDING >= sizeof(std::uint64_t));

std::uint64_t word_at(const char* text) noexcept {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&word, text, sizeof(word));
  } else {
    for (unsigned i = 0; i < 8; ++i) word |= std::uint64_t{static_cast<unsigned char>(text[i])} << 8 * i;
  }
  return word;
}

/// See JsonValue::key_start. No branch depends on how long the name is: few are as long as the one before.
std::uint64_t start_of(std::string_view name) noexcept {
  return word_at(name.data()) & kFirstBytes[std::min<std::size_t>(name.size(), 8)];
}

/// One bit of each name: where the bits of two names differ, so do the names.
class NameMarks {
 public:
  /// Whether a name with the same bit came before.
  [[nodiscard]] bool set(const JsonValue& member) noexcept {
    const std::size_t end_size = std::min<std::size_t>(member.key.size(), 8);
    const std::uint64_t end = word_at(member.key.data() + (member.key.size() - end_size)) & kFirstBytes[end_size];
    const std::uint64_t hash = ((member.key_start ^ end << 29) + member.key.size()) * 0x9e3779b97f4a7c15U >> 54;
    std::uint64_t& word = words_[hash >> 6];
    const std::uint64_t bit = std::uint64_t{1} << (hash & 63U);
    const bool was_set = (word & bit) != 0;
    word |= bit;
    return was_set;
  }

 private:
  static constexpr std::size_t kWords = 16;

  std::uint64_t words_[kWords] = {};
};

// Strings are closed and free of control characters before any token is looked at; when they are not,
// simdjson does not say where.
std::uint32_t string_fault_offset(std::string_view json) noexcept {
  std::size_t opening = std::string_view::npos;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (opening == std::string_view::npos) {
      if (c == '"') opening = i;
    } else if (c == '"') {
      opening = std::string_view::npos;
    } else if (static_cast<unsigned char>(c) < 0x20U) {
      return static_cast<std::uint32_t>(i);
    } else if (c == '\\') {
      ++i;
    }
  }
  return static_cast<std::uint32_t>(opening == std::string_view::npos ? json.size() : opening);
}

// The start of the first line that is not UTF-8: a line feed never stands inside a longer sequence.
std::uint32_t utf8_fault_offset(std::string_view json) noexcept {
  std::size_t start = 0;
  while (start < json.size()) {
    const std::size_t feed = json.find('\n', start);
    const std::size_t stop = feed == std::string_view::npos ? json.size() : feed + 1;
    if (!simdjson::validate_utf8(json.data() + start, stop - start)) break;
    start = stop;
  }
  return static_cast<std::uint32_t>(start);
}

}  // namespace

struct JsonReader::Impl {
  Bounds bounds;
  ondemand::parser parser;
  Store<char> text;
  Store<JsonValue> values;
  Store<Frame> frames;
  Store<std::uint32_t> order;
  std::size_t size = 0;
  std::uint32_t value_count = 0;
  std::uint32_t depth = 0;
  bool has_escapes = false;           ///< there is a backslash, so that texts must be written anew
  const char* texts_begin = nullptr;  ///< simdjson writes one text behind the other
  const char* texts_end = nullptr;
  JsonResult fault;

  explicit Impl(const Bounds& wanted) noexcept : bounds(wanted) {}

  [[nodiscard]] bool preallocate() noexcept {
    return text.reserve(std::size_t{bounds.size_max} + simdjson::SIMDJSON_PADDING) &&
           values.reserve(bounds.values_max) && frames.reserve(bounds.depth_max) && order.reserve(bounds.values_max) &&
           grow_parser(std::max<std::size_t>(bounds.size_max, 1));
  }

  [[nodiscard]] bool grow_parser(std::size_t capacity) noexcept {
    return parser.capacity() >= capacity || parser.allocate(capacity, kParserDepth) == simdjson::SUCCESS;
  }

  [[nodiscard]] std::string_view source() noexcept { return {text.data(), size}; }

  [[gnu::cold, gnu::noinline]] bool fail(JsonFault kind, std::uint32_t offset) noexcept {
    fault = {kind, std::min(offset, static_cast<std::uint32_t>(size)), {}};
    return false;
  }

  [[nodiscard]] std::uint32_t offset_of(const char* position) noexcept {
    return static_cast<std::uint32_t>(position - text.data());
  }

  void note_text(std::string_view noted) noexcept {
    if (texts_begin == nullptr) texts_begin = noted.data();
    texts_end = noted.data() + noted.size();
  }

  /// Where simdjson stands, which after its structural errors is the token it did not expect.
  [[gnu::cold, gnu::noinline]] bool fail_here(ondemand::document& document) noexcept {
    const char* position = nullptr;
    if (document.current_location().get(position) != simdjson::SUCCESS) position = text.data() + size;
    return fail(JsonFault::kSyntax, offset_of(position));
  }

  JsonResult run() noexcept;
  bool fail_stage_one(simdjson::error_code error) noexcept;
  bool walk(ondemand::document& document) noexcept;
  [[gnu::noinline]] bool check_scalar_is_all(ondemand::document& document) noexcept;
  bool step(ondemand::document& document) noexcept;
  bool step_object(ondemand::document& document, Frame& frame) noexcept;
  bool add_member(ondemand::field& field) noexcept;
  static std::string_view plain_name(const char* name, std::string_view value_token) noexcept;
  bool step_array(ondemand::document& document, Frame& frame) noexcept;
  bool close_container() noexcept;
  bool check_duplicates(const JsonValue& object, std::uint32_t index) noexcept;
  std::uint32_t first_duplicate_of_few(const JsonValue& object, std::uint32_t index) noexcept;
  [[gnu::noinline]] std::uint32_t first_duplicate_of_many(const JsonValue& object, std::uint32_t index) noexcept;

  template <typename Source>
  bool add(Source& source, std::string_view key, std::uint32_t key_offset) noexcept;
  template <typename Source>
  bool read_scalar(Source& source, JsonValue& value, simdjson::ondemand::json_type type,
                   std::string_view token) noexcept;
  template <typename Source>
  bool read_word(Source& source, const JsonValue& value, std::string_view word, std::string_view token) noexcept;
  template <typename Source>
  [[gnu::noinline]] bool read_number(Source& source, JsonValue& value, std::string_view token) noexcept;
  template <typename Source>
  bool read_string(Source& source, JsonValue& value, std::string_view token) noexcept;
  bool read_plain_string(ondemand::value& source, JsonValue& value, std::string_view token) noexcept;
  template <typename Source>
  bool open_container(Source& source, JsonValue& value, std::uint32_t index, bool is_object) noexcept;
};

template <typename Source>
bool JsonReader::Impl::read_number(Source& source, JsonValue& value, std::string_view token) noexcept {
  constexpr bool is_root = std::is_same_v<Source, ondemand::document>;
  if (is_root && trimmed(token).find_first_not_of("+-.0123456789Ee") != std::string_view::npos) {
    return fail(JsonFault::kSyntax, value.offset);
  }
  const bool may_be_integer = !is_root || trimmed(token).size() <= kRootIntegerMax;
  if (may_be_integer && source.get_int64().get(value.integer) == simdjson::SUCCESS) {
    value.kind = JsonKind::kInteger;
    return true;
  }
  value.kind = JsonKind::kNumber;
  return source.get_double().get(value.number) == simdjson::SUCCESS || fail(JsonFault::kSyntax, value.offset);
}

// Stage 1 has found the quotes and checked what is between them; without escapes nothing is left to do.
bool JsonReader::Impl::read_plain_string(ondemand::value& source, JsonValue& value, std::string_view token) noexcept {
  ondemand::raw_json_string raw;
  const bool good = source.get_raw_json_string().get(raw) == simdjson::SUCCESS && token.size() >= 2;
  if (!good) return fail(JsonFault::kSyntax, value.offset);
  value.text = token.substr(1, token.size() - 2);
  return true;
}

template <typename Source>
bool JsonReader::Impl::read_string(Source& source, JsonValue& value, std::string_view token) noexcept {
  value.kind = JsonKind::kText;
  if constexpr (std::is_same_v<Source, ondemand::value>) {
    if (!has_escapes) return read_plain_string(source, value, trimmed(token));
  }
  if (source.get_string().get(value.text) != simdjson::SUCCESS) {
    return fail(JsonFault::kSyntax, value.offset);
  }
  note_text(value.text);
  return true;
}

// At the root simdjson 3.0 accepts `nullx` and `falsey` and refuses `null` before a space, so that words are
// compared here; inside containers it must also be told to step over them.
template <typename Source>
bool JsonReader::Impl::read_word(Source& source, const JsonValue& value, std::string_view word,
                                 std::string_view token) noexcept {
  bool good = trimmed(token) == word;
  if constexpr (std::is_same_v<Source, ondemand::value>) {
    bool ignored = false;
    const auto error = value.kind == JsonKind::kNull ? source.is_null().get(ignored) : source.get_bool().get(ignored);
    good = good && error == simdjson::SUCCESS;
  }
  return good || fail(JsonFault::kSyntax, value.offset);
}

template <typename Source>
bool JsonReader::Impl::read_scalar(Source& source, JsonValue& value, ondemand::json_type type,
                                   std::string_view token) noexcept {
  switch (type) {
    case ondemand::json_type::string: return read_string(source, value, token);
    case ondemand::json_type::number: return read_number(source, value, token);
    case ondemand::json_type::boolean:
      value.kind = JsonKind::kBoolean;
      value.boolean = trimmed(token) == "true";
      return read_word(source, value, value.boolean ? "true" : "false", token);
    case ondemand::json_type::null: return read_word(source, value, "null", token);
    case ondemand::json_type::array:
    case ondemand::json_type::object: break;
  }
  return fail(JsonFault::kSyntax, value.offset);
}

template <typename Source>
bool JsonReader::Impl::open_container(Source& source, JsonValue& value, std::uint32_t index, bool is_object) noexcept {
  if (depth >= bounds.depth_max || !frames.reserve_index(depth, bounds.depth_max)) {
    return fail(JsonFault::kLimit, value.offset);
  }
  Frame& frame = frames[depth];
  frame.index = index;
  frame.count = 0;
  frame.is_object = is_object;
  value.kind = is_object ? JsonKind::kObject : JsonKind::kArray;
  bool good = false;
  if (is_object) {
    ondemand::object object;
    good = source.get_object().get(object) == simdjson::SUCCESS && object.begin().get(frame.members) == 0;
  } else {
    ondemand::array array;
    good = source.get_array().get(array) == simdjson::SUCCESS && array.begin().get(frame.elements) == 0;
  }
  if (!good) return fail(JsonFault::kSyntax, static_cast<std::uint32_t>(size));
  ++depth;
  return true;
}

template <typename Source>
bool JsonReader::Impl::add(Source& source, std::string_view key, std::uint32_t key_offset) noexcept {
  std::string_view token;
  if (simdjson::simdjson_result<std::string_view>(source.raw_json_token()).get(token) != simdjson::SUCCESS) {
    return fail(JsonFault::kSyntax, key_offset);
  }
  const std::uint32_t offset = offset_of(token.data());
  ondemand::json_type type{};
  if (source.type().get(type) != simdjson::SUCCESS) return fail(JsonFault::kSyntax, offset);
  if (value_count >= bounds.values_max || !values.reserve_index(value_count, bounds.values_max)) {
    return fail(JsonFault::kLimit, offset);
  }

  const std::uint32_t index = value_count++;
  JsonValue& value = values[index];
  value = {.offset = offset,
           .key_offset = key_offset,
           .end = value_count,
           .key_start = key.data() != nullptr ? start_of(key) : 0,
           .key = key};

  const bool is_object = type == ondemand::json_type::object;
  if (is_object || type == ondemand::json_type::array) return open_container(source, value, index, is_object);
  return read_scalar(source, value, type, token);
}

// Between a name without escapes and its value stand a quote, white space, a colon and white space.
std::string_view JsonReader::Impl::plain_name(const char* name, std::string_view value_token) noexcept {
  const char* end = value_token.data();
  do --end;
  while (*end != ':');
  do --end;
  while (*end != '"');
  return {name, static_cast<std::size_t>(end - name)};
}

bool JsonReader::Impl::add_member(ondemand::field& field) noexcept {
  const char* const name = field.key().raw();
  const std::uint32_t key_offset = offset_of(name) - 1;
  std::string_view key;
  ondemand::value value = field.value();
  if (!has_escapes) {
    key = plain_name(name, value.raw_json_token());
  } else if (field.unescaped_key().get(key) == simdjson::SUCCESS) {
    note_text(key);
  } else {
    return fail(JsonFault::kSyntax, key_offset);
  }
  return add(value, key, key_offset);
}

// Goes on until a member is a container. The iterator is copied, so that it need not be read from memory each time.
bool JsonReader::Impl::step_object(ondemand::document& document, Frame& frame) noexcept {
  const std::uint32_t level = depth;
  ondemand::object_iterator members = frame.members;
  std::uint32_t count = frame.count;
  while (depth == level) {
    if (count != 0) ++members;
    if (!(members != members)) return close_container();
    ondemand::field field;
    if ((*members).get(field) != simdjson::SUCCESS) return fail_here(document);
    frame.members = members;
    frame.count = ++count;
    if (!add_member(field)) return false;
  }
  return true;
}

bool JsonReader::Impl::step_array(ondemand::document& document, Frame& frame) noexcept {
  if (frame.count != 0) ++frame.elements;
  if (!(frame.elements != frame.elements)) return close_container();
  ondemand::value value;
  if ((*frame.elements).get(value) != simdjson::SUCCESS) return fail_here(document);
  ++frame.count;
  return add(value, {}, 0);
}

bool JsonReader::Impl::step(ondemand::document& document) noexcept {
  Frame& frame = frames[depth - 1];
  return frame.is_object ? step_object(document, frame) : step_array(document, frame);
}

bool JsonReader::Impl::close_container() noexcept {
  const std::uint32_t index = frames[depth - 1].index;
  JsonValue& container = values[index];
  container.end = value_count;
  container.count = frames[depth - 1].count;
  --depth;
  return container.kind == JsonKind::kArray || check_duplicates(container, index);
}

std::uint32_t JsonReader::Impl::first_duplicate_of_few(const JsonValue& object, std::uint32_t index) noexcept {
  NameMarks marks;
  for (std::uint32_t later = index + 1; later < object.end; later = values[later].end) {
    if (!marks.set(values[later])) continue;
    for (std::uint32_t earlier = index + 1; earlier < later; earlier = values[earlier].end) {
      if (values[earlier].key == values[later].key) return later;
    }
  }
  return kAbsent;
}

std::uint32_t JsonReader::Impl::first_duplicate_of_many(const JsonValue& object, std::uint32_t index) noexcept {
  std::uint32_t count = 0;
  for (std::uint32_t child = index + 1; child < object.end; child = values[child].end) order[count++] = child;
  std::sort(order.data(), order.data() + count, [this](std::uint32_t left, std::uint32_t right) {
    const int compared = values[left].key.compare(values[right].key);
    return compared != 0 ? compared < 0 : left < right;
  });
  std::uint32_t first = kAbsent;
  for (std::uint32_t i = 1; i < count; ++i) {
    if (values[order[i - 1]].key == values[order[i]].key) first = std::min(first, order[i]);
  }
  return first;
}

bool JsonReader::Impl::check_duplicates(const JsonValue& object, std::uint32_t index) noexcept {
  if (object.count < 2) return true;
  std::uint32_t duplicate = kAbsent;
  if (object.count <= kMarkedMembersMax) {
    duplicate = first_duplicate_of_few(object, index);
  } else {
    if (!order.reserve(bounds.preallocate ? bounds.values_max : object.count)) {
      return fail(JsonFault::kLimit, object.offset);
    }
    duplicate = first_duplicate_of_many(object, index);
  }
  return duplicate == kAbsent || fail(JsonFault::kDuplicate, values[duplicate].key_offset);
}

[[gnu::flatten]] bool JsonReader::Impl::walk(ondemand::document& document) noexcept {
  if (!add(document, {}, 0)) return false;
  if (depth == 0) return check_scalar_is_all(document);
  while (depth > 0) {
    if (!step(document)) return false;
  }
  // Only a live iterator at its end answers OUT_OF_BOUNDS; anything else is text after the value.
  const char* rest = nullptr;
  if (document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS) return true;
  return fail(JsonFault::kSyntax, offset_of(rest));
}

// A token reaches up to the next one, so the only token of a text reaches up to its end.
bool JsonReader::Impl::check_scalar_is_all(ondemand::document& document) noexcept {
  std::string_view token;
  if (document.raw_json_token().get(token) != simdjson::SUCCESS) return fail(JsonFault::kSyntax, 0);
  const std::size_t end = offset_of(token.data()) + token.size();
  return end == size || fail(JsonFault::kSyntax, static_cast<std::uint32_t>(end));
}

bool JsonReader::Impl::fail_stage_one(simdjson::error_code error) noexcept {
  switch (error) {
    case simdjson::UTF8_ERROR: return fail(JsonFault::kSyntax, utf8_fault_offset(source()));
    case simdjson::UNESCAPED_CHARS:
    case simdjson::UNCLOSED_STRING: return fail(JsonFault::kSyntax, string_fault_offset(source()));
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY: return fail(JsonFault::kLimit, 0);
    default: return fail(JsonFault::kSyntax, static_cast<std::uint32_t>(size));
  }
}

JsonResult JsonReader::Impl::run() noexcept {
  value_count = 0;
  depth = 0;
  texts_begin = texts_end = nullptr;
  fault = {};
  // NUL is no JSON text anywhere (RFC 8259 §2), but simdjson reads it as the padding after a number.
  if (const std::size_t nul = source().find('\0'); nul != std::string_view::npos) {
    fail(JsonFault::kSyntax, static_cast<std::uint32_t>(nul));
    return fault;
  }
  has_escapes = source().find('\\') != std::string_view::npos;
  // RFC 8259 §8.1 forbids adding a byte order mark; one spelling means not ignoring it either,
  // as later versions of simdjson do.
  if (source().starts_with("\xEF\xBB\xBF")) {
    fail(JsonFault::kSyntax, 0);
    return fault;
  }
  if (!grow_parser(std::max<std::size_t>(size, 1))) {
    fail(JsonFault::kLimit, 0);
    return fault;
  }
  // What an earlier document left behind the end must play no part.
  std::memset(text.data() + size, 0, simdjson::SIMDJSON_PADDING);
  ondemand::document document;
  const auto error = parser.iterate(text.data(), size, size + simdjson::SIMDJSON_PADDING).get(document);
  if (error != simdjson::SUCCESS) {
    fail_stage_one(error);
  } else if (walk(document)) {
    return {JsonFault::kNone, 0, {values.data(), value_count}};
  }
  return fault;
}

JsonReader::JsonReader(const Bounds& bounds) : impl_(new(std::nothrow) Impl(bounds)) {
  if (impl_ && bounds.preallocate && !impl_->preallocate()) impl_.reset();
}

JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

std::span<char> JsonReader::buffer(std::size_t size) noexcept {
  if (!impl_ || size > impl_->bounds.size_max) return {};
  if (!impl_->text.reserve(size + simdjson::SIMDJSON_PADDING)) return {};
  return {impl_->text.data(), size};
}

JsonResult JsonReader::read_in_place(std::size_t size) noexcept {
  if (!impl_ || size > impl_->bounds.size_max || size + simdjson::SIMDJSON_PADDING > impl_->text.capacity()) {
    return {JsonFault::kLimit, 0, {}};
  }
  impl_->size = size;
  return impl_->run();
}

JsonResult JsonReader::read(std::string_view json) noexcept {
  if (!impl_) return {JsonFault::kLimit, 0, {}};
  if (json.size() > impl_->bounds.size_max) return {JsonFault::kLimit, impl_->bounds.size_max, {}};
  const std::span<char> place = buffer(json.size());
  if (place.data() == nullptr) return {JsonFault::kLimit, 0, {}};
  std::copy_n(json.data(), json.size(), place.data());
  return read_in_place(json.size());
}

std::string_view JsonReader::texts() const noexcept {
  if (!impl_) return {};
  if (impl_->texts_begin == nullptr) return impl_->source();  // where they are as they were read
  return {impl_->texts_begin, static_cast<std::size_t>(impl_->texts_end - impl_->texts_begin)};
}

const JsonValue* find_member(std::span<const JsonValue> values, std::size_t object, std::string_view key) noexcept {
  if (object >= values.size() || values[object].kind != JsonKind::kObject) return nullptr;
  for (std::size_t child = object + 1; child < values[object].end; child = values[child].end) {
    if (values[child].key == key) return &values[child];
  }
  return nullptr;
}

}  // namespace ostiary::adapt
