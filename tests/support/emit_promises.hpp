// What must hold of every emitted head, for the property test and the fuzzer alike. A broken promise ends the program.
#pragma once

#include "emitted.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ostiary::test {

inline void promise(bool kept, const char* what, std::string_view text) {
  if (kept) return;
  std::fprintf(stderr, "broken: %s\n%.*s\n", what, static_cast<int>(text.size()), text.data());
  __builtin_trap();
}

/// Edits and options, chosen by the bits of a number.
struct EmitCase {
  std::vector<HeaderEdit> edits;
  EmitOptions options;
};

inline constexpr unsigned kCaseBits = 8;

inline EmitCase make_case(std::size_t bits) {
  EmitCase made;
  if ((bits & 1U) != 0) made.edits.push_back({HeaderEditKind::kRemove, "x-b", {}});
  if ((bits & 2U) != 0) made.edits.push_back({HeaderEditKind::kSet, "x-a", "set"});
  if ((bits & 4U) != 0) made.edits.push_back({HeaderEditKind::kSet, "accept", "a, b"});
  if ((bits & 64U) != 0) made.edits.push_back({HeaderEditKind::kRename, "x-a", "x-c"});
  if ((bits & 128U) != 0) made.edits.push_back({HeaderEditKind::kAppend, "x-b", "more"});
  made.options.peer_is_trusted = (bits & 8U) != 0;
  made.options.body_of_unknown_length = (bits & 16U) != 0;
  if ((bits & 32U) != 0) made.options.waived = kWaivableRules;
  return made;
}

using EmitDoor = std::variant<std::string_view, ParsedHead>;

inline std::string_view suffix(const Request& request) {
  return request.query.present() ? request.query.in(request.head) : std::string_view();
}

/// The same request for a back end, whatever became of its fields.
inline void promise_same_meaning(const Request& sent, const Request& read, const EmitOptions& options,
                                 std::string_view text) {
  promise(sent.method == read.method, "method", text);
  promise(sent.path == read.path && suffix(sent) == suffix(read), "target", text);
  promise(sent.query.present() == read.query.present(), "presence of the query", text);
  promise(sent.host == read.host && sent.port == read.port, "host", text);
  const bool streamed = options.body_of_unknown_length && read.framing == Framing::kChunked;
  promise(sent.framing == read.framing || (streamed && sent.framing == Framing::kNoBody), "framing", text);
  promise(sent.content_length == read.content_length, "length", text);
  promise(read.version == HttpVersion::kHttp11 && read.form != TargetForm::kAbsolute, "form", text);
}

inline std::string folded(std::string_view raw) {
  std::string text(raw);
  for (char& c : text) c = c == '_' ? '-' : ascii_lower(c);
  return text;
}

/// Whether an edit speaks of this name; written apart from the emitter, on strings.
inline bool is_edited(std::span<const HeaderEdit> edits, std::string_view name) {
  for (const HeaderEdit& edit : edits) {
    if (folded(edit.name) == folded(name)) return true;
    if (edit.kind == HeaderEditKind::kRename && folded(edit.value) == folded(name)) return true;
  }
  return false;
}

using PlainFields = std::vector<std::pair<std::string, std::string>>;

/// What the edits make of these fields, one edit after the other, and what they add behind them.
inline PlainFields edited(PlainFields fields, std::span<const HeaderEdit> edits) {
  PlainFields added;
  const auto drop = [&](std::string_view name) {
    for (PlainFields* list : {&fields, &added}) {
      std::erase_if(*list, [&](const auto& field) { return folded(field.first) == folded(name); });
    }
  };
  for (const HeaderEdit& edit : edits) {
    if (edit.kind == HeaderEditKind::kRename) {
      drop(edit.value);
      for (PlainFields* list : {&fields, &added}) {
        for (auto& field : *list) {
          if (folded(field.first) == folded(edit.name)) field.first = edit.value;
        }
      }
      continue;
    }
    if (edit.kind != HeaderEditKind::kAppend) drop(edit.name);
    if (edit.kind != HeaderEditKind::kRemove) added.emplace_back(edit.name, edit.value);
  }
  fields.insert(fields.end(), added.begin(), added.end());
  return fields;
}

/// Whether a field that was sent could arrive, as far as no edit takes it away; written apart from the emitter.
inline bool may_arrive(const Field& field, const EmitOptions& options) {
  if (field.id == FieldId::kHost || field.id == FieldId::kContentLength) return false;
  if (has_trait(field.id, FieldTrait::kHopByHop) || has_trait(field.id, FieldTrait::kForbidden)) return false;
  return options.peer_is_trusted || !has_trait(field.id, FieldTrait::kTrustedOnly);
}

