// Compiling within a boundary, whoever proves it.
#pragma once

#include "policy/prove_within.hpp"

#include <ostiary/policy/boundary.hpp>

#include <string_view>

namespace ostiary::policy {

using Prover = BoundaryProof (*)(std::string_view gate_json, std::string_view boundary_json, const Limits& limits);

/// compile_gate_within with this prover.
[[nodiscard]] CompiledGate compile_within(std::string_view json, const ReviewedBoundary& boundary, const Limits& limits,
                                          Prover prove);

}  // namespace ostiary::policy
