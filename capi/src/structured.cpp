// Structured fields as a flat list of nodes.
#include "handles.hpp"

#include <ostiary/http/structured_fields.hpp>

#include <memory>
#include <span>

using ostiary::Arena;
using ostiary::Error;
using ostiary::Reason;
using ostiary::Request;
using ostiary::Result;
namespace capi = ostiary::capi;
namespace structured = ostiary::structured;

namespace {

bool has_text(structured::Kind kind) noexcept {
  switch (kind) {
    case structured::Kind::kString:
    case structured::Kind::kToken:
    case structured::Kind::kBytes:
    case structured::Kind::kDisplayString: return true;
    case structured::Kind::kNone:
    case structured::Kind::kInteger:
    case structured::Kind::kDecimal:
    case structured::Kind::kBoolean:
    case structured::Kind::kDate: return false;
  }
  return false;
}

/// A view that is present even when it is empty.
ostiary_bytes present(std::string_view text) noexcept { return capi::to_c(text.data() == nullptr ? "" : text); }

/// Writes what was read into the handle.
class NodeWriter {
 public:
  explicit NodeWriter(ostiary_structured& out) noexcept : out_(out) {}

  void write(const structured::Item& item) {
    add(OSTIARY_STRUCTURED_MEMBER, item.value, capi::kAbsent);
    write(item.parameters);
  }
  void write(const structured::Member& member, bool keyed) {
    const ostiary_bytes key = keyed ? present(member.key) : capi::kAbsent;
    add(OSTIARY_STRUCTURED_MEMBER, member.value, key);
    if (member.is_inner_list) {
      out_.nodes.back() = {OSTIARY_STRUCTURED_MEMBER, OSTIARY_STRUCTURED_INNER_LIST, 0, capi::kAbsent, key};
    }
    write(member.parameters);
    for (const structured::Item& item : member.items) {
      add(OSTIARY_STRUCTURED_INNER_ITEM, item.value, capi::kAbsent);
      write(item.parameters);
    }
  }
  void note_repeated_key(bool repeated) noexcept { out_.has_repeated_key = out_.has_repeated_key || repeated; }

 private:
  void write(const structured::Parameters& parameters) {
    for (const structured::Parameter& parameter : parameters.all) {
      add(OSTIARY_STRUCTURED_PARAMETER, parameter.value, present(parameter.key));
    }
    note_repeated_key(parameters.repeated_key);
  }
  void add(ostiary_structured_place place, const structured::BareItem& value, ostiary_bytes key) {
    out_.nodes.push_back({place, static_cast<ostiary_structured_kind>(value.kind), value.number,
                          has_text(value.kind) ? present(value.text) : capi::kAbsent, key});
  }

  ostiary_structured& out_;
};

/// Reads the lines with whatever memory there is.
Error read_into(ostiary_structured& out, ostiary_structured_type type) {
  Arena arena(out.memory);
  NodeWriter writer(out);
  if (type == OSTIARY_STRUCTURED_ITEM) {
    const Result<structured::Item> item = structured::read_item(out.lines, arena, capi::kLimits);
    if (item) writer.write(*item);
    return item.error();
  }
  if (type == OSTIARY_STRUCTURED_LIST) {
    const Result<structured::List> list = structured::read_list(out.lines, arena, capi::kLimits);
    for (const structured::Member& member : list->members) writer.write(member, false);
    return list.error();
  }
  const Result<structured::Dictionary> dictionary = structured::read_dictionary(out.lines, arena, capi::kLimits);
  for (const structured::Member& member : dictionary->members) writer.write(member, true);
  writer.note_repeated_key(dictionary->repeated_key);
  return dictionary.error();
}

/// Common fields need a small part of what the worst of the same size does: memory grows only as it is needed.
ostiary_reason read_lines(ostiary_structured& out, ostiary_structured_type type, ostiary_error* error) {
  constexpr std::size_t kFirstSize = 4096;
  std::size_t size = 0;
  for (const std::string_view line : out.lines) {
    if (line.size() > capi::kLimits.head_size_max - size) {
      return capi::report(error, {Reason::kStructuredFieldLimit, capi::kLimits.head_size_max});
    }
    size += line.size();
  }
  if (out.memory.empty()) out.memory.resize(kFirstSize);
  Error fault = read_into(out, type);
  while (fault.reason == Reason::kUsageScratchTooSmall) {
    out.memory.resize(2 * out.memory.size());
    fault = read_into(out, type);
  }
  return fault.reason == Reason::kOk ? OSTIARY_OK : capi::report(error, fault);
}

void clear(ostiary_structured& out) noexcept {
  out.lines.clear();
  out.nodes.clear();
  out.has_repeated_key = false;
}

bool is_type(ostiary_structured_type type) noexcept {
  return type >= OSTIARY_STRUCTURED_ITEM && type <= OSTIARY_STRUCTURED_DICTIONARY;
}

}  // namespace

extern "C" {

ostiary_reason ostiary_structured_new(ostiary_structured** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  return capi::guarded(error, [&] {
    *out = std::make_unique<ostiary_structured>().release();
    return OSTIARY_OK;
  });
}

void ostiary_structured_free(ostiary_structured* structured) { delete structured; }

ostiary_reason ostiary_structured_read(ostiary_structured* structured, ostiary_structured_type type,
                                       const ostiary_bytes* lines, size_t line_count, ostiary_error* error) {
  if (structured == nullptr) return capi::refuse_argument(error, "structured is NULL");
  clear(*structured);
  if (!is_type(type)) return capi::refuse_argument(error, "type: expected one of OSTIARY_STRUCTURED_ITEM and so on");
  if (lines == nullptr && line_count != 0) return capi::refuse_argument(error, "lines is NULL");
  return capi::guarded(*structured, error, [&] {
    for (size_t i = 0; i < line_count; ++i) {
      std::string_view line;
      if (!capi::to_view(lines[i], line)) return capi::refuse_argument(error, "a line is {NULL, n > 0}");
      structured->lines.push_back(line);
    }
    return read_lines(*structured, type, error);
  });
}

ostiary_reason ostiary_structured_read_field(ostiary_structured* structured, ostiary_structured_type type,
                                             const ostiary_inspection* inspection, ostiary_bytes name,
                                             ostiary_error* error) {
  if (structured == nullptr) return capi::refuse_argument(error, "structured is NULL");
  clear(*structured);
  const Request* const request = capi::request_of(inspection);
  if (request == nullptr || !is_type(type)) {
    return capi::refuse_argument(error, "the inspection is not complete, or type is none of OSTIARY_STRUCTURED_*");
  }
  return capi::guarded(*structured, error, [&] {
    for (size_t i = 0;; ++i) {
      i = ostiary_inspection_field_find(inspection, name, i);
      if (i == OSTIARY_NOT_FOUND) return read_lines(*structured, type, error);
      structured->lines.push_back(request->value(request->fields[i]));
    }
  });
}

size_t ostiary_structured_node_count(const ostiary_structured* structured) {
  return structured == nullptr ? 0 : structured->nodes.size();
}

ostiary_structured_node ostiary_structured_node_at(const ostiary_structured* structured, size_t index) {
  if (index >= ostiary_structured_node_count(structured)) {
    return {OSTIARY_STRUCTURED_MEMBER, OSTIARY_STRUCTURED_NONE, 0, capi::kAbsent, capi::kAbsent};
  }
  return structured->nodes[index];
}

uint32_t ostiary_structured_has_repeated_key(const ostiary_structured* structured) {
  return structured != nullptr && structured->has_repeated_key ? 1 : 0;
}

}  // extern "C"
