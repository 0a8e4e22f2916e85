// From the JSON that people review to the image that doors map.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/reason.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// How many errors are reported one by one. Bytes of what one of them says.
inline constexpr std::uint32_t kGateErrorsMax = 100;
inline constexpr std::uint32_t kGateErrorSizeMax = 1024;

/// One thing wrong with a Gate's source.
struct GateError {
  Reason reason = Reason::kGateJson;
  std::uint32_t line = 1;    ///< from 1
  std::uint32_t column = 1;  ///< from 1, in bytes
  std::string message;       ///< where in the document, what was expected, what to change; one line
};

/// An image, or the errors found, in the order of the text; never both. Behind the first kGateErrorsMax stands one
/// that counts the others.
struct CompiledGate {
  std::string image;
  std::vector<GateError> errors;

  [[nodiscard]] bool ok() const noexcept { return errors.empty(); }
};

/// Compiles the language of docs/language.md. The same JSON gives the same image, byte for byte, on every
/// platform; the order of routes and rules in the source plays no part. Allocates; not for the request path.
/// Reasons in the errors: all GATE_*. Pure.
[[nodiscard]] CompiledGate compile_gate(std::string_view json, const Limits& limits = {});

}  // namespace ostiary
