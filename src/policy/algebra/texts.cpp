#include "policy/algebra/texts.hpp"

#include "policy/algebra/classes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ostiary::policy::algebra {

namespace {

constexpr std::array<std::string_view, 3> kWords = {"other", "another", "example"};
constexpr std::string_view kReadable = "xyzabcdefghijklmnopqrstuvw0123456789-_.ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Every byte, the readable ones first.
std::string all_bytes() {
  std::string bytes(kReadable);
  for (int i = 1; i <= 256; ++i) {
    const char byte = static_cast<char>(i % 256);
    if (kReadable.find(byte) == std::string_view::npos) bytes += byte;
  }
  return bytes;
}

}  // namespace

TextPartition::TextPartition(std::span<const TextPredicate> predicates, TextUniverse universe)
    : count_(predicates.size()), if_present_(count_), if_absent_(count_), negated_(count_) {
  for (std::size_t i = 0; i < predicates.size(); ++i) add_predicate(i, predicates[i]);
  add_atoms(universe);
}

void TextPartition::add_predicate(std::size_t number, const TextPredicate& predicate) {
  if (predicate.negated) negated_.set(number);
  switch (predicate.test) {
    case TextTest::kPresent: if_present_.set(number); return;
    case TextTest::kAbsent: if_absent_.set(number); return;
    case TextTest::kEqualsAny:
    case TextTest::kHasAnyPrefix: break;
  }
  Index& index = predicate.test == TextTest::kEqualsAny ? literals_ : prefixes_;
  for (const std::string& value : predicate.values) index.try_emplace(value, count_).first->second.set(number);
}

Bits TextPartition::holds_at(const TextPoint& point) const {
  Bits holds = point.state == TextState::kAbsent ? if_absent_ : if_present_;
  if (point.state == TextState::kText) {
    const std::string_view text = point.text;
    if (const auto literal = literals_.find(text); literal != literals_.end()) holds |= literal->second;
    for (std::size_t size = 0; !prefixes_.empty() && size <= text.size(); ++size) {
      if (const auto prefix = prefixes_.find(text.substr(0, size)); prefix != prefixes_.end()) holds |= prefix->second;
    }
  }
  return holds ^= negated_;
}

void TextPartition::add_atoms(TextUniverse universe) {
  std::vector<TextPoint> points;
  for (const auto& [literal, holds] : literals_) points.push_back({TextState::kText, literal});
  std::string fresh;
  for (const auto& [prefix, holds] : prefixes_) {
    if (find_fresh(prefix, fresh)) points.push_back({TextState::kText, fresh});
  }
  // The texts without a prefix; if "" is one there are none, and its region comes a second time.
  if (find_fresh("", fresh)) points.push_back({TextState::kText, fresh});
  if (universe.may_be_other_kind) points.push_back({TextState::kOtherKind});
  if (universe.may_be_absent) points.push_back({TextState::kAbsent});
  Classes classes;
  for (TextPoint& point : points) {
    Bits holds = holds_at(point);
    if (classes.number(holds).is_new) atoms_.push_back({std::move(point), std::move(holds)});
  }
}

/// Whether the text is no literal and `region` is the longest of the prefixes that it starts with.
bool TextPartition::is_fresh(std::string_view text, std::string_view region) const {
  if (literals_.contains(text)) return false;
  for (std::size_t size = region.size() + 1; size <= text.size(); ++size) {
    if (prefixes_.contains(text.substr(0, size))) return false;
  }
  return true;
}

/// A text of the region that is no literal. There is none when longer prefixes and literals take all that the region
/// has, as the 256 prefixes of one byte together with the literal "" do.
bool TextPartition::find_fresh(std::string_view region, std::string& text) const {
  for (const std::string_view word : kWords) {
    text.assign(region).append(word);
    if (is_fresh(text, region)) return true;
  }
  // Breadth first over the texts that start with none of the longer prefixes: what is not fresh among them is a
  // literal, so that no more are gone on from than there are literals.
  const std::string bytes = all_bytes();
  std::vector<std::string> starts = {std::string(region)};
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (is_fresh(starts[i], region)) {
      text = starts[i];
      return true;
    }
    for (const char byte : bytes) {
      const std::string longer = starts[i] + byte;
      if (!prefixes_.contains(longer)) starts.push_back(longer);
    }
  }
  return false;
}

}  // namespace ostiary::policy::algebra
