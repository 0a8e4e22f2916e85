// What a request had where a condition asked.
#pragma once

#include <ostiary/http/request.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/identity.hpp>

#include <string>
#include <string_view>

namespace ostiary::policy {

/// Everything that conditions look at. Borrows all of it.
struct Seen {
  const Gate& gate;
  const Request& request;
  const Identity* identity;  ///< nullptr: none
  const Facts& facts;
};

/// In a few words, secrets left out and long values cut; "absent" where there is nothing.
[[nodiscard]] std::string had_value(const Seen& seen, const PredicateRecord& predicate);

/// The claim as it is shown; "absent" where there is none.
[[nodiscard]] std::string shown_claim(const Identity& identity, std::string_view name);

}  // namespace ostiary::policy
