// Gates and requests that data/make_routes.py and data/make_policies.py have written.
#pragma once

#include "inputs.hpp"

#include <ostiary/http/request.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/identity.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::bench {

inline constexpr std::string_view kGeneratedHost = "api.bench.example";

/// A request for a Gate that is made of routes.txt beside it.
struct RoutedRequest {
  Method method = Method::kGet;
  std::string path;
};

/// The Gate of the routes beside the input, made once. Route n of the file has the id `rn`. Throws when it is refused.
[[nodiscard]] const Gate& gate_of_routes(const Input& requests);

/// The lines of hits.txt or misses.txt.
[[nodiscard]] std::vector<RoutedRequest> routed_requests(const Input& requests);

/// A line of hot.jsonl or mixed.jsonl: claims as a verified token leaves them.
struct DecidedRequest {
  std::string route;  ///< id
  Method method = Method::kGet;
  std::string path;
  std::string identity_image;
  std::string claims;  ///< JSON
};

/// gate.json beside the input, compiled once. Throws when it is refused.
[[nodiscard]] const Gate& gate_of_policy(const Input& requests);

[[nodiscard]] std::vector<DecidedRequest> decided_requests(const Input& requests);

/// The only one: contests over generated inputs know one table each. Throws otherwise.
[[nodiscard]] const Input& only(const std::vector<Input>& inputs);

}  // namespace ostiary::bench
