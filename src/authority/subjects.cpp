#include "authority/subjects.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace ostiary::authority {

namespace {

constexpr KnownIssuer kRepository = {"GitHub Actions", "", "", '/', '\0', "", "stranger/app", "", true, false, "", {}};

[[nodiscard]] bool is_wild(char32_t symbol) noexcept { return symbol >= kOneCharacter; }

[[nodiscard]] bool is_delimiter(char32_t symbol) noexcept {
  return symbol == U':' || symbol == U'/' || symbol == U'@' || symbol == U'|';
}

[[nodiscard]] char32_t wide(char c) noexcept { return static_cast<unsigned char>(c); }

using Symbols = std::vector<char32_t>;

[[nodiscard]] bool has_wild(const Symbols& symbols) { return std::any_of(symbols.begin(), symbols.end(), is_wild); }

/// Behind the tenant.
class Workload {
 public:
  Workload(const KnownIssuer& issuer, const Symbols& symbols, std::size_t begin)
      : issuer_(issuer), symbols_(symbols), begin_(begin) {}

  [[nodiscard]] bool crosses() const {
    bool in_name = true;
    for (std::size_t i = begin_; i < symbols_.size(); ++i) {
      if (is_wild(symbols_[i]) && wildcard_crosses(i, in_name)) return true;
      if (issuer_.name_end != '\0' && symbols_[i] == wide(issuer_.name_end)) in_name = false;
    }
    return false;
  }

 private:
  [[nodiscard]] bool wildcard_crosses(std::size_t i, bool in_name) const {
    if (symbols_[i] == kOneCharacter) return in_name;
    const auto next = std::find_if(symbols_.begin() + static_cast<std::ptrdiff_t>(i), symbols_.end(),
                                   [](char32_t symbol) { return symbol != kAnyCharacters; });
    if (next == symbols_.end()) return in_name && !is_delimiter(symbols_[i - 1]);
    return in_name || std::find(next, symbols_.end(), wide(issuer_.name_end)) != symbols_.end();
  }

  const KnownIssuer& issuer_;
  const Symbols& symbols_;
  std::size_t begin_;
};

/// The pattern with a text for its first wildcard, and something short for the others.
[[nodiscard]] std::string filled(const Glob& pattern, std::string_view fill) {
  std::string text;
  bool first = true;
  for (const char32_t symbol : pattern.symbols) {
    if (symbol == kAnyCharacters) {
      text += first ? fill : "x";
      first = false;
    } else if (symbol == kOneCharacter) {
      text += 'x';
    } else {
      text += literal_text(symbol);
    }
  }
  return text;
}

[[nodiscard]] Glob well_formed(const KnownIssuer& issuer) {
  if (issuer.tenant_end == '\0') return pattern_glob("?*");
  std::string pattern = std::string(issuer.subject_prefix) + "?*" + issuer.tenant_end + "?*";
  if (issuer.name_end != '\0') pattern = pattern + issuer.name_end + "*";
  return pattern_glob(pattern);
}

/// The first filling that gives a subject as the issuer makes them; otherwise the last.
[[nodiscard]] std::string first_well_formed(const KnownIssuer& issuer, const Glob& pattern,
                                            const std::vector<std::string>& fills) {
  const Glob shape = well_formed(issuer);
  for (const std::string& fill : fills) {
    std::string text = filled(pattern, fill);
    if (matches(shape, text)) return text;
  }
  return filled(pattern, fills.back());
}

[[nodiscard]] std::string end_of_tenant(const KnownIssuer& issuer) {
  return issuer.tenant_end == '\0' ? std::string() : std::string(1, issuer.tenant_end);
}

}  // namespace

const KnownIssuer& repository_shape() noexcept { return kRepository; }

