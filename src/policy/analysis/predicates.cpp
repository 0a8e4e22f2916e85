#include "policy/analysis/predicates.hpp"

#include <algorithm>
#include <iterator>

namespace ostiary::policy::analysis {

namespace {

void put(std::string& key, std::string_view part) {
  key.append(std::to_string(part.size())).append(1, ':').append(part);
}
void put(std::string& key, std::int64_t part) { key.append(std::to_string(part)).append(1, ';'); }

/// Equal for equal predicates only.
std::string key_of(const Predicate& predicate) {
  std::string key;
  put(key, static_cast<std::int64_t>(predicate.subject.aspect));
  put(key, predicate.subject.name);
  put(key, predicate.subject.segment);
  put(key, static_cast<std::int64_t>(predicate.kind));
  put(key, static_cast<std::int64_t>(predicate.texts.size()));
  for (const std::string& text : predicate.texts) put(key, text);
  for (const std::int64_t integer : predicate.integers) put(key, integer);
  for (const AddressBlock& block : predicate.blocks) {
    put(key, static_cast<std::int64_t>(block.first.family));
    put(key, static_cast<std::int64_t>(block.first.high));
    put(key, static_cast<std::int64_t>(block.first.low));
    put(key, static_cast<std::int64_t>(block.length));
  }
  return key;
}

}  // namespace

Predicate make_predicate(Subject subject, PredicateKind kind, std::vector<std::string> texts,
                         std::vector<std::int64_t> integers) {
  Predicate predicate;
  predicate.subject = std::move(subject);
  predicate.kind = kind;
  predicate.texts = std::move(texts);
  predicate.integers = std::move(integers);
  return predicate;
}

void add_literal(Cube& cube, Literal literal) {
  const auto at = std::lower_bound(cube.begin(), cube.end(), literal);
  if (at == cube.end() || *at != literal) cube.insert(at, literal);
}

Cube both(const Cube& a, const Cube& b) {
  Cube cube;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(cube));
  return cube;
}

PredicateId PredicateTable::intern(Predicate predicate) {
  const auto [at, is_new] = numbers_.try_emplace(key_of(predicate), static_cast<PredicateId>(predicates_.size()));
  if (is_new) predicates_.push_back(std::move(predicate));
  return at->second;
}

}  // namespace ostiary::policy::analysis
