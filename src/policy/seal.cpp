#include "policy/seal.hpp"

#include <ostiary/policy/gate.hpp>

#include <array>
#include <cstddef>
#include <cstring>

namespace ostiary::policy {

namespace {

constexpr std::size_t kSealAt = offsetof(GateHeader, seal);

}  // namespace

std::optional<adapt::Sha256Digest> content_hash_of(std::string_view image) noexcept {
  const std::array<std::string_view, 2> pieces{image.substr(0, kSealAt), image.substr(kSealAt + sizeof(GateSeal))};
  return adapt::sha256(pieces);
}

void write_seal(std::string& image, const GateSeal& seal) noexcept {
  std::memcpy(image.data() + kSealAt, &seal, sizeof(seal));
}

bool write_content_hash(std::string& image) noexcept {
  const auto hash = content_hash_of(image);
  GateSeal seal;
  if (hash) seal.content_hash = *hash;
  write_seal(image, seal);
  return hash.has_value();
}

}  // namespace ostiary::policy
