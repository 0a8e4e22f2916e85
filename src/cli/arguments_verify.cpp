#include "arguments_verify.hpp"

#include "argument_kinds.hpp"
#include "verify_settings.hpp"

#include <ostiary/core/limits.hpp>

namespace ostiary::cli {

namespace {

constexpr const char* kExample =
    "Example:\n"
    "  ostiary verify --jwks examples/shop/keys.json --issuer https://id.shop.example \\\n"
    "    --audience https://api.shop.example --algorithm RS256 --algorithm ES256 \\\n"
    "    --now 1795429475 examples/shop/tokens/gold-rs256.jwt\n"
    "\n"
    "In the place of issuer and algorithm, --vendor okta --part domain=acme.okta.com --part server=default. The "
    "parts,\n"
    "in brackets what may be left out:\n"
    "  okta            domain, server\n"
    "  auth0           domain\n"
    "  entra           tenant, [version]\n"
    "  cognito         region, user-pool\n"
    "  google          [hosted-domain]\n"
    "  github-actions  repository\n"
    "  keycloak        base, realm\n"
    "  alb             issuer, load-balancer\n"
    "--explain lists every rule that a refused token fails. docs/tokens.md says what the profiles and the vendors' "
    "settings ask.\n"
    "\n"
    "The token comes from a file or standard input, never from an argument, and is never printed.\n";

void add_keys(CLI::App& command, VerifyOptions& verify) {
  command.add_option("--jwks", verify.jwks, "The issuer's JWK Set")->check(not_empty())->type_name("FILE");
  command.add_option("--pem", verify.pem, "Instead: one key, PUBLIC KEY or CERTIFICATE")
      ->check(not_empty())
      ->type_name("FILE");
  command
      .add_option("--secret-file", verify.secret,
                  "Instead: a shared secret, every byte of the file; for HS256 and its like")
      ->check(not_empty())
      ->type_name("FILE");
}

void add_issuer(CLI::App& command, VerifyOptions& verify) {
  command.add_option("--vendor", verify.vendor, "Settings for this kind of issuer instead of --issuer")
      ->check(one_of(vendor_names()))
      ->type_name("NAME");
  add_repeatable(command, "--part", verify.parts, "What the vendor's settings need; repeatable")
      ->type_name("NAME=VALUE");
  command.add_flag("--login", verify.login, "With --vendor: an ID token, not an access token");
  command.add_option("--issuer", verify.issuer, "What iss must be, byte for byte")
      ->check(not_empty())
      ->type_name("URL");
  add_repeatable(command, "--audience", verify.audiences, "An audience the token may be meant for; repeatable")
      ->required()
      ->type_name("AUD");
  add_repeatable(command, "--algorithm", verify.algorithms, "RS256, ES256, EdDSA and so on; repeatable")
      ->type_name("NAME");
  command.add_option("--profile", verify.profile, "The kind of token; generic when absent")
      ->check(one_of(profile_names()))
      ->type_name("NAME");
  add_repeatable(command, "--require", verify.claims, "A claim that must be this text; repeatable")
      ->type_name("NAME=VALUE");
}

void add_bounds(CLI::App& command, VerifyOptions& verify) {
  constexpr std::int64_t kAgeMax = (std::int64_t{1} << 53) - 1;
  add_number(command, "--skew", verify.skew_s, {0, Limits().clock_skew_s_max},
             "How far clocks may differ; 0 when absent")
      ->type_name("SECONDS");
  add_number(command, "--max-age", verify.age_max_s, {1, kAgeMax}, "How long ago it may have been issued")
      ->type_name("SECONDS");
  add_now(command, verify.now_s);
  command.add_option("--nonce", verify.nonce, "What was sent with the login, for an ID token")->type_name("TEXT");
  command.add_option("--revoked", verify.revoked, "A revocation list")->check(not_empty())->type_name("FILE");
}

/// What must, and cannot, stand together. CLI11's own needs() and excludes() would fill the help with themselves.
void check_verify(const VerifyOptions& verify) {
  const int keys = (verify.jwks.empty() ? 0 : 1) + (verify.pem.empty() ? 0 : 1) + (verify.secret.empty() ? 0 : 1);
  if (keys == 0) throw CLI::RequiredError("--jwks, --pem or --secret-file");
  if (keys > 1) throw CLI::ExcludesError("--jwks", "--pem and --secret-file");
  if (verify.vendor.empty()) {
    if (verify.issuer.empty()) throw CLI::RequiredError("--issuer or --vendor");
    if (verify.algorithms.empty()) throw CLI::RequiredError("--algorithm");
    if (!verify.parts.empty()) throw CLI::RequiresError("--part", "--vendor");
    if (verify.login) throw CLI::RequiresError("--login", "--vendor");
    return;
  }
  if (!verify.issuer.empty()) throw CLI::ExcludesError("--issuer", "--vendor");
  if (!verify.profile.empty()) throw CLI::ExcludesError("--profile", "--vendor");
}

}  // namespace

void add_verify(CLI::App& app, VerifyOptions& verify, const std::function<void()>& chosen) {
  CLI::App* const command = app.add_subcommand("verify", "Verify a token against an issuer's keys");
  add_keys(*command, verify);
  add_issuer(*command, verify);
  add_bounds(*command, verify);
  command->add_option("TOKEN-FILE", verify.file, "The token; standard input when absent or -")->type_name("");
  command->add_flag("--explain", verify.explain, "Every rule the token fails, not the first alone");
  command->add_flag("--json", verify.json, "JSON for programs");
  command->footer(kExample);
  command->callback([&verify, chosen] {
    check_verify(verify);
    chosen();
  });
}

}  // namespace ostiary::cli
