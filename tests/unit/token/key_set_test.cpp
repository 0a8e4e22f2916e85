// Importing JWK Sets from someone who wishes us ill.
#include "support/bytes_of_hex.hpp"
#include "unit/token/fixture.hpp"

#include <ostiary/token/key_set.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace ostiary::test {
namespace {

Error import_error(std::string_view json, const Limits& limits = {}) {
  const auto keys = KeySet::from_jwks(json, limits);
  EXPECT_EQ(*keys == nullptr, !keys.ok());
  return keys.error();
}

Reason set_reason(std::string_view json, const Limits& limits = {}) { return import_error(json, limits).reason; }

std::string good_key() { return Keys::get().ed.jwk(R"("kid":"good",)"); }

/// Why `key` is skipped; OK when it is used. A good key beside it keeps the set alive.
Reason key_reason(const std::string& key, const Limits& limits = {}) {
  const auto keys = KeySet::from_jwks(jwks({key, good_key()}), limits);
  EXPECT_EQ(keys.reason(), Reason::kOk) << key;
  if (!keys) return keys.reason();
  EXPECT_EQ((*keys)->size() + (*keys)->skipped().size(), 2U);
  return (*keys)->skipped().empty() ? Reason::kOk : (*keys)->skipped()[0].reason;
}

std::string rsa_key(std::string_view modulus, std::string_view exponent = "\x01\x00\x01") {
  return R"({"kty":"RSA","n":")" + base64url(modulus) + R"(","e":")" + base64url(exponent) + "\"}";
}

std::string ec_key(std::string_view x, std::string_view y, std::string_view curve = "P-256") {
  return R"({"kty":"EC","crv":")" + std::string(curve) + R"(","x":")" + base64url(x) + R"(","y":")" + base64url(y) +
         "\"}";
}

std::string ed_key(std::string_view x) { return R"({"kty":"OKP","crv":"Ed25519","x":")" + base64url(x) + "\"}"; }

const std::string kExponent("\x01\x00\x01", 3);

/// 2^bits - 1 less `subtrahend` in the last byte: odd or even as wished, of any length.
std::string number_of_bits(std::size_t bits, unsigned char last = 0xff) {
  std::string number((bits + 7) / 8, '\xff');
  if (bits % 8 != 0) number[0] = static_cast<char>((1U << (bits % 8)) - 1U);
  number.back() = static_cast<char>(last);
  return number;
}

TEST(KeySet, ImportsOneKeyOfEveryAlgorithm) {
  const auto keys = every_key();
  ASSERT_EQ(keys->size(), 3U);
  EXPECT_EQ(keys->key(0).algorithm, Algorithm::kRs256);
  EXPECT_EQ(keys->key(0).bits, 2048U);
  EXPECT_EQ(keys->key(0).key_id, "rsa");
  EXPECT_EQ(keys->key(1).algorithm, Algorithm::kEs256);
  EXPECT_EQ(keys->key(2).algorithm, Algorithm::kEdDsa);
  EXPECT_TRUE(keys->skipped().empty());
  EXPECT_FALSE(keys->key(3).has_key_id);
}

TEST(KeySet, IsAStrictJsonObjectWithAnArrayOfKeys) {
  for (const std::string_view json : {"", "[]", "null", "{}", R"({"keys":{}})", R"({"keys":null})", R"({"keys":[]} x)",
                                      R"({"keys":[],})", "<html>", "{\"keys\":[\"\xff\"]}"}) {
    EXPECT_EQ(set_reason(json), Reason::kKeysJson) << json;
  }
  EXPECT_EQ(set_reason("\xEF\xBB\xBF" + jwks({good_key()})), Reason::kKeysJson);
}

TEST(KeySet, ForeignMembersOfTheSetAreIgnored) {
  EXPECT_EQ(set_reason(R"({"next":1,"keys":[)" + good_key() + R"(],"d":"x"})"), Reason::kOk);
}

TEST(KeySet, NamesStandOnceEverywhere) {
  EXPECT_EQ(set_reason(R"({"keys":[],"keys":[)" + good_key() + "]}"), Reason::kKeysDuplicateMember);
  EXPECT_EQ(set_reason(jwks({R"({"kty":"RSA","kty":"EC"})", good_key()})), Reason::kKeysDuplicateMember);
  EXPECT_EQ(set_reason(jwks({R"({"kty":"X","k\u0074y":"X"})", good_key()})), Reason::kKeysDuplicateMember);
}

