// What a contestant found in a head, to be compared before anything is timed.
#pragma once

#include "bench/peers/heads/head_peer.h"

#include <ostiary/http/inspect.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary::bench {

[[nodiscard]] inline HeadText head_text(std::string_view text) noexcept { return {text.data(), text.size()}; }

/// Borrows what the Request borrows. It must have at most HEAD_FIELDS_MAX fields.
inline void fill_facts(const Inspection& inspection, HeadFacts& facts) noexcept {
  const Request& request = inspection.request;
  facts.method = head_text(kMethodNames[static_cast<std::size_t>(request.method)]);
  facts.target = head_text(request.target.in(request.head));
  facts.head_size = inspection.head_size;
  facts.field_count = request.fields.size();
  for (std::size_t i = 0; i < request.fields.size(); ++i) {
    facts.names[i] = head_text(request.name(request.fields[i]));
    facts.values[i] = head_text(request.value(request.fields[i]));
  }
}

/// One line: method, target, number of fields, size of the head, and a digest of all names and values.
[[nodiscard]] inline std::string describe(const HeadFacts& facts) {
  std::uint64_t digest = 14695981039346656037U;  // FNV-1a
  const auto add = [&digest](HeadText text) {
    for (const char c : std::string_view(text.data, text.size)) {
      digest = (digest ^ static_cast<unsigned char>(c)) * 1099511628211U;
    }
    digest = (digest ^ 0x100U) * 1099511628211U;  // no byte: ends the text
  };
  for (std::size_t i = 0; i < facts.field_count; ++i) {
    add(facts.names[i]);
    add(facts.values[i]);
  }
  return std::string(facts.method.data, facts.method.size) + " " + std::string(facts.target.data, facts.target.size) +
         ", " + std::to_string(facts.field_count) + " fields, " + std::to_string(facts.head_size) + " bytes, digest " +
         std::to_string(digest);
}

}  // namespace ostiary::bench
