// A trust policy as it is written, with the place of everything in it.
#pragma once

#include "authority/globs.hpp"
#include "authority/operators.hpp"
#include "policy/diagnostics.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ostiary::authority {

using policy::Text;

enum class PrincipalKind : std::uint8_t { kEveryone, kAws, kFederated, kService, kCanonicalUser };

struct Principal {
  PrincipalKind kind = PrincipalKind::kEveryone;
  Text id;
};

struct Condition {
  Operator test;
  Text name;  ///< of the operator
  Text key;
  std::vector<Text> values;
  std::vector<std::optional<Glob>>
      globs;  ///< what the values take, of text operators; nothing where that is not modelled
};

struct Statement {
  std::uint32_t offset = 0;
  Text sid;  ///< empty: none
  bool allow = false;
  bool not_principal = false;
  bool not_action = false;
  std::vector<Principal> principals;
  std::vector<Text> actions;
  std::vector<Condition> conditions;
};

struct Document {
  bool has_variables = false;  ///< "${…}" in a value stands for something: Version 2012-10-17
  std::vector<Statement> statements;
};

/// Strict: what IAM's grammar for trust policies does not have is an error. Nothing when there is one.
[[nodiscard]] std::optional<Document> read_document(std::string_view json, const Limits& limits,
                                                    policy::Diagnostics& diagnostics);

}  // namespace ostiary::authority
