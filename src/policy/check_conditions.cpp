#include "policy/check_conditions.hpp"

#include "policy/check_contradictions.hpp"
#include "policy/pattern.hpp"
#include "policy/quote.hpp"

#include <ostiary/http/ip_address.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace ostiary::policy {

namespace {

class ConditionCheck {
 public:
  ConditionCheck(CheckContext& context, const ConditionScope& scope) : context_(context), scope_(scope) {}

  void check(const PredicateSource& condition) {
    switch (dimension_of(condition.kind)) {
      case Dimension::kMethod: check_methods(condition); return;
      case Dimension::kHost: check_hosts(condition); return;
      case Dimension::kPath: check_paths(condition); return;
      case Dimension::kHeader: check_header(condition.subject); return;
      case Dimension::kClient: check_client(condition); return;
      case Dimension::kTime: check_time(condition); return;
      case Dimension::kFlag: context_.flags.require(condition.subject); return;
      case Dimension::kIssuer:
        for (const Text& issuer : condition.texts) context_.issuers.require(issuer);
        return;
      case Dimension::kClaim: check_claim(condition); return;
      case Dimension::kScope:
        for (const Text& scope : condition.texts) check_scope(scope);
        return;
      case Dimension::kNone:
      case Dimension::kScheme:
      case Dimension::kQuery:
      case Dimension::kIdentity:
      case Dimension::kAudience:
      case Dimension::kTokenAge: return;
    }
  }

 private:
  void fail_at(const PredicateSource& condition, Reason reason, const std::string& message) {
    context_.diagnostics.add(reason, condition.offset, message);
  }

  /// A rule that never matches is a mistake, and one that denies would be missed by nobody.
  void fail_unreachable(const PredicateSource& condition, std::string_view what) {
    fail_at(condition, Reason::kGateValue,
            "this condition never holds: no route that the " + std::string(scope_.owner) + " names has " +
                std::string(what) + "; correct it or name other routes");
  }

  void check_methods(const PredicateSource& condition) {
    const auto mask = static_cast<std::uint32_t>(condition.integers.front());
    const std::uint32_t methods = scope_.routes.methods();
    if (mask != 0 && methods != 0 && (mask & methods) == 0) fail_unreachable(condition, "any of these methods");
  }

  void check_hosts(const PredicateSource& condition) {
    for (const Text& host : condition.texts) context_.check_host_pattern(host);
    const auto meets = [this](const Text& host) { return scope_.routes.meets_host(host.value); };
    if (condition.texts.empty() || !scope_.routes.has_hosts()) return;
    if (std::none_of(condition.texts.begin(), condition.texts.end(), meets)) {
      fail_unreachable(condition, "a host that matches one of these");
    }
  }

  void check_paths(const PredicateSource& condition) {
    bool sound = !condition.texts.empty();
    for (const Text& path : condition.texts) {
      context_.check_path_pattern(path);
      if (!is_sound(path)) {
        sound = false;
      } else if (scope_.subject == RuleSubject::kAnyone && !claims_of(split_path_pattern(path.value)).empty()) {
        context_.fail(Reason::kGatePattern, path,
                      quote(path.value) +
                          " names a claim, so a public rule never matches it; write \"*\" for the claim " +
                          "or use \"identity\"");
        sound = false;
      }
    }
    if (sound) check_meeting(condition);
  }

  [[nodiscard]] bool is_sound(const Text& path) const {
    return path_pattern_fault(path.value, context_.limits.path_segments_max).empty();
  }

  void check_meeting(const PredicateSource& condition) {
    if (!scope_.routes.has_paths()) return;
    const auto meets = [this](const Text& path) {
      return scope_.routes.meets_path(split_path_pattern(path.value), context_.path_steps);
    };
    if (std::any_of(condition.texts.begin(), condition.texts.end(), meets)) return;
    if (context_.path_steps != 0) return fail_unreachable(condition, "a path that matches one of these");
    fail_at(condition, Reason::kGateLimit,
            "there are too many paths to say whether conditions can hold; name the routes that a rule is about, or "
            "write literals before \"*\"");
  }

  void check_header(const Text& name) {
    if (context_.is_readable_header(name.value)) return;
    context_.fail(Reason::kGateReference, name,
                  "header " + quote(name.value) + " is not declared; add it to \"headers\", in lower case");
  }

  /// RFC 6749 §3.3. A text with a space would be no scope of any token, and as one that must not be there would never
  /// be found.
  void check_scope(const Text& scope) {
    const auto is_scope_byte = [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; };
    if (std::all_of(scope.value.begin(), scope.value.end(), is_scope_byte)) return;
    context_.fail(Reason::kGateValue, scope,
                  "expected one scope, visible ASCII without spaces, quotation marks and backslashes, found " +
                      quote(scope.value) + "; write several as several texts");
  }