PatternView view_pattern(const KnownIssuer& issuer, const Glob& pattern) {
  const Symbols& symbols = pattern.symbols;
  if (pattern.is_everything()) return {Fault::kEverything, false, false};
  if (issuer.tenant_end == '\0') return {has_wild(symbols) ? Fault::kTenant : Fault::kNone, !has_wild(symbols), false};
  std::size_t at = 0;
  for (; at < issuer.subject_prefix.size(); ++at) {
    if (at < symbols.size() && is_wild(symbols[at])) return {Fault::kTenant, false, false};
    if (at == symbols.size() || symbols[at] != wide(issuer.subject_prefix[at])) return {Fault::kTemplate, false, false};
  }
  bool is_immutable = false;
  for (; at < symbols.size() && symbols[at] != wide(issuer.tenant_end); ++at) {
    if (is_wild(symbols[at])) return {Fault::kTenant, false, false};
    is_immutable = is_immutable || symbols[at] == U'@';
  }
  if (at == symbols.size()) return {Fault::kNone, true, is_immutable};
  const bool crosses = Workload(issuer, symbols, at + 1).crosses();
  return {crosses ? Fault::kCrossing : Fault::kNone, true, is_immutable};
}

std::string stray_subject(const KnownIssuer& issuer, const Glob& pattern, Fault fault) {
  const std::string rest(issuer.subject_rest);
  const std::string workload = end_of_tenant(issuer) + "app" + rest;
  if (fault == Fault::kEverything) return std::string(issuer.stranger);
  const auto star = std::find(pattern.symbols.begin(), pattern.symbols.end(), kAnyCharacters);
  const bool after_delimiter =
      star != pattern.symbols.begin() && star != pattern.symbols.end() && is_delimiter(star[-1]);
  if (fault == Fault::kTenant) {
    const std::string name = after_delimiter ? "stranger" : "-evil";
    return first_well_formed(issuer, pattern,
                             {name + workload, name, std::string(issuer.subject_prefix) + "stranger",
                              "stranger" + workload, std::string(issuer.stranger), name + "/app"});
  }
  if (after_delimiter) {
    const char end = issuer.name_end != '\0' ? issuer.name_end : issuer.tenant_end;
    return filled(pattern, std::string("other") + end + "part");
  }
  return first_well_formed(issuer, pattern, {"-evil", "-evil" + rest});
}

std::string plain_subject(const KnownIssuer& issuer, const Glob& pattern) {
  const std::string rest(issuer.subject_rest);
  const auto star = std::find_if(pattern.symbols.begin(), pattern.symbols.end(), is_wild);
  const bool after_name =
      star != pattern.symbols.begin() && star != pattern.symbols.end() && star[-1] == wide(issuer.name_end);
  if (after_name && !rest.empty()) return filled(pattern, rest.substr(1));
  return first_well_formed(issuer, pattern, {"app", "app" + rest, std::string(issuer.stranger)});
}

std::optional<std::string> immutable_subject(const KnownIssuer& issuer, const Glob& pattern) {
  const auto is_immutable = [](std::string_view subject) {
    const std::size_t slash = std::min(subject.find('/'), subject.size());
    const std::string_view name = subject.substr(slash, subject.find(':', slash) - slash);
    return subject.substr(0, slash).find('@') != std::string_view::npos && name.find('@') != std::string_view::npos;
  };
  for (const std::string_view fill : {"stranger@1000001/app@1000002:ref:refs/heads/main", "@1000001/app@1000002",
                                      "@1000001/app@1000002:ref:refs/heads/main", "stranger@1000001/app@1000002"}) {
    std::string text = filled(pattern, fill);
    if (is_immutable(text) && matches(well_formed(issuer), text) && matches(pattern, text)) return text;
  }
  return std::nullopt;
}

std::optional<std::string> pull_request_subject(const KnownIssuer& issuer, const Glob& pattern) {
  const std::string end(issuer.pull_request);
  for (const std::string& fill : {end.substr(1), "app" + end, end, "stranger/app" + end}) {
    std::string text = filled(pattern, fill);
    const std::size_t slash = std::min(text.find(issuer.tenant_end), text.size());
    const std::size_t name_end = std::min(text.find(issuer.name_end, slash), text.size());
    if (text.substr(name_end) == end && matches(well_formed(issuer), text) && matches(pattern, text)) return text;
  }
  return std::nullopt;
}

}  // namespace ostiary::authority
