#include "policy/algebra/path_automaton.hpp"

#include "policy/algebra/classes.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace ostiary::policy::algebra {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// What a state stands for: the patterns that may still match and how many segments were read. Beyond the last step of
/// all of these the number plays no part any more and is cut, so that tails loop.
struct StateKey {
  std::vector<std::uint32_t> alive;  // those pinned last come last: the same order on every way to the same state
  std::size_t depth = 0;

  friend bool operator==(const StateKey&, const StateKey&) = default;
};

struct StateKeyHash {
  std::size_t operator()(const StateKey& key) const {
    std::uint64_t hash = key.depth + 1;
    for (const std::uint32_t pattern : key.alive) {
      hash = (hash ^ pattern) * 0x9e3779b97f4a7c15U;
      hash ^= hash >> 32;
    }
    return hash;
  }
};

/// A pattern with its literals as numbers. Builders walk over these so often that they lie close together.
struct Steps {
  std::size_t begin = 0;  // in the list of literals
  std::size_t size = 0;
  bool has_tail = false;

  /// Whether the pattern, if it fits so far, matches a path of `segments`, and whether it could match a longer one.
  [[nodiscard]] bool ends_at(std::size_t segments) const { return has_tail ? segments > size : segments == size; }
  [[nodiscard]] bool goes_on(std::size_t segments) const { return has_tail || segments < size; }
};

}  // namespace

class PathAutomatonBuilder {
 public:
  PathAutomatonBuilder(std::span<const PathShape> patterns, PathBudget budget) : patterns_(patterns), budget_(budget) {}

  /// Whether the automaton fits the budget.
  bool build() {
    number_literals();
    // The start has no number to be found by: unlike the state of no patterns, which it may look like, no path ends
    // there.
    for (std::uint32_t i = 0; i < patterns_.size(); ++i) start_.alive.push_back(i);
    add_state(start_, {});
    for (std::uint32_t i = 0; i < keys_.size() && !overrun_; ++i) expand(i);
    return !overrun_;
  }

  PathAutomaton finish() {
    name_atoms();
    return std::move(automaton_);
  }

  [[nodiscard]] std::size_t state_count() const { return keys_.size(); }

 private:
  /// How a state was reached first, which is one of the shortest ways.
  struct Way {
    std::size_t size = 0;
    std::uint32_t from = kNone;
    std::uint32_t literal = kNone;  // kNone: a segment that is no literal
  };

  void number_literals() {
    for (const PathShape& pattern : patterns_) {
      for (const PathStep& step : pattern.steps) {
        if (step.kind == PathStepKind::kLiteral) automaton_.literals_.try_emplace(step.text, 0);
      }
    }
    std::uint32_t number = 0;
    for (auto& [text, id] : automaton_.literals_) {
      id = number++;
      texts_.push_back(text);
    }
    for (const PathShape& pattern : patterns_) {
      steps_.push_back({literal_at_.size(), pattern.steps.size(), pattern.has_tail});
      for (const PathStep& step : pattern.steps) {
        const bool open = step.kind != PathStepKind::kLiteral;
        literal_at_.push_back(open ? kNone : automaton_.literals_.find(step.text)->second);
      }
    }
  }

  /// The literal of a pattern at a position, or kNone when something else or nothing stands there.
  [[nodiscard]] std::uint32_t literal(const Steps& steps, std::size_t position) const {
    return position < steps.size ? literal_at_[steps.begin + position] : kNone;
  }

