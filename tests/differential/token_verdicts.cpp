// Judges tokens, one a line: what others judge beside us in tests/differential/tokens.
//
// Lines of JSON on standard input, an answer for each token on standard output:
//
//     {"setting": "public", "issuer": "…", "audiences": ["…"], "algorithms": ["RS256"], "jwks": "{…}"}
//     {"setting": "secret", "issuer": "…", "audiences": ["…"], "algorithms": ["HS256"],
//      "secrets": [{"kid": "h", "alg": "HS256", "bytes": "hexadecimal"}]}
//     {"in": "public", "now": 1800000000, "token": "hexadecimal"}
//         {"jws": "OK", "payload": "hexadecimal", "jwt": "TOKEN_EXPIRED", "claims": null}
#include "support/bytes_of_hex.hpp"

#include <ostiary/core/result.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/verifier.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

using Json = nlohmann::json;

std::string reason_name(Reason reason) { return std::string(reason_info(reason).name); }

/// An issuer, its keys and all that its policy borrows. Stays where it was made.
class Setting {
 public:
  explicit Setting(const Json& line)
      : issuer_(line.at("issuer")), audiences_(line.at("audiences").get<std::vector<std::string>>()) {
    for (const std::string& audience : audiences_) views_.emplace_back(audience);
    trusted_[0].policy = {.issuer = issuer_, .audiences = views_, .algorithms = {}};
    for (const std::string name : line.at("algorithms")) trusted_[0].policy.algorithms.add(known(name));
    if (line.contains("jwks")) import_keys(line.at("jwks").get<std::string>());
    if (line.contains("secrets")) import_secrets(line.at("secrets"));
  }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  [[nodiscard]] Json judge(std::string_view token, std::int64_t now_s) {
    Json answer{{"jws", nullptr}, {"payload", nullptr}, {"claims", nullptr}};
    // The layer below has no interface for secrets.
    if (keys_) {
      const Result<VerifiedJws> jws = verify_jws(token, *keys_, trusted_[0].policy.algorithms, scratch_);
      answer["jws"] = reason_name(jws.reason());
      if (jws.ok()) answer["payload"] = hex_of_bytes(jws->payload);
    }
    const Result<Identity> identity = verify_token(token, trusted_, {.now_s = now_s}, scratch_);
    answer["jwt"] = reason_name(identity.reason());
    if (identity.ok()) answer["claims"] = claims_of(*identity);
    return answer;
  }

 private:
  static Algorithm known(const std::string& name) {
    const std::optional<Algorithm> algorithm = parse_algorithm(name);
    if (!algorithm) throw std::runtime_error("unknown algorithm " + name);
    return *algorithm;
  }

  void import_keys(const std::string& json) {
    const auto keys = KeySet::from_jwks(json);
    if (!keys) throw std::runtime_error("the keys are refused: " + reason_name(keys.reason()));
    keys_ = *keys;
    for (const KeySet::SkippedKey& skipped : keys_->skipped()) {
      throw std::runtime_error("a key is skipped: " + reason_name(skipped.reason));
    }
    trusted_[0].keys = keys_.get();
  }

  void import_secrets(const Json& list) {
    std::vector<std::string> texts;
    for (const Json& one : list)
      texts.insert(texts.end(), {one.at("kid"), bytes_of_hex(one.at("bytes").get<std::string>())});
    std::vector<SecretKey> views;
    for (std::size_t i = 0; i < list.size(); ++i) {
      views.push_back({texts[2 * i + 1], known(list[i].at("alg")), texts[2 * i]});
    }
    const auto secrets = SecretKeys::make(views);
    if (!secrets) throw std::runtime_error("the secrets are refused: " + reason_name(secrets.reason()));
    secrets_ = *secrets;
    trusted_[0].secrets = secrets_.get();
  }

  /// Each claim as {"name": [shape, value]}; a shape that no rule can match has no value.
  static Json claims_of(const Identity& identity) {
    Json all = Json::object();
    for (std::uint32_t i = 0; i < identity.claim_count(); ++i) {
      const ClaimRecord claim = identity.claim(i);
      all[std::string(identity.text(claim.name))] = value_of(identity, claim);
    }
    return all;
  }

  static Json value_of(const Identity& identity, const ClaimRecord& claim) {
    switch (claim.kind) {
      case ClaimKind::kText: return {"text", identity.text(claim.text)};
      case ClaimKind::kInteger: return {"integer", claim.integer};
      case ClaimKind::kBoolean: return {"boolean", claim.integer == 1};
      case ClaimKind::kOther: return {"other", nullptr};
      case ClaimKind::kTextSet: break;
    }
    Json texts = Json::array();
    for (std::uint32_t i = 0; i < claim.text.length; ++i) texts.push_back(identity.element(claim, i));
    return {"texts", texts};
  }

  std::string issuer_;
  std::vector<std::string> audiences_;
  std::vector<std::string_view> views_;
  std::shared_ptr<const KeySet> keys_;
  std::shared_ptr<const SecretKeys> secrets_;
  std::array<TrustedIssuer, 1> trusted_{};
  VerifyScratch scratch_;
};

}  // namespace
}  // namespace ostiary::test

int main() {
  std::map<std::string, ostiary::test::Setting> settings;
  try {
    for (std::string text; std::getline(std::cin, text);) {
      const auto line = nlohmann::json::parse(text);
      if (line.contains("setting")) {
        settings.try_emplace(line.at("setting"), line);
        continue;
      }
      const std::string token = ostiary::test::bytes_of_hex(line.at("token").get<std::string>());
      std::cout << settings.at(line.at("in")).judge(token, line.at("now")).dump() << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
