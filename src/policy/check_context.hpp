// What a Gate declares, and the complaints when something else is used. Shared by the checks of routes, rules and
// roles.
#pragma once

#include "policy/diagnostics.hpp"
#include "policy/route_group.hpp"
#include "policy/source.hpp"

#include <ostiary/core/limits.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy {

/// The declared names of one kind, and the complaint when one is missing.
class Names {
 public:
  Names(std::string_view kind, Diagnostics& diagnostics) : kind_(kind), diagnostics_(diagnostics) {}

  void declare(const Text& name);
  void require(const Text& name) const;
  [[nodiscard]] bool has(const Text& name) const { return names_.contains(name.value); }

 private:
  void check_syntax(const Text& name);

  std::string kind_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> names_;
};

/// Borrows everything it is made with.
class CheckContext {
 public:
  CheckContext(const GateSource& gate, const Limits& limits, Diagnostics& diagnostics);

  void fail(Reason reason, const Text& place, const std::string& message) {
    diagnostics.add(reason, place.offset, message);
  }

  /// The claim as it is declared or built in, or nullptr after a diagnostic. The name is its only text for built-in
  /// ones.
  const ClaimSource* claim(const Text& name);

  /// The same, for a claim that conditions, patterns or role mappings read: there may be 64 of them.
  const ClaimSource* read_claim(const Text& name);

  /// A claim that is read and must be declared as text because of `use`.
  void require_text_claim(const Text& name, std::string_view use);

  void check_host_pattern(const Text& host);

  /// Also what its `{claim}` segments name.
  void check_path_pattern(const Text& path);

  void check_address_block(const Text& block);

  /// The routes named by a rule or mapping, each of which must be there. Until the next call.
  RouteGroup& check_routes(const std::vector<Text>& names);

  /// Whether rules may read a header of this name.
  [[nodiscard]] bool is_readable_header(std::string_view name) const { return readable_headers_.contains(name); }

  [[nodiscard]] bool is_identity_header(std::string_view name) const { return identity_headers_.contains(name); }

  /// A role mapping that names the route, or nullptr.
  [[nodiscard]] const RoleSource* role_on(const RouteSource& route) const;

  /// Whether some value that the claim may have is this one or, for a prefix, begins with it.
  [[nodiscard]] bool has_value(const ClaimSource& claim, const Text& value, bool is_prefix) const;

  /// `perhaps "…" is meant, else`, or nothing: guesses are dear, so that there are only some.
  std::string guess(const Text& value, const ClaimSource& claim);

  /// Whether so many more address blocks may stand in lists of clients.
  void count_blocks(const PredicateSource& condition);

  const GateSource& gate;
  const Limits& limits;
  Diagnostics& diagnostics;
  Names issuers;
  Names networks;
  Names flags;
  Names origins;
  Names routes;
  Names rules;
  Names roles;
  /// What is left for comparing conditions on paths with routes.
  std::uint32_t path_steps = 1U << 22U;

 private:
  void declare_issuers();
  void declare_claims();
  void declare_networks();
  void declare_flags();
  void declare_headers();
  void declare_routes();

  std::map<std::string_view, const ClaimSource*> claims_;
  std::map<const ClaimSource*, std::set<std::string_view>> vocabularies_;
  std::map<std::string_view, const RouteSource*> routes_by_id_;
  std::map<std::string_view, const RoleSource*> roles_by_route_;
  std::map<std::string_view, std::size_t> network_sizes_;
  std::set<std::set<std::string_view>> client_lists_;
  std::size_t block_count_ = 0;
  std::set<std::string_view> readable_headers_;
  std::set<std::string_view> identity_headers_;
  RouteGroup everywhere_;
  RouteGroup named_;
  int guesses_left_ = 16;
  std::set<std::string, std::less<>> claims_read_;
};

/// Whether a Gate may neither set nor read this field: it belongs to one connection, or decides framing, host or
/// credentials.
[[nodiscard]] bool is_reserved_header(std::string_view name);

/// Whether what a client writes under this name is not believed, and reaches the origin from trusted hops only or not
/// at all: nothing may be decided by it.
[[nodiscard]] bool is_untrusted_header(std::string_view name);

/// Lower-case letters, digits and "-".
[[nodiscard]] bool is_plain_header_name(std::string_view name);

}  // namespace ostiary::policy
