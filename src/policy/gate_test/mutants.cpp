#include "policy/gate_test/mutants.hpp"

#include "policy/gate_test/describe.hpp"

#include <ostiary/http/ip_address.hpp>
#include <ostiary/http/request.hpp>
#include <ostiary/policy/predicate.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace ostiary::policy {

namespace {

using Conditions = std::vector<PredicateSource>;

/// Whose conditions are changed, and where they are in a copy of the Gate.
struct Owner {
  std::string_view subject;
  std::string id;
  std::function<Conditions&(GateSource&)> conditions;
};

/// The block with one bit less of prefix; nothing for what is none or has no bit to lose.
std::optional<std::string> widened(const std::string& text) {
  const Result<AddressBlock> block = parse_address_block(text);
  if (!block || block->length == 0) return std::nullopt;
  const AddressBlock wide = block_of(block->first, block->length - 1);
  std::array<char, kIpv6TextMax> address{};
  const std::size_t size = format_address(wide.first, address);
  return std::string(address.data(), size) + "/" + std::to_string(wide.length);
}

/// The pattern with `*` for every `{claim}`; nothing where there is none.
std::optional<std::string> without_claims(const std::string& pattern) {
  std::string changed;
  bool has_claim = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const std::size_t end = pattern[i] == '{' ? pattern.find('}', i) : std::string::npos;
    changed += end == std::string::npos ? pattern[i] : '*';
    has_claim = has_claim || end != std::string::npos;
    i = end == std::string::npos ? i + 1 : end + 1;
  }
  return has_claim ? std::optional(changed) : std::nullopt;
}

template <typename Value>
void drop(std::vector<Value>& values, std::size_t index) {
  values.erase(values.begin() + static_cast<std::ptrdiff_t>(index));
}

class Lister {
 public:
  explicit Lister(const GateSource& gate) : gate_(gate) {}

  std::vector<Mutation> list() {
    for (std::size_t i = 0; i < gate_.issuers.size(); ++i) issuer(i);
    for (std::size_t i = 0; i < gate_.networks.size(); ++i) network(i);
    for (std::size_t i = 0; i < gate_.routes.size(); ++i) route(i);
    for (std::size_t i = 0; i < gate_.rules.size(); ++i) rule(i);
    for (std::size_t i = 0; i < gate_.roles.size(); ++i) role(i);
    std::stable_sort(all_.begin(), all_.end(),
                     [](const Mutation& a, const Mutation& b) { return a.offset < b.offset; });
    return std::move(all_);
  }

 private:
  void add(std::string_view change, const Owner& owner, std::string detail, std::uint32_t offset,
           std::function<void(GateSource&)> apply) {
    all_.push_back({change, owner.subject, owner.id, std::move(detail), offset, std::move(apply)});
  }

  /// One for each text of a list that is not the only one. `list` finds the list in a copy.
  template <typename List>
  void drop_texts(std::string_view change, const Owner& owner, const std::string& of, const std::vector<Text>& texts,
                  const List& list) {
    for (std::size_t i = 0; texts.size() > 1 && i < texts.size(); ++i) {
      add(change, owner, of + " \"" + texts[i].value + "\"", texts[i].offset,
          [list, i](GateSource& gate) { drop(list(gate), i); });
    }
  }

  void issuer(std::size_t index) {
    const IssuerSource& issuer = gate_.issuers[index];
    const Owner owner{"issuer", issuer.id.value, {}};
    for (std::size_t i = 0; i < issuer.required_claims.size(); ++i) {
      const RequiredClaimSource& claim = issuer.required_claims[i];
      add("required claim dropped", owner, claim.name.value, claim.name.offset,
          [index, i](GateSource& gate) { drop(gate.issuers[index].required_claims, i); });
    }
  }

  void network(std::size_t index) {
    const NetworkSource& network = gate_.networks[index];
    const Owner owner{"network", network.id.value, {}};
    const auto list = [index](GateSource& gate) -> std::vector<Text>& { return gate.networks[index].blocks; };
    drop_texts("value dropped", owner, "block", network.blocks, list);
    widen(owner, network.blocks, list);
  }

