// Whatever is done to a token, it no longer verifies.
#include "unit/token/fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace ostiary::test {
namespace {

class TokenMutation : public TokenTest {
 protected:
  /// Accepted means: verified, or refused for a reason that is none.
  void expect_refused(const std::string& mutated) {
    const Result<Identity> identity = verify(mutated);
    ASSERT_FALSE(identity) << mutated;
    ASSERT_NE(identity.reason(), Reason::kInternal) << mutated;
    ASSERT_NE(identity.reason(), Reason::kUsageArgument) << mutated;
    ASSERT_LE(identity.error().offset, mutated.size());
  }

  const std::string ed_ = token(kHeader, kPayload, Keys::get().ed);
  const std::string ec_ = token(R"({"alg":"ES256","kid":"ec"})", kPayload, Keys::get().ec);
  const std::string rsa_ = token(R"({"alg":"RS256","kid":"rsa"})", kPayload, Keys::get().rsa);
};

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

TEST_F(TokenMutation, ChangingAnyCharacterIsNoticed) {
  for (const std::string& good : {ed_, ec_, rsa_}) {
    ASSERT_EQ(reason(good), Reason::kOk);
    for (std::size_t i = 0; i < good.size(); ++i) {
      // Neighbours differ in one bit of the six, the farthest in all; a byte of another alphabet ends the syntax pass.
      for (const char other :
           {kAlphabet[(i * 7) % 65], static_cast<char>(good[i] ^ 1), static_cast<char>(good[i] ^ 0x80)}) {
        if (other == good[i]) continue;
        std::string mutated = good;
        mutated[i] = other;
        expect_refused(mutated);
      }
    }
  }
}

TEST_F(TokenMutation, EveryOtherCharacterAtEveryPlaceOfTheSignatureIsNoticed) {
  for (std::size_t i = ec_.rfind('.') + 1; i < ec_.size(); ++i) {
    for (const char other : kAlphabet) {
      if (other == ec_[i]) continue;
      std::string mutated = ec_;
      mutated[i] = other;
      expect_refused(mutated);
    }
  }
}

TEST_F(TokenMutation, RemovingAndRepeatingCharactersIsNoticed) {
  for (std::size_t i = 0; i < ed_.size(); ++i) {
    expect_refused(std::string(ed_).erase(i, 1));
    expect_refused(std::string(ed_).insert(i, 1, ed_[i]));
    expect_refused(ed_.substr(0, i));
    if (i > 0) expect_refused(ed_.substr(i));
  }
}

TEST_F(TokenMutation, PartsOfGoodTokensDoNotMakeAnother) {
  const std::array<std::string, 3> tokens{ed_, ec_, rsa_};
  const auto part = [](const std::string& text, int index) {
    const std::size_t first = text.find('.');
    const std::size_t second = text.rfind('.');
    return index == 0   ? text.substr(0, first)
           : index == 1 ? text.substr(first + 1, second - first - 1)
                        : text.substr(second + 1);
  };
  for (int header = 0; header < 3; ++header) {
    for (int signature = 0; signature < 3; ++signature) {
      if (header == signature) continue;
      const auto at = [&](int index) -> const std::string& { return tokens[static_cast<std::size_t>(index)]; };
      expect_refused(part(at(header), 0) + "." + part(at(header), 1) + "." + part(at(signature), 2));
    }
  }
}

TEST_F(TokenMutation, RandomEditsAreNoticed) {
  std::mt19937 random(20260101);
  for (int round = 0; round < 3000; ++round) {
    std::string mutated = round % 2 == 0 ? ed_ : rsa_;
    const std::string good = mutated;
    const unsigned edits = 1 + random() % 4;
    for (unsigned edit = 0; edit < edits; ++edit) {
      const std::size_t place = random() % mutated.size();
      switch (random() % 3) {
        case 0: mutated[place] = kAlphabet[random() % kAlphabet.size()]; break;
        case 1: mutated.erase(place, 1 + random() % 3); break;
        default: mutated.insert(place, 1, kAlphabet[random() % kAlphabet.size()]);
      }
    }
    if (mutated != good) expect_refused(mutated);
  }
}

}  // namespace
}  // namespace ostiary::test
