// Importing a hostile JWK Set: no crash, and every usable key obeys the rules.
#include <ostiary/token/key_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace ostiary;

namespace {

void require(bool good) {
  if (!good) __builtin_trap();
}

bool fits(const KeySet::KeyInfo& key) {
  switch (key.algorithm) {
    case Algorithm::kRs256:
    case Algorithm::kRs384:
    case Algorithm::kRs512:
    case Algorithm::kPs256:
    case Algorithm::kPs384:
    case Algorithm::kPs512: return key.bits >= 2048 && key.bits <= 8192;
    case Algorithm::kEs256:
    case Algorithm::kEs256k: return key.bits == 256;
    case Algorithm::kEs384: return key.bits == 384;
    case Algorithm::kEs512: return key.bits == 521;
    case Algorithm::kEdDsa: return key.bits == 255;
    case Algorithm::kEd448: return key.bits == 448;
    case Algorithm::kMlDsa44: return key.bits == 1312 * 8;
    case Algorithm::kMlDsa65: return key.bits == 1952 * 8;
    case Algorithm::kMlDsa87: return key.bits == 2592 * 8;
    case Algorithm::kHs256:
    case Algorithm::kHs384:
    case Algorithm::kHs512: return false;
  }
  return false;
}

/// A single JWK is used when it would be in a set, and refused with the Reason it would be skipped with.
void check_single(std::string_view json) {
  const auto single = KeySet::from_jwk(json);
  const std::string text = "{\"keys\":[" + std::string(json) + "]}";
  KeySetReport report;
  Limits limits;  // the set is deeper by two, larger and has two values more
  limits.key_set_size_max += 16;
  limits.key_set_json_depth_max += 2;
  limits.key_set_json_values_max += 2;
  const auto set = KeySet::from_jwks(text, limits, report);
  if (single) require(set && (*set)->fingerprint() == (*single)->fingerprint());
  // Text that is no JSON value alone may well be one between brackets.
  const bool is_document = single.reason() != Reason::kKeysJson && single.reason() != Reason::kKeysDuplicateMember &&
                           single.reason() != Reason::kKeysLimit && single.reason() != Reason::kNoMemory;
  if (!single && is_document) {
    require(set.reason() == single.reason() ||
            (set.reason() == Reason::kKeysEmpty && report.skipped[0].reason == single.reason()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  check_single(json);
  const auto keys = KeySet::from_jwks(json);
  if (!keys) {
    require(keys.error().offset <= size);
    require(*keys == nullptr);
    return 0;
  }
  const KeySet& set = **keys;
  require(set.size() > 0 && set.size() + set.skipped().size() <= Limits{}.key_count_max);
  for (std::size_t i = 0; i < set.size(); ++i) {
    require(fits(set.key(i)));
    for (std::size_t j = 0; j < i; ++j) {
      require(!set.key(i).has_key_id || !set.key(j).has_key_id || set.key(i).key_id != set.key(j).key_id);
    }
  }
  for (const KeySet::SkippedKey& skipped : set.skipped()) {
    require(skipped.offset < size);
    require(skipped.reason != Reason::kOk && skipped.reason != Reason::kInternal);
  }
  return 0;
}
