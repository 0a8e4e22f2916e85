// What is inside a VerifyScratch, for the compiled half of this room only.
#pragma once

#include "adapt/crypto.hpp"
#include "adapt/json.hpp"
#include "token/header.hpp"
#include "token/token_lifetime.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/token/verifier.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace ostiary {

struct VerifyScratch::Impl {
  explicit Impl(const Limits& wanted);

  [[nodiscard]] bool complete() const noexcept {
    return headers.complete() && signature != nullptr && identity != nullptr;
  }

  /// What the scratch told of the token verified last no longer holds.
  void forget() noexcept {
    verified_payload = {};
    missing_key = {};
  }

  Limits limits;
  HeaderMemory headers;
  adapt::JsonReader payload;
  adapt::SignatureContext signatures;
  std::size_t signature_size;
  std::unique_ptr<char[]> signature;
  std::size_t identity_size;
  std::unique_ptr<char[]> identity;
  std::string_view verified_payload;
  VerifyScratch::MissingKey missing_key;
  TokenLifetime lifetime;  ///< of the token verified last
};

class ScratchParts {
 public:
  using Impl = VerifyScratch::Impl;

  /// nullptr when the scratch has no memory.
  [[nodiscard]] static Impl* of(VerifyScratch& scratch) noexcept { return scratch.impl_.get(); }
};

}  // namespace ostiary
