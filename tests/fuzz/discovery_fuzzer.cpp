// Reading a hostile discovery document: no crash, and what comes out is what was asked for, over https.
#include "token/fetch_uri.hpp"

#include <ostiary/token/discovery.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace ostiary;

namespace {

constexpr std::string_view kIssuer = "https://login.example";

void require(bool good) {
  if (!good) __builtin_trap();
}

void check_document(std::string_view json, bool allow_loopback_http) {
  const Result<Discovery> read = read_discovery(json, kIssuer, {.allow_loopback_http = allow_loopback_http});
  if (!read) {
    const Reason reason = read.reason();
    require(reason == Reason::kDiscoveryJson || reason == Reason::kDiscoveryIssuer || reason == Reason::kDiscoveryUri);
    require(read.error().offset <= json.size());
    return;
  }
  require(read->issuer == kIssuer);
  require(read->jwks_uri.starts_with("https://") || (allow_loopback_http && read->jwks_uri.starts_with("http://")));
  for (const char c : read->jwks_uri) require(c > ' ' && c < 0x7f && c != '#' && c != '\\' && c != '"');
  require(read->id_token_algorithms.common_with(kSymmetricAlgorithms).empty());
}

void check_place(std::string_view issuer, DiscoveryPlace place) {
  const Result<std::string> uri = discovery_uri(issuer, place);
  if (!uri) return;
  require(is_fetch_uri(*uri, false));
  require(uri->find("//", sizeof "https://" - 1) == std::string_view::npos || issuer.find("//", 8) != issuer.npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_document(bytes, false);
  check_document(bytes, true);
  check_place(bytes, DiscoveryPlace::kOpenId);
  check_place(bytes, DiscoveryPlace::kOAuth);
  return 0;
}
