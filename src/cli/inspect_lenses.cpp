#include "inspect_parts.hpp"
#include "output.hpp"

#include <ostiary/core/memory.hpp>
#include <ostiary/http/lenses.hpp>
#include <ostiary/http/request.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

[[nodiscard]] std::string_view lens_name(Lens lens) {
  switch (lens) {
    case Lens::kRfc3986: return "rfc3986";
    case Lens::kNginx: return "nginx";
    case Lens::kBackslash: return "backslash";
    case Lens::kMatrix: return "matrix";
    case Lens::kDoubleDecode: return "double-decode";
  }
  return {};
}

/// The path through one lens, and the rule for which it is looked through.
struct Reading {
  Lens lens = Lens::kRfc3986;
  Reason rule = Reason::kInternal;
  std::uint32_t offset = 0;         ///< where the rule was met, a byte of the head
  std::optional<std::string> path;  ///< nothing when such a back end refuses the path
};

/// What the router compares with the canonical path; nothing unless the path is ambiguous.
[[nodiscard]] std::vector<Reading> readings_of(const Request& request) {
  if (!request.ambiguous_path) return {};
  const std::string_view raw = request.raw_path.in(request.head);
  std::vector<std::byte> memory(raw.size());
  Arena scratch(memory);
  const Result<PathNotes> notes = notes_of_path(raw, scratch);
  std::vector<Reading> readings;
  for (const LensRule& rule : kLensRules) {
    const std::uint32_t note = notes.value().*rule.note;
    if (note == PathNotes::kNowhere) continue;
    scratch.reset();
    const Result<std::string_view> path = lens_path(raw, rule.lens, scratch);
    readings.push_back({rule.lens, rule.rule, request.raw_path.offset + note,
                        path ? std::optional<std::string>(*path) : std::nullopt});
  }
  return readings;
}

}  // namespace

Json lenses_json(const Inspected& head) {
  const Request& request = head.inspection.request;
  Json list = Json::array();
  for (const Reading& reading : readings_of(request)) {
    Json json;
    json["lens"] = lens_name(reading.lens);
    json["rule"] = reason_json(reading.rule);
    json["offset"] = reading.offset;
    json["path"] = reading.path ? Json(shown_path(*reading.path, head.show_values)) : Json();
    json["differs"] = reading.path && *reading.path != request.path;
    list.push_back(std::move(json));
  }
  return list;
}

std::string lenses_table(const Inspected& head) {
  const Request& request = head.inspection.request;
  const std::vector<Reading> readings = readings_of(request);
  if (readings.empty()) return {};
  Table table({{"offset", true}, {"lens"}, {"path"}, {"rule"}});
  for (const Reading& reading : readings) {
    const bool differs = reading.path && *reading.path != request.path;
    table.add({{std::to_string(reading.offset)},
               {std::string(lens_name(reading.lens))},
               {reading.path ? shown_path(*reading.path, head.show_values) : "(refused)",
                differs ? Tone::kBad : Tone::kPlain},
               {shown_reason(reading.rule)}});
  }
  return table.text();
}

}  // namespace ostiary::cli
