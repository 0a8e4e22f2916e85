// The routes of a Gate as a tree over path segments in flat tables, and the walk that finds the most specific one.
//
// A node stands for a place in the patterns of a host. From it a path goes on in one of three ways, the more specific
// first: by literal segments, `skip` of them at once, to the node that a perfect hash finds for (node, segments), so
// with one look; by `*` to the node `any`; or it ends there, or in a tail. Below a node that only one pattern reaches
// there are no nodes but the rest of that pattern as text. A literal that leads nowhere is taken back and the next way
// is tried, at most kRouteStepsMax nodes in all: the compiler refuses a table for which some path could need more.
#pragma once

#include <ostiary/core/image.hpp>
#include <ostiary/core/result.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(OSTIARY_PORTABLE)
#include <ostiary/policy/route/sse2.hpp>
#endif

namespace ostiary {

/// Nodes that the walk for one path may visit; worst case of what routing takes, see docs/language.md.
inline constexpr std::uint32_t kRouteStepsMax = 1024;
/// Segments of a pattern, the tail included.
inline constexpr std::uint32_t kRouteSegmentsMax = 16;
/// Bytes of a pattern.
inline constexpr std::uint32_t kRoutePatternSizeMax = 0xffff;

/// Bytes that must follow the last text of an image, as words are read.
inline constexpr std::uint32_t kRouteTextPadding = 8;

/// The route that matched, or why none did. Plain data.
struct RouteMatch {
  Reason reason = Reason::kRouteUnknown;
  std::uint32_t row = 0;  ///< of Gate routes; meaningful when reason is kOk
};

/// A route that takes what its pattern matches, for some methods.
struct RouteAccept {
  std::uint32_t methods = 0;  ///< bit (1 << Method)
  std::uint32_t route = 0;    ///< row of routes
};

struct RouteNode {
  static constexpr std::uint32_t kNone = 0xffffffffU;

  std::uint32_t parent = kNone;     ///< number of the node whose literal segments lead here; kNone: not by literals
  std::uint32_t text = 0;           ///< of these segments: offset in the image
  std::uint16_t text_size = 0;      ///< bytes of it
  std::uint8_t skip = 0;            ///< literal segments to the next nodes; 0: there are none
  std::uint8_t reserved = 0;        ///< 0
  std::uint32_t any = kNone;        ///< row of the node behind a `*`
  std::uint32_t link = 0;           ///< skip != 0: the number of this node; rest_size != 0: offset of the rest
  std::uint16_t rest_size = 0;      ///< bytes of the one pattern below, a slash before each segment; 0: see the ways
  std::uint16_t lone_methods = 0;   ///< not 0: one route ends here, for these methods, and `accepts` is its row
  std::uint32_t accepts = 0;        ///< first row of accepts: those that end here, then those with a tail
  std::uint8_t end_count = 0;       ///< accepts that end here, or after the rest
  std::uint8_t tail_count = 0;      ///< accepts that go on in a tail
  std::uint16_t more_reserved = 0;  ///< 0
};
static_assert(sizeof(RouteNode) == 32);

/// The tables of the index and how its perfect hash was made.
struct RouteIndex {
  ImageTable nodes;          ///< of RouteNode: first those that the hash finds, then the others
  ImageTable displacements;  ///< of uint16, one for each bucket of the hash: a power of two
  ImageTable accepts;        ///< of RouteAccept
  std::uint32_t slots = 0;   ///< nodes that the hash ranges over
  std::uint32_t seed = 0;
};
static_assert(sizeof(RouteIndex) == 32);

namespace detail {

/// The first `size` bytes of a word, the others cleared; all eight when there are more.
[[nodiscard]] constexpr std::uint64_t keep_bytes(std::uint64_t word, std::size_t size) noexcept {
  return size >= 8 ? word : word & ((std::uint64_t{1} << (size * 8)) - 1);
}

[[nodiscard]] inline std::uint64_t load_word(const char* bytes) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

/// The hash of (node, literal segments). Products of halves under keys from the seed: whatever the texts are, another
/// seed parts two that collide (NH, the hash inside UMAC).
class RouteHash {
 public:
  explicit RouteHash(std::uint32_t seed) noexcept {
    const std::uint64_t shift = seed * 0x9e3779b97f4a7c15ULL;
    keys_ = {0xbd23e1d1f49a3f0bULL + shift, 0x6a09e667f3bcc909ULL ^ shift, 0xa54ff53a5f1d36f1ULL + shift};
  }

