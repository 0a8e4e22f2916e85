// `ostiary verify`: one token against one issuer and its keys. The token itself is never printed.
#include "commands.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"
#include "verify_report.hpp"
#include "verify_settings.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/token/token_verifier.hpp>

#include <memory>
#include <string>
#include <utility>

namespace ostiary::cli {

namespace {

using MadeVerifier = Result<std::shared_ptr<const TokenVerifier>>;

/// Without the one line end that editors and shells put behind it.
[[nodiscard]] std::string read_token(const std::string& file, const Limits& limits) {
  constexpr std::size_t kLineEndAndOne = 3;  // enough left over for the verifier to see that it is too long
  std::string token = read_input(file, limits.token_size_max + kLineEndAndOne, Excess::kCut);
  if (token.ends_with('\n')) token.pop_back();
  if (token.ends_with('\r')) token.pop_back();
  return token;
}

/// Keys of whichever kind was given; the other is empty.
struct Keys {
  std::shared_ptr<const KeySet> keys;
  std::shared_ptr<const SecretKeys> secrets;

  [[nodiscard]] std::size_t size() const { return keys != nullptr ? keys->size() : secrets->size(); }
};

[[nodiscard]] Keys load(const VerifyOptions& options, AlgorithmSet algorithms) {
  if (!options.jwks.empty()) return {load_keys(options.jwks), nullptr};
  if (!options.pem.empty()) return {load_pem(options.pem, algorithms), nullptr};
  return {nullptr, load_secret(options.secret, algorithms)};
}

[[nodiscard]] std::shared_ptr<const TokenVerifier> make_verifier(std::vector<IssuerSettings> settings, const Keys& keys,
                                                                 const VerifyOptions& options) {
  std::vector<std::string> names;
  for (const IssuerSettings& one : settings) names.push_back(one.issuer);
  MadeVerifier made = TokenVerifier::make(std::move(settings));
  for (const std::string& name : names) {
    if (made)
      made = keys.keys != nullptr ? (*made)->with_keys(name, keys.keys) : (*made)->with_secrets(name, keys.secrets);
  }
  if (made && !options.revoked.empty()) made = (*made)->with_revocation(load_revocation(options.revoked));
  if (!made) {
    throw Stop(Exit::kUsage,
               "ostiary: --algorithm: HS256, HS384 and HS512 go with --secret-file, all others with --jwks and --pem");
  }
  return *made;
}

[[nodiscard]] TokenFacts facts_of(const VerifyOptions& options) {
  TokenFacts facts{.now_s = options.now_s.value_or(clock_s())};
  if (options.nonce) facts.nonce = *options.nonce;
  return facts;
}

[[nodiscard]] TokenExplanation explain(std::string_view token, const TokenVerifier& verifier, TokenFacts facts) {
  facts.revoked = verifier.revoked();
  return explain_token(token, verifier.issuers(), facts);
}

}  // namespace

Exit run_verify(const VerifyOptions& options) {
  const Limits limits;
  std::vector<IssuerSettings> settings = verify_settings(options);
  const Keys keys = load(options, settings.front().algorithms);
  const auto verifier = make_verifier(std::move(settings), keys, options);
  const std::string token = read_token(options.file, limits);
  VerifyScratch scratch(limits);
  const TokenFacts facts = facts_of(options);
  VerifyReport report{verifier->verify(token, facts, scratch), std::nullopt};
  if (options.explain) report.explanation = explain(token, *verifier, facts);
  report.usable_keys = keys.size();
  if (keys.keys != nullptr) report.skipped = keys.keys->skipped();
  write_out(verify_report(report, options.json));
  return report.verdict.ok() ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
