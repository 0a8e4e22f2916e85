// Hosts as one dimension: exact hosts, `*.` and a host for exactly one label more, and every other host.
#pragma once

#include "policy/algebra/bits.hpp"

#include <ostiary/http/host.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::policy::algebra {

struct HostAtom {
  std::string example;
  Bits holds;
};

using ostiary::host_matches;

/// A host that a pattern matches, or nothing when the pattern leaves no room for a label. Pure.
[[nodiscard]] std::optional<std::string> example_host(std::string_view pattern);

/// A host that both patterns match, or nothing when none is. Pure.
[[nodiscard]] std::optional<std::string> common_host(std::string_view a, std::string_view b);

/// The joint classes of some sets of host patterns. Immutable once made.
class HostPartition {
 public:
  /// Hosts that the same sets match share an atom; its example is one of the exact hosts where the atom has one. The
  /// same sets make the same examples. Takes O(n log n) for n patterns, and a Bits for each. Pure.
  explicit HostPartition(std::span<const std::vector<std::string>> sets);

  /// No two with the same `holds`.
  [[nodiscard]] const std::vector<HostAtom>& atoms() const& { return atoms_; }
  void atoms() const&& = delete;  // the atoms go with the object
  /// The sets that match a canonical host.
  [[nodiscard]] Bits holds_at(std::string_view host) const;

 private:
  using Index = std::map<std::string, Bits, std::less<>>;

  void add_atoms();
  [[nodiscard]] std::optional<std::string> fresh_under(std::string_view suffix) const;
  [[nodiscard]] std::string fresh_elsewhere() const;

  std::size_t count_ = 0;
  Index exact_;
  Index suffixes_;  ///< by what follows "*."
  std::vector<HostAtom> atoms_;
};

}  // namespace ostiary::policy::algebra
