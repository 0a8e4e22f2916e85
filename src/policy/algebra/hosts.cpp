#include "policy/algebra/hosts.hpp"

#include "policy/algebra/classes.hpp"

#include <ostiary/http/host.hpp>

#include <array>
#include <utility>

namespace ostiary::policy::algebra {

namespace {

constexpr std::string_view kWildcard = "*.";
constexpr std::array<std::string_view, 3> kLabels = {"other", "another", "any"};
constexpr std::array<std::string_view, 3> kElsewhere = {"other.example", "other.test", "other.invalid"};  // RFC 2606
constexpr std::string_view kLabelBytes = "xyzabcdefghijklmnopqrstuvw0123456789-";

bool is_wildcard(std::string_view pattern) { return pattern.starts_with(kWildcard); }

/// What a wildcard that matches the host has behind "*.", or nothing when no wildcard can.
std::optional<std::string_view> suffix_of(std::string_view host) {
  const std::size_t dot = host.find('.');
  if (dot == 0 || dot == std::string_view::npos) return std::nullopt;
  return host.substr(dot + 1);
}

/// The labels that could be, the short ones first. One in fourteen at most begins or ends with a hyphen and is none.
std::string label_of(std::size_t number) {
  std::string label;
  for (++number; number > 0; number = (number - 1) / kLabelBytes.size()) {
    label.insert(label.begin(), kLabelBytes[(number - 1) % kLabelBytes.size()]);
  }
  return label;
}

/// The first host below a suffix that passes, short enough to be one (RFC 1035 §2.3.4).
template <typename Passes>
std::optional<std::string> first_below(std::string_view suffix, std::size_t tries, Passes&& passes) {
  const auto fits = [&](std::string_view label) {
    return label.size() + 1 + suffix.size() <= ostiary::detail::kHostNameSizeMax;
  };
  const auto below = [&](std::string_view label) { return std::string(label).append(1, '.').append(suffix); };
  for (const std::string_view label : kLabels) {
    if (fits(label) && passes(below(label))) return below(label);
  }
  for (std::size_t i = 0; i < tries && fits(label_of(i)); ++i) {
    const bool is_label = ostiary::detail::host_name_fault(label_of(i)) == std::string_view::npos;
    if (is_label && passes(below(label_of(i)))) return below(label_of(i));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> example_host(std::string_view pattern) {
  if (!is_wildcard(pattern)) return std::string(pattern);
  return first_below(pattern.substr(kWildcard.size()), 1, [](const std::string&) { return true; });
}

std::optional<std::string> common_host(std::string_view a, std::string_view b) {
  if (!is_wildcard(a)) return host_matches(b, a) ? std::optional(std::string(a)) : std::nullopt;
  if (!is_wildcard(b)) return host_matches(a, b) ? std::optional(std::string(b)) : std::nullopt;
  return a == b ? example_host(a) : std::nullopt;
}

HostPartition::HostPartition(std::span<const std::vector<std::string>> sets) : count_(sets.size()) {
  for (std::size_t set = 0; set < sets.size(); ++set) {
    for (const std::string& pattern : sets[set]) {
      Index& index = is_wildcard(pattern) ? suffixes_ : exact_;
      const std::string_view key = std::string_view(pattern).substr(is_wildcard(pattern) ? kWildcard.size() : 0);
      index.try_emplace(std::string(key), count_).first->second.set(set);
    }
  }
  add_atoms();
}

Bits HostPartition::holds_at(std::string_view host) const {
  Bits holds(count_);
  if (const auto exact = exact_.find(host); exact != exact_.end()) holds |= exact->second;
  if (const auto suffix = suffix_of(host)) {
    if (const auto wildcard = suffixes_.find(*suffix); wildcard != suffixes_.end()) holds |= wildcard->second;
  }
  return holds;
}

void HostPartition::add_atoms() {
  Classes classes;
  const auto add = [&](std::string example) {
    Bits holds = holds_at(example);
    if (classes.number(holds).is_new) atoms_.push_back({std::move(example), std::move(holds)});
  };
  for (const auto& [host, holds] : exact_) add(host);
  for (const auto& [suffix, holds] : suffixes_) {
    if (std::optional<std::string> host = fresh_under(suffix)) add(*std::move(host));
  }
  add(fresh_elsewhere());
}

/// A host that only the wildcard of the suffix matches. There is none when exact hosts take all that is short enough.
std::optional<std::string> HostPartition::fresh_under(std::string_view suffix) const {
  // More tries than there are exact hosts and labels that are none.
  return first_below(suffix, 2 * exact_.size() + kLabelBytes.size(),
                     [&](const std::string& host) { return !exact_.contains(host); });
}

std::string HostPartition::fresh_elsewhere() const {
  for (const std::string_view host : kElsewhere) {
    if (!exact_.contains(host) && !suffixes_.contains(*suffix_of(host))) return std::string(host);
  }
  // No wildcard matches a host of one label.
  std::size_t number = 0;
  std::string host = "other";
  while (exact_.contains(host)) host = "other" + std::to_string(++number);
  return host;
}

}  // namespace ostiary::policy::algebra
