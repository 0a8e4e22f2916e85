// Tokens from nowhere against a real key set. The mutator cannot sign, so no token may verify; the two seeds from
// the RFCs are right signatures over payloads that are no access tokens.
#include <ostiary/core/base64url.hpp>
#include <ostiary/token/jws.hpp>
#include <ostiary/token/verifier.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace ostiary;

namespace {

// The public keys of RFC 7515 appendix A.2 and A.3 and of RFC 8037 appendix A.
constexpr std::string_view kKeys = R"({"keys":[
{"kty":"RSA","kid":"r","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"},
{"kty":"EC","kid":"e","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
{"kty":"OKP","kid":"o","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";

constexpr std::array<std::string_view, 1> kAudiences{"api"};

void require(bool good) {
  if (!good) __builtin_trap();
}

void check_split(std::string_view token) {
  const Result<CompactJws> jws = split_compact(token, {});
  if (!jws) {
    require(jws.error().offset <= token.size());
    return;
  }
  require(jws->header.size() + jws->payload.size() + jws->signature.size() + 2 == token.size());
  std::string bytes(token.size(), '\0');
  for (const std::string_view part : {jws->header, jws->payload, jws->signature})
    require(base64url_decode(part, bytes));
}

// The header and the payload as they are, without base64url in the way of the mutator.
std::string assembled(std::string_view input) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string token;
  std::uint32_t bits = 0;
  unsigned pending = 0;
  for (const char c : input) {
    if (c == '\0') {
      if (pending > 0) token += kAlphabet[(bits << (6 - pending)) & 0x3fU];
      pending = 0;
      token += '.';
      continue;
    }
    bits = ((bits << 8) | static_cast<unsigned char>(c)) & 0xffffU;
    for (pending += 8; pending >= 6; pending -= 6) token += kAlphabet[(bits >> (pending - 6)) & 0x3fU];
  }
  if (pending > 0) token += kAlphabet[(bits << (6 - pending)) & 0x3fU];
  return token;
}

void check_verify(std::string_view token) {
  static const auto keys = KeySet::from_jwks(kKeys);
  require(keys.ok());
  static VerifyScratch scratch;
  const TokenPolicy policy{
      .issuer = "i", .audiences = kAudiences, .algorithms = {Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa}};
  const std::array<TrustedIssuer, 1> issuers{{{policy, keys->get()}}};
  const Result<Identity> identity = verify_token(token, issuers, {.now_s = 1000}, scratch);
  require(!identity && identity.error().offset <= token.size());
  require(identity->claim_count() == 0 && scratch.payload().empty());

  const Result<VerifiedJws> jws = verify_jws(token, **keys, policy.algorithms, scratch);
  require(jws.error().offset <= token.size());
  require(jws.ok() == !scratch.payload().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_split(input);
  check_verify(input);
  check_verify(assembled(input));
  return 0;
}
