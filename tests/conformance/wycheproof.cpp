// C2SP/wycheproof: JWS, JWK Sets and the primitives below them.
#include "adapt/crypto.hpp"
#include "conformance/report.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/verifier.hpp>

#include <set>
#include <string>
#include <string_view>

namespace ostiary::conformance {

namespace {

using adapt::PublicKey;
using adapt::SignatureContext;
using adapt::SignatureScheme;
using nlohmann::json;

constexpr AlgorithmSet kEveryAlgorithm{Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa};

std::string bytes_of(const json& hex) {
  const std::string text = hex.get<std::string>();
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(hex_value(text[i]) * 16 + hex_value(text[i + 1]));
  }
  return bytes;
}

/// The vectors write numbers with a sign byte; JWK has none.
std::string number_of(const json& hex, std::size_t width = 0) {
  std::string bytes = bytes_of(hex);
  bytes.erase(0, std::min(bytes.find_first_not_of('\0'), bytes.size()));
  if (bytes.size() < width) bytes.insert(0, width - bytes.size(), '\0');
  return bytes;
}

std::string name_of(const json& test) { return std::to_string(test.at("tcId").get<int>()); }

/// `acceptable` marks signatures that some libraries take and no JOSE library needs: refused, all of them.
bool is_valid(const json& test) { return test.at("result") == "valid"; }

bool is_our_kind(const json& jwk) {
  static const std::set<std::string> kTypes{"RSA", "EC", "OKP"};
  static const std::set<std::string> kNames{"RS256", "ES256", "EdDSA", "Ed25519"};
  return kTypes.contains(jwk.value("kty", "")) && (!jwk.contains("alg") || kNames.contains(jwk["alg"]));
}

/// The Reason that ends import or verification; OK when the token is accepted.
Reason verdict(const json& keys, const std::string& jws, VerifyScratch& scratch) {
  const auto set = KeySet::from_jwks(keys.dump());
  if (!set) return set.reason();
  return verify_jws(jws, **set, kEveryAlgorithm, scratch).reason();
}

/// Why the first key of a set without usable keys was left out, seen by adding a good one: the public key of
/// RFC 8037 appendix A.2.
Reason skip_reason(json keys) {
  keys["keys"].push_back({{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}});
  const auto set = KeySet::from_jwks(keys.dump());
  return set && !(*set)->skipped().empty() ? (*set)->skipped()[0].reason : set.reason();
}

std::string reason_name(Reason reason) { return std::string(reason_info(reason).name); }

template <typename MakeKey>
void run_primitive(Suite& suite, const std::filesystem::path& file, MakeKey make_key) {
  const json document = read_json(file);
  SignatureContext context;
  for (const json& group : document.at("testGroups")) {
    const Result<PublicKey> key = make_key(group.at("publicKey"));
    for (const json& test : group.at("tests")) {
      const bool accepted = key && context.verify(*key, bytes_of(test.at("msg")), bytes_of(test.at("sig")));
      suite.check(name_of(test), is_valid(test), accepted,
                  test.value("comment", "") + (key ? "" : ", key refused: " + reason_name(key.reason())));
    }
  }
}

}  // namespace

void run_jws(Suite& suite, const std::filesystem::path& folder) {
  const json document = read_json(folder / "json_web_signature_test.json");
  VerifyScratch scratch;
  for (const json& group : document.at("testGroups")) {
    const bool ours = group.contains("public") && is_our_kind(group["public"]);
    for (const json& test : group.at("tests")) {
      if (!ours) {
        suite.not_applicable();
        continue;
      }
      const json keys{{"keys", json::array({group["public"]})}};
      const Reason reason = verdict(keys, test.at("jws"), scratch);
      suite.check(name_of(test), is_valid(test), reason == Reason::kOk,
                  test.value("comment", "") + ", " + reason_name(reason));
    }
  }
}

void run_jwk(Suite& suite, const std::filesystem::path& folder, const json& reasons) {
  const json document = read_json(folder / "json_web_key_test.json");
  VerifyScratch scratch;
  for (const json& group : document.at("testGroups")) {
    const json& keys = group.contains("public") ? group["public"] : group.at("private");
    bool ours = false;
    for (const json& key : keys.at("keys")) ours = ours || key.at("kty") != "oct";
    for (const json& test : group.at("tests")) {
      if (!ours) {
        suite.not_applicable();
        continue;
      }
      const std::string name = name_of(test);
      Reason reason = verdict(keys, test.at("jws"), scratch);
      if (reason == Reason::kKeysEmpty) reason = skip_reason(keys);
      const std::string wanted = reasons.value(name, "none");
      if (wanted == reason_name(reason)) {
        suite.check(name, is_valid(test), reason == Reason::kOk);
      } else {
        // A set refused for the wrong reason would pass by accident.
        suite.fail(name, "Reason " + reason_name(reason) + ", pinned " + wanted);
      }
    }
  }
}

void run_rsa(Suite& suite, const std::filesystem::path& file) {
  run_primitive(suite, file, [](const json& key) {
    return PublicKey::rsa(SignatureScheme::kRsaPkcs1Sha256, number_of(key.at("modulus")),
                          number_of(key.at("publicExponent")));
  });
}

void run_ecdsa(Suite& suite, const std::filesystem::path& file) {
  run_primitive(suite, file, [](const json& key) {
    return PublicKey::ecdsa(SignatureScheme::kEcdsaP256Sha256, number_of(key.at("wx"), 32),
                            number_of(key.at("wy"), 32));
  });
}

void run_ed25519(Suite& suite, const std::filesystem::path& file) {
  run_primitive(suite, file,
                [](const json& key) { return PublicKey::edwards(SignatureScheme::kEd25519, bytes_of(key.at("pk"))); });
}

}  // namespace ostiary::conformance