  /// `first` are the first eight bytes and `last` the last eight, or nothing of a text that `first` holds whole.
  [[nodiscard]] std::uint64_t ends(std::uint64_t first, std::uint64_t last, std::size_t size) const noexcept {
    return fold(first, keys_[0]) + fold(last, keys_[1]) + size * keys_[2];
  }

  /// For texts of more than 16 bytes, with each further word.
  [[nodiscard]] std::uint64_t more(std::uint64_t hash, std::uint64_t word) const noexcept {
    return std::rotl(hash, 23) * 0xd1342543de82ef95ULL + fold(word, keys_[0]);
  }

  [[nodiscard]] static std::uint64_t of_node(std::uint64_t text, std::uint32_t number) noexcept {
    return (text ^ (number * 0x9e3779b97f4a7c15ULL)) * 0xd1342543de82ef95ULL;
  }

  /// Below `buckets`, which is a power of two.
  [[nodiscard]] static std::uint32_t bucket(std::uint64_t hash, std::uint32_t buckets) noexcept {
    return static_cast<std::uint32_t>(hash >> 40) & (buckets - 1);
  }

  /// Below `slots`.
  [[nodiscard]] static std::uint32_t slot(std::uint64_t hash, std::uint16_t displacement,
                                          std::uint32_t slots) noexcept {
    const std::uint64_t place = (((hash >> 24) ^ displacement) * 0x9fb21c651e98df25ULL) >> 32;
    return static_cast<std::uint32_t>((place * slots) >> 32);
  }

 private:
  [[nodiscard]] static std::uint64_t fold(std::uint64_t word, std::uint64_t key) noexcept {
    const std::uint64_t low = static_cast<std::uint32_t>(word + key);
    const std::uint64_t high = static_cast<std::uint32_t>((word >> 32) + (key >> 32));
    return low * high;
  }

  std::array<std::uint64_t, 3> keys_{};
};

/// A path whose segments are asked for from the left. A segment is known by its first byte; behind the last segment
/// stands the position size() + 1.
class RoutePath {
 public:
  /// Borrows `path`.
  explicit RoutePath(std::string_view path) noexcept : path_(path) {
    if (path.size() < sizeof(padded_)) {
      std::memcpy(padded_, path.data(), path.size());
      bytes_ = padded_;
    } else {
      bytes_ = path.data();
      last_word_ = path.size() - sizeof(padded_);
    }
    find_slashes(std::min(path.size(), kNear));
    if (path.size() < kNear) slashes_ |= std::uint64_t{1} << path.size();
  }

  RoutePath(const RoutePath&) = delete;  // points into itself
  RoutePath& operator=(const RoutePath&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return path_.size(); }

  /// Where the segment that begins at `begin` ends: at a slash or the end of the path. `begin` <= size().
  [[nodiscard]] std::size_t end_of(std::size_t begin) const noexcept {
    if (begin < kNear) {
      const std::uint64_t after = slashes_ >> begin;
      if (after != 0) return begin + static_cast<std::size_t>(std::countr_zero(after));
      begin = kNear;
    }
    return std::min(path_.find('/', begin), path_.size());
  }

  /// Eight bytes from `at` on, zeros behind the end. `at` < size(), or what comes back means nothing.
  [[nodiscard]] std::uint64_t word(std::size_t at) const noexcept {
    const std::size_t from = std::min(at, last_word_);
    return load_word(bytes_ + from) >> (((at - from) * 8) & 63);
  }

  [[nodiscard]] std::string_view text(std::size_t begin, std::size_t end) const noexcept {
    return {path_.data() + begin, end - begin};
  }

 private:
  static constexpr std::size_t kNear = 64;  ///< bytes of which the slashes are known beforehand

