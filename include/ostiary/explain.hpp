// The whole life of one request told at length: what Engine::decide_bytes and decide_fields decide, and why.
#pragma once

#include <ostiary/engine.hpp>
#include <ostiary/http/parsed_head.hpp>
#include <ostiary/policy/explain.hpp>

#include <string_view>

namespace ostiary {

/// See explain_request. The Decision is what the Engine would decide of the same head. Allocates; not for the request
/// path. Pure.
[[nodiscard]] Explanation explain_bytes(const Engine& engine, std::string_view head, const Facts& facts,
                                        const ExplainOptions& options = {});

/// The same for a head that the host has parsed already.
[[nodiscard]] Explanation explain_fields(const Engine& engine, const ParsedHead& head, const Facts& facts,
                                         const ExplainOptions& options = {});

}  // namespace ostiary
