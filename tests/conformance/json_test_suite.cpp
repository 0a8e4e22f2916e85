// nst/JSONTestSuite through the JSON door.
#include "adapt/json.hpp"
#include "conformance/report.hpp"

#include <filesystem>
#include <string>

namespace ostiary::conformance {

void run_json(Suite& suite, const std::filesystem::path& folder, char kind, const nlohmann::json& pinned) {
  adapt::JsonReader reader({.size_max = 1 << 20, .depth_max = 512, .values_max = 1 << 18, .preallocate = false});
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name[0] != kind || name[1] != '_') continue;
    const bool accepted = reader.read(read_file(entry.path())).fault == adapt::JsonFault::kNone;
    if (kind != 'i') {
      suite.check(name, kind == 'y', accepted);
    } else if (pinned.contains(name)) {
      suite.check(name, pinned[name] == "accept", accepted);
    } else {
      suite.fail(name, accepted ? "accepted, but no answer is pinned" : "refused, but no answer is pinned");
    }
  }
}

}  // namespace ostiary::conformance
