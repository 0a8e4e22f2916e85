// Any bytes as a review receipt: no crash, what was read is within bounds, and no stranger's review counts.
#include "policy/receipt.hpp"

#include <ostiary/policy/boundary.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace ostiary;

namespace {

void require(bool good) {
  if (!good) __builtin_trap();
}

/// The point that RFC 8032 §7.1 has in test 1; the fuzzer may find its private key, but not in our time.
constexpr GatePublicKey kKey{0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
                             0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
                             0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const Result<ReviewReceipt> receipt = read_receipt(json);
  if (!receipt) {
    require(receipt.reason() == Reason::kReceiptFormat && receipt.error().offset <= size);
    return 0;
  }
  require(size <= kReceiptSizeMax && !receipt->reviews.empty() && receipt->reviews.size() <= kReviewsMax);
  for (std::size_t i = 1; i < receipt->reviews.size(); ++i) {
    require(receipt->reviews[i - 1].key_id < receipt->reviews[i].key_id);
  }
  const std::string text = policy::receipt_json(*receipt);
  const Result<ReviewReceipt> again = read_receipt(text);
  require(again && policy::receipt_json(*again) == text);

  require(check_receipt(receipt->boundary, json, {{&kKey, 1}}).reason() == Reason::kReceiptReview);
  GateBoundaryHash other = receipt->boundary;
  other[0] ^= 1;
  require(check_receipt(other, json, {{&kKey, 1}}).reason() == Reason::kReceiptBoundary);
  return 0;
}
