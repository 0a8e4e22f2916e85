#include "generated.hpp"

#include "tests/support/identity_builder.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/policy/compile.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ostiary::bench {

namespace {

using Json = nlohmann::json;

struct Compiled {
  std::string image;
  Gate gate;
};

/// "build/…/routes-1000/hits.txt" and "routes.txt" make "build/…/routes-1000/routes.txt".
std::string beside(const Input& input, std::string_view file) {
  return input.name.substr(0, input.name.rfind('/') + 1).append(file);
}

/// A table may be larger than what people review.
Limits generous() {
  Limits limits;
  limits.gate_size_max *= 16;
  limits.gate_json_values_max *= 16;
  return limits;
}

std::unique_ptr<const Compiled> compile(const std::string& json) {
  auto compiled = std::make_unique<Compiled>();
  CompiledGate gate = compile_gate(json, generous());
  if (!gate.ok()) throw std::runtime_error("the gate is refused: " + gate.errors.front().message);
  compiled->image = std::move(gate.image);
  const Result<Gate> loaded = Gate::load(compiled->image);
  if (!loaded) throw std::runtime_error("the gate does not load");
  compiled->gate = *loaded;
  return compiled;
}

/// `write` gives the source of the Gate; it is asked when the file is new.
template <typename Write>
const Gate& compiled_once(const std::string& file, const Write& write) {
  static std::map<std::string, std::unique_ptr<const Compiled>> all;
  auto found = all.find(file);
  if (found == all.end()) found = all.emplace(file, compile(write(read_file(file)))).first;
  return found->second->gate;
}

Method method_named(std::string_view name) {
  const auto found = std::find(kMethodNames.begin(), kMethodNames.end(), name);
  if (found == kMethodNames.end()) throw std::runtime_error("there is no method " + std::string(name));
  return static_cast<Method>(found - kMethodNames.begin());
}

/// "/orders/{id}" is "/orders/*" in a Gate.
std::string pattern_of(const std::string& path) {
  std::string pattern;
  std::istringstream segments(path.substr(1));
  for (std::string segment; std::getline(segments, segment, '/');) {
    pattern += segment.starts_with('{') ? "/*" : '/' + segment;
  }
  return pattern.empty() ? "/" : pattern;
}

std::string gate_json_of_routes(const std::string& table) {
  Json routes = Json::array();
  std::istringstream lines(table);
  for (std::string method, path; lines >> method >> path;) {
    routes.push_back({{"id", "r" + std::to_string(routes.size())},
                      {"hosts", {kGeneratedHost}},
                      {"methods", {method}},
                      {"path", pattern_of(path)},
                      {"origin", "api"}});
  }
  const Json origin = {{"scheme", "https"}, {"host", "origin.bench.example"}, {"port", 443}};
  const Json gate = {
      {"gate", 1},
      {"name", "routes"},
      {"issuers", Json::object()},
      {"claims", Json::object()},
      {"origins", {{"api", origin}}},
      {"routes", std::move(routes)},
      {"rules", Json::array({{{"id", "all"}, {"effect", "allow"}, {"routes", {"*"}}, {"public", true}}})}};
  return gate.dump();
}

/// A scope is granted once (RFC 6749 §3.3), and an Identity has them apart.
DecidedRequest decided_request(const Json& line) {
  return {line.at("route").get<std::string>(), method_named(line.at("method").get<std::string>()),
          line.at("path").get<std::string>(), test::identity_image(line.at("claims")), line.at("claims").dump()};
}

}  // namespace

const Input& only(const std::vector<Input>& inputs) {
  if (inputs.size() != 1) throw std::runtime_error("expected one file of requests");
  return inputs.front();
}

const Gate& gate_of_routes(const Input& requests) {
  return compiled_once(beside(requests, "routes.txt"), gate_json_of_routes);
}

std::vector<RoutedRequest> routed_requests(const Input& requests) {
  std::vector<RoutedRequest> all;
  std::istringstream lines(requests.bytes);
  for (std::string method, path; lines >> method >> path;) all.push_back({method_named(method), path});
  return all;
}

const Gate& gate_of_policy(const Input& requests) {
  return compiled_once(beside(requests, "gate.json"), [](const std::string& json) { return json; });
}

std::vector<DecidedRequest> decided_requests(const Input& requests) {
  std::vector<DecidedRequest> all;
  for (const std::string& line : lines_of({requests})) all.push_back(decided_request(Json::parse(line)));
  return all;
}

}  // namespace ostiary::bench
