#include "translate.hpp"

#include <ostiary/http/finding.hpp>

#include <iterator>

using ostiary::FindingRule;
using ostiary::kFindingRules;
using ostiary::kReasons;
using ostiary::ReasonInfo;
using ostiary::capi::to_c;

extern "C" {

uint32_t ostiary_abi_version(void) { return OSTIARY_ABI_VERSION; }

const char* ostiary_version_string(void) { return OSTIARY_VERSION; }

size_t ostiary_reason_count(void) { return std::size(kReasons); }

ostiary_reason ostiary_reason_at(size_t index, ostiary_reason_info* out) {
  if (out == nullptr) return OSTIARY_USAGE_ARGUMENT;
  *out = {};
  if (index >= std::size(kReasons)) return OSTIARY_USAGE_ARGUMENT;
  const ReasonInfo& info = kReasons[index];
  *out = {to_c(info.reason), info.http_status, to_c(info.name), to_c(ostiary::reason_class_name(info.reason_class)),
          to_c(info.clause), to_c(info.text)};
  return OSTIARY_OK;
}

ostiary_reason ostiary_reason_find(ostiary_reason reason, ostiary_reason_info* out) {
  for (size_t i = 0; i < std::size(kReasons); ++i) {
    if (to_c(kReasons[i].reason) == reason) return ostiary_reason_at(i, out);
  }
  return ostiary_reason_at(std::size(kReasons), out);
}

size_t ostiary_rule_count(void) { return std::size(kFindingRules); }

ostiary_reason ostiary_rule_at(size_t index, ostiary_rule_info* out) {
  if (out == nullptr) return OSTIARY_USAGE_ARGUMENT;
  *out = {};
  if (index >= std::size(kFindingRules)) return OSTIARY_USAGE_ARGUMENT;
  const FindingRule& rule = kFindingRules[index];
  const uint32_t traits = (rule.waivable ? OSTIARY_RULE_WAIVABLE : 0U) | (rule.lenses ? OSTIARY_RULE_LENSES : 0U) |
                          (rule.bytes_door ? OSTIARY_RULE_BYTES_DOOR : 0U) |
                          (rule.fields_door ? OSTIARY_RULE_FIELDS_DOOR : 0U);
  *out = {to_c(rule.reason), static_cast<ostiary_disposition>(rule.disposition), traits, 0};
  return OSTIARY_OK;
}

ostiary_reason ostiary_rule_find(ostiary_reason reason, ostiary_rule_info* out) {
  return ostiary_rule_at(ostiary::find_rule(static_cast<ostiary::Reason>(reason)), out);
}

}  // extern "C"