  template <typename List>
  void widen(const Owner& owner, const std::vector<Text>& blocks, const List& list) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const std::optional<std::string> wide = widened(blocks[i].value);
      if (!wide) continue;
      add("block widened by a bit", owner, blocks[i].value + " to " + *wide, blocks[i].offset,
          [list, i, wide](GateSource& gate) { list(gate)[i].value = *wide; });
    }
  }

  void drop_methods(const Owner& owner, std::uint32_t offset, std::int64_t mask, std::string_view what, bool schemes,
                    const std::function<void(GateSource&, std::int64_t)>& set) {
    for (unsigned bit = 0; bit < 64; ++bit) {
      const std::int64_t rest = mask & ~(std::int64_t{1} << bit);
      if (rest == mask || rest == 0) continue;
      const std::string_view name =
          schemes ? (bit == static_cast<unsigned>(Scheme::kHttp) ? "http" : "https") : kMethodNames[bit];
      add("value dropped", owner, std::string(what) + " \"" + std::string(name) + '"', offset,
          [set, rest](GateSource& gate) { set(gate, rest); });
    }
  }

  void route(std::size_t index) {
    const RouteSource& route = gate_.routes[index];
    const Owner owner{"route", route.id.value, {}};
    drop_texts("value dropped", owner, "host", route.hosts,
               [index](GateSource& gate) -> std::vector<Text>& { return gate.routes[index].hosts; });
    drop_methods(owner, route.id.offset, route.methods, "method", false, [index](GateSource& gate, std::int64_t mask) {
      gate.routes[index].methods = static_cast<std::uint32_t>(mask);
    });
    if (const auto open = without_claims(route.path.value)) {
      add("claim in the path not compared", owner, route.path.value, route.path.offset,
          [index, open](GateSource& gate) { gate.routes[index].path.value = *open; });
    }
    if (route.role_required) {
      add("role made optional", owner, {}, route.id.offset,
          [index](GateSource& gate) { gate.routes[index].role_required = false; });
    }
  }

  void rule(std::size_t index) {
    const RuleSource& rule = gate_.rules[index];
    const Owner owner{"rule", rule.id.value,
                      [index](GateSource& gate) -> Conditions& { return gate.rules[index].predicates; }};
    const bool denies = rule.effect == RuleEffect::kDeny;
    add(denies ? "denial dropped" : "rule dropped", owner, {}, rule.id.offset,
        [index](GateSource& gate) { drop(gate.rules, index); });
    drop_texts("route dropped", owner, "route", rule.routes,
               [index](GateSource& gate) -> std::vector<Text>& { return gate.rules[index].routes; });
    if (!denies && rule.subject == RuleSubject::kIdentity) {
      add("made public", owner, {}, rule.id.offset, [index](GateSource& gate) {
        gate.rules[index].subject = RuleSubject::kAnyone;
        std::erase_if(gate.rules[index].predicates,
                      [](const PredicateSource& condition) { return is_about_identity(condition.kind); });
      });
    }
    for (std::size_t i = 0; i < rule.predicates.size(); ++i) condition(owner, rule.predicates[i], i);
  }

  void role(std::size_t index) {
    const RoleSource& role = gate_.roles[index];
    const Owner owner{"role", role.id.value,
                      [index](GateSource& gate) -> Conditions& { return gate.roles[index].predicates; }};
    add("role dropped", owner, {}, role.id.offset, [index](GateSource& gate) { drop(gate.roles, index); });
    drop_texts("route dropped", owner, "route", role.routes,
               [index](GateSource& gate) -> std::vector<Text>& { return gate.roles[index].routes; });
    for (std::size_t i = 0; i < role.predicates.size(); ++i) condition(owner, role.predicates[i], i);
  }

  void condition(const Owner& owner, const PredicateSource& one, std::size_t index) {
    const std::string name = describe(one);
    // Every identity is of one of the Gate's issuers.
    if (one.kind != PredicateKind::kIssuerIn || one.texts.size() < gate_.issuers.size()) {
      add("condition dropped", owner, name, one.offset,
          [find = owner.conditions, index](GateSource& gate) { drop(find(gate), index); });
    }
    const auto texts = [find = owner.conditions, index](GateSource& gate) -> std::vector<Text>& {
      return find(gate)[index].texts;
    };
    drop_texts("value dropped", owner, name, one.texts, texts);
    drop_numbers(owner, one, index, name);
    weaken(owner, one, index, name);
    if (dimension_of(one.kind) == Dimension::kClient) widen(owner, one.texts, texts);
    for (std::size_t i = 0; i < one.texts.size(); ++i) loosen(owner, one, i, name, texts);
  }

  void drop_numbers(const Owner& owner, const PredicateSource& one, std::size_t index, const std::string& name) {
    const bool schemes = one.kind == PredicateKind::kSchemeIn;
    if (schemes || one.kind == PredicateKind::kMethodIn) {
      drop_methods(owner, one.offset, one.integers.front(), name, schemes,
                   [find = owner.conditions, index](GateSource& gate, std::int64_t mask) {
                     find(gate)[index].integers.front() = mask;
                   });
    }
    if (one.kind != PredicateKind::kIntegerIn && one.kind != PredicateKind::kIntegerNotIn) return;
    for (std::size_t i = 0; one.integers.size() > 1 && i < one.integers.size(); ++i) {
      add("value dropped", owner, name + " " + std::to_string(one.integers[i]), one.offset,
          [find = owner.conditions, index, i](GateSource& gate) { drop(find(gate)[index].integers, i); });
    }
  }

  void weaken(const Owner& owner, const PredicateSource& one, std::size_t index, const std::string& name) {
    const bool scopes = one.kind == PredicateKind::kScopesAll;
    if ((!scopes && one.kind != PredicateKind::kHasAll) || one.texts.size() < 2) return;
    const PredicateKind any = scopes ? PredicateKind::kScopesAny : PredicateKind::kHasAny;
    add("all made any", owner, name, one.offset,
        [find = owner.conditions, index, any](GateSource& gate) { find(gate)[index].kind = any; });
  }

  template <typename Texts>
  void loosen(const Owner& owner, const PredicateSource& one, std::size_t index, const std::string& name,
              const Texts& texts) {
    const Text& text = one.texts[index];
    if (one.kind == PredicateKind::kTextPrefix && text.value.size() > 1) {
      add("prefix shortened", owner, name + " \"" + text.value + '"', text.offset,
          [texts, index](GateSource& gate) { texts(gate)[index].value.pop_back(); });
    }
    const std::optional<std::string> open =
        one.kind == PredicateKind::kPathIn ? without_claims(text.value) : std::nullopt;
    if (!open) return;
    add("claim in the path not compared", owner, text.value, text.offset,
        [texts, index, open](GateSource& gate) { texts(gate)[index].value = *open; });
  }

  const GateSource& gate_;
  std::vector<Mutation> all_;
};

}  // namespace

std::vector<Mutation> mutations_of(const GateSource& gate) { return Lister(gate).list(); }

}  // namespace ostiary::policy
