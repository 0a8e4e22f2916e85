#include "adapt/crypto.hpp"
#include "token/sha256_text.hpp"

#include <ostiary/token/dpop_nonce.hpp>

#include <algorithm>
#include <optional>

namespace ostiary {

namespace {

// In front of the step, so that the same secret may serve other ends.
constexpr std::string_view kLabel = "ostiary DPoP nonce ";
constexpr std::size_t kStepSize = 8;

std::array<char, kLabel.size() + kStepSize> message_of(std::int64_t step) noexcept {
  std::array<char, kLabel.size() + kStepSize> message{};
  kLabel.copy(message.data(), kLabel.size());
  for (std::size_t i = 0; i < kStepSize; ++i) {
    message[kLabel.size() + i] = static_cast<char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i) & 0xffU);
  }
  return message;
}

}  // namespace

DpopNonces::DpopNonces(std::span<const std::byte, kSecretSize> secret, std::int64_t step_s) noexcept : step_s_(step_s) {
  std::transform(secret.begin(), secret.end(), secret_.begin(), [](std::byte b) { return static_cast<char>(b); });
}

DpopNonces::~DpopNonces() { adapt::erase(secret_); }

bool DpopNonces::write_step(std::int64_t step, std::span<char, kNonceSize> memory) const noexcept {
  const auto message = message_of(step);
  const std::optional<adapt::Sha256Digest> mac =
      adapt::hmac_sha256({secret_.data(), secret_.size()}, {message.data(), message.size()});
  if (!mac) return false;
  write_sha256_text(*mac, memory);
  return true;
}

Result<std::string_view> DpopNonces::write(std::int64_t now_s, std::span<char, kNonceSize> memory) const noexcept {
  if (now_s < 0 || step_s_ <= 0) return Reason::kUsageArgument;
  if (!write_step(now_s / step_s_, memory)) return Reason::kInternal;
  return std::string_view(memory.data(), memory.size());
}

bool DpopNonces::accepts(std::string_view nonce, std::int64_t now_s) const noexcept {
  if (now_s < 0 || step_s_ <= 0 || nonce.size() != kNonceSize) return false;
  const std::int64_t step = now_s / step_s_;
  bool accepted = false;
  for (const std::int64_t candidate : {step, step - 1}) {
    std::array<char, kNonceSize> expected{};
    if (!write_step(candidate, expected)) return false;
    accepted = adapt::equals_in_constant_time(nonce, {expected.data(), expected.size()}) || accepted;
  }
  return accepted;
}

}  // namespace ostiary
