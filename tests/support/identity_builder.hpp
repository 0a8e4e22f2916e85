// Identity images straight from JSON claims: a second writer, independent of the library's own.
#pragma once

#include <ostiary/token/identity.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

namespace ostiary::test {

/// Lays the members of a JSON object out as an Identity image (token/identity.hpp describes it).
class IdentityBuilder {
 public:
  explicit IdentityBuilder(const nlohmann::json& claims) {
    for (const auto& [name, value] : claims.items()) add_claim(name, value);
    for (const std::string& scope : granted(claims)) scopes_.push_back(text(scope));
  }

  [[nodiscard]] std::string image() {
    const std::size_t claims_offset = sizeof(IdentityHeader);
    const std::size_t scopes_offset = claims_offset + claims_.size() * sizeof(ClaimRecord);
    const std::size_t sets_offset = scopes_offset + scopes_.size() * sizeof(Span);
    const std::size_t pool_offset = sets_offset + sets_.size() * sizeof(Span);
    const auto shift = [](Span& span, std::size_t by) { span.offset += static_cast<std::uint32_t>(by); };
    for (ClaimRecord& claim : claims_) {
      shift(claim.name, pool_offset);
      if (claim.kind == ClaimKind::kText) shift(claim.text, pool_offset);
      if (claim.kind == ClaimKind::kTextSet) shift(claim.text, sets_offset);
    }
    for (Span& span : scopes_) shift(span, pool_offset);
    for (Span& span : sets_) shift(span, pool_offset);
    IdentityHeader header;
    header.size = static_cast<std::uint32_t>(pool_offset + pool_.size());
    header.claims = {static_cast<std::uint32_t>(claims_offset), static_cast<std::uint32_t>(claims_.size())};
    header.scopes = {static_cast<std::uint32_t>(scopes_offset), static_cast<std::uint32_t>(scopes_.size())};
    return bytes(&header, 1) + bytes(claims_.data(), claims_.size()) + bytes(scopes_.data(), scopes_.size()) +
           bytes(sets_.data(), sets_.size()) + pool_;
  }

 private:
  /// The scopes of `scope`, or where there is none of `scp`.
  static std::vector<std::string> granted(const nlohmann::json& claims) {
    const nlohmann::json source = claims.value("scope", claims.value("scp", nlohmann::json("")));
    if (source.is_array()) return source;
    std::istringstream scopes(source.get<std::string>());
    std::vector<std::string> list;
    for (std::string scope; scopes >> scope;) list.push_back(scope);
    return list;
  }

  template <typename Record>
  static std::string bytes(const Record* records, std::size_t count) {
    std::string copy(count * sizeof(Record), '\0');
    if (count != 0) std::memcpy(copy.data(), records, copy.size());
    return copy;
  }

  Span text(const std::string& value) {
    pool_ += value;
    return {static_cast<std::uint32_t>(pool_.size() - value.size()), static_cast<std::uint32_t>(value.size())};
  }

  void add_claim(const std::string& name, const nlohmann::json& value) {
    ClaimRecord claim;
    claim.name = text(name);
    claim.text = {0, 0};
    const auto is_text = [](const nlohmann::json& element) { return element.is_string(); };
    if (value.is_string()) {
      claim.kind = ClaimKind::kText;
      claim.text = text(value.get<std::string>());
    } else if (value.is_boolean()) {
      claim.kind = ClaimKind::kBoolean;
      claim.integer = value.get<bool>() ? 1 : 0;
    } else if (value.is_number_integer()) {
      claim.kind = ClaimKind::kInteger;
      claim.integer = value.get<std::int64_t>();
    } else if (value.is_array() && std::all_of(value.begin(), value.end(), is_text)) {
      claim.kind = ClaimKind::kTextSet;
      // `offset` is the place in sets_ until image() moves it behind the other tables.
      claim.text = {static_cast<std::uint32_t>(sets_.size() * sizeof(Span)), static_cast<std::uint32_t>(value.size())};
      for (const auto& element : value) sets_.push_back(text(element.get<std::string>()));
    }
    claims_.push_back(claim);
  }

  std::vector<ClaimRecord> claims_;
  std::vector<Span> scopes_;
  std::vector<Span> sets_;
  std::string pool_;
};

[[nodiscard]] inline std::string identity_image(const nlohmann::json& claims) {
  return IdentityBuilder(claims).image();
}

}  // namespace ostiary::test
