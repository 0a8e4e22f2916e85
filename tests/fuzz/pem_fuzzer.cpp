// Importing a hostile PEM key, and hostile bytes as a secret: no crash, every usable key obeys the rules, and what is
// read as a public key is never taken for a secret.
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/secret_keys.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace ostiary;

namespace {

void require(bool good) {
  if (!good) __builtin_trap();
}

bool is_usable(const KeySet::KeyInfo& key) {
  const AlgorithmSet rsa{Algorithm::kRs256, Algorithm::kRs384, Algorithm::kRs512,
                         Algorithm::kPs256, Algorithm::kPs384, Algorithm::kPs512};
  return !is_symmetric(key.algorithm) && (!rsa.contains(key.algorithm) || (key.bits >= 2048 && key.bits <= 8192));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::array<KeySet::PemKey, 1> keys{{{.pem = text, .key_id = "a", .algorithm = {}}}};
  const auto set = KeySet::from_pem(keys);
  require(set.ok() == (*set != nullptr));
  require(set.error().offset == 0);
  if (set) require((*set)->size() == 1 && is_usable((*set)->key(0)) && (*set)->key(0).key_id == "a");

  Limits wide;
  wide.secret_size_max = wide.pem_size_max;
  const std::array<SecretKey, 1> secret{{{.bytes = text}}};
  const auto secrets = SecretKeys::make(secret, wide);
  if (set) require(secrets.reason() == Reason::kKeySecretPublic);
  if (secrets) require(size >= 32 && (*secrets)->size() == 1);
  return 0;
}