TEST(KeySet, WithoutAUsableKeyThereIsNoSet) {
  EXPECT_EQ(set_reason(R"({"keys":[]})"), Reason::kKeysEmpty);
  EXPECT_EQ(set_reason(R"({"keys":[{"kty":"X"}]})"), Reason::kKeysEmpty);
}

TEST(KeySet, HoldsItsLimits) {
  std::string keys = good_key();
  for (int i = 1; i < 64; ++i) keys += ",{}";
  EXPECT_EQ(set_reason(R"({"keys":[)" + keys + "]}"), Reason::kOk);
  EXPECT_EQ(set_reason(R"({"keys":[)" + keys + ",{}]}"), Reason::kKeysLimit);
  std::string large = jwks({good_key()});
  large.resize(256 * 1024, ' ');
  EXPECT_EQ(set_reason(large), Reason::kOk);
  EXPECT_EQ(set_reason(large + " "), Reason::kKeysLimit);
  const auto nested = [](std::size_t depth) {
    return jwks({good_key(), std::string(depth, '[') + std::string(depth, ']')});
  };
  EXPECT_EQ(set_reason(nested(6)), Reason::kOk);
  EXPECT_EQ(set_reason(nested(7)), Reason::kKeysLimit);
  Limits limits;
  limits.key_set_json_values_max = 6;  // root, keys, key, kid, kty, crv, and x is one more
  EXPECT_EQ(set_reason(jwks({good_key()}), limits), Reason::kKeysLimit);
  limits.key_set_json_values_max = 7;
  EXPECT_EQ(set_reason(jwks({good_key()}), limits), Reason::kOk);
}

TEST(KeySet, PrivateMaterialCondemnsTheSet) {
  for (const std::string_view name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}) {
    const std::string key = Keys::get().rsa.jwk("\"" + std::string(name) + R"(":"AA",)");
    EXPECT_EQ(set_reason(jwks({good_key(), key})), Reason::kKeyPrivate) << name;
  }
  EXPECT_EQ(set_reason(jwks({good_key(), R"({"kty":"X","d":null})"})), Reason::kKeyPrivate);
}

TEST(KeySet, SymmetricKeysCondemnTheSet) {
  EXPECT_EQ(set_reason(jwks({good_key(), R"({"kty":"oct","k":"AAAA"})"})), Reason::kKeyPrivate);
  EXPECT_EQ(set_reason(jwks({good_key(), R"({"kty":"oct"})"})), Reason::kKeyPrivate);
  EXPECT_EQ(set_reason(jwks({good_key(), R"({"kty":"oct","k":""})"})), Reason::kKeyPrivate);
}

TEST(KeySet, KidsAreUnique) {
  EXPECT_EQ(set_reason(jwks({good_key(), Keys::get().rsa.jwk(R"("kid":"good",)")})), Reason::kKeysDuplicateId);
  EXPECT_EQ(set_reason(jwks({Keys::get().ed.jwk(R"("kid":"",)"), Keys::get().rsa.jwk(R"("kid":"",)")})),
            Reason::kKeysDuplicateId);
  EXPECT_EQ(set_reason(jwks({good_key(), R"({"kty":"X","kid":"good"})"})), Reason::kOk);
}

TEST(KeySet, KeysWithoutKidMayBeMany) {
  const auto keys = import_keys(jwks({Keys::get().ed.jwk(), Keys::get().rsa.jwk(), Keys::get().ec.jwk()}));
  ASSERT_EQ(keys->size(), 3U);
  EXPECT_FALSE(keys->key(0).has_key_id);
}

TEST(KeySet, UnknownTypesAreSkipped) {
  for (const std::string_view type : {"\"X\"", "\"rsa\"", "\"akp\"", "null", "1", "[\"RSA\"]"}) {
    EXPECT_EQ(key_reason(R"({"kty":)" + std::string(type) + "}"), Reason::kKeyType) << type;
  }
  EXPECT_EQ(key_reason("{}"), Reason::kKeyType);
  EXPECT_EQ(key_reason("\"text\""), Reason::kKeyMember);
  EXPECT_EQ(key_reason("[]"), Reason::kKeyMember);
}

