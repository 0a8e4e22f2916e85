// A door with a Gate and without keys: decides about the requests of tests as the engine decides about real ones.
#pragma once

#include "policy/gate_test/table.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/identity.hpp>
#include <ostiary/token/verifier.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace ostiary::policy {

/// One decided test. Everything borrows the door until it is asked again.
struct AskedTest {
  const Decision& decision;
  const Request* request;    ///< nullptr: the head was refused
  const Identity* identity;  ///< nullptr: none
  const Facts& facts;
};

/// Borrows the Gate. Confined.
class StubDoor {
 public:
  StubDoor(const Gate& gate, const GateSource& source, const Limits& limits);

  void ask(const TestCase& test, std::int64_t now_s, const std::function<void(const AskedTest&)>& see);

 private:
  [[nodiscard]] Result<Identity> identify(const TestIdentity& identity, std::int64_t now_s);

  const Gate& gate_;
  const GateSource& source_;
  Limits limits_;
  InspectOptions options_;
  std::vector<std::byte> memory_;
  Arena scratch_;
  VerifyScratch verify_;
  std::vector<char> identity_memory_;
};

}  // namespace ostiary::policy
