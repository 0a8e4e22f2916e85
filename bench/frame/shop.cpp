#include "shop.hpp"

#include "inputs.hpp"

#include <ostiary/policy/compile.hpp>

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace ostiary::bench {

namespace {

Shop make_shop() {
  Shop made;
  made.now_s = nlohmann::json::parse(read_file("examples/shop/cases.json"))["now"].get<std::int64_t>();
  made.keys_json = read_file("examples/shop/keys.json");
  const auto keys = KeySet::from_jwks(made.keys_json);
  const CompiledGate gate = compile_gate(read_file("examples/shop/gate.json"));
  if (!keys || !gate.ok()) throw std::runtime_error("examples/shop: the keys or the gate are refused");
  made.keys = *keys;
  const auto engine = Engine::make(gate.image, {{"shop-id", made.keys}});
  if (!engine) throw std::runtime_error("examples/shop: no engine can be made");
  made.engine = *engine;
  return made;
}

}  // namespace

const Shop& shop() {
  static Shop the_shop = make_shop();
  static const bool joined = [] {  // views into the object, so only once it has its address
    the_shop.audiences = {"https://api.shop.example"};
    the_shop.issuers[0].policy = {
        "https://id.shop.example", the_shop.audiences, {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa}};
    the_shop.issuers[0].keys = the_shop.keys.get();
    return true;
  }();
  static_cast<void>(joined);
  return the_shop;
}

}  // namespace ostiary::bench