TEST(KeySet, KeysForOtherUsesAreSkipped) {
  const auto with = [](std::string_view members) { return key_reason(Keys::get().rsa.jwk(members)); };
  EXPECT_EQ(with(R"("use":"sig",)"), Reason::kOk);
  EXPECT_EQ(with(R"("use":"enc",)"), Reason::kKeyUse);
  EXPECT_EQ(with(R"("use":"SIG",)"), Reason::kKeyUse);
  EXPECT_EQ(with(R"("use":["sig"],)"), Reason::kKeyUse);
  EXPECT_EQ(with(R"("key_ops":["verify"],)"), Reason::kOk);
  EXPECT_EQ(with(R"("key_ops":["x","verify"],)"), Reason::kOk);
  EXPECT_EQ(with(R"("key_ops":["sign"],)"), Reason::kKeyUse);
  EXPECT_EQ(with(R"("key_ops":[],)"), Reason::kKeyUse);
  EXPECT_EQ(with(R"("key_ops":"verify",)"), Reason::kKeyUse);
  EXPECT_EQ(with(R"("key_ops":["verify",1],)"), Reason::kKeyUse);
}

TEST(KeySet, AKeyHasTheAlgorithmOfItsType) {
  for (const std::string_view alg : {"ES256", "EdDSA", "ML-DSA-44", "HS256", "none", "rs256", ""}) {
    EXPECT_EQ(key_reason(Keys::get().rsa.jwk("\"alg\":\"" + std::string(alg) + "\",")), Reason::kKeyAlgorithm) << alg;
  }
  EXPECT_EQ(key_reason(Keys::get().rsa.jwk(R"("alg":"RS256",)")), Reason::kOk);
  EXPECT_EQ(key_reason(Keys::get().rsa.jwk(R"("alg":1,)")), Reason::kKeyAlgorithm);
  EXPECT_EQ(key_reason(Keys::get().ec.jwk(R"("alg":"RS256",)")), Reason::kKeyAlgorithm);
  EXPECT_EQ(key_reason(Keys::get().ec.jwk(R"("alg":"ES256",)")), Reason::kOk);
  EXPECT_EQ(key_reason(Keys::get().ed.jwk(R"("alg":"EdDSA",)")), Reason::kOk);
  EXPECT_EQ(key_reason(Keys::get().ed.jwk(R"("alg":"Ed25519",)")), Reason::kOk);
  EXPECT_EQ(key_reason(Keys::get().ed.jwk(R"("alg":"Ed448",)")), Reason::kKeyAlgorithm);
}

TEST(KeySet, KidIsTextWithinTheLimit) {
  EXPECT_EQ(key_reason(Keys::get().ec.jwk(R"("kid":1,)")), Reason::kKeyMember);
  EXPECT_EQ(key_reason(Keys::get().ec.jwk(R"("kid":null,)")), Reason::kKeyMember);
  EXPECT_EQ(key_reason(Keys::get().ec.jwk("\"kid\":\"" + std::string(128, 'k') + "\",")), Reason::kOk);
  EXPECT_EQ(key_reason(Keys::get().ec.jwk("\"kid\":\"" + std::string(129, 'k') + "\",")), Reason::kKeyMember);
}

TEST(KeySet, MembersAreCanonicalBase64url) {
  const std::string n = base64url(Keys::get().rsa.modulus());
  const auto rsa = [](std::string_view members) { return key_reason(R"({"kty":"RSA",)" + std::string(members) + "}"); };
  EXPECT_EQ(rsa(R"("n":")" + n + R"(","e":"AQAB")"), Reason::kOk);
  EXPECT_EQ(rsa(R"("n":")" + n + R"(")"), Reason::kKeyMember);
  EXPECT_EQ(rsa(R"("e":"AQAB")"), Reason::kKeyMember);
  EXPECT_EQ(rsa(R"("n":")" + n + R"(","e":65537)"), Reason::kKeyMember);
  EXPECT_EQ(rsa(R"("n":")" + n + R"(","e":"")"), Reason::kKeyMember);
  EXPECT_EQ(rsa(R"("n":"","e":"AQAB")"), Reason::kKeyMember);
  EXPECT_EQ(rsa(R"("n":")" + n + R"(==","e":"AQAB")"), Reason::kKeyMember);
  EXPECT_EQ(rsa(R"("n":")" + n + R"(","e":"AQAB ")"), Reason::kKeyMember);
  EXPECT_EQ(rsa(R"("n":")" + n + R"(","e":"Ax")"), Reason::kKeyMember);
  EXPECT_EQ(key_reason(R"({"kty":"EC","crv":"P-256","x":"AA"})"), Reason::kKeyMember);
  EXPECT_EQ(key_reason(R"({"kty":"EC","crv":"P-256","y":"AA"})"), Reason::kKeyMember);
  EXPECT_EQ(key_reason(R"({"kty":"OKP","crv":"Ed25519"})"), Reason::kKeyMember);
  EXPECT_EQ(key_reason(R"({"kty":"OKP","crv":"Ed25519","x":""})"), Reason::kKeyMember);
  EXPECT_EQ(key_reason(R"({"kty":"EC","crv":"P-256","x":"AA","y":""})"), Reason::kKeyMember);
}

