// Reading what a request carries takes no memory.
#include "inspected.hpp"
#include "support/address_set_image.hpp"
#include "support/count_allocations.hpp"
#include "support/field_request.hpp"

#include <ostiary/http/authorization.hpp>
#include <ostiary/http/client_address.hpp>
#include <ostiary/http/cookies.hpp>
#include <ostiary/http/credentials.hpp>
#include <ostiary/http/emit.hpp>
#include <ostiary/http/query.hpp>
#include <ostiary/http/structured_fields.hpp>
#include <ostiary/http/structured_fields_write.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

std::size_t read_everything(const Request& request, Arena& scratch) {
  std::size_t seen = 0;
  for (const Cookie& cookie : cookies(request)) seen += cookie.name.length;
  for (const Parameter& parameter : parameters(request)) {
    seen += parameter.name.length;
    const Result<std::string_view> value =
        decode_parameter(parameter.value.in(request.head), PlusSign::kSpace, scratch);
    seen += value->size();
  }
  const Result<Authorization> found = authorization(request);
  for (const AuthParameter& parameter : auth_parameters(request.head, found.value())) {
    const Result<std::string_view> value = unquote(parameter.value.in(request.head), scratch);
    seen += value->size();
  }
  seen += find_cookie(request, "sid")->length + find_parameter(request, "a b")->name.length;
  seen += find_cookie(request, "twice").ok() || first_nameless_cookie(request).present() ? 0U : 1U;
  return seen + (bearer_token(request).ok() ? 1U : 0U);
}

TEST(HttpAllocation, TheCounterCounts) {
  const AllocationCounter counter;
  const std::string text(100, 'x');
  EXPECT_EQ(counter.count(), 1U);
}

TEST(HttpAllocation, EmittingAllocatesNothing) {
  const Inspected seen(
      "POST /a/../b HTTP/1.1\r\nHost: A.example\r\nConnection: x\r\nX: 1\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(seen.complete());
  const std::array<HeaderEdit, 1> edits = {{{HeaderEditKind::kSet, "x-user", "alice"}}};
  std::array<std::byte, 256> memory;
  Arena scratch(memory);
  const AllocationCounter counter;
  const Result<std::string_view> head = emit_head(seen.request(), edits, {}, scratch);
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(*head, "POST /b HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nx-user: alice\r\n\r\n");
}

TEST(HttpAllocation, CookiesParametersAndCredentialsAllocateNothing) {
  const Inspected seen(
      "GET /?a+b=%31%32&c HTTP/1.1\r\nHost: a.example\r\nCookie: sid=1; =x; twice=1; twice=2\r\n"
      "Authorization: Digest a=\"b\\\"c\", d=e\r\n\r\n");
  ASSERT_TRUE(seen.complete());
  std::array<std::byte, 64> memory;
  Arena scratch(memory);
  const AllocationCounter counter;
  const std::size_t size = read_everything(seen.request(), scratch);
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(size, 27U);  // 13 of cookie names, 6 of parameters, 4 of credentials, 4 of what was looked up
}

TEST(HttpAllocation, StructuredFieldsAllocateNothing) {
  std::string large;
  for (int i = 0; i < 1024; ++i) large += (i == 0 ? "k" : ", k") + std::to_string(i * 37 % 1000) + "=(1 \"a\\\"b\");p";
  const std::vector<std::string_view> lines{"a=:AAAA:;b=%\"%c3%bc\"", "c=(1 2);d", "c=\"x\\\\\""};
  std::vector<std::byte> memory(std::size_t{4} << 20);
  Arena arena(memory);
  const AllocationCounter counter;
  const auto dictionary = structured::read_dictionary(large, arena);
  const auto joined = structured::read_dictionary(lines, arena);
  const auto refused = structured::read_list("(1 2", arena);
  const auto written = structured::write(*dictionary, arena);
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(dictionary->members.size(), 1000U);
  EXPECT_TRUE(joined->repeated_key);
  EXPECT_FALSE(refused);
  EXPECT_GT(written->size(), 10'000U);
}

TEST(HttpAllocation, AddressSetsAndClientAddressesAllocateNothing) {
  const OwnedAddressSet ours{"10.0.0.0/8", "2001:db8::/32"};
  std::vector<AddressSetEntry> entries = {ours->entry(0), ours->entry(1)};
  std::vector<std::byte> memory(address_set_size_max(2));
  const std::vector<FieldRequest::Line> lines = {{"Forwarded", "for=\"[2001:db9::1]:_p\", for=10.0.0.2"}};
  const FieldRequest request(lines);
  const AllocationCounter counter;
  ClientPolicy policy;
  policy.strategy = ClientStrategy::kTrustedBlocks;
  policy.field = ForwardedField::kForwarded;
  policy.trusted_blocks = AddressSet::load(build_address_set(entries, memory).value()).value();
  const Result<ClientAddress> client = client_address(request.request(), "10.0.0.9", policy);
  std::array<char, kIpv6TextMax> text{};
  const std::size_t size = format_address(client->address, text);
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_EQ(std::string_view(text.data(), size), "2001:db9::1");
}

}  // namespace
}  // namespace ostiary::test
