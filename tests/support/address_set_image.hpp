// Address sets for tests: built into a string, loaded from it.
#pragma once

#include <ostiary/http/address_set.hpp>

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {

/// The image of the entries; empty when they are refused.
inline std::string address_set_image(std::vector<AddressSetEntry> entries) {
  std::vector<std::byte> memory(address_set_size_max(static_cast<std::uint32_t>(entries.size())));
  const Result<std::string_view> image = build_address_set(entries, memory);
  return image ? std::string(*image) : std::string();
}

/// A set and the image it borrows. Block number i has the value i.
class OwnedAddressSet {
 public:
  OwnedAddressSet(std::initializer_list<std::string_view> blocks) {
    std::vector<AddressSetEntry> entries;
    for (const std::string_view block : blocks) {
      entries.push_back({parse_address_block(block).value(), static_cast<std::uint32_t>(entries.size())});
    }
    load(std::move(entries));
  }
  explicit OwnedAddressSet(std::vector<AddressSetEntry> entries) { load(std::move(entries)); }
  OwnedAddressSet(const OwnedAddressSet&) = delete;
  OwnedAddressSet& operator=(const OwnedAddressSet&) = delete;

  [[nodiscard]] const AddressSet& operator*() const { return set_; }
  [[nodiscard]] const AddressSet* operator->() const { return &set_; }
  [[nodiscard]] const std::string& image() const { return image_; }
  [[nodiscard]] Reason reason() const { return reason_; }

 private:
  void load(std::vector<AddressSetEntry> entries) {
    image_ = address_set_image(std::move(entries));
    const Result<AddressSet> loaded = AddressSet::load(image_);
    reason_ = loaded.reason();
    if (loaded) set_ = *loaded;
  }

  std::string image_;
  AddressSet set_;
  Reason reason_ = Reason::kOk;
};

}  // namespace ostiary::test