TEST(KeySet, RsaNumbersHaveNoLeadingZero) {
  EXPECT_EQ(key_reason(rsa_key('\0' + Keys::get().rsa.modulus(), kExponent)), Reason::kKeyMember);
  EXPECT_EQ(key_reason(rsa_key(Keys::get().rsa.modulus(), '\0' + kExponent)), Reason::kKeyMember);
  EXPECT_EQ(key_reason(rsa_key(Keys::get().rsa.modulus(), std::string(1, '\0'))), Reason::kKeyMember);
}

TEST(KeySet, RsaModuliAreOddAndOfAllowedSize) {
  EXPECT_EQ(key_reason(SigningKey::rsa(1024).jwk()), Reason::kKeyRsaSize);
  EXPECT_EQ(key_reason(rsa_key(number_of_bits(2047), kExponent)), Reason::kKeyRsaSize);
  EXPECT_EQ(key_reason(rsa_key(number_of_bits(8193), kExponent)), Reason::kKeyRsaSize);
  EXPECT_EQ(key_reason(rsa_key(number_of_bits(2048, 0xfe), kExponent)), Reason::kKeyRsaSize);
  Limits limits;
  limits.rsa_bits_max = 2048;
  EXPECT_EQ(key_reason(SigningKey::rsa(2056).jwk(), limits), Reason::kKeyRsaSize);
  EXPECT_EQ(key_reason(Keys::get().rsa.jwk(), limits), Reason::kOk);
}

TEST(KeySet, RsaModuliThatAnyoneCanFactorAreSkipped) {
  EXPECT_EQ(key_reason(rsa_key(number_of_bits(2048), kExponent)), Reason::kKeyWeak);  // 2^2048 - 1 = 3 * 5 * ...
}

TEST(KeySet, RsaExponentsAreOddAndSmall) {
  const std::string n = Keys::get().rsa.modulus();
  EXPECT_EQ(key_reason(rsa_key(n, "\x03")), Reason::kOk);
  EXPECT_EQ(key_reason(rsa_key(n, "\xff\xff\xff\xff")), Reason::kOk);
  for (const std::string& e : {std::string("\x01"), std::string("\x02"), std::string("\x01\x00", 2),
                               std::string("\x01\x00\x00\x00\x01", 5), n}) {
    EXPECT_EQ(key_reason(rsa_key(n, e)), Reason::kKeyRsaExponent);
  }
}

TEST(KeySet, OtherCurvesAreSkipped) {
  const std::string x = Keys::get().ec.x();
  const std::string y = Keys::get().ec.y();
  for (const std::string_view curve : {"P-192", "P-224", "brainpoolP256r1", "p-256", "", "Ed25519"}) {
    EXPECT_EQ(key_reason(ec_key(x, y, curve)), Reason::kKeyCurve) << curve;
  }
  EXPECT_EQ(key_reason(R"({"kty":"EC","x":"AA","y":"AA"})"), Reason::kKeyCurve);
  EXPECT_EQ(key_reason(R"({"kty":"OKP","crv":"X448","x":"AA"})"), Reason::kKeyCurve);
  EXPECT_EQ(key_reason(R"({"kty":"OKP","crv":"X25519","x":"AA"})"), Reason::kKeyCurve);
  EXPECT_EQ(key_reason(R"({"kty":"OKP","crv":"P-256","x":"AA"})"), Reason::kKeyCurve);
}

TEST(KeySet, PointsLieOnTheCurve) {
  const std::string x = Keys::get().ec.x();
  const std::string y = Keys::get().ec.y();
  const std::string zero(32, '\0');
  EXPECT_EQ(key_reason(ec_key(x, y)), Reason::kOk);
  EXPECT_EQ(key_reason(ec_key(y, x)), Reason::kKeyPoint);
  EXPECT_EQ(key_reason(ec_key(zero, zero)), Reason::kKeyPoint);
  EXPECT_EQ(key_reason(ec_key(std::string(32, '\xff'), y)), Reason::kKeyPoint);
  EXPECT_EQ(key_reason(ec_key(x.substr(1), y)), Reason::kKeyPoint);
  EXPECT_EQ(key_reason(ec_key('\0' + x, y)), Reason::kKeyPoint);
  EXPECT_EQ(key_reason(ec_key(x, y.substr(1))), Reason::kKeyPoint);
  EXPECT_EQ(key_reason(ec_key('\x02' + x, y)), Reason::kKeyPoint);  // a compressed point as x
}

