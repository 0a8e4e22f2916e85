// What several calls make of gates: handles, errors, keys.
#pragma once

#include "handles.hpp"

#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/signed_gate.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace ostiary::capi {

/// The first of the errors, and how many there are.
[[nodiscard]] ostiary_reason report_gate_errors(ostiary_error* error, const CompiledGate& compiled) noexcept;

[[nodiscard]] ostiary_reason make_gate(std::string image, ostiary_gate** out, ostiary_error* error);

/// PEM blocks; the error's offset is the index of the one that is none.
[[nodiscard]] ostiary_reason read_gate_keys(const ostiary_bytes* pems, std::size_t count,
                                            std::vector<GatePublicKey>& keys, ostiary_error* error);

}  // namespace ostiary::capi
