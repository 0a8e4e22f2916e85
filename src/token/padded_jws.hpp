// Tokens whose parts are written with padding, which RFC 7515 §2 forbids and AWS Application Load Balancer does.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/jws.hpp>

#include <string_view>

namespace ostiary {

/// Splits a compact JWS each of whose parts is padded with `=` to a multiple of four. The parts come without their
/// padding, canonical as those of split_compact; the signing input keeps it, because that is what was signed.
/// Reasons and offsets: those of split_compact. Pure.
[[nodiscard]] Result<CompactJws> split_padded(std::string_view token, const Limits& limits) noexcept;

}  // namespace ostiary
