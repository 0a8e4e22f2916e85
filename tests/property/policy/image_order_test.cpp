#include "property/policy/json_chance.hpp"
#include "property/policy/random_gate.hpp"

#include <ostiary/policy/compile.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace ostiary {
namespace {

using nlohmann::json;
using test::Chance;

/// The same document with the members of every object, and the elements of the lists of rules, routes and role
/// mappings, in another order.
std::string shuffled_text(Chance& chance, const json& value, const std::string& name) {
  std::vector<std::string> parts;
  if (value.is_object()) {
    for (const auto& [member, inner] : value.items())
      parts.push_back(json(member).dump() + ":" + shuffled_text(chance, inner, member));
  } else if (value.is_array()) {
    for (const json& element : value) parts.push_back(shuffled_text(chance, element, ""));
  } else {
    return value.dump();
  }
  const bool of_objects = value.is_array() && !value.empty() && value[0].is_object();
  if (value.is_object() || (of_objects && (name == "rules" || name == "routes" || name == "roles")))
    chance.shuffle(parts);
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return (value.is_object() ? "{" : "[") + text + (value.is_object() ? "}" : "]");
}

TEST(GateImage, DoesNotDependOnTheOrderInTheSource) {
  unsigned compared = 0;
  for (unsigned seed = 1; compared < 300; ++seed) {
    ASSERT_LT(seed, 3000U);
    Chance chance(seed);
    const json gate = test::RandomGate(chance).make(4);
    const CompiledGate plain = compile_gate(gate.dump());
    if (!plain.ok()) continue;
    ++compared;
    const std::string other = shuffled_text(chance, gate, "");
    const CompiledGate shuffled = compile_gate(other);
    ASSERT_TRUE(shuffled.ok()) << "seed " << seed << ": " << shuffled.errors[0].message << "\n" << other;
    ASSERT_TRUE(shuffled.image == plain.image) << "seed " << seed << "\n" << gate.dump() << "\n" << other;
  }
}

}  // namespace
}  // namespace ostiary