  /// Among the first `size` bytes.
  void find_slashes(std::size_t size) noexcept {
    std::size_t at = 0;
#if defined(__x86_64__) && defined(__GNUC__) && !defined(OSTIARY_PORTABLE)
    if (size >= 16) {
      for (; at + 16 < size; at += 16) slashes_ |= sse2::slashes_of(bytes_ + at) << at;
      slashes_ |= sse2::slashes_of(bytes_ + size - 16) << (size - 16);
      return;
    }
#endif
    for (; at < size; at += 8) slashes_ |= slashes_of(word(at)) << at;
  }

  /// Bit i is set when byte i of the word is a slash.
  [[nodiscard]] static std::uint64_t slashes_of(std::uint64_t word) noexcept {
    constexpr std::uint64_t kLow = 0x7f7f7f7f7f7f7f7fULL;
    const std::uint64_t differs = word ^ 0x2f2f2f2f2f2f2f2fULL;
    const std::uint64_t equal = ~(((differs & kLow) + kLow) | differs | kLow);
    return ((equal >> 7) * 0x0102040810204080ULL) >> 56;
  }

  std::string_view path_;
  const char* bytes_ = nullptr;  ///< the path, or padded_ when it is shorter than a word
  std::size_t last_word_ = 0;    ///< where the last whole word begins
  std::uint64_t slashes_ = 0;    ///< and the end of the path, where it is that near
  char padded_[8] = {};
};

/// Literal segments of a path as the hash and the comparison need them.
struct RouteSegments {
  std::uint64_t first = 0;  ///< the first eight bytes, zeros behind the end
  std::uint64_t last = 0;   ///< the last eight bytes, when there are more
  std::uint64_t hash = 0;
};

[[nodiscard]] inline RouteSegments segments_of(const RouteHash& hash, const RoutePath& path, std::size_t begin,
                                               std::size_t end) noexcept {
  const std::size_t size = end - begin;
  RouteSegments segments;
  segments.first = keep_bytes(path.word(begin), size);
  segments.last = size > 8 ? path.word(end - 8) : 0;
  segments.hash = hash.ends(segments.first, segments.last, size);
  for (std::size_t at = 8; at + 8 < size; at += 8) segments.hash = hash.more(segments.hash, path.word(begin + at));
  return segments;
}

/// A node where it lies; only what is asked for is read.
class RouteNodeView {
 public:
  explicit RouteNodeView(const char* bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] std::uint32_t parent() const noexcept { return load<std::uint32_t>(offsetof(RouteNode, parent)); }
  [[nodiscard]] std::uint32_t text() const noexcept { return load<std::uint32_t>(offsetof(RouteNode, text)); }
  [[nodiscard]] std::size_t text_size() const noexcept { return load<std::uint16_t>(offsetof(RouteNode, text_size)); }
  [[nodiscard]] std::uint32_t skip() const noexcept { return load<std::uint8_t>(offsetof(RouteNode, skip)); }
  [[nodiscard]] std::uint32_t any() const noexcept { return load<std::uint32_t>(offsetof(RouteNode, any)); }
  [[nodiscard]] std::uint32_t link() const noexcept { return load<std::uint32_t>(offsetof(RouteNode, link)); }
  [[nodiscard]] std::size_t rest_size() const noexcept { return load<std::uint16_t>(offsetof(RouteNode, rest_size)); }
  [[nodiscard]] std::uint32_t lone_methods() const noexcept {
    return load<std::uint16_t>(offsetof(RouteNode, lone_methods));
  }
  [[nodiscard]] std::uint32_t accepts() const noexcept { return load<std::uint32_t>(offsetof(RouteNode, accepts)); }
  [[nodiscard]] std::uint32_t end_count() const noexcept { return load<std::uint8_t>(offsetof(RouteNode, end_count)); }
  [[nodiscard]] std::uint32_t tail_count() const noexcept {
    return load<std::uint8_t>(offsetof(RouteNode, tail_count));
  }

 private:
  template <typename Value>
  [[nodiscard]] Value load(std::size_t offset) const noexcept {
    Value value;
    std::memcpy(&value, bytes_ + offset, sizeof(value));
    return value;
  }

