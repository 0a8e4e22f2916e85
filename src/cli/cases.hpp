// The file of cases: requests, and what the policy and the RFCs demand for each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::cli {

/// What a case says about one part of its Decision: nothing, that it is absent, or its text.
struct Expected {
  bool given = false;
  std::optional<std::string> text;
};

struct Case {
  std::string name;
  std::string request;  ///< file; a relative path counts from the cases file
  std::string peer;     ///< empty when unknown
  std::string scheme;   ///< http or https; empty when unknown
  Expected effect;
  Expected route;
  Expected rule;
  Expected reason;
};

struct CaseFile {
  std::optional<std::int64_t> now_s;
  std::vector<Case> cases;
};

/// Throws Stop with kUsage, naming file and place, for anything that is not a cases file. Members that say nothing
/// about the verdict (`why`, `from`) are passed over; in `expect` an unknown member is refused, because a misspelt
/// expectation would hold for ever.
[[nodiscard]] CaseFile read_cases(const std::string& file);

}  // namespace ostiary::cli
