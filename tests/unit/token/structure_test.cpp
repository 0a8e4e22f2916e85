// The bytes of a token before anything is decoded.
#include "unit/token/fixture.hpp"

#include <ostiary/token/jws.hpp>

#include <gtest/gtest.h>

#include <string>

namespace ostiary::test {
namespace {

class TokenStructure : public TokenTest {
 protected:
  const std::string good_ = token(kHeader, kPayload, Keys::get().ed);

  void expect_error(std::string_view text, Reason reason, std::uint32_t offset) {
    const Result<CompactJws> split = split_compact(text, {});
    EXPECT_EQ(split.reason(), reason) << text;
    EXPECT_EQ(split.error().offset, offset) << text;
    EXPECT_EQ(verify(text).error(), (Error{reason, offset})) << text;
  }
};

static_assert(split_compact("AA.AA.AA", {}).ok());
static_assert(split_compact("AA.AA.AA", {}).value().signing_input == "AA.AA");

TEST_F(TokenStructure, AGoodTokenIsSplit) {
  const Result<CompactJws> jws = split_compact(good_, {});
  ASSERT_TRUE(jws);
  EXPECT_EQ(std::string(jws->signing_input) + "." + std::string(jws->signature), good_);
  EXPECT_EQ(std::string(jws->header) + "." + std::string(jws->payload), jws->signing_input);
  EXPECT_EQ(good_.substr(jws->payload_offset(), jws->payload.size()), jws->payload);
  EXPECT_EQ(good_.substr(jws->signature_offset()), jws->signature);
  EXPECT_TRUE(verify(good_));
}

TEST_F(TokenStructure, TheNumberOfPartsIsThree) {
  expect_error("", Reason::kTokenEmpty, 0);
  expect_error("AAAA", Reason::kTokenSegments, 4);
  expect_error("AAAA.AAAA", Reason::kTokenSegments, 9);
  expect_error("AAAA.AAAA.AAAA.AAAA", Reason::kTokenSegments, 14);
  expect_error("AAAA.AAAA.AAAA.AAAA.AAAA", Reason::kTokenEncrypted, 14);
  expect_error("AAAA..AAAA.AAAA.AAAA", Reason::kTokenEncrypted, 10);
  expect_error("AAAA.AAAA.AAAA.AAAA.AAAA.AAAA", Reason::kTokenSegments, 14);
}

TEST_F(TokenStructure, NoPartIsEmpty) {
  expect_error(good_ + ".", Reason::kTokenSegments, static_cast<std::uint32_t>(good_.size()));
  expect_error(".AAAA.AAAA", Reason::kTokenSegments, 0);
  expect_error("AAAA..AAAA", Reason::kTokenSegments, 5);
  expect_error("AAAA.AAAA.", Reason::kTokenSegments, 10);
  expect_error("..", Reason::kTokenSegments, 0);
  expect_error("." + good_, Reason::kTokenSegments,
               static_cast<std::uint32_t>(split_compact(good_, {})->signature_offset()));
}

// RFC 7515 §3: a JWS may sign nothing at all; a JWT has claims.
TEST_F(TokenStructure, APayloadMayBeEmptyWhereItIsAskedFor) {
  EXPECT_EQ(split_compact("AAAA..AAAA", {}, PayloadPart::kMayBeEmpty).reason(), Reason::kOk);
  for (const std::string_view text : {".AAAA.AAAA", "..AAAA", "AAAA.AAAA.", "AAAA..", ".."}) {
    EXPECT_EQ(split_compact(text, {}, PayloadPart::kMayBeEmpty).reason(), Reason::kTokenSegments) << text;
  }
  const std::string nothing = token(kHeader, "", Keys::get().ed);
  const Result<VerifiedJws> verified = verify_jws(nothing, *keys_, kEveryAlgorithm, scratch_);
  EXPECT_EQ(verified.reason(), Reason::kOk);
  EXPECT_TRUE(verified->payload.empty());
  const std::string taken_out =
      std::string(split_compact(good_, {})->header) + ".." + std::string(split_compact(good_, {})->signature);
  EXPECT_EQ(verify_jws(taken_out, *keys_, kEveryAlgorithm, scratch_).reason(), Reason::kTokenSignature);
  EXPECT_EQ(reason(nothing), Reason::kTokenSegments);
}

TEST_F(TokenStructure, DotsAloneAreRefused) {
  EXPECT_EQ(reason(std::string(64 * 1024, '.')), Reason::kTokenTooLong);
  EXPECT_EQ(reason(std::string(8 * 1024, '.')), Reason::kTokenSegments);
}

TEST_F(TokenStructure, EveryForeignByteIsRefusedAtEveryPosition) {
  for (std::size_t position = 0; position < good_.size(); position += 7) {
    for (int byte = 0; byte < 256; ++byte) {
      const char c = static_cast<char>(byte);
      if (is_base64url(c) || c == '.') continue;
      std::string broken = good_;
      broken[position] = c;
      ASSERT_EQ(verify(broken).error(), (Error{Reason::kTokenCharacter, static_cast<std::uint32_t>(position)})) << byte;
    }
  }
}

TEST_F(TokenStructure, PaddingAndOtherAlphabetsAreRefused) {
  expect_error("AAAA.AA==.AAAA", Reason::kTokenCharacter, 7);
  expect_error("AA+A.AAAA.AAAA", Reason::kTokenCharacter, 2);
  expect_error("AAAA.AA/A.AAAA", Reason::kTokenCharacter, 7);
  expect_error("AAAA%2EAAAA.AAAA", Reason::kTokenCharacter, 4);
  expect_error(good_ + "\n", Reason::kTokenCharacter, static_cast<std::uint32_t>(good_.size()));
  expect_error("Bearer " + good_, Reason::kTokenCharacter, 6);
  expect_error(good_ + "," + good_, Reason::kTokenCharacter, static_cast<std::uint32_t>(good_.size()));
}

TEST_F(TokenStructure, JsonSerialisationsAreRefused) {
  expect_error(R"({"payload":"e30","protected":"e30","signature":"AA"})", Reason::kTokenCharacter, 0);
  expect_error(R"({"payload":"e30","signatures":[]})", Reason::kTokenCharacter, 0);
  expect_error("{\"x\":\"" + good_ + "\"}", Reason::kTokenCharacter, 0);
}

TEST_F(TokenStructure, ALengthThatEncodesNothingIsRefused) {
  expect_error("AAAAA.AAAA.AAAA", Reason::kTokenBase64, 0);
  expect_error("AAAA.A.AAAA", Reason::kTokenBase64, 5);
  expect_error("AAAA.AAAA.AAAAA", Reason::kTokenBase64, 10);
}

TEST_F(TokenStructure, UnusedBitsMustBeZero) {
  expect_error("AB.AAAA.AAAA", Reason::kTokenBase64, 1);
  expect_error("AAAA.AAB.AAAA", Reason::kTokenBase64, 7);
  expect_error("AAAA.AAAA.AP", Reason::kTokenBase64, 11);
  EXPECT_TRUE(split_compact("AQ.AAE.AAAA", {}));
}

TEST_F(TokenStructure, EverySpellingOfAGoodTokenButOneIsRefused) {
  // An Ed25519 signature has 64 bytes: the last of 86 characters carries four unused bits.
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")) {
    std::string other = good_;
    other.back() = c;
    EXPECT_EQ(verify(other).ok(), other == good_);
  }
}

TEST_F(TokenStructure, TheLimitOfTheTokenHolds) {
  const std::string head = "AAAA.";
  const std::string tail = ".AAAA";
  const std::string longest = head + std::string(8192 - head.size() - tail.size(), 'A') + tail;
  EXPECT_NE(reason(longest), Reason::kTokenTooLong);
  EXPECT_EQ(verify(longest + "A").error(), (Error{Reason::kTokenTooLong, 8192}));
}

TEST_F(TokenStructure, TheLimitOfTheHeaderHolds) {
  const auto header_of = [](std::size_t size) {
    const std::string front = R"({"alg":"EdDSA","kid":"ed","x":")";
    return front + std::string(size - front.size() - 2, 'x') + "\"}";
  };
  EXPECT_EQ(header_reason(header_of(1024)), Reason::kOk);
  EXPECT_EQ(header_reason(header_of(1025)), Reason::kTokenTooLong);
}

TEST_F(TokenStructure, AMarkBeforeTheHeaderIsRefused) {
  EXPECT_EQ(header_reason("\xEF\xBB\xBF" + std::string(kHeader)), Reason::kTokenHeaderJson);
}

}  // namespace
}  // namespace ostiary::test
