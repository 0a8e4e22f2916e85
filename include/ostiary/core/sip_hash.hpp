// SipHash-1-3: a hash for tables whose keys come from strangers. Nothing is proved by it.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ostiary {

/// Whoever does not know it cannot choose messages that collide.
struct SipKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  /// Of the first 16 bytes.
  [[nodiscard]] static SipKey from(const std::uint8_t* bytes) noexcept {
    SipKey key;
    std::memcpy(&key.low, bytes, sizeof key.low);
    std::memcpy(&key.high, bytes + sizeof key.low, sizeof key.high);
    return key;
  }
};

namespace detail {

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  explicit SipState(SipKey key) noexcept
      : v0(key.low ^ 0x736f6d6570736575U),
        v1(key.high ^ 0x646f72616e646f6dU),
        v2(key.low ^ 0x6c7967656e657261U),
        v3(key.high ^ 0x7465646279746573U) {}

  void round() noexcept {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }

  void absorb(std::uint64_t word) noexcept {
    v3 ^= word;
    round();
    v0 ^= word;
  }

  [[nodiscard]] std::uint64_t finish() noexcept {
    v2 ^= 0xffU;
    for (int i = 0; i < 3; ++i) round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace detail

/// Source: Aumasson and Bernstein, SipHash: a fast short-input PRF (2012), with one and three rounds. Pure.
[[nodiscard]] inline std::uint64_t sip_hash(SipKey key, std::string_view message) noexcept {
  detail::SipState state(key);
  const std::size_t whole = message.size() & ~std::size_t{7};
  for (std::size_t i = 0; i < whole; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, message.data() + i, 8);
    state.absorb(word);
  }
  std::uint64_t last = 0;
  if (message.size() > whole) std::memcpy(&last, message.data() + whole, message.size() - whole);
  state.absorb(last | (static_cast<std::uint64_t>(message.size()) << 56));
  return state.finish();
}

}  // namespace ostiary
