// What a trust policy answers to one asker, as IAM documents it: yes, no, or unknown where a condition is not modelled.
#pragma once

#include "authority/boxes.hpp"
#include "authority/document.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::authority {

enum class Truth : std::uint8_t { kNo, kUnknown, kYes };

[[nodiscard]] constexpr Truth truth_of(bool value) noexcept { return value ? Truth::kYes : Truth::kNo; }

inline constexpr std::string_view kWebIdentity = "sts:AssumeRoleWithWebIdentity";

/// Who calls STS, and how.
struct Asker {
  PrincipalKind kind = PrincipalKind::kFederated;
  std::string id;        ///< as a policy names it
  std::string provider;  ///< of a web identity: the issuer's URL without https://, in lower case; else empty
  std::string action;
};

/// The issuer that the name of a federated principal stands for, as Asker::provider; empty where it is none of OpenID
/// Connect.
[[nodiscard]] std::string provider_of(std::string_view federated);

/// A web identity of the provider with this name.
[[nodiscard]] Asker web_identity(std::string_view federated);

/// What a condition key is about, when this one asks.
struct KeyView {
  enum class Sight : std::uint8_t {
    kClaim,    ///< of the token
    kNever,    ///< belongs to another issuer, so it is absent
    kUnknown,  ///< of the request, or a claim that AWS does not document
  };
  Sight sight = Sight::kUnknown;
  std::string claim;
};
[[nodiscard]] KeyView view_key(std::string_view key, const Asker& asker);

/// Whether principal and action of the statement are the asker's.
[[nodiscard]] bool concerns(const Statement& statement, const Asker& asker);
[[nodiscard]] bool names_principal(const Statement& statement, const Asker& asker);
[[nodiscard]] bool names_action(const Statement& statement, std::string_view action);

/// Makes the patterns of the condition's values, if it is one about texts. The document says whether "${" is a
/// variable.
void prepare(const Document& document, Condition& condition);

/// Whether the condition, which is prepared, holds when its key has this value.
[[nodiscard]] Truth holds(const Condition& condition, const Value& value);

/// The claim of the token; an absent Value where it has none.
using Claims = std::function<Value(std::string_view claim)>;

[[nodiscard]] Truth holds(const Statement& statement, const Asker& asker, const Claims& claims);

/// Whether the document lets this one in: some Allow and no Deny.
[[nodiscard]] Truth admits(const Document& document, const Asker& asker, const Claims& claims);

}  // namespace ostiary::authority
