// C2SP/wycheproof: JWS, JWK Sets and the primitives below them.
#include "adapt/crypto.hpp"
#include "conformance/report.hpp"
#include "support/bytes_of_hex.hpp"

#include <ostiary/core/base64url.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/secret_keys.hpp>
#include <ostiary/token/verifier.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::conformance {

namespace {

using adapt::HashFunction;
using adapt::MacKey;
using adapt::PublicKey;
using adapt::SignatureContext;
using adapt::SignatureScheme;
using nlohmann::json;

std::string bytes_of(const json& hex) { return test::bytes_of_hex(hex.get<std::string>()); }

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

std::string reason_name(Reason reason) { return std::string(reason_info(reason).name); }

// --- tokens -----------------------------------------------------------------------------------------------------

AlgorithmSet public_algorithms() {
  AlgorithmSet algorithms;
  for (const AlgorithmName& known : kAlgorithmNames) {
    if (!is_symmetric(known.algorithm)) algorithms.add(known.algorithm);
  }
  return algorithms;
}

/// An imported key or set, or why there is none.
struct Keys {
  Reason reason = Reason::kOk;
  std::shared_ptr<const KeySet> set;
  std::shared_ptr<const SecretKeys> secrets;
};

bool is_secret(const json& jwk) { return jwk.at("kty") == "oct"; }

/// The same bytes with unused bits of zero: in vector 4 they are not, and what it asks about is its kid.
std::string canonical(std::string text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (text.size() % 4 < 2) return text;
  const std::size_t unused = text.size() % 4 == 2 ? 16 : 4;
  const std::size_t value = kAlphabet.find(text.back());
  if (value != std::string_view::npos) text.back() = kAlphabet[value / unused * unused];
  return text;
}

/// A set in which every key is secret. Ostiary reads no such thing: a host has its secrets from elsewhere.
Keys import_secrets(const json& jwks) {
  std::vector<std::string> bytes;
  std::vector<SecretKey> keys;
  bytes.reserve(jwks.size());
  for (const json& jwk : jwks) {
    const std::optional<Algorithm> algorithm = parse_algorithm(jwk.at("alg").get<std::string>());
    if (!algorithm) return {Reason::kKeyAlgorithm, nullptr, nullptr};
    const std::string text = canonical(jwk.at("k").get<std::string>());
    std::string& secret = bytes.emplace_back(base64url_decoded_size(text.size()), '\0');
    if (!base64url_decode(text, secret)) return {Reason::kKeyMember, nullptr, nullptr};
    keys.push_back({secret, *algorithm, jwk.at("kid").get_ref<const std::string&>()});
  }
  const auto secrets = SecretKeys::make(keys);
  return {secrets.reason(), nullptr, *secrets};
}

/// Of a set without usable keys: why the first was left out.
Keys import_set(const json& jwks) {
  KeySetReport report;
  const auto set = KeySet::from_jwks(json{{"keys", jwks}}.dump(), {}, report);
  if (set.reason() == Reason::kKeysEmpty && !report.skipped.empty())
    return {report.skipped[0].reason, nullptr, nullptr};
  return {set.reason(), *set, nullptr};
}

Keys import_keys(const json& jwks) {
  return std::all_of(jwks.begin(), jwks.end(), is_secret) ? import_secrets(jwks) : import_set(jwks);
}

/// The Reason that ends import or verification; OK when the token is accepted.
Reason verdict(const json& jwks, const std::string& jws, VerifyScratch& scratch) {
  const Keys keys = import_keys(jwks);
  if (keys.reason != Reason::kOk) return keys.reason;
  if (keys.secrets) return verify_jws(jws, *keys.secrets, kSymmetricAlgorithms, scratch).reason();
  return verify_jws(jws, *keys.set, public_algorithms(), scratch).reason();
}

// --- primitives -------------------------------------------------------------------------------------------------

std::string with_reason(const json& test, Reason reason) {
  return test.value("comment", "") + (reason == Reason::kOk ? "" : ", key refused: " + reason_name(reason));
}

/// `make_key` gets a test group, `is_expected` a test.
template <typename MakeKey, typename IsExpected>
void run_primitive(Suite& suite, const std::filesystem::path& file, MakeKey make_key, IsExpected is_expected) {
  const json document = read_json(file);
  SignatureContext context;
  for (const json& group : document.at("testGroups")) {
    const Result<PublicKey> key = make_key(group);
    for (const json& test : group.at("tests")) {
      if (key.reason() == Reason::kKeyUnsupported) {
        suite.leave_out("the linked OpenSSL does not have the algorithm", name_of(test));
        continue;
      }
      const bool accepted = key && context.verify(*key, bytes_of(test.at("msg")), bytes_of(test.at("sig")));
      suite.check(name_of(test), is_expected(test), accepted, with_reason(test, key.reason()));
    }
  }
}

struct Curve {
  std::string_view name;
  SignatureScheme scheme;
  std::size_t size;
};

constexpr std::array<Curve, 4> kCurves{{
    {"secp256r1", SignatureScheme::kEcdsaP256Sha256, 32},
    {"secp384r1", SignatureScheme::kEcdsaP384Sha384, 48},
    {"secp521r1", SignatureScheme::kEcdsaP521Sha512, 66},
    {"secp256k1", SignatureScheme::kEcdsaK256Sha256, 32},
}};

struct Hash {
  std::string_view name;
  HashFunction function;
  std::size_t size;
  SignatureScheme pkcs1;
  SignatureScheme pss;
};

constexpr std::array<Hash, 3> kHashes{{
    {"SHA-256", HashFunction::kSha256, 32, SignatureScheme::kRsaPkcs1Sha256, SignatureScheme::kRsaPssSha256},
    {"SHA-384", HashFunction::kSha384, 48, SignatureScheme::kRsaPkcs1Sha384, SignatureScheme::kRsaPssSha384},
    {"SHA-512", HashFunction::kSha512, 64, SignatureScheme::kRsaPkcs1Sha512, SignatureScheme::kRsaPssSha512},
}};

template <typename Rows>
const auto& row_of(const Rows& rows, const json& name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return name == row.name; });
  if (found == rows.end()) throw std::runtime_error("unknown name " + name.dump());
  return *found;
}

