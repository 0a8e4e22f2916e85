// The shop of examples/shop, as a host would hold it: keys imported, Gate compiled, engine made.
#pragma once

#include <ostiary/engine.hpp>

#include <array>
#include <cstdint>
#include <memory>
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
};

/// Made once. Throws when the example is not sound.
[[nodiscard]] const Shop& shop();

}  // namespace ostiary::bench
