// Gates that a prover says yes to, whatever they are: what is tested is what comes of the answer.
#pragma once

#include "policy/compile_within.hpp"

#include <ostiary/policy/boundary.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary::test {

/// A key that signs Gates or reviews.
struct Signer {
  explicit Signer(std::uint8_t seed)
      : pair(make_gate_keys(std::array<std::uint8_t, 32>{seed}).value()),
        key(read_gate_key(pair.public_pem).value()),
        id(gate_key_id(key)) {}

  GateKeyPair pair;
  GatePublicKey key;
  GateKeyId id;
};

inline policy::BoundaryProof says_inside(std::string_view /*gate*/, std::string_view /*boundary*/, const Limits&) {
  return {policy::BoundaryVerdict::kInside, {}, {}};
}

/// One host with a public route.
inline std::string small_gate(std::string_view name, int version = 1) {
  std::string json = R"({"gate": 1, "name": ")" + std::string(name) + R"(", "version": )" + std::to_string(version);
  json += R"(, "origins": {"o": {"scheme": "http", "host": "o.example", "port": 80}}, "routes": [{"id": "home", )";
  json += R"("hosts": ["a.example"], "methods": ["GET"], "path": "/**", "origin": "o"}], )";
  return json + R"("rules": [{"id": "all", "effect": "allow", "routes": ["home"], "public": true}]})";
}

/// Unsigned.
inline CompiledGate proved_gate(std::string_view json, const ReviewedBoundary& boundary) {
  return policy::compile_within(json, boundary, {}, says_inside);
}

}  // namespace ostiary::test
