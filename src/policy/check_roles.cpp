#include "policy/check_roles.hpp"

#include "policy/check_conditions.hpp"
#include "policy/quote.hpp"

#include <ostiary/policy/role.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace ostiary::policy {

namespace {

bool is_name_character(char c) {
  constexpr std::string_view kOthers = "_+=,.@-";
  return is_alpha(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos;
}

/// What lies between the slashes of a path of IAM; a wildcard would not be one role.
bool is_path_character(char c) { return c > ' ' && c < '\x7f' && c != '*' && c != '?'; }

/// Whether this is a path and a name of IAM (AWS IAM API reference, CreateRole): `name` or `path/name`.
bool is_role_name(std::string_view text) {
  constexpr std::size_t kNameMax = 64;
  constexpr std::size_t kPathMax = 512;  // with the slash at either end
  const std::size_t slash = text.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  const std::string_view path = slash == std::string_view::npos ? std::string_view() : text.substr(0, slash + 1);
  return !name.empty() && name.size() <= kNameMax && path.size() < kPathMax && !path.starts_with('/') &&
         path.find("//") == std::string_view::npos && std::all_of(name.begin(), name.end(), is_name_character) &&
         std::all_of(path.begin(), path.end(), is_path_character);
}

/// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME` (AWS IAM user guide, IAM identifiers).
bool is_role_arn(std::string_view arn) {
  static constexpr std::array<std::string_view, 8> kPartitions = {"aws",       "aws-cn",    "aws-us-gov", "aws-iso",
                                                                  "aws-iso-b", "aws-iso-e", "aws-iso-f",  "aws-eusc"};
  constexpr std::size_t kAccountSize = 12;
  constexpr std::string_view kArn = "arn:";
  constexpr std::string_view kService = ":iam::";
  constexpr std::string_view kRole = ":role/";
  if (!arn.starts_with(kArn)) return false;
  arn.remove_prefix(kArn.size());
  const std::string_view partition = arn.substr(0, arn.find(':'));
  if (std::find(kPartitions.begin(), kPartitions.end(), partition) == kPartitions.end()) return false;
  arn.remove_prefix(partition.size());
  if (!arn.starts_with(kService)) return false;
  arn.remove_prefix(kService.size());
  const std::string_view account = arn.substr(0, kAccountSize);
  if (account.size() != kAccountSize || !std::all_of(account.begin(), account.end(), is_digit)) return false;
  arn.remove_prefix(kAccountSize);
  return arn.starts_with(kRole) && is_role_name(arn.substr(kRole.size()));
}

/// Keys of session tags (AWS STS API reference, Tag), as far as they are ASCII.
bool is_tag_key(std::string_view key) {
  constexpr std::size_t kSizeMax = 128;
  return key.size() <= kSizeMax && is_session_tag_value(key);
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
  return lower;
}

void check_session_name(CheckContext& context, const RoleTextSource& name) {
  if (name.value.value.empty()) return;
  if (name.is_claim) {
    context.require_text_claim(name.value, "the name of a session");
  } else if (!is_session_name(name.value.value)) {
    context.fail(Reason::kGateValue, name.value,
                 "expected the name of a session, 2 to 64 of \"A-Za-z0-9_+=,.@-\", found " + quote(name.value.value));
  }
}

void check_tag_key(CheckContext& context, const Text& key, std::set<std::string>& seen) {
  const std::string lower = in_lower_case(key.value);
  if (!is_tag_key(key.value)) {
    context.fail(Reason::kGateValue, key,
                 "expected the key of a tag, 1 to 128 of \"A-Za-z0-9 _.:/=+-@\", found " + quote(key.value));
  } else if (lower.starts_with("aws:")) {
    context.fail(Reason::kGateValue, key,
                 quote(key.value) + ": keys that begin with \"aws:\" belong to AWS; choose another");
  } else if (!seen.insert(lower).second) {
    context.fail(Reason::kGateValue, key,
                 quote(key.value) + " is the same key as one before it, since AWS ignores case; remove one");
  }
}

void check_tags(CheckContext& context, const RoleSource& role) {
  std::set<std::string> seen;
  for (const SessionTagSource& tag : role.session_tags) {
    check_tag_key(context, tag.key, seen);
    if (tag.value.value.value.empty()) continue;
    if (tag.value.is_claim) {
      context.require_text_claim(tag.value.value, "the tag of a session");
    } else if (!is_session_tag_value(tag.value.value.value)) {
      context.fail(
          Reason::kGateValue, tag.value.value,
          "expected the value of a tag, up to 256 of \"A-Za-z0-9 _.:/=+-@\", found " + quote(tag.value.value.value));
    }
  }
  if (role.session_tags.size() <= kSessionTagsMax) return;
  context.fail(Reason::kGateLimit, role.session_tags[kSessionTagsMax].key,
               "expected at most " + std::to_string(kSessionTagsMax) + " tags, found " +
                   std::to_string(role.session_tags.size()));
}

}  // namespace

void check_role(CheckContext& context, const RoleSource& role) {
  const ConditionScope scope{"role mapping", context.check_routes(role.routes), RuleSubject::kIdentity};
  check_conditions(context, role.predicates, scope);
  if (!role.role_arn.value.empty() && !is_role_arn(role.role_arn.value)) {
    context.fail(Reason::kGateValue, role.role_arn,
                 "expected the ARN of one role, as \"arn:aws:iam::123456789012:role/name\", found " +
                     quote(role.role_arn.value));
  }
  check_session_name(context, role.session_name);
  check_tags(context, role);
  if (context.gate.issuers.empty()) {
    context.fail(Reason::kGateReference, role.id,
                 "the role mapping needs an identity, but the Gate trusts no issuer; declare one in \"issuers\"");
  }
}

}  // namespace ostiary::policy