std::string little_endian(std::initializer_list<unsigned> front, unsigned middle, unsigned last) {
  std::string bytes(32, static_cast<char>(middle));
  std::size_t i = 0;
  for (const unsigned byte : front) bytes[i++] = static_cast<char>(byte);
  bytes.back() = static_cast<char>(last);
  return bytes;
}

TEST(KeySet, Edwards25519PointsAreReducedRealAndOfLargeOrder) {
  EXPECT_EQ(key_reason(ed_key(Keys::get().ed.x())), Reason::kOk);
  EXPECT_EQ(key_reason(ed_key(Keys::get().ed.x().substr(1))), Reason::kKeyPoint);
  EXPECT_EQ(key_reason(ed_key(Keys::get().ed.x() + '\0')), Reason::kKeyPoint);
  for (const unsigned sign : {0x00U, 0x80U}) {
    EXPECT_EQ(key_reason(ed_key(little_endian({0}, 0, sign))), Reason::kKeyPoint);               // order 4
    EXPECT_EQ(key_reason(ed_key(little_endian({1}, 0, sign))), Reason::kKeyPoint);               // order 1
    EXPECT_EQ(key_reason(ed_key(little_endian({0xec}, 0xff, 0x7f | sign))), Reason::kKeyPoint);  // order 2
    EXPECT_EQ(key_reason(ed_key(little_endian({0xed}, 0xff, 0x7f | sign))), Reason::kKeyPoint);  // p, which is 0
    EXPECT_EQ(key_reason(ed_key(little_endian({0xf0}, 0xff, 0x7f | sign))), Reason::kKeyPoint);  // p + 3
    EXPECT_EQ(key_reason(ed_key(little_endian({2}, 0, sign))), Reason::kKeyPoint);               // no such point
    EXPECT_EQ(key_reason(ed_key(little_endian({3}, 0, sign))), Reason::kOk);
  }
}

TEST(KeySet, SkippedKeysSayWhichAndWhere) {
  const std::string json = jwks({good_key(), R"({"kty":"EC","kid":"odd","crv":"P-224"})", R"({"kid":2})"});
  const auto keys = import_keys(json);
  ASSERT_EQ(keys->skipped().size(), 2U);
  EXPECT_EQ(keys->skipped()[0].index, 1U);
  EXPECT_EQ(keys->skipped()[0].reason, Reason::kKeyCurve);
  EXPECT_EQ(keys->skipped()[0].key_id, "odd");
  EXPECT_EQ(keys->skipped()[0].offset, json.find("\"P-224\""));
  EXPECT_EQ(keys->skipped()[1].index, 2U);
  EXPECT_EQ(keys->skipped()[1].offset, json.find("{\"kid\":2}"));
  EXPECT_TRUE(keys->skipped()[1].key_id.empty());
}

TEST(KeySet, RefusalsSayWhere) {
  const std::string duplicate = jwks({good_key(), good_key()});
  EXPECT_EQ(import_error(duplicate),
            (Error{Reason::kKeysDuplicateId, static_cast<std::uint32_t>(duplicate.rfind("\"good\""))}));
  const std::string secret = jwks({good_key(), R"({"kty":"RSA","d":"AA"})"});
  EXPECT_EQ(import_error(secret), (Error{Reason::kKeyPrivate, static_cast<std::uint32_t>(secret.find("\"d\""))}));
}

TEST(KeySet, Edwards25519PointsOfOrderEightAreRefused) {
  // Publicly known: the y coordinates of order 8, least byte first.
  for (const std::string_view hex : {"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                                     "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"}) {
    std::string point = bytes_of_hex(hex);
    EXPECT_EQ(key_reason(ed_key(point)), Reason::kKeyPoint);
    point.back() = static_cast<char>(point.back() | static_cast<char>(0x80));
    EXPECT_EQ(key_reason(ed_key(point)), Reason::kKeyPoint);
  }
}

std::string ed448_key(std::string_view x) { return R"({"kty":"OKP","crv":"Ed448","x":")" + base64url(x) + "\"}"; }

