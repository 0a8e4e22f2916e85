// What compiling within a boundary adds to an image.
#pragma once

#include <ostiary/policy/gate_boundary.hpp>

#include <cstdint>
#include <vector>

namespace ostiary::policy {

/// A default-constructed one says that nothing was proved.
struct BoundaryMark {
  GateBoundaryHash hash{};
  std::uint32_t prover = 0;         ///< as in GateBoundary
  std::vector<GateReview> reviews;  ///< ascending by key id
};

}  // namespace ostiary::policy
