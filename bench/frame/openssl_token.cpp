#include "openssl_token.hpp"

#include "shop.hpp"

#include <ostiary/core/base64url.hpp>

#include <nlohmann/json.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

#include <stdexcept>
#include <string_view>

namespace ostiary::bench {

namespace {

using Json = nlohmann::json;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

OpensslBytes decode(std::string_view text) {
  std::string bytes(base64url_decoded_size(text.size()), '\0');
  if (!base64url_decode(text, bytes)) throw std::runtime_error("not base64url");
  return {bytes.begin(), bytes.end()};
}

OpensslBytes member(const Json& jwk, const char* name) { return decode(jwk[name].get<std::string>()); }

Number number(const OpensslBytes& bytes) {
  return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

OpensslKey build(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const OpensslKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) > 0) {
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get());
  }
  return OpensslKey(key);
}

OpensslKey key_of(const Json& jwk) {
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (jwk["kty"] == "RSA") {
    const Number n = number(member(jwk, "n"));
    const Number e = number(member(jwk, "e"));
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    return build("RSA", builder.get());
  }
  const OpensslBytes x = member(jwk, "x");
  if (jwk["kty"] == "OKP")
    return OpensslKey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, x.data(), x.size()));
  OpensslBytes point{0x04};  // uncompressed
  const OpensslBytes y = member(jwk, "y");
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return build("EC", builder.get());
}

/// The first of this algorithm and, where the token names one, of this kid.
OpensslKey key_for(const std::string& algorithm, const std::string& key_id) {
  for (const std::string& json : {shop().keys_json, read_file("bench/data/keys.json")}) {
    const Json jwks = Json::parse(json);
    for (const Json& jwk : jwks["keys"]) {
      if (jwk["alg"] == algorithm && (key_id.empty() || jwk["kid"] == key_id)) return key_of(jwk);
    }
  }
  return nullptr;
}

}  // namespace

OpensslToken openssl_token(const Input& input) {
  const std::string_view text = input.bytes;
  const std::size_t first = text.find('.');
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos) throw std::runtime_error(input.name + " is not a compact JWS");
  const Json header = Json::parse(decode(text.substr(0, first)));
  OpensslToken token;
  token.algorithm = header.at("alg").get<std::string>();
  token.message.assign(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(second));
  token.signature = decode(text.substr(second + 1));
  if (token.algorithm == "HS256") {
    const std::string secret = read_file("bench/data/secret.txt");
    token.secret.assign(secret.begin(), secret.end());
    return token;
  }
  token.key = key_for(token.algorithm, header.value("kid", ""));
  if (!token.key) throw std::runtime_error(input.name + " has no key in examples/shop or bench/data");
  return token;
}

OpensslBytes ecdsa_to_der(const OpensslBytes& signature) {
  const std::size_t half = signature.size() / 2;
  const EcdsaSignature pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), BN_bin2bn(signature.data(), static_cast<int>(half), nullptr),
                 BN_bin2bn(signature.data() + half, static_cast<int>(half), nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  OpensslBytes bytes(der, der + (size > 0 ? size : 0));
  OPENSSL_free(der);
  return bytes;
}

}  // namespace ostiary::bench
