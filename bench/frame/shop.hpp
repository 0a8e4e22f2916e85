// The shop of examples/shop, as a host would hold it: keys imported, Gate compiled, engine made; and issuers of the
// same name for the tokens of bench/data.
#pragma once

#include <ostiary/engine.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ostiary::bench {

struct Shop {
  std::int64_t now_s = 0;  ///< the time at which the shop's tokens are good
  std::string keys_json;
  std::shared_ptr<const KeySet> keys;
  std::shared_ptr<const Engine> engine;
  std::array<std::string_view, 1> audiences{};
  std::array<TrustedIssuer, 1> issuers{};
  std::shared_ptr<const KeySet> bench_keys;
  std::shared_ptr<const SecretKeys> secrets;
  std::array<TrustedIssuer, 1> bench_issuers{};
  std::array<TrustedIssuer, 1> secret_issuers{};
};

/// Made once. Throws when the example is not sound.
[[nodiscard]] const Shop& shop();

/// Whom to trust about a token: the shop, or for those of bench/data, which their kid tells, who issued them.
[[nodiscard]] std::span<const TrustedIssuer> issuers_for(std::string_view token);

}  // namespace ostiary::bench
