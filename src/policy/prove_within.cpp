#include "policy/prove_within.hpp"

namespace ostiary::policy {

BoundaryProof prove_within(std::string_view /*gate_json*/, std::string_view /*boundary_json*/,
                           const Limits& /*limits*/) {
  return {BoundaryVerdict::kNotProved, "this version of the library has no prover"};
}

}  // namespace ostiary::policy