TEST(KeySet, Edwards448PointsAreReducedRealAndOfLargeOrder) {
  const std::string good = SigningKey::of("Ed448").x();
  EXPECT_EQ(key_reason(ed448_key(good)), Reason::kOk);
  EXPECT_EQ(key_reason(ed448_key(good.substr(1))), Reason::kKeyPoint);
  EXPECT_EQ(key_reason(ed448_key(good + '\0')), Reason::kKeyPoint);
  // p = 2^448 - 2^224 - 1, least byte first, and the byte that holds the sign alone.
  const std::string prime = std::string(28, '\xff') + '\xfe' + std::string(27, '\xff') + '\0';
  std::string minus_one = prime;
  minus_one[0] = '\xfe';
  std::string p_and_three(57, '\0');  // p + 3 is 2^448 - 2^224 + 2
  p_and_three[0] = 2;
  for (std::size_t i = 28; i < 56; ++i) p_and_three[i] = '\xff';
  const auto small = [](char y) {
    std::string bytes(57, '\0');
    bytes[0] = y;
    return bytes;
  };
  for (const char sign : {'\0', '\x80'}) {
    const auto reason = [sign](std::string point) {
      point.back() = static_cast<char>(point.back() | sign);
      return key_reason(ed448_key(point));
    };
    EXPECT_EQ(reason(small(0)), Reason::kKeyPoint);   // order 4
    EXPECT_EQ(reason(small(1)), Reason::kKeyPoint);   // order 1
    EXPECT_EQ(reason(minus_one), Reason::kKeyPoint);  // order 2
    EXPECT_EQ(reason(prime), Reason::kKeyPoint);      // p, which is 0
    EXPECT_EQ(reason(p_and_three), Reason::kKeyPoint);
    EXPECT_EQ(reason(small(2)), Reason::kKeyPoint);  // no such point
    EXPECT_EQ(reason(small(3)), Reason::kOk);
  }
  std::string padded = small(3);
  padded.back() = 1;  // RFC 8032 §5.2.2: the other bits of the last byte are zero
  EXPECT_EQ(key_reason(ed448_key(padded)), Reason::kKeyPoint);
}

// --- one algorithm per key --------------------------------------------------------------------------------------

struct Fit {
  std::string_view key;  ///< algorithm a key is made for
  std::string_view alg;  ///< what its alg says; empty: there is none
  std::optional<Algorithm> algorithm;
};

// tokens.md §3.3, items 21 and 22; RFC 8725 §3.1.
TEST(KeySet, AlgFitsTypeAndCurve) {
  for (const Fit& fit : {
           Fit{"RS256", "", Algorithm::kRs256},         Fit{"RS256", "RS384", Algorithm::kRs384},
           Fit{"RS256", "RS512", Algorithm::kRs512},    Fit{"RS256", "PS256", Algorithm::kPs256},
           Fit{"RS256", "PS384", Algorithm::kPs384},    Fit{"RS256", "PS512", Algorithm::kPs512},
           Fit{"RS256", "RSA-OAEP", std::nullopt},      Fit{"RS256", "RSA1_5", std::nullopt},
           Fit{"RS256", "HS256", std::nullopt},         Fit{"ES256", "", Algorithm::kEs256},
           Fit{"ES256", "ES384", std::nullopt},         Fit{"ES256", "ES256K", std::nullopt},
           Fit{"ES256", "ECDH-ES", std::nullopt},       Fit{"ES384", "", Algorithm::kEs384},
           Fit{"ES384", "ES384", Algorithm::kEs384},    Fit{"ES384", "ES256", std::nullopt},
           Fit{"ES512", "", Algorithm::kEs512},         Fit{"ES512", "ES512", Algorithm::kEs512},
           Fit{"ES512", "ES521", std::nullopt},         Fit{"ES256K", "", Algorithm::kEs256k},
           Fit{"ES256K", "ES256K", Algorithm::kEs256k}, Fit{"ES256K", "ES256", std::nullopt},
           Fit{"EdDSA", "", Algorithm::kEdDsa},         Fit{"EdDSA", "EdDSA", Algorithm::kEdDsa},
           Fit{"EdDSA", "Ed25519", Algorithm::kEdDsa},  Fit{"EdDSA", "Ed448", std::nullopt},
           Fit{"Ed448", "", Algorithm::kEd448},         Fit{"Ed448", "EdDSA", Algorithm::kEd448},
           Fit{"Ed448", "Ed448", Algorithm::kEd448},    Fit{"Ed448", "Ed25519", std::nullopt},
       }) {
    const std::string members = fit.alg.empty() ? "" : "\"alg\":\"" + std::string(fit.alg) + "\",";
    const std::string key = fit.key == "RS256" ? Keys::get().rsa.jwk(members) : SigningKey::of(fit.key).jwk(members);
    if (!fit.algorithm) {
      EXPECT_EQ(key_reason(key), Reason::kKeyAlgorithm) << fit.key << " " << fit.alg;
      continue;
    }
    const auto keys = KeySet::from_jwks(jwks({key}));
    ASSERT_EQ(keys.reason(), Reason::kOk) << fit.key << " " << fit.alg;
    EXPECT_EQ((*keys)->key(0).algorithm, *fit.algorithm) << fit.key << " " << fit.alg;
  }
}