Result<PublicKey> rsa_key(const json& group, SignatureScheme scheme) {
  const json& key = group.at("publicKey");
  return PublicKey::rsa(scheme, number_of(key.at("modulus")), number_of(key.at("publicExponent")));
}

/// Whether the parameters of the group are those of JWS (RFC 7518 §3.5) with this hash.
bool is_of_jws(const json& group, const Hash& hash) {
  return group.at("sha") == hash.name && group.at("mgf") == "MGF1" && group.at("mgfSha") == hash.name &&
         group.at("sLen") == hash.size;
}

}  // namespace

void run_jws(Suite& suite, const std::filesystem::path& folder) {
  const json document = read_json(folder / "json_web_signature_test.json");
  VerifyScratch scratch;
  for (const json& group : document.at("testGroups")) {
    const json& key = group.contains("public") ? group["public"] : group.at("private");
    for (const json& test : group.at("tests")) {
      const Reason reason = verdict(json::array({key}), test.at("jws"), scratch);
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
    for (const json& test : group.at("tests")) {
      const std::string name = name_of(test);
      const Reason reason = verdict(keys.at("keys"), test.at("jws"), scratch);
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
  run_primitive(
      suite, file, [](const json& group) { return rsa_key(group, row_of(kHashes, group.at("sha")).pkcs1); }, is_valid);
}

/// Each signature under each of the three algorithms: only the one whose parameters it was made with may take it,
/// and none when they are not those of JWS.
void run_pss(Suite& suite, const std::filesystem::path& file) {
  const json document = read_json(file);
  SignatureContext context;
  for (const json& group : document.at("testGroups")) {
    for (const json& test : group.at("tests")) {
      bool right = true;
      std::string detail = test.value("comment", "");
      for (const Hash& hash : kHashes) {
        const Result<PublicKey> key = rsa_key(group, hash.pss);
        const bool expected = is_valid(test) && is_of_jws(group, hash);
        const bool accepted = key && context.verify(*key, bytes_of(test.at("msg")), bytes_of(test.at("sig")));
        if (accepted != expected) detail += std::string(", wrong with ") + std::string(hash.name);
        right = right && accepted == expected;
      }
      suite.check(name_of(test), true, right, detail);
    }
  }
}

void run_ecdsa(Suite& suite, const std::filesystem::path& file) {
  const auto make_key = [](const json& group) {
    const json& key = group.at("publicKey");
    const Curve& curve = row_of(kCurves, key.at("curve"));
    return PublicKey::ecdsa(curve.scheme, number_of(key.at("wx"), curve.size), number_of(key.at("wy"), curve.size));
  };
  run_primitive(suite, file, make_key, is_valid);
}

void run_edwards(Suite& suite, const std::filesystem::path& file) {
  const auto make_key = [](const json& group) {
    const json& key = group.at("publicKey");
    const bool small = key.at("curve") == "edwards25519";
    return PublicKey::edwards(small ? SignatureScheme::kEd25519 : SignatureScheme::kEd448, bytes_of(key.at("pk")));
  };
  run_primitive(suite, file, make_key, is_valid);
}

void run_ml_dsa(Suite& suite, const std::filesystem::path& file) {
  const std::string algorithm = read_json(file).at("algorithm").get<std::string>();
  const SignatureScheme scheme = algorithm == "ML-DSA-44"   ? SignatureScheme::kMlDsa44
                                 : algorithm == "ML-DSA-65" ? SignatureScheme::kMlDsa65
                                                            : SignatureScheme::kMlDsa87;
  // RFC 9964 §4: JWS has no context.
  run_primitive(
      suite, file, [scheme](const json& group) { return PublicKey::ml_dsa(scheme, bytes_of(group.at("publicKey"))); },
      [](const json& test) { return is_valid(test) && test.value("ctx", "").empty(); });
}

void run_hmac(Suite& suite, const std::filesystem::path& file) {
  const json document = read_json(file);
  SignatureContext context;
  const std::string name = document.at("algorithm").get<std::string>();  // HMACSHA256
  const Hash& hash = row_of(kHashes, "SHA-" + name.substr(name.size() - 3));
  for (const json& group : document.at("testGroups")) {
    for (const json& test : group.at("tests")) {
      const Result<MacKey> key = MacKey::hmac(hash.function, bytes_of(test.at("key")));
      const bool accepted = key && context.verify(*key, bytes_of(test.at("msg")), bytes_of(test.at("tag")));
      // A tag that was cut is right for the corpus and wrong for JWS (RFC 7518 §3.2).
      const bool whole = group.at("tagSize") == hash.size * 8;
      suite.check(name_of(test), is_valid(test) && whole, accepted, test.value("comment", ""));
    }
  }
}

}  // namespace ostiary::conformance
