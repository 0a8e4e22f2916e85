// `ostiary verify`: one token against one issuer and its key set. The token itself is never printed.
#include "commands.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/token/verifier.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

[[nodiscard]] AlgorithmSet parse_algorithms(const std::vector<std::string>& names) {
  AlgorithmSet set;
  for (const std::string& name : names) {
    const auto algorithm = parse_algorithm(name);
    if (!algorithm) {
      std::string known;
      for (const AlgorithmName& entry : kAlgorithmNames) known += (known.empty() ? "" : ", ") + std::string(entry.name);
      throw Stop(Exit::kUsage, "ostiary: --algorithm " + escaped(name) + ": expected one of " + known);
    }
    set.add(*algorithm);
  }
  return set;
}

/// Without the one line end that editors and shells put behind it.
[[nodiscard]] std::string read_token(const std::string& file, const Limits& limits) {
  constexpr std::size_t kLineEndAndOne = 3;  // enough left over for the verifier to see that it is too long
  std::string token = read_input(file, limits.token_size_max + kLineEndAndOne, Excess::kCut);
  if (token.ends_with('\n')) token.pop_back();
  if (token.ends_with('\r')) token.pop_back();
  return token;
}

[[nodiscard]] Json claim_json(const Identity& identity, const ClaimRecord& claim) {
  switch (claim.kind) {
    case ClaimKind::kText: return identity.text(claim.text);
    case ClaimKind::kInteger: return claim.integer;
    case ClaimKind::kBoolean: return claim.integer != 0;
    case ClaimKind::kTextSet: {
      Json elements = Json::array();
      for (std::uint32_t i = 0; i < claim.text.length; ++i) elements.push_back(identity.element(claim, i));
      return elements;
    }
    case ClaimKind::kOther: return {};
  }
  return {};
}

[[nodiscard]] std::string_view kind_name(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::kText: return "text";
    case ClaimKind::kInteger: return "integer";
    case ClaimKind::kBoolean: return "boolean";
    case ClaimKind::kTextSet: return "text_set";
    case ClaimKind::kOther: return "other";
  }
  return {};
}

[[nodiscard]] std::string shown_claim(const Identity& identity, const ClaimRecord& claim) {
  switch (claim.kind) {
    case ClaimKind::kText: return escaped(identity.text(claim.text));
    case ClaimKind::kInteger: return std::to_string(claim.integer);
    case ClaimKind::kBoolean: return claim.integer != 0 ? "true" : "false";
    case ClaimKind::kTextSet: {
      std::string text;
      for (std::uint32_t i = 0; i < claim.text.length; ++i) {
        text += (i == 0 ? "" : ", ") + escaped(identity.element(claim, i));
      }
      return "[" + text + "]";
    }
    case ClaimKind::kOther: return "(of a shape that no rule can match)";
  }
  return {};
}

[[nodiscard]] Json keys_json(const KeySet& keys) {
  Json skipped = Json::array();
  for (const KeySet::SkippedKey& key : keys.skipped()) {
    skipped.push_back(
        {{"index", key.index}, {"offset", key.offset}, {"reason", reason_json(key.reason)}, {"key_id", key.key_id}});
  }
  return {{"usable", keys.size()}, {"skipped", std::move(skipped)}};
}

[[nodiscard]] Json verdict_json(const Result<Identity>& verdict, const KeySet& keys) {
  Json json = {{"valid", verdict.ok()}, {"reason", reason_json(verdict.reason())}};
  if (verdict.ok()) {
    json["claims"] = Json::object();
    json["other_claims"] = Json::array();
    for (std::uint32_t i = 0; i < verdict->claim_count(); ++i) {
      const ClaimRecord claim = verdict->claim(i);
      const std::string name(verdict->text(claim.name));
      if (claim.kind == ClaimKind::kOther) json["other_claims"].push_back(name);
      if (claim.kind != ClaimKind::kOther) json["claims"][name] = claim_json(*verdict, claim);
    }
    json["scopes"] = Json::array();
    for (std::uint32_t i = 0; i < verdict->scope_count(); ++i) json["scopes"].push_back(verdict->scope(i));
  } else {
    json["offset"] = verdict.error().offset;
    json["clause"] = reason_info(verdict.reason()).clause;
    json["text"] = reason_info(verdict.reason()).text;
  }
  json["keys"] = keys_json(keys);
  return json;
}

[[nodiscard]] std::string shown_keys(const KeySet& keys) {
  std::string text = std::to_string(keys.size()) + " usable";
  for (const KeySet::SkippedKey& key : keys.skipped()) {
    text += "; keys[" + std::to_string(key.index) + "] skipped: " + shown_reason(key.reason);
  }
  return text;
}

[[nodiscard]] std::string claims_table(const Identity& identity) {
  Table table({{"claim"}, {"kind"}, {"value"}});
  for (std::uint32_t i = 0; i < identity.claim_count(); ++i) {
    const ClaimRecord claim = identity.claim(i);
    table.add(
        {{escaped(identity.text(claim.name))}, {std::string(kind_name(claim.kind))}, {shown_claim(identity, claim)}});
  }
  return table.text();
}

[[nodiscard]] std::string verdict_text(const Result<Identity>& verdict, const KeySet& keys) {
  const ReasonInfo& info = reason_info(verdict.reason());
  Sheet sheet;
  sheet.add("token", verdict.ok() ? "OK" : "refused", verdict.ok() ? Tone::kGood : Tone::kBad);
  if (!verdict.ok()) {
    sheet.add("reason", explained_reason(verdict.reason()));
    sheet.add("place", "byte " + std::to_string(verdict.error().offset) + " of the token");
    sheet.add("clause", std::string(info.clause));
    sheet.add("keys", shown_keys(keys));
    return sheet.text();
  }
  std::string scopes;
  for (std::uint32_t i = 0; i < verdict->scope_count(); ++i) {
    scopes += (i == 0 ? "" : " ") + escaped(verdict->scope(i));
  }
  sheet.add("scopes", scopes);
  sheet.add("keys", shown_keys(keys));
  return sheet.text() + "\n" + claims_table(*verdict);
}

}  // namespace

Exit run_verify(const VerifyOptions& options) {
  const Limits limits;
  const std::vector<std::string_view> audiences(options.audiences.begin(), options.audiences.end());
  const auto keys = load_keys(options.jwks);
  TrustedIssuer issuer;
  issuer.policy = {options.issuer, audiences, parse_algorithms(options.algorithms), options.skew_s.value_or(0)};
  issuer.keys = keys.get();
  const std::string token = read_token(options.file, limits);
  VerifyScratch scratch(limits);
  const std::array<TrustedIssuer, 1> issuers{issuer};
  const Result<Identity> verdict = verify_token(token, issuers, {.now_s = options.now_s.value_or(clock_s())}, scratch);
  write_out(options.json ? json_text(verdict_json(verdict, *keys)) : verdict_text(verdict, *keys));
  return verdict.ok() ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
