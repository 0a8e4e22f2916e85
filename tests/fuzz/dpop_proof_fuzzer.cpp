// Proofs from nowhere against the verifier and the whole verdict. The mutator cannot sign, so only the proofs that the
// RFC prints may verify, whatever else they stand beside; what is read of them must lie inside.
#include "support/dpop.hpp"
#include "support/field_request.hpp"

#include <ostiary/token/dpop_proof.hpp>
#include <ostiary/trust/sender_constraint.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace ostiary;
using namespace ostiary::test;

namespace {

void require(bool good) {
  if (!good) __builtin_trap();
}

// The header and the payload as they are, without base64url in the way of the mutator.
std::string assembled(std::string_view input) {
  std::string proof;
  for (std::size_t begin = 0; begin <= input.size();) {
    const std::size_t end = std::min(input.find('\0', begin), input.size());
    if (begin > 0) proof += '.';
    proof += base64url(input.substr(begin, end - begin));
    begin = end + 1;
  }
  return proof;
}

bool is_printed(std::string_view proof) { return proof == kRfcTokenProof || proof == kRfcResourceProof; }

void check_proof(std::string_view proof) {
  static DpopScratch scratch({}, 2);
  constexpr AlgorithmSet kAlgorithms{Algorithm::kRs256, Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kPs256};
  const Result<DpopProof> verified = verify_dpop_proof(proof, kAlgorithms, scratch);
  require(verified.error().offset <= proof.size());
  require(verified.ok() == is_printed(proof));
  require(verified.ok() == (verified->key_thumbprint.size() == 43));
  require(verified->id.empty() != verified.ok());
}

void check_verdict(std::string_view proof) {
  static const std::array<std::byte, ReplayMemory::kSecretSize> secret{};
  std::array<std::byte, ReplayMemory::size_for(4)> memory{};
  ReplayMemory replay(memory, secret);
  static DpopScratch scratch({}, 0);
  const std::string authorization = "DPoP " + std::string(kRfcAccessToken);
  const FieldRequest made({{"authorization", authorization}, {"dpop", proof}});
  Request request = made.request();
  request.host = "resource.example.org";
  request.path = "/protectedresource";
  IdentityHeader header;
  header.confirmation = Confirmation::kPresent;
  header.key_thumbprint = {sizeof(header), 43};
  header.claims = header.scopes = {sizeof(header), 0};
  header.size = sizeof(header) + 43;
  std::string image(sizeof(header), '\0');
  std::memcpy(image.data(), &header, sizeof(header));
  image += kRfcThumbprint;
  const Result<Identity> identity = Identity::load(image);
  require(identity.ok());
  const DpopPolicy policy{.algorithms = {Algorithm::kEs256}, .replay = &replay};
  const SenderFacts facts{.now_s = kRfcIssuedAt, .origin = {Scheme::kHttps, {}}};
  const Credential presented = *credential(request);
  const Reason first = check_sender({request, presented, *identity}, facts, policy, scratch);
  require((first == Reason::kOk) == (proof == kRfcResourceProof));
  require(first != Reason::kInternal && first != Reason::kUsageArgument && first != Reason::kNoMemory);
  const Reason second = check_sender({request, presented, *identity}, facts, policy, scratch);
  require(second == (first == Reason::kOk ? Reason::kDpopReplay : first));
}

void check_uri(std::string_view text) {
  std::string memory(2 * text.size() + 2, '\0');
  Arena arena(std::as_writable_bytes(std::span(memory)));
  const Result<TargetUri> uri = parse_target_uri(text, Method::kGet, arena);
  require(uri.reason() != Reason::kUsageScratchTooSmall && uri.error().offset <= text.size());
  if (!uri) return;
  // What came out is canonical: made a URI again it stays what it is.
  const std::string again = std::string(uri->scheme == Scheme::kHttps ? "https://" : "http://") +
                            std::string(uri->host) + ":" + std::to_string(uri->port) + std::string(uri->path);
  Arena nothing;
  require(parse_target_uri(again, Method::kGet, nothing).value() == *uri);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_uri(input);
  for (const std::string& proof : {std::string(input), assembled(input)}) {
    check_proof(proof);
    check_verdict(proof);
  }
  return 0;
}
