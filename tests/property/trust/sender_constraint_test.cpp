// Whatever is done to a proof it no longer counts, and its URI means what the inspector says it means.
#include "unit/trust/fixture.hpp"

#include <ostiary/trust/target_uri.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

class ProofMutation : public SenderTest {
 protected:
  ProofMutation() {
    policy_.replay = nullptr;
    policy_.replay_unchecked = true;
  }

  void expect_refused(const std::string& mutated) {
    for (const char c : mutated) {
      if (kAlphabet.find(c) == std::string_view::npos) return;  // the field would be no field any more
    }
    const Reason reason = verdict_on(mutated);
    ASSERT_NE(reason, Reason::kOk) << mutated;
    ASSERT_NE(reason, Reason::kInternal) << mutated;
    ASSERT_NE(reason, Reason::kUsageArgument) << mutated;
  }

  const std::string good_ = token(proof_header(sender_key()), claims_.json(), sender_key());
};

TEST_F(ProofMutation, ChangingAnyCharacterIsNoticed) {
  for (int remembered = 0; remembered < 2; ++remembered) {
    for (std::size_t i = 0; i < good_.size(); ++i) {
      for (const char other :
           {kAlphabet[(i * 7) % 65], static_cast<char>(good_[i] ^ 1), good_[(i + 1) % good_.size()]}) {
        if (other == good_[i]) continue;
        std::string mutated = good_;
        mutated[i] = other;
        expect_refused(mutated);
      }
    }
    ASSERT_EQ(verdict_on(good_), Reason::kOk);  // from now on its key is remembered
  }
}

TEST_F(ProofMutation, EveryOtherCharacterAtEveryPlaceOfTheSignatureIsNoticed) {
  ASSERT_EQ(verdict_on(good_), Reason::kOk);
  for (std::size_t i = good_.rfind('.') + 1; i < good_.size(); ++i) {
    for (const char other : kAlphabet) {
      if (other == good_[i]) continue;
      std::string mutated = good_;
      mutated[i] = other;
      expect_refused(mutated);
    }
  }
}

TEST_F(ProofMutation, RemovingAndRepeatingCharactersIsNoticed) {
  for (std::size_t i = 0; i < good_.size(); ++i) {
    expect_refused(std::string(good_).erase(i, 1));
    expect_refused(std::string(good_).insert(i, 1, good_[i]));
    expect_refused(good_.substr(0, i));
    if (i > 0) expect_refused(good_.substr(i));
  }
}

TEST_F(ProofMutation, ChangingAnyByteOfWhatIsSignedIsNoticed) {
  const std::string header = proof_header(sender_key());
  const std::string payload = claims_.json();
  const std::string signature = good_.substr(good_.rfind('.') + 1);
  const auto assembled = [&](std::string_view head, std::string_view claims) {
    return base64url(head) + "." + base64url(claims) + "." + signature;
  };
  ASSERT_EQ(assembled(header, payload), good_);
  for (const unsigned bit : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U}) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      std::string mutated = header;
      mutated[i] = static_cast<char>(static_cast<unsigned char>(mutated[i]) ^ bit);
      expect_refused(assembled(mutated, payload));
    }
    for (std::size_t i = 0; i < payload.size(); ++i) {
      std::string mutated = payload;
      mutated[i] = static_cast<char>(static_cast<unsigned char>(mutated[i]) ^ bit);
      expect_refused(assembled(header, mutated));
    }
  }
}

// --- URIs -----------------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 12> kSchemes{"https://", "http://", "HTTPS://",  "hTTp://",
                                                    "https:/",  "https:",  "//",        "",
                                                    "ftp://",   "ws://",   "https:///", "https//"};
constexpr std::array<std::string_view, 20> kHosts{
    "a.example", "A.Example", "a.example.",   "b.example",      "a..example", "[::1]", "[0:0::1]", "127.0.0.1",
    "127.1",     "0x7f.1",    "u@a.example",  "u:p@a.example",  "",           "xn--a", "a_b",      "-a.example",
    "[::1",      "1.2.3.4.5", "a.example%2e", "a.example\\evil"};
constexpr std::array<std::string_view, 9> kPorts{"", "", "", ":443", ":80", ":8443", ":", ":0", ":0443"};
constexpr std::array<std::string_view, 28> kPieces{"/",    "//",      "/.",   "/..",     "/a",      "/A",      "/%61",
                                                   "/%2e", "/%2E%2e", "/%2f", "/%2F",    "/%c3%a9", "/%C3%A9", "/;x",
                                                   "/a;b", "?",       "?q",   "?q=/../", "/%zz",    "/%",      "/%00",
                                                   "/%5c", "/\\",     "/~",   "/%7E",    "/%25",    "/%2525",  "/%ff"};

/// What follows the first "://", up to a slash or a question mark.
std::string authority_of(const std::string& uri) {
  const std::size_t begin = uri.find("://");
  if (begin == std::string::npos) return {};
  return uri.substr(begin + 3, uri.find_first_of("/?", begin + 3) - begin - 3);
}

/// The URI as the inspector reads it when it is the target of a request to that very host.
struct Reading {
  Reading(const std::string& uri, std::string_view method)
      : seen(std::string(method) + " " + uri + " HTTP/1.1\r\nHost: " + authority_of(uri) + "\r\n\r\n",
             InspectOptions{{}, Scheme::kUnknown, kWaivableRules}) {}

  Inspected seen;
};

TEST(TargetUriProperty, AgreesWithInspectingARequestForIt) {
  std::mt19937 random(7638);
  const auto pick = [&](const auto& from) { return std::string(from[random() % from.size()]); };
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string uri = pick(kSchemes) + pick(kHosts) + pick(kPorts);
    for (std::size_t pieces = random() % 5; pieces > 0; --pieces) uri += pick(kPieces);
    const bool options = random() % 8 == 0;
    const Reading reading(uri, options ? "OPTIONS" : "GET");
    const bool readable = reading.seen.complete() && reading.seen.request().authority.present();

    std::vector<std::byte> memory(2 * uri.size() + 2);
    Arena arena(memory);
    const Result<TargetUri> parsed = parse_target_uri(uri, options ? Method::kOptions : Method::kGet, arena);
    ASSERT_EQ(parsed.ok(), readable) << uri << " " << name_of(parsed.reason()) << " " << name_of(reading.seen.reason());
    ASSERT_NE(parsed.reason(), Reason::kUsageScratchTooSmall) << uri;
    parsed.ok() ? ++accepted : ++refused;
    if (!parsed) continue;
    const Request& request = reading.seen.request();
    EXPECT_EQ(parsed->host, request.host) << uri;
    EXPECT_EQ(parsed->path, request.path) << uri;
    EXPECT_EQ(parsed->scheme, request.scheme) << uri;
    Arena nothing;
    EXPECT_EQ(*parsed, *target_uri_of(request, {}, nothing)) << uri;

    // A fragment changes nothing.
    const std::string with_fragment = uri + "#a/../b?c";
    std::vector<std::byte> more(2 * with_fragment.size() + 2);
    Arena other(more);
    EXPECT_EQ(*parse_target_uri(with_fragment, options ? Method::kOptions : Method::kGet, other), *parsed) << uri;
  }
  EXPECT_GT(accepted, 1500U);
  EXPECT_GT(refused, 2000U);
}

}  // namespace
}  // namespace ostiary::test