/// Fields that arrive under a name nobody knows are what the edits make of those that were sent, in this order.
inline void promise_edits(const Request& sent, const Request& read, const EmitCase& wanted, std::string_view text) {
  // What Connection names goes, and an Expect without a meaning, which is looked at elsewhere.
  if (sent.find(FieldId::kConnection) != nullptr || sent.find(FieldId::kExpect) != nullptr) return;
  PlainFields expected;
  for (const Field& field : sent.fields) {
    if (may_arrive(field, wanted.options)) expected.emplace_back(sent.name(field), sent.value(field));
  }
  expected = edited(std::move(expected), wanted.edits);
  std::erase_if(expected, [](const auto& field) { return find_field(field.first) != FieldId::kUnknown; });
  PlainFields arrived;
  for (const Field& field : read.fields) {
    if (field.id == FieldId::kUnknown) arrived.emplace_back(read.name(field), read.value(field));
  }
  promise(arrived == expected, "unknown fields are as the edits say", text);
}

/// Nothing stands in the head that was not sent, set or written from the view.
inline void promise_known_fields(const Request& sent, const Request& read, const EmitCase& wanted,
                                 std::string_view text) {
  for (const Field& field : read.fields) {
    const std::string_view name = read.name(field);
    const std::string_view value = read.value(field);
    bool known = field.id == FieldId::kHost || field.id == FieldId::kCookie || field.id == FieldId::kContentLength ||
                 field.id == FieldId::kTransferEncoding;
    const bool of_upgrade = field.id == FieldId::kConnection || field.id == FieldId::kUpgrade;
    promise(!has_trait(field.id, FieldTrait::kForbidden), "no forbidden field", text);
    promise(!has_trait(field.id, FieldTrait::kHopByHop) || known || of_upgrade, "no field of a connection", text);
    if (is_edited(wanted.edits, name)) {
      for (const HeaderEdit& edit : wanted.edits) {
        known = known || (edit.name == name && edit.value == value);
        known = known || (edit.kind == HeaderEditKind::kAppend && folded(edit.name) == folded(name));
        known = known || (edit.kind == HeaderEditKind::kRename && edit.value == name);
      }
    } else {
      promise(wanted.options.peer_is_trusted || !has_trait(field.id, FieldTrait::kTrustedOnly), "no hearsay", text);
      for (const Field& one : sent.fields) known = known || (sent.name(one) == name && sent.value(one) == value);
    }
    promise(known || of_upgrade, "every field has an origin", text);
  }
}

/// Every plain field that was sent arrives, in order: the emitter does not lose any either.
inline void promise_nothing_lost(const Request& sent, const Request& read, const EmitCase& wanted,
                                 std::string_view text) {
  std::size_t at = 0;
  for (const Field& field : sent.fields) {
    const std::string_view name = sent.name(field);
    const bool plain = field.id == FieldId::kAccept || field.id == FieldId::kUserAgent ||
                       field.id == FieldId::kReferer || field.id == FieldId::kAuthorization ||
                       field.id == FieldId::kRange;
    if (!plain || is_edited(wanted.edits, name)) continue;
    while (at < read.fields.size() &&
           (read.name(read.fields[at]) != name || read.value(read.fields[at]) != sent.value(field))) {
      ++at;
    }
    promise(at < read.fields.size(), "no field is lost", text);
    ++at;
  }
}

/// The case under which what was emitted is emitted again as it is: a field that was appended or renamed once would be
/// a second time.
inline EmitCase settled(const EmitCase& wanted) {
  EmitCase again = wanted;
  for (const HeaderEdit& edit : wanted.edits) {
    if (edit.kind != HeaderEditKind::kAppend && edit.kind != HeaderEditKind::kRename) continue;
    again.edits.clear();
    again.options.peer_is_trusted = true;  // some of the fields that were set would go otherwise
  }
  return again;
}

/// Inspects, emits, reads back and emits again. The emitted head; empty when the request is refused.
inline std::string check_promises(const EmitDoor& door, const EmitCase& wanted) {
  const auto open = [&](const auto& input) { return Emitted(input, wanted.edits, wanted.options); };
  const Emitted first = std::visit([&](const auto& input) { return open(input); }, door);
  if (!first.complete()) return {};
  if (!first.result().ok()) {
    const Reason reason = first.result().reason();
    const bool connect = first.request().method == Method::kConnect;
    const std::string_view head = first.request().head;
    promise(wanted.options.body_of_unknown_length || connect, "only a hidden body, or one of CONNECT, is refused",
            head);
    promise(reason == Reason::kBodyUnexpected || reason == Reason::kUpgradeWithBody, "and as a body", head);
    return {};
  }
  const std::string text(first.text());
  const Emitted second(text, settled(wanted).edits, settled(wanted).options, {}, roomy_limits());
  promise(second.complete() && second.result().ok(), "reads back", text);
  promise(second.request().head.size() == text.size(), "is one head", text);
  promise_same_meaning(first.request(), second.request(), wanted.options, text);
  promise_known_fields(first.request(), second.request(), wanted, text);
  promise_nothing_lost(first.request(), second.request(), wanted, text);
  promise_edits(first.request(), second.request(), wanted, text);
  promise(second.text() == text, "is emitted again as it is", text);
  return text;
}

}  // namespace ostiary::test