// RFC 9964 §3.
TEST(KeySet, MlDsaKeysNameTheirAlgorithmAndHaveItsLength) {
  const auto key = [](std::string_view members, std::size_t size) {
    return key_reason(R"({"kty":"AKP",)" + std::string(members) + R"("pub":")" + base64url(std::string(size, 'k')) +
                      "\"}");
  };
  const Reason good = SigningKey::is_supported("ML-DSA-44") ? Reason::kOk : Reason::kKeyUnsupported;
  EXPECT_EQ(key(R"("alg":"ML-DSA-44",)", 1312), good);
  EXPECT_EQ(key(R"("alg":"ML-DSA-65",)", 1952), good);
  EXPECT_EQ(key(R"("alg":"ML-DSA-87",)", 2592), good);
  EXPECT_EQ(key(R"("alg":"ML-DSA-44",)", 1952), Reason::kKeyMember);
  EXPECT_EQ(key(R"("alg":"ML-DSA-87",)", 2593), Reason::kKeyMember);
  EXPECT_EQ(key("", 1312), Reason::kKeyAlgorithm);
  EXPECT_EQ(key(R"("alg":"ES256",)", 1312), Reason::kKeyAlgorithm);
  EXPECT_EQ(key_reason(R"({"kty":"AKP","alg":"ML-DSA-44"})"), Reason::kKeyMember);
  EXPECT_EQ(set_reason(jwks({good_key(), R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AA","priv":"AA"})"})),
            Reason::kKeyPrivate);
}

TEST(KeySet, MlDsaVerifiesWhereTheLibraryHasIt) {
  if (!SigningKey::is_supported("ML-DSA-65")) GTEST_SKIP() << "the linked OpenSSL has no ML-DSA";
  Limits limits;
  limits.token_size_max = 16 * 1024;
  VerifyScratch scratch(limits);
  for (const std::string_view alg : {"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"}) {
    const SigningKey key = SigningKey::of(alg);
    const auto keys = import_keys(jwks({key.jwk("\"alg\":\"" + std::string(alg) + "\",")}));
    const std::string header = R"({"alg":")" + std::string(alg) + "\"}";
    const AlgorithmSet algorithms{*parse_algorithm(alg)};
    EXPECT_EQ(verify_jws(token(header, kPayload, key), *keys, algorithms, scratch).reason(), Reason::kOk);
    EXPECT_EQ(verify_jws(token(header, kPayload, SigningKey::of(alg)), *keys, algorithms, scratch).reason(),
              Reason::kTokenSignature);
  }
}

// --- thumbprint, fingerprint, report ----------------------------------------------------------------------------

std::string thumbprint_of(std::string_view json) {
  const auto keys = import_keys(json);
  const auto thumbprint = keys->key(0).thumbprint;
  return base64url({reinterpret_cast<const char*>(thumbprint.data()), thumbprint.size()});
}

