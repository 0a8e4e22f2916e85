// Any bytes as an Identity image: refused, or every accessor stays inside.
#include <ostiary/token/identity.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

std::size_t read(const ostiary::Identity& identity, const ostiary::ClaimRecord& claim) {
  std::size_t sum = identity.text(claim.name).size();
  if (claim.kind == ostiary::ClaimKind::kText) sum += std::string(identity.text(claim.text)).size();
  if (claim.kind != ostiary::ClaimKind::kTextSet) return sum;
  for (std::uint32_t i = 0; i < claim.text.length; ++i) sum += std::string(identity.element(claim, i)).size();
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string image(reinterpret_cast<const char*>(data), size);
  const ostiary::Result<ostiary::Identity> identity = ostiary::Identity::load(image);
  if (!identity) return 0;
  std::size_t sum = 0;
  for (std::uint32_t i = 0; i < identity->claim_count(); ++i) sum += read(*identity, identity->claim(i));
  for (std::uint32_t i = 0; i < identity->scope_count(); ++i) sum += std::string(identity->scope(i)).size();
  (void)identity->has_scope("orders:read");
  (void)identity->text_claim("sub");
  return sum == SIZE_MAX ? 1 : 0;
}