  const char* bytes_;
};

/// One walk. Borrows everything.
class RouteWalk {
 public:
  /// `index` is sound, see route_index_is_sound, and has a node; `path` starts with a slash.
  RouteWalk(std::string_view image, const RouteIndex& index, std::uint32_t method_bit, std::string_view path) noexcept
      : image_(image.data()),
        nodes_(image.data() + index.nodes.offset),
        index_(index),
        hash_(index.seed),
        path_(path),
        method_bit_(method_bit) {}

  /// What the patterns below `root` make of the path. Reasons in the match: OK, ROUTE_UNKNOWN, ROUTE_METHOD.
  [[nodiscard]] RouteMatch from(std::uint32_t root) noexcept {
    Place place{root, 1, Way::kLiteral};
    std::uint32_t depth = 0;
    for (steps_ = 1; steps_ <= kRouteStepsMax; ++steps_) {
      const RouteNodeView node = node_at(place.node);
      Place next = place;
      const Way untried = go_on(node, next);
      if (next.position != place.position) {
        if (untried != Way::kNone) {
          if (depth == untried_.size()) return {};  // deeper than any pattern is
          untried_[depth++] = {place.node, place.position, untried};
        }
        place = next;
        continue;
      }
      if (match_.reason == Reason::kOk || depth == 0) return match_;
      place = untried_[--depth];
    }
    return {};  // longer than the compiler lets it be
  }

  /// Nodes that the walk visited; for tests of the bound.
  [[nodiscard]] std::uint32_t steps() const noexcept { return steps_; }

 private:
  enum class Way : std::uint8_t { kLiteral, kAny, kTail, kNone };

  struct Place {
    std::uint32_t node;
    std::size_t position;
    Way way;  ///< the first to be tried
  };

  [[nodiscard]] RouteNodeView node_at(std::uint32_t row) const noexcept {
    return RouteNodeView(nodes_ + std::size_t{row} * sizeof(RouteNode));
  }

  /// Tries the ways from a node, `place.way` first. `place` is moved to the next node; or it stays because there is
  /// none, and perhaps a route matched. Returns the way to try when the next node leads nowhere.
  [[nodiscard, gnu::always_inline]] Way go_on(RouteNodeView node, Place& place) noexcept {
    if (node.rest_size() != 0) {
      if (rest_matches({image_ + node.link(), node.rest_size()}, place.position)) end(node);
      return Way::kNone;
    }
    if (place.position > path_.size()) {
      end(node);
      return Way::kNone;
    }
    const std::size_t end = path_.end_of(place.position);
    const std::uint32_t any = node.any();
    const Way after_any = node.tail_count() != 0 ? Way::kTail : Way::kNone;
    if (place.way == Way::kLiteral && node.skip() != 0 && take_literals(node, end, place)) {
      return any != RouteNode::kNone ? Way::kAny : after_any;
    }
    if (place.way != Way::kTail && any != RouteNode::kNone && end != place.position) {
      place = {any, end + 1, Way::kLiteral};
      return after_any;
    }
    if (after_any == Way::kTail) accept(node.accepts() + node.end_count(), node.tail_count());
    return Way::kNone;
  }

  /// To the one node that can stand behind the next segments of the path, if it does. `end` is that of the first.
  [[nodiscard, gnu::always_inline]] bool take_literals(RouteNodeView node, std::size_t end,
                                                       Place& place) const noexcept {
    const std::size_t begin = place.position;
    for (std::uint32_t left = node.skip(); left > 1; --left) {
      if (end == path_.size()) return false;
      end = path_.end_of(end + 1);
    }
    const std::size_t size = end - begin;
    const RouteSegments segments = segments_of(hash_, path_, begin, end);
    const std::uint32_t row = look_up(node.link(), segments.hash);
    const RouteNodeView found = node_at(row);
    if (found.parent() != node.link() || found.text_size() != size) return false;
    const char* const text = image_ + found.text();
    if (keep_bytes(load_word(text), size) != segments.first) return false;
    if (size > 8 && load_word(text + size - 8) != segments.last) return false;
    if (size > 16 && std::memcmp(text, path_.text(begin, end).data(), size) != 0) return false;
    place = {row, end + 1, Way::kLiteral};
    return true;
  }

