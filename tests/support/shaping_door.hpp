// A Gate of one route, or a few, for tests of what a Decision carries besides its verdict.
#pragma once

#include "support/identity_builder.hpp"

#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide_request.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {

/// A Gate where everyone may do everything on "r", whose members are those of `route` besides the usual ones.
inline nlohmann::json shaping_gate(nlohmann::json route, const nlohmann::json& identity_headers = nullptr) {
  const nlohmann::json usual = nlohmann::json::parse(
      R"({"id": "r", "hosts": ["h.example"], "methods": ["GET", "HEAD"], "path": "/a/*/**", "origin": "o"})");
  for (const auto& [name, value] : usual.items()) {
    if (!route.contains(name)) route[name] = value;
  }
  nlohmann::json gate = nlohmann::json::parse(R"({
    "gate": 1, "name": "test",
    "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]}},
    "claims": {"tenant": "text", "level": "integer", "staff": "boolean", "groups": "text_set"},
    "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443, "shield": "iad-va-us",
                      "connect_timeout_ms": 1000, "first_byte_timeout_ms": 15000, "between_bytes_timeout_ms": 10000}},
    "rules": [{"id": "all", "effect": "allow", "routes": ["r"], "public": true}]
  })");
  if (!identity_headers.is_null()) gate["identity_headers"] = identity_headers;
  gate["routes"] = nlohmann::json::array({route});
  return gate;
}

/// The remove list that every shared route needs.
inline nlohmann::json without_credentials() { return nlohmann::json::parse(R"(["authorization", "cookie"])"); }

/// One Decision, with the memory it borrows.
class Asked {
 public:
  Asked(const Gate& gate, const std::string& head, const std::optional<nlohmann::json>& claims, std::string_view peer,
        std::size_t scratch_size = decide_request_scratch_size({}), Scheme scheme = Scheme::kUnknown)
      : head_(head),
        peer_(peer),
        image_(claims ? identity_image(*claims) : std::string()),
        memory_(scratch_size),
        scratch_(memory_) {
    facts_.peer = peer_;
    facts_.scheme = scheme;
    inspection_ = inspect_bytes(head_, scratch_, inspect_options_of(gate, facts_));
    const auto verify = [this](const Request&, const Credential&) noexcept { return Identity::load(image_); };
    decision_ = decide_request(gate, inspection_, facts_, verify, scratch_);
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  [[nodiscard]] const Decision& decision() const { return decision_; }
  [[nodiscard]] const Decision* operator->() const { return &decision_; }
  [[nodiscard]] std::string reason() const { return std::string(reason_info(decision_.reason).name); }
  [[nodiscard]] const Request& request() const { return inspection_.request; }
  [[nodiscard]] std::size_t used() const { return scratch_.used(); }

  /// "-name", "+name=value", "&name=value" for what is appended, "old>new".
  [[nodiscard]] std::vector<std::string> edits() const {
    std::vector<std::string> shown;
    for (const HeaderEdit& edit : decision_.headers) {
      const std::string name(edit.name);
      const std::string value(edit.value);
      switch (edit.kind) {
        case HeaderEditKind::kRemove: shown.push_back("-" + name); break;
        case HeaderEditKind::kSet: shown.push_back("+" + name + "=" + value); break;
        case HeaderEditKind::kAppend: shown.push_back("&" + name + "=" + value); break;
        case HeaderEditKind::kRename: shown.push_back(name + ">" + value); break;
      }
    }
    return shown;
  }

 private:
  std::string head_;
  std::string peer_;
  std::string image_;
  std::vector<std::byte> memory_;
  Arena scratch_;
  Inspection inspection_;
  Facts facts_;
  Decision decision_;
};

class ShapingDoor {
 public:
  explicit ShapingDoor(const nlohmann::json& gate) : image_(image_of(gate)), gate_(*Gate::load(image_)) {}

  [[nodiscard]] const Gate& gate() const { return gate_; }
  [[nodiscard]] const std::string& image() const { return image_; }

  /// Claims make a request with a token.
  [[nodiscard]] Asked ask(std::string_view target, std::string_view lines = {},
                          const std::optional<nlohmann::json>& claims = std::nullopt, std::string_view method = "GET",
                          std::string_view peer = "192.0.2.1", std::string_view host = "h.example",
                          Scheme scheme = Scheme::kUnknown) const {
    const std::string token = claims ? "Authorization: Bearer a.b.c\r\n" : "";
    const std::string head = std::string(method) + " " + std::string(target) +
                             " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n" + token + std::string(lines) + "\r\n";
    return Asked(gate_, head, claims, peer, decide_request_scratch_size({}), scheme);
  }

 private:
  static std::string image_of(const nlohmann::json& gate) {
    const CompiledGate compiled = compile_gate(gate.dump());
    EXPECT_TRUE(compiled.ok()) << gate << compiled.errors.front().message;
    return compiled.image;
  }

  std::string image_;
  Gate gate_;
};

}  // namespace ostiary::test
