// DPoP proofs for tests (RFC 9449 §4.2), and the examples that are printed in the RFC.
#pragma once

#include "support/signing_key.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/token/algorithm.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace ostiary::test {

inline constexpr AlgorithmSet kProofAlgorithms{Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa};

/// The header of a proof; `jwk` and `typ` are JSON.
inline std::string proof_header(std::string_view alg, std::string_view jwk, std::string_view typ = R"("dpop+jwt")") {
  return R"({"typ":)" + std::string(typ) + R"(,"alg":")" + std::string(alg) + R"(","jwk":)" + std::string(jwk) + "}";
}
inline std::string proof_header(const SigningKey& key) { return proof_header(key.algorithm(), key.jwk()); }

/// The claims of a proof, as JSON members that a test may exchange one by one.
struct ProofClaims {
  std::string jti = R"("a1")";
  std::string htm = R"("GET")";
  std::string htu = R"("https://api.example/items")";
  std::string iat = "1700000000";
  std::string more{};  ///< further members, each with a comma in front

  [[nodiscard]] std::string json() const {
    return R"({"jti":)" + jti + R"(,"htm":)" + htm + R"(,"htu":)" + htu + R"(,"iat":)" + iat + more + "}";
  }
};

// RFC 9449 §4.1, figures 1 and 2.
inline constexpr std::string_view kRfcTokenProof =
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVD"
    "IiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdC"
    "RnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2"
    "R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiw"
    "iaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3R"
    "va2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8ig"
    "iMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

// RFC 9449 §7.1, figures 12 and 13: for GET https://resource.example.org/protectedresource.
inline constexpr std::string_view kRfcResourceProof =
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik"
    "VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR"
    "nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE"
    "QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIj"
    "oiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0Z"
    "WRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNF"
    "c05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71E"
    "OptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
inline constexpr std::string_view kRfcAccessToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
inline constexpr std::string_view kRfcThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";  // §6.1, figure 9
inline constexpr std::int64_t kRfcIssuedAt = 1562262618;

}  // namespace ostiary::test
