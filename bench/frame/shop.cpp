#include "shop.hpp"

#include "inputs.hpp"

#include <ostiary/core/base64url.hpp>
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
  const auto bench_keys = KeySet::from_jwks(read_file("bench/data/keys.json"));
  const std::string secret = read_file("bench/data/secret.txt");
  const std::array<SecretKey, 1> named{{{secret, Algorithm::kHs256, "bench-hs-1"}}};
  const auto secrets = SecretKeys::make(named);
  if (!bench_keys || !secrets) throw std::runtime_error("bench/data: the keys are refused");
  made.bench_keys = *bench_keys;
  made.secrets = *secrets;
  return made;
}

/// The policy of the shop with other algorithms.
TrustedIssuer issuer_of(const Shop& shop, AlgorithmSet algorithms) {
  TrustedIssuer issuer;
  issuer.policy.issuer = "https://id.shop.example";
  issuer.policy.audiences = shop.audiences;
  issuer.policy.algorithms = algorithms;
  return issuer;
}

}  // namespace

const Shop& shop() {
  static Shop the_shop = make_shop();
  static const bool joined = [] {  // views into the object, so only once it has its address
    the_shop.audiences = {"https://api.shop.example"};
    the_shop.issuers[0] = issuer_of(the_shop, {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa});
    the_shop.issuers[0].keys = the_shop.keys.get();
    the_shop.bench_issuers[0] = issuer_of(the_shop, {Algorithm::kPs256, Algorithm::kRs256, Algorithm::kEs256});
    the_shop.bench_issuers[0].keys = the_shop.bench_keys.get();
    the_shop.secret_issuers[0] = issuer_of(the_shop, {Algorithm::kHs256});
    the_shop.secret_issuers[0].secrets = the_shop.secrets.get();
    return true;
  }();
  static_cast<void>(joined);
  return the_shop;
}

std::span<const TrustedIssuer> issuers_for(std::string_view token) {
  const std::string_view part = token.substr(0, token.find('.'));
  std::string header(base64url_decoded_size(part.size()), '\0');
  if (!base64url_decode(part, header)) return shop().issuers;
  if (header.find("\"bench-hs-") != std::string::npos) return shop().secret_issuers;
  if (header.find("\"bench-") != std::string::npos) return shop().bench_issuers;
  return shop().issuers;
}

}  // namespace ostiary::bench