  /// Networks and address blocks in one list.
  void check_client(const PredicateSource& condition) {
    context_.count_blocks(condition);
    std::set<AddressBlock> seen;
    for (const Text& text : condition.texts) {
      const bool looks_like_block = text.value.find_first_of("/:") != std::string::npos || parse_address(text.value);
      if (!looks_like_block && !context_.networks.has(text)) {
        context_.fail(
            Reason::kGateReference, text,
            "no network is called " + quote(text.value) + "; declare it in \"networks\" or write an address block");
      }
      if (!looks_like_block) continue;
      context_.check_address_block(text);
      const auto block = parse_address_block(text.value);
      if (block && !seen.insert(*block).second) {
        context_.fail(Reason::kGateValue, text, "the block " + quote(text.value) + " stands twice; remove one");
      }
    }
  }

  /// What `time` and `expires` leave together.
  void check_time(const PredicateSource& condition) {
    const std::int64_t from = condition.integers[0];
    const std::int64_t until = condition.integers[1];
    if (from >= until) {
      fail_at(condition, Reason::kGateValue, "this condition never holds: expected \"from\" to be before \"until\"");
      return;
    }
    from_ = std::max(from_, from);
    until_ = std::min(until_, until);
    if (from_ < until_) return;
    fail_at(
        condition, Reason::kGateValue,
        "the " + std::string(scope_.owner) + " never matches: it expires before \"time\" begins; correct one of them");
  }

  void check_claim(const PredicateSource& condition) {
    const ClaimSource* const claim = context_.read_claim(condition.subject);
    if (claim == nullptr || !check_kind(condition, claim->kind)) return;
    for (const Text& value : condition.texts) {
      if (check_wildcard(condition.kind, value)) check_vocabulary(condition, *claim, value);
    }
  }

  bool check_kind(const PredicateSource& condition, ClaimKind kind) {
    static const std::map<PredicateKind, std::pair<ClaimKind, std::string_view>> kNeeded = {
        {PredicateKind::kTextIn, {ClaimKind::kText, "text"}},
        {PredicateKind::kTextNotIn, {ClaimKind::kText, "text"}},
        {PredicateKind::kTextPrefix, {ClaimKind::kText, "text"}},
        {PredicateKind::kIntegerIn, {ClaimKind::kInteger, "integer"}},
        {PredicateKind::kIntegerNotIn, {ClaimKind::kInteger, "integer"}},
        {PredicateKind::kBooleanIs, {ClaimKind::kBoolean, "boolean"}},
        {PredicateKind::kHasAny, {ClaimKind::kTextSet, "text_set"}},
        {PredicateKind::kHasAll, {ClaimKind::kTextSet, "text_set"}},
        {PredicateKind::kHasNone, {ClaimKind::kTextSet, "text_set"}}};
    const auto needed = kNeeded.find(condition.kind);
    if (needed == kNeeded.end() || kind == needed->second.first) return true;
    fail_at(condition, Reason::kGateType,
            "claim " + quote(condition.subject.value) + " is not declared as " + std::string(needed->second.second) +
                ", which this condition needs; declare it so or use another operator");
    return false;
  }

  /// Texts are compared byte for byte, but whoever writes an asterisk means any text.
  bool check_wildcard(PredicateKind kind, const Text& value) {
    const std::size_t at = value.value.find('*');
    if (at == std::string::npos) return true;
    const std::string found = quote(value.value) + " has a wildcard ";
    if (kind == PredicateKind::kTextPrefix) {
      context_.fail(Reason::kGateValue, value, found + "inside a prefix, which needs none; leave it out");
      return false;
    }
    if (kind != PredicateKind::kTextIn && kind != PredicateKind::kTextNotIn) return true;
    const std::string_view before = std::string_view(value.value).substr(0, at);
    context_.fail(Reason::kGateValue, value,
                  found + "inside equality, where it would stand for itself; use \"prefix\"" +
                      (before.empty() ? std::string() : ": [" + quote(before) + "]") + " or \"present\"");
    return false;
  }

  void check_vocabulary(const PredicateSource& condition, const ClaimSource& claim, const Text& value) {
    const bool is_prefix = condition.kind == PredicateKind::kTextPrefix;
    if (context_.has_value(claim, value, is_prefix)) return;
    const std::string begins = is_prefix ? "that begins with " : "";
    context_.fail(Reason::kGateValue, value,
                  "claim " + quote(claim.name.value) + " has no value " + begins + quote(value.value) + "; " +
                      context_.guess(value, claim) + "add it to \"one_of\"");
  }

  CheckContext& context_;
  const ConditionScope& scope_;
  std::int64_t from_ = INT64_MIN;
  std::int64_t until_ = INT64_MAX;
};

}  // namespace

void check_conditions(CheckContext& context, const std::vector<PredicateSource>& conditions,
                      const ConditionScope& scope) {
  const std::size_t before = context.diagnostics.count();
  ConditionCheck check(context, scope);
  for (const PredicateSource& condition : conditions) check.check(condition);
  if (context.diagnostics.count() == before) check_contradictions(context, conditions, scope.owner);
}

}  // namespace ostiary::policy