  [[nodiscard]] std::uint32_t look_up(std::uint32_t number, std::uint64_t text_hash) const noexcept {
    const std::uint64_t hash = RouteHash::of_node(text_hash, number);
    const std::uint32_t bucket = RouteHash::bucket(hash, index_.displacements.count);
    std::uint16_t displacement = 0;
    std::memcpy(&displacement, image_ + index_.displacements.offset + std::size_t{bucket} * 2, 2);
    return RouteHash::slot(hash, displacement, index_.slots);
  }

  /// Whether the path from `position` on is as `rest` says, which has a slash before each segment.
  [[nodiscard]] bool rest_matches(std::string_view rest, std::size_t position) const noexcept {
    while (!rest.empty()) {
      if (position > path_.size()) return false;
      rest.remove_prefix(1);
      const std::string_view pattern = rest.substr(0, std::min(rest.find('/'), rest.size()));
      rest.remove_prefix(pattern.size());
      if (pattern == "**") return true;
      const std::size_t end = path_.end_of(position);
      if (pattern == "*" ? end == position : pattern != path_.text(position, end)) return false;
      position = end + 1;
    }
    return position > path_.size();
  }

  void end(RouteNodeView node) noexcept {
    if (node.lone_methods() == 0) {
      accept(node.accepts(), node.end_count());
    } else if ((node.lone_methods() & method_bit_) != 0) {
      match_ = {Reason::kOk, node.accepts()};
    } else {
      match_.reason = Reason::kRouteMethod;
    }
  }

  /// The path is that of these routes; of one of them, if the method is, too.
  void accept(std::uint32_t first, std::uint32_t count) noexcept {
    for (std::uint32_t i = 0; i < count; ++i) {
      RouteAccept accept;
      std::memcpy(&accept, image_ + index_.accepts.offset + (std::size_t{first} + i) * sizeof(accept), sizeof(accept));
      if ((accept.methods & method_bit_) != 0) {
        match_ = {Reason::kOk, accept.route};
        return;
      }
      match_.reason = Reason::kRouteMethod;
    }
  }

  const char* image_;
  const char* nodes_;
  const RouteIndex& index_;
  RouteHash hash_;
  RoutePath path_;
  std::uint32_t method_bit_;
  std::uint32_t steps_ = 0;
  RouteMatch match_;
  std::array<Place, kRouteSegmentsMax + 1> untried_;
};

/// Whether a walk over the index from any of its nodes stays inside the image and names only rows of a table of
/// `routes` rows. That it ends is the walk's own doing. Pure.
[[nodiscard]] inline bool route_index_is_sound(std::string_view image, const RouteIndex& index,
                                               std::uint32_t routes) noexcept {
  const std::size_t size = image.size();
  if (!table_fits<RouteNode>(index.nodes, size) || !table_fits<std::uint16_t>(index.displacements, size) ||
      !table_fits<RouteAccept>(index.accepts, size)) {
    return false;
  }
  if (index.slots > index.nodes.count) return false;
  if (index.nodes.count != 0 && (index.slots == 0 || index.displacements.count == 0)) return false;
  for (std::uint32_t row = 0; row < index.accepts.count; ++row) {
    if (image_record<RouteAccept>(image, index.accepts, row).route >= routes) return false;
  }
  const auto inside = [size](std::size_t offset, std::size_t length) {
    return offset <= size && length <= size - offset;
  };
  for (std::uint32_t row = 0; row < index.nodes.count; ++row) {
    const auto node = image_record<RouteNode>(image, index.nodes, row);
    const bool ends = node.lone_methods != 0
                          ? node.accepts < routes && node.end_count == 0 && node.tail_count == 0
                          : node.accepts <= index.accepts.count &&
                                std::uint32_t{node.end_count} + node.tail_count <= index.accepts.count - node.accepts;
    // Of a text at least a word is read.
    const bool texts = inside(node.text, std::max<std::size_t>(node.text_size, kRouteTextPadding)) &&
                       (node.rest_size == 0 || inside(node.link, node.rest_size));
    const bool ways = node.any == RouteNode::kNone || node.any < index.nodes.count;
    if (!ends || !texts || !ways || node.reserved != 0 || node.more_reserved != 0) return false;
  }
  return true;
}

}  // namespace detail

}  // namespace ostiary
