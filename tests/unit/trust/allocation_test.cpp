// The verdict takes no memory of its own.
#include "support/count_allocations.hpp"
#include "unit/trust/fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ostiary::test {
namespace {

class SenderAllocation : public SenderTest {};

// OpenSSL takes its memory from malloc, never from operator new: what is counted here is ours alone, also while a key
// is imported.
TEST_F(SenderAllocation, AVerdictAllocatesNothing) {
  const SigningKey ed = SigningKey::ed25519();
  const std::array<std::string, 4> proofs{
      token(proof_header(sender_key()), claims_.json(), sender_key()),
      token(proof_header(sender_key()), claims_.json(), SigningKey::p256()),
      token(proof_header(ed), claims_.json(), ed),
      "garbage",
  };
  const OwnedIdentity identity(identity_);
  for (const std::string& proof : proofs) {
    const Inspected seen("GET /a/../items HTTP/1.1\r\nHost: API.example\r\n" + authorization_ + "DPoP: " + proof +
                         "\r\n\r\n");
    const Credential presented = *credential(seen.request());
    const AllocationCounter counter;
    const Reason first = check_sender({seen.request(), presented, *identity}, facts_, policy_, scratch_);
    const Reason second = check_sender({seen.request(), presented, *identity}, facts_, policy_, scratch_);
    EXPECT_EQ(counter.count(), 0U);
    EXPECT_EQ(first == Reason::kOk, second == Reason::kDpopReplay);
  }
}

}  // namespace
}  // namespace ostiary::test
