#include "inputs.hpp"

#include "shop.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ostiary::bench {

namespace {

constexpr std::string_view kSomePeer = "203.0.113.7";

/// Every sound head of the shop spells the name in one of these ways.
bool has_credential(std::string_view head) {
  return head.find("\r\nAuthorization: ") != std::string_view::npos ||
         head.find("\r\nauthorization: ") != std::string_view::npos;
}

/// Empty when the case leaves the Reason open.
std::string class_of(const nlohmann::json& expect, std::string_view head) {
  if (expect["reason"].is_null()) return {};
  const auto reason = expect["reason"].get<std::string>();
  if (reason == "ALLOWED") return has_credential(head) ? "allowed-identity" : "allowed-public";
  if (reason.starts_with("ROUTE_")) return "denied-route";
  if (reason.starts_with("RULE_") || reason == "IDENTITY_HEADER_VALUE" || reason == "CREDENTIAL_MISSING") {
    return "denied-rule";
  }
  if (reason == "TOKEN_SIGNATURE") return "denied-signature";
  if (reason.starts_with("TOKEN_") || reason.starts_with("CREDENTIAL_")) return "denied-token";
  return "denied-structure";
}

bool belongs(std::string_view found, std::string_view wanted) {
  return found == wanted || (wanted == "complete" && !found.empty() && found != "denied-structure");
}

/// A request that is not decided as the shop's list demands would be measured as what it is not.
bool is_decided_as_demanded(const Input& input) {
  RequestScratch scratch;
  const Decision decision = shop().engine->decide_bytes(input.bytes, {shop().now_s, input.peer}, scratch);
  if (decision.allowed() == input.allowed) return true;
  static std::set<std::string> told;
  if (told.insert(input.name).second) {
    std::cerr << "left out: " << input.name << " is not decided as examples/shop/cases.json demands\n";
  }
  return false;
}

void add_class(std::string_view wanted, std::vector<Input>& inputs) {
  const auto list = nlohmann::json::parse(read_file("examples/shop/cases.json"));
  const std::size_t before = inputs.size();
  for (const auto& entry : list["cases"]) {
    const auto file = entry["request"].get<std::string>();
    Input input{file, read_file("examples/shop/" + file), entry["peer"].get<std::string>(),
                entry["expect"]["effect"] == "allow"};
    if (!belongs(class_of(entry["expect"], input.bytes), wanted)) continue;
    if (is_decided_as_demanded(input)) inputs.push_back(std::move(input));
  }
  if (inputs.size() == before) throw std::runtime_error("no shop request of the class " + std::string(wanted));
}

}  // namespace

std::string read_file(std::string_view path_in_repository) {
  const std::string path = std::string(OSTIARY_SOURCE_DIR) + "/" + std::string(path_in_repository);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + std::string(path_in_repository));
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<Input> load_inputs(const std::vector<std::string>& names) {
  std::vector<Input> inputs;
  for (const std::string& name : names) {
    if (name.starts_with('@')) {
      add_class(name.substr(1), inputs);
    } else {
      inputs.push_back({name, read_file(name), std::string(kSomePeer), std::nullopt});
    }
  }
  return inputs;
}

std::vector<std::string> lines_of(const std::vector<Input>& inputs) {
  std::vector<std::string> lines;
  for (const Input& input : inputs) {
    std::istringstream text(input.bytes);
    for (std::string line; std::getline(text, line);) {
      if (!line.empty()) lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace ostiary::bench
