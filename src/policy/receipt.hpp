// Review receipts as text.
#pragma once

#include <ostiary/policy/boundary.hpp>

#include <string>

namespace ostiary::policy {

/// As read_receipt reads it; equal receipts give equal texts.
[[nodiscard]] std::string receipt_json(const ReviewReceipt& receipt);

}  // namespace ostiary::policy
