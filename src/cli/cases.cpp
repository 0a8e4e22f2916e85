#include "cases.hpp"

#include "exit.hpp"
#include "input.hpp"
#include "output.hpp"
#include "scheme_of.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace ostiary::cli {

namespace {

constexpr std::size_t kCasesFileSizeMax = 16 * 1024 * 1024;

/// Reads one cases file and knows what to call each place in it.
class CaseReader {
 public:
  explicit CaseReader(const std::string& file) : file_(file) {}

  [[nodiscard]] CaseFile read() const {
    const Json root = parse(read_file(file_, kCasesFileSizeMax, Excess::kRefuse));
    if (!root.is_object() || !root.contains("cases") || !root["cases"].is_array()) {
      stop("expected an object with an array named cases");
    }
    CaseFile result;
    if (root.contains("now")) result.now_s = seconds(root["now"]);
    for (const Json& entry : root["cases"]) {
      result.cases.push_back(read_case(entry, "cases[" + std::to_string(result.cases.size()) + "]"));
    }
    return result;
  }

 private:
  [[noreturn]] void stop(const std::string& why) const {
    throw Stop(Exit::kUsage, "ostiary: " + shown_file(file_) + ": " + why);
  }

  [[nodiscard]] Json parse(const std::string& text) const {
    try {
      return Json::parse(text);
    } catch (const Json::parse_error& error) {
      const std::size_t offset = error.byte == 0 ? 0 : error.byte - 1;
      stop("not JSON at " + shown_place(text, offset));
    }
  }

  [[nodiscard]] std::int64_t seconds(const Json& json) const {
    if (!json.is_number_unsigned()) stop("now: expected whole seconds since 1970");
    return json.get<std::int64_t>();
  }

  [[nodiscard]] std::string text(const Json& entry, const std::string& place, const char* member) const {
    if (!entry.contains(member) || !entry[member].is_string()) stop(place + ": expected a text named " + member);
    return entry[member].get<std::string>();
  }

  [[nodiscard]] Case read_case(const Json& entry, const std::string& place) const {
    if (!entry.is_object()) stop(place + ": expected an object");
    Case result;
    result.name = text(entry, place, "name");
    result.request = (std::filesystem::path(file_).parent_path() / text(entry, place, "request")).string();
    if (entry.contains("peer")) result.peer = text(entry, place, "peer");
    if (entry.contains("scheme")) result.scheme = text(entry, place, "scheme");
    if (!result.scheme.empty() && scheme_of(result.scheme) == Scheme::kUnknown) {
      stop(place + ".scheme: expected http or https, found " + escaped(result.scheme));
    }
    if (!entry.contains("expect") || !entry["expect"].is_object()) stop(place + ": expected an object named expect");
    for (const auto& [member, value] : entry["expect"].items()) {
      expected_of(result, place, member) = {true, read_expected(value, place + ".expect." + escaped(member))};
    }
    if (!result.effect.text) stop(place + ".expect: expected a text named effect");
    return result;
  }

  [[nodiscard]] Expected& expected_of(Case& result, const std::string& place, const std::string& member) const {
    if (member == "effect") return result.effect;
    if (member == "route") return result.route;
    if (member == "rule") return result.rule;
    if (member == "reason") return result.reason;
    stop(place + ".expect: no such member: " + escaped(member));
  }

  [[nodiscard]] std::optional<std::string> read_expected(const Json& value, const std::string& place) const {
    if (value.is_null()) return std::nullopt;
    if (!value.is_string()) stop(place + ": expected a text or null");
    return value.get<std::string>();
  }

  const std::string& file_;
};

}  // namespace

CaseFile read_cases(const std::string& file) { return CaseReader(file).read(); }

}  // namespace ostiary::cli
