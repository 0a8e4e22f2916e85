// Any bytes as an address set's image: it does not load, or it is the image we would have made of its blocks and
// answers as a list of them does. The same bytes as blocks: they are refused, or make an image that loads.
#include "support/address_set_image.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ostiary::AddressSet;
using ostiary::AddressSetEntry;
using ostiary::IpAddress;

void require(bool promise) {
  if (!promise) __builtin_trap();
}

/// Makes the header's size right, so that damage deeper down is reached.
void repair(std::string& image) {
  if (image.size() < sizeof(ostiary::AddressSetHeader)) return;
  const auto size = static_cast<std::uint32_t>(image.size());
  std::memcpy(image.data() + offsetof(ostiary::AddressSetHeader, size), &size, sizeof(size));
}

std::uint32_t longest(const std::vector<AddressSetEntry>& entries, const IpAddress& address) {
  std::uint32_t found = AddressSet::kNoRow;
  for (std::uint32_t row = 0; row < entries.size(); ++row) {
    const bool holds = entries[row].block.contains(address);
    if (holds && (found == AddressSet::kNoRow || entries[found].block.length < entries[row].block.length)) found = row;
  }
  return found;
}

void ask(const AddressSet& set, const std::vector<AddressSetEntry>& entries, const IpAddress& address) {
  const bool is_mapped = address.is_ipv6() && address.high == 0 && address.low >> 32 == 0xffff;
  if (!is_mapped) require(set.find(address) == longest(entries, address));
}

void check(const AddressSet& set, const std::string& image) {
  std::vector<AddressSetEntry> entries;
  for (std::uint32_t row = 0; row < set.size(); ++row) entries.push_back(set.entry(row));
  require(ostiary::test::address_set_image(entries) == image);
  for (const AddressSetEntry& entry : entries) {
    const IpAddress& first = entry.block.first;
    ask(set, entries, first);
    ask(set, entries, ostiary::detail::end_of(entry.block).next);
    ask(set, entries, ostiary::block_of({first.family, first.high - 1, first.low}, 64).first);
  }
  ask(set, entries, *ostiary::parse_address("255.255.255.255"));
  ask(set, entries, *ostiary::parse_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
}

/// A block per six bytes: the length, and a few bits at either end, so that blocks meet.
std::vector<AddressSetEntry> entries_of(std::string_view bytes) {
  std::vector<AddressSetEntry> entries;
  for (; bytes.size() >= 6 && entries.size() < 64; bytes.remove_prefix(6)) {
    const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(bytes[i])}; };
    const bool is_ipv4 = byte(0) >= 0x80;
    const IpAddress address =
        is_ipv4 ? ostiary::ipv4_address(static_cast<std::uint32_t>(byte(1) << 24 | byte(2)))
                : IpAddress{ostiary::AddressFamily::kIpv6, byte(1) << 56 | byte(2), byte(3) << 56 | byte(4)};
    entries.push_back({ostiary::block_of(address, static_cast<unsigned>(byte(0) & 0x7fU) + (byte(5) & 1U)), 0});
  }
  return entries;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string image(reinterpret_cast<const char*>(data), size);
  const std::string built = ostiary::test::address_set_image(entries_of(image));
  if (!built.empty()) check(AddressSet::load(built).value(), built);
  repair(image);
  const ostiary::Result<AddressSet> set = AddressSet::load(image);
  if (set) check(*set, image);
  return 0;
}
