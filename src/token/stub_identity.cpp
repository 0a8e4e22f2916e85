#include "token/stub_identity.hpp"

#include "token/claims.hpp"
#include "token/identity_writer.hpp"
#include "token/presented_parts.hpp"
#include "token/rules.hpp"

#include <ostiary/token/jws.hpp>
#include <ostiary/token/verifier.hpp>

#include <utility>

namespace ostiary {

namespace {

using adapt::JsonKind;
using adapt::JsonValue;

/// As JsonValue::key_start says.
std::uint64_t start_of(std::string_view name) noexcept {
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < name.size() && i < sizeof(start); ++i) {
    start |= std::uint64_t{static_cast<unsigned char>(name[i])} << 8 * i;
  }
  return start;
}

}  // namespace

StubClaims::StubClaims(std::span<const JsonValue> values) : values_(values.begin(), values.end()) {
  const auto first = static_cast<std::uint32_t>(values[0].end - values.size());
  for (JsonValue& value : values_) value.end -= first;
}

bool StubClaims::has(std::string_view name) const noexcept { return adapt::find_member(values_, 0, name) != nullptr; }

void StubClaims::add(JsonValue value) {
  value.key_start = start_of(value.key);
  value.end = static_cast<std::uint32_t>(values_.size() + 1);
  values_.push_back(value);
  values_[0].end = value.end;
  ++values_[0].count;
}

void StubClaims::add_text(std::string_view name, std::string_view value) {
  add({.kind = JsonKind::kText, .key = name, .text = value});
}

void StubClaims::add_integer(std::string_view name, std::int64_t value) {
  add({.kind = JsonKind::kInteger, .key = name, .integer = value});
}

void StubClaims::settle() {
  std::string run;
  for (const JsonValue& value : values_) run.append(value.key).append(value.text);
  // Now that the run has its place, the same walk again says where each text stands in it.
  texts_ = std::move(run);
  std::size_t place = 0;
  const auto moved = [&](std::string_view text) {
    place += text.size();
    return std::string_view(texts_).substr(place - text.size(), text.size());
  };
  for (JsonValue& value : values_) {
    value.key = moved(value.key);
    value.text = moved(value.text);
  }
}

Result<Identity> stub_identity(const StubClaims& claims, const TokenPolicy& policy, std::int64_t now_s,
                               const Limits& limits, std::span<char> memory) noexcept {
  if (claims.values().size() > limits.token_json_values_max) return Reason::kTokenJsonLimit;
  const Claims known(claims.values());
  const TrustedIssuer issuer{.policy = policy};
  if (const auto found = select_issuer(known, {&issuer, 1}); !found) return found.error();
  const CompactJws jws{};
  const Header header{};
  const TokenFacts facts{.now_s = now_s};
  const Presented token{jws,    false, header, Algorithm{}, {}, claims.values(), known, lifetime_of(known, policy),
                        policy, facts, limits};
  if (const Reason reason = ask_claim_rules(token); reason != Reason::kOk) return reason;
  const std::string_view image = write_identity(claims.values(), claims.texts(), memory);
  if (image.empty()) return Reason::kTokenJsonLimit;
  return Identity::load(image);
}

}  // namespace ostiary