TEST(KeySet, ThumbprintsArePublishedOnes) {
  // RFC 7638 §3.1.
  EXPECT_EQ(thumbprint_of(jwks(
                {R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK)"
                 R"(7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v)"
                 R"(-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWh)"
                 R"(AI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB",)"
                 R"("alg":"RS256","kid":"2011-04-29"})"})),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  // RFC 8037 appendix A.3.
  EXPECT_EQ(thumbprint_of(jwks({R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"})),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  // RFC 9449 §4.1, §6.1.
  EXPECT_EQ(thumbprint_of(jwks({R"({"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",)"
                                R"("y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"})"})),
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

TEST(KeySet, SetsOfTheSameKeysHaveTheSameFingerprint) {
  const std::string ed = Keys::get().ed.jwk(R"("kid":"a",)");
  const std::string ec = Keys::get().ec.jwk(R"("kid":"b",)");
  const auto set = import_keys(jwks({ed, ec}));
  EXPECT_EQ(set->fingerprint(), import_keys(jwks({ed, R"({"kty":"X"})", ec}))->fingerprint());
  EXPECT_EQ(set->fingerprint(), import_keys(R"({"x":1, "keys": [)" + ed + " , " + ec + "]}")->fingerprint());

  const std::vector<std::string> others{jwks({ed}),
                                        jwks({ec, ed}),
                                        jwks({ed, Keys::get().ec.jwk(R"("kid":"c",)")}),
                                        jwks({ed, Keys::get().ec.jwk()}),
                                        jwks({ed, Keys::get().ec.jwk(R"("kid":"",)")}),
                                        jwks({ed, SigningKey::p256().jwk(R"("kid":"b",)")})};
  for (const std::string& other : others) EXPECT_NE(set->fingerprint(), import_keys(other)->fingerprint()) << other;
  EXPECT_NE(import_keys(jwks({Keys::get().ec.jwk(R"("kid":"",)")}))->fingerprint(),
            import_keys(jwks({Keys::get().ec.jwk()}))->fingerprint());
  EXPECT_NE(import_keys(jwks({Keys::get().rsa.jwk(R"("alg":"RS256",)")}))->fingerprint(),
            import_keys(jwks({Keys::get().rsa.jwk(R"("alg":"PS256",)")}))->fingerprint());
}

TEST(KeySet, AReportTellsOfSkippedKeysEvenWithoutASet) {
  KeySetReport report;
  const std::string json = jwks({R"({"kty":"X","kid":"first"})", R"({"kty":"EC","crv":"P-256"})"});
  EXPECT_EQ(KeySet::from_jwks(json, {}, report).reason(), Reason::kKeysEmpty);
  ASSERT_EQ(report.skipped.size(), 2U);
  EXPECT_EQ(report.skipped[0].reason, Reason::kKeyType);
  EXPECT_EQ(report.skipped[0].key_id, "first");
  EXPECT_EQ(report.skipped[1].index, 1U);
  EXPECT_EQ(report.skipped[1].reason, Reason::kKeyMember);
  EXPECT_EQ(report.skipped[1].offset, json.rfind('{'));

  EXPECT_EQ(KeySet::from_jwks(jwks({good_key(), "{}"}), {}, report).reason(), Reason::kOk);
  ASSERT_EQ(report.skipped.size(), 1U);
  EXPECT_EQ(report.skipped[0].index, 1U);
  EXPECT_EQ(KeySet::from_jwks("[]", {}, report).reason(), Reason::kKeysJson);
  EXPECT_TRUE(report.skipped.empty());
}

// --- one JWK ----------------------------------------------------------------------------------------------------

TEST(KeySet, OneJwkIsASetOfOne) {
  const std::string json = Keys::get().ec.jwk(R"("kid":"only",)");
  const auto keys = KeySet::from_jwk(json);
  ASSERT_EQ(keys.reason(), Reason::kOk);
  ASSERT_EQ((*keys)->size(), 1U);
  EXPECT_EQ((*keys)->key(0).key_id, "only");
  EXPECT_EQ((*keys)->fingerprint(), import_keys(jwks({json}))->fingerprint());
}

TEST(KeySet, FaultsOfOneJwkAreToldAsTheyAre) {
  const auto error = [](std::string_view json) {
    const auto keys = KeySet::from_jwk(json);
    EXPECT_EQ(*keys, nullptr);
    return keys.error();
  };
  EXPECT_EQ(error("").reason, Reason::kKeysJson);
  EXPECT_EQ(error("[]").reason, Reason::kKeysJson);
  EXPECT_EQ(error(jwks({good_key()})).reason, Reason::kKeyType);
  EXPECT_EQ(error(R"({"kty":"EC","kty":"EC"})").reason, Reason::kKeysDuplicateMember);
  EXPECT_EQ(error(R"({"kty":"oct","k":"AA"})").reason, Reason::kKeyPrivate);
  EXPECT_EQ(error(R"({"kty":"EC","crv":"P-224"})"), (Error{Reason::kKeyCurve, 18}));
  EXPECT_EQ(error(Keys::get().ed.jwk(R"("d":"AA",)")), (Error{Reason::kKeyPrivate, 1}));
  std::string large = good_key();
  large.resize(256 * 1024 + 1, ' ');
  EXPECT_EQ(error(large).reason, Reason::kKeysLimit);
}

}  // namespace
}  // namespace ostiary::test
