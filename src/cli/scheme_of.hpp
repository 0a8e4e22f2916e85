// The names of schemes in arguments and files.
#pragma once

#include <ostiary/http/request.hpp>

#include <string_view>

namespace ostiary::cli {

/// kUnknown for any other text, as the empty one.
[[nodiscard]] constexpr Scheme scheme_of(std::string_view name) noexcept {
  if (name == "https") return Scheme::kHttps;
  return name == "http" ? Scheme::kHttp : Scheme::kUnknown;
}

}  // namespace ostiary::cli
