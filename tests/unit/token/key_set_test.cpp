// Importing JWK Sets from someone who wishes us ill.
#include "unit/token/fixture.hpp"

#include <ostiary/token/key_set.hpp>

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ostiary::test
