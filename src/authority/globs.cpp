#include "authority/globs.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace ostiary::authority {

namespace {

void append_utf8(std::string& text, char32_t value) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | (value >> shift & 0x3F)); };
  if (value < 0x80) {
    text += static_cast<char>(value);
  } else if (value < 0x800) {
    text += static_cast<char>(0xC0 | value >> 6);
    tail(0);
  } else if (value < 0x10000) {
    text += static_cast<char>(0xE0 | value >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | value >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

[[nodiscard]] bool is_upper(char32_t c) noexcept { return c >= U'A' && c <= U'Z'; }
[[nodiscard]] bool is_lower(char32_t c) noexcept { return c >= U'a' && c <= U'z'; }
[[nodiscard]] char32_t folded(char32_t c) noexcept { return is_upper(c) ? c + 32 : c; }

[[nodiscard]] bool is_character(char32_t symbol) noexcept { return symbol < kOneCharacter; }

/// Whether `symbol`, which is not kAnyCharacters, takes this character.
[[nodiscard]] bool takes(const Glob& glob, char32_t symbol, char32_t c) noexcept {
  if (symbol == kOneCharacter) return true;
  return glob.folds ? folded(symbol) == folded(c) : symbol == c;
}

/// All globs at once: a state is the set of places, over all of them, that the text so far leads to.
class Walk {
 public:
  Walk(std::span<const Glob> globs, std::uint64_t& steps) : globs_(globs), steps_left_(steps) {
    for (std::size_t g = 0; g < globs.size(); ++g) {
      for (std::size_t p = 0; p <= globs[g].symbols.size(); ++p) {
        places_.push_back({static_cast<std::uint32_t>(g), static_cast<std::uint32_t>(p)});
      }
    }
    choose_letters();
  }

  [[nodiscard]] std::optional<std::vector<std::string>> run() {
    start();
    for (std::size_t i = 0; i < states_.size(); ++i) {
      for (const char32_t letter : letters_) {
        if (!step(i, letter)) return std::nullopt;
      }
    }
    // The empty text is an example only of what no other text is.
    examples_.try_emplace(truth_of(*states_[0].places), std::string());
    std::vector<std::string> texts;
    for (auto& [truth, text] : examples_) texts.push_back(std::move(text));
    std::sort(texts.begin(), texts.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    return texts;
  }

 private:
  using Places = std::vector<std::uint32_t>;  ///< sorted

  struct Place {
    std::uint32_t glob;
    std::uint32_t at;
  };
  struct State {
    const Places* places;
    std::size_t from;
    char32_t letter;
  };

  /// Every character that some glob names, and one that none does: all others do as that one.
  void choose_letters() {
    std::set<char32_t> named;
    for (const Glob& glob : globs_) {
      for (const char32_t symbol : glob.symbols) {
        if (!is_character(symbol)) continue;
        named.insert(symbol);
        if (glob.folds && is_upper(symbol)) named.insert(symbol + 32);
        if (glob.folds && is_lower(symbol)) named.insert(symbol - 32);
      }
    }
    char32_t other = U'x';
    while (named.contains(other)) other = other == U'z' ? U'a' : other == U'w' ? U'0' : other + 1;
    letters_.push_back(other);
    letters_.insert(letters_.end(), named.begin(), named.end());
  }

  [[nodiscard]] char32_t symbol(const Place& place) const { return globs_[place.glob].symbols[place.at]; }
  [[nodiscard]] bool is_end(const Place& place) const { return place.at == globs_[place.glob].symbols.size(); }

  /// Adds a place and those that it leads to without a character.
  void reach(Places& places, std::uint32_t at) const {
    places.push_back(at);
    while (!is_end(places_[at]) && symbol(places_[at]) == kAnyCharacters) places.push_back(++at);
  }

  void start() {
    Places places;
    std::uint32_t first = 0;
    for (const Glob& glob : globs_) {
      reach(places, first);
      first += static_cast<std::uint32_t>(glob.symbols.size()) + 1;
    }
    visit(std::move(places), 0, 0);
  }

  [[nodiscard]] std::vector<bool> truth_of(const Places& places) const {
    std::vector<bool> truth(globs_.size());
    for (const std::uint32_t at : places) {
      if (is_end(places_[at])) truth[places_[at].glob] = true;
    }
    return truth;
  }

  [[nodiscard]] std::string text_to(std::size_t state, char32_t last) const {
    std::u32string reversed(1, last);
    for (; state != 0; state = states_[state].from) reversed += states_[state].letter;
    std::string text;
    for (auto c = reversed.rbegin(); c != reversed.rend(); ++c) append_utf8(text, *c);
    return text;
  }

  void visit(Places places, std::size_t from, char32_t letter) {
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    const auto [found, is_new] = numbers_.try_emplace(std::move(places), states_.size());
    if (!states_.empty()) {
      const std::vector<bool> truth = truth_of(found->first);
      if (!examples_.contains(truth)) examples_.emplace(truth, text_to(from, letter));
    }
    if (is_new) states_.push_back({&found->first, from, letter});
  }

  [[nodiscard]] bool step(std::size_t state, char32_t letter) {
    const Places& now = *states_[state].places;
    if (now.size() + 1 > steps_left_) return false;
    steps_left_ -= now.size() + 1;
    Places next;
    for (const std::uint32_t at : now) {
      if (is_end(places_[at])) continue;
      const char32_t taking = symbol(places_[at]);
      if (taking == kAnyCharacters) {
        reach(next, at);
      } else if (takes(globs_[places_[at].glob], taking, letter)) {
        reach(next, at + 1);
      }
    }
    visit(std::move(next), state, letter);
    return true;
  }

  std::span<const Glob> globs_;
  std::uint64_t& steps_left_;
  std::vector<Place> places_;
  std::vector<char32_t> letters_;
  std::vector<State> states_;
  std::map<Places, std::size_t> numbers_;
  std::map<std::vector<bool>, std::string> examples_;
};

}  // namespace

bool Glob::is_literal() const noexcept { return std::all_of(symbols.begin(), symbols.end(), is_character); }

bool Glob::is_everything() const noexcept {
  return !symbols.empty() &&
         std::all_of(symbols.begin(), symbols.end(), [](char32_t c) { return c == kAnyCharacters; });
}

Glob literal_glob(std::string_view text) {
  const std::u32string characters = characters_of(text);
  return {{characters.begin(), characters.end()}, false};
}

Glob prefix_glob(std::string_view prefix) {
  Glob glob = literal_glob(prefix);
  glob.symbols.push_back(kAnyCharacters);
  return glob;
}

Glob pattern_glob(std::string_view pattern) {
  Glob glob = literal_glob(pattern);
  for (char32_t& symbol : glob.symbols) {
    if (symbol == U'*') symbol = kAnyCharacters;
    if (symbol == U'?') symbol = kOneCharacter;
  }
  return glob;
}

std::string literal_text(char32_t character) {
  std::string text;
  append_utf8(text, character);
  return text;
}

std::u32string characters_of(std::string_view text) {
  std::u32string characters;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t value = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      value = value << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    characters += value;
    i += length;
  }
  return characters;
}

bool matches(const Glob& glob, std::string_view text) { return matches(glob, characters_of(text)); }

bool matches(const Glob& glob, std::u32string_view characters) {
  const std::size_t count = glob.symbols.size();
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t at = 0;
  std::size_t star = kNone;  // the last one passed, and the character up to which it reaches
  std::size_t reached = 0;
  for (std::size_t i = 0; i < characters.size();) {
    if (at < count && glob.symbols[at] == kAnyCharacters) {
      star = at++;
      reached = i;
    } else if (at < count && takes(glob, glob.symbols[at], characters[i])) {
      ++at;
      ++i;
    } else if (star != kNone) {
      at = star + 1;
      i = ++reached;
    } else {
      return false;
    }
  }
  while (at < count && glob.symbols[at] == kAnyCharacters) ++at;
  return at == count;
}

std::optional<std::vector<std::string>> text_classes(std::span<const Glob> globs, std::uint64_t& steps) {
  return Walk(globs, steps).run();
}

}  // namespace ostiary::authority