  std::uint32_t state_of(StateKey key, std::size_t size, std::uint32_t from, std::uint32_t literal) {
    std::size_t steps_max = 0;
    for (const std::uint32_t pattern : key.alive) steps_max = std::max(steps_max, steps_[pattern].size + 1);
    key.depth = std::min(key.depth, steps_max);
    const auto [at, is_new] = numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(keys_.size()));
    if (is_new) add_state(at->first, {size, from, literal});
    return at->second;
  }

  void add_state(const StateKey& key, Way way) {
    keys_.push_back(&key);
    ways_.push_back(way);
    automaton_.states_.emplace_back();
    entries_ += key.alive.size();
    overrun_ = overrun_ || keys_.size() > budget_.states_max || entries_ > budget_.entries_max;
  }

  void expand(std::uint32_t state) {
    const StateKey& key = *keys_[state];
    const std::size_t next = key.depth + 1;
    // What takes any segment comes along on every way; the literals share out the rest.
    std::vector<std::uint32_t> always;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pinned;  // literal, pattern
    for (const std::uint32_t pattern : key.alive) {
      const Steps& steps = steps_[pattern];
      const std::uint32_t pin = literal(steps, key.depth);
      if (pin == kNone) {
        if (steps.goes_on(key.depth)) always.push_back(pattern);
      } else if (!texts_[pin].empty()) {
        pinned.emplace_back(pin, pattern);
      }
    }
    std::sort(pinned.begin(), pinned.end());
    const std::size_t size = ways_[state].size + 1;
    for (std::size_t i = 0; i < pinned.size() && !overrun_;) {
      const std::uint32_t pin = pinned[i].first;
      StateKey target{always, next};
      for (; i < pinned.size() && pinned[i].first == pin; ++i) target.alive.push_back(pinned[i].second);
      const std::uint32_t to = state_of(std::move(target), size, state, pin);
      automaton_.states_[state].literals.emplace_back(pin, to);
    }
    const std::uint32_t to = state_of({std::move(always), next}, size, state, kNone);
    automaton_.states_[state].otherwise = to;
  }

  Bits matching(std::uint32_t state, bool with_slash) const {
    Bits holds(patterns_.size());
    const StateKey& key = *keys_[state];
    for (const std::uint32_t pattern : key.alive) {
      const Steps& steps = steps_[pattern];
      const std::uint32_t pin = literal(steps, key.depth);
      const bool takes_slash = pin == kNone ? key.depth >= steps.size : texts_[pin].empty();
      if (with_slash ? takes_slash && steps.ends_at(key.depth + 1) : steps.ends_at(key.depth)) holds.set(pattern);
    }
    return holds;
  }

  /// Numbers the atoms from the shortest example on.
  void name_atoms() {
    struct End {
      std::size_t size = 0;
      bool with_slash = false;
      std::uint32_t state = 0;
      auto operator<=>(const End&) const = default;
    };
    std::vector<End> ends;
    for (std::uint32_t state = 0; state < keys_.size(); ++state) {
      if (state != 0) ends.push_back({ways_[state].size, false, state});  // no path is without segments
      ends.push_back({ways_[state].size + 1, true, state});
    }
    std::sort(ends.begin(), ends.end());
    Classes classes;
    for (const End& end : ends) {
      Bits holds = matching(end.state, end.with_slash);
      const Classes::Entry atom = classes.number(holds);
      PathAutomaton::State& state = automaton_.states_[end.state];
      (end.with_slash ? state.atom_slash : state.atom_here) = atom.number;
      if (atom.is_new) automaton_.atoms_.push_back({example(end.state, end.with_slash), std::move(holds)});
    }
  }

  std::string example(std::uint32_t state, bool with_slash) const {
    const std::string fresh = fresh_segment();
    std::vector<std::string_view> segments;
    for (; state != 0; state = ways_[state].from) {
      segments.push_back(ways_[state].literal == kNone ? fresh : texts_[ways_[state].literal]);
    }
    std::reverse(segments.begin(), segments.end());
    if (with_slash) segments.emplace_back();
    return path_of(segments);
  }

  /// A segment that is no literal of any pattern.
  std::string fresh_segment() const {
    std::string segment = "x";
    for (std::size_t number = 1; automaton_.literals_.contains(segment); ++number)
      segment = "x" + std::to_string(number);
    return segment;
  }

  std::span<const PathShape> patterns_;
  PathBudget budget_;
  std::vector<std::string_view> texts_;    // by number of the literal
  std::vector<Steps> steps_;               // by pattern
  std::vector<std::uint32_t> literal_at_;  // the steps of all patterns, one after the other
  StateKey start_;
  std::unordered_map<StateKey, std::uint32_t, StateKeyHash> numbers_;
  std::vector<const StateKey*> keys_;  // by state
  std::vector<Way> ways_;              // by state
  std::size_t entries_ = 0;
  bool overrun_ = false;
  PathAutomaton automaton_;
};

std::uint32_t PathAutomaton::find(std::string_view path) const {
  std::uint32_t state = 0;
  for (const std::string_view segment : path_segments(path)) {
    if (segment.empty()) return states_[state].atom_slash;
    const auto literal = literals_.find(segment);
    const auto& edges = states_[state].literals;
    const std::uint32_t number = literal == literals_.end() ? kNone : literal->second;
    const auto edge = std::lower_bound(edges.begin(), edges.end(), std::pair(number, std::uint32_t{0}));
    state = edge != edges.end() && edge->first == number ? edge->second : states_[state].otherwise;
  }
  return states_[state].atom_here;
}

namespace {

bool fits(std::span<const PathShape> patterns, PathBudget budget) {
  return PathAutomatonBuilder(patterns, budget).build();
}

/// The states that two patterns need together.
std::size_t states_of_pair(const PathShape& a, const PathShape& b, PathBudget budget) {
  const std::vector<PathShape> pair = {a, b};
  PathAutomatonBuilder builder(pair, budget);
  (void)builder.build();
  return builder.state_count();
}

/// The first pattern with which those up to it overrun. More patterns never need fewer states, so halving finds it;
/// doubling first keeps the trials small, because few patterns are often enough to overrun.
std::size_t first_too_many(std::span<const PathShape> patterns, PathBudget budget) {
  std::size_t good = 0;
  std::size_t bad = 1;
  while (bad < patterns.size() && fits(patterns.first(bad), budget)) {
    good = bad;
    bad = std::min(2 * bad, patterns.size());
  }
  while (bad - good > 1) {
    const std::size_t middle = good + (bad - good) / 2;
    (fits(patterns.first(middle), budget) ? good : bad) = middle;
  }
  return bad - 1;
}

PathOverrun name_overrun(std::span<const PathShape> patterns, PathBudget budget) {
  PathOverrun overrun;
  overrun.pattern = first_too_many(patterns, budget);
  std::size_t most = 0;
  for (std::size_t i = 0; i < overrun.pattern; ++i) {
    const std::size_t states = states_of_pair(patterns[i], patterns[overrun.pattern], budget);
    if (states > most) overrun.partner = i;
    most = std::max(most, states);
  }
  return overrun;
}

}  // namespace

std::variant<PathAutomaton, PathOverrun> build_path_automaton(std::span<const PathShape> patterns, PathBudget budget) {
  PathAutomatonBuilder builder(patterns, budget);
  if (!builder.build()) return name_overrun(patterns, budget);
  return builder.finish();
}

}  // namespace ostiary::policy::algebra
