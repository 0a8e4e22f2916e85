#include "policy/write_routes.hpp"

#include "policy/pattern.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <string_view>
#include <utility>

namespace ostiary::policy {

namespace {

/// A place in the patterns of a host, one segment from the next.
struct TreeNode {
  std::vector<std::pair<std::string_view, std::uint32_t>> literals;
  std::uint32_t any = 0;  ///< 0: none, as nothing leads back to the root
  std::vector<RouteAccept> ends;
  std::vector<RouteAccept> tails;
  std::uint32_t patterns = 0;  ///< that end or have their tail here or below
  std::uint32_t next = 0;   ///< literal segments to the nearest node below that is more than a part of a way; 0: none
  std::uint64_t steps = 0;  ///< turns of the walk from here on, at most

  [[nodiscard]] bool is_fork() const { return any != 0 || !ends.empty() || !tails.empty(); }
};

/// The patterns of a host merged from the left. Borrows the routes.
class PatternTree {
 public:
  explicit PatternTree(std::vector<HostRoute>& routes) : nodes_(1) {
    std::sort(routes.begin(), routes.end(), [](const HostRoute& a, const HostRoute& b) {
      const auto order = compare_specificity(*a.path, *b.path);
      return order != 0 ? order < 0 : a.row < b.row;
    });
    for (const HostRoute& route : routes) insert(route);
    // A node is made after the one above it.
    for (std::size_t i = nodes_.size(); i-- > 0;) sum_up(nodes_[i]);
  }

  [[nodiscard]] const TreeNode& operator[](std::uint32_t node) const { return nodes_[node]; }

  /// Those below `node` that the longest walk from there tries, behind what leads to it.
  void collect_costly(std::uint32_t node, const std::string& prefix, std::size_t count_max,
                      std::vector<std::string>& patterns) const {
    const TreeNode& from = nodes_[node];
    if (patterns.size() >= count_max) return;
    if (!from.ends.empty() && !prefix.empty()) patterns.push_back(prefix);
    const auto dearest = std::max_element(
        from.literals.begin(), from.literals.end(),
        [this](const auto& a, const auto& b) { return nodes_[a.second].steps < nodes_[b.second].steps; });
    if (dearest != from.literals.end()) {
      collect_costly(dearest->second, prefix + '/' + std::string(dearest->first), count_max, patterns);
    }
    if (from.any != 0) collect_costly(from.any, prefix + "/*", count_max, patterns);
    if (!from.tails.empty() && patterns.size() < count_max) patterns.push_back(prefix + "/**");
  }

 private:
  void insert(const HostRoute& route) {
    std::uint32_t node = 0;
    for (const std::string& segment : route.path->segments) node = is_any(segment) ? any(node) : literal(node, segment);
    std::vector<RouteAccept>& accepts = route.path->has_tail ? nodes_[node].tails : nodes_[node].ends;
    accepts.push_back({route.methods, route.row});
  }

  std::uint32_t any(std::uint32_t node) {
    if (nodes_[node].any == 0) nodes_[node].any = make();
    return nodes_[node].any;
  }

  /// The routes are sorted, so if the segment is there it is the last.
  std::uint32_t literal(std::uint32_t node, std::string_view segment) {
    if (nodes_[node].literals.empty() || nodes_[node].literals.back().first != segment) {
      const std::uint32_t made = make();
      nodes_[node].literals.emplace_back(segment, made);
    }
    return nodes_[node].literals.back().second;
  }

  std::uint32_t make() {
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  /// The walk turns to a node once, and once more for each way that failed and is not its last.
  void sum_up(TreeNode& node) const {
    node.patterns = (node.ends.empty() ? 0U : 1U) + (node.tails.empty() ? 0U : 1U);
    std::uint64_t literal_steps = 0;
    for (const auto& [text, below] : node.literals) {
      const TreeNode& child = nodes_[below];
      const std::uint32_t distance = child.is_fork() ? 1 : child.next + 1;
      node.next = node.next == 0 ? distance : std::min(node.next, distance);
      node.patterns += child.patterns;
      literal_steps = std::max(literal_steps, child.steps);
    }
    const bool tail = !node.tails.empty();
    node.steps = 1 + literal_steps + (literal_steps != 0 && (node.any != 0 || tail) ? 1 : 0);
    if (node.any == 0) return;
    node.patterns += nodes_[node.any].patterns;
    node.steps += nodes_[node.any].steps + (tail ? 1 : 0);
  }

  std::vector<TreeNode> nodes_;
};

/// Lays trees out as nodes, in an order of its own; where each will stand is for the hash to say.
class NodeWriter {
 public:
  explicit NodeWriter(const StoreText& store) : store_(store) {}

  /// Returns the node of the root.
  std::uint32_t write(const PatternTree& tree) {
    const std::uint32_t root = add({}, RouteNode::kNone);
    std::vector<Pending> pending{{0, root}};
    for (std::size_t i = 0; i < pending.size(); ++i) write_node(tree, pending[i], pending);
    return root;
  }

  std::vector<RouteNode> nodes_;
  std::vector<std::string> texts_;  ///< of the nodes
  std::vector<RouteAccept> accepts_;

 private:
  struct Pending {
    std::uint32_t from;  ///< of the tree
    std::uint32_t to;    ///< of the nodes
  };

  struct Reached {
    std::uint32_t node;
    std::string text;
  };

  void write_node(const PatternTree& tree, Pending place, std::vector<Pending>& pending) {
    const TreeNode& from = tree[place.from];
    if (from.patterns == 1 && from.ends.empty()) return write_rest(tree, place);
    write_accepts(from.ends, from.tails, nodes_[place.to]);
    if (from.any != 0) {
      nodes_[place.to].any = add({}, RouteNode::kNone);
      pending.push_back({from.any, nodes_[place.to].any});
    }
    if (from.next == 0) return;
    nodes_[place.to].skip = static_cast<std::uint8_t>(from.next);
    const std::uint32_t number = numbers_++;
    nodes_[place.to].link = number;
    for (const Reached& reached : literals_below(tree, place.from, from.next)) {
      pending.push_back({reached.node, add(reached.text, number)});
    }
  }

  /// Every node that stands `distance` literal segments below.
  static std::vector<Reached> literals_below(const PatternTree& tree, std::uint32_t node, std::uint32_t distance) {
    std::vector<Reached> level{{node, {}}};
    for (std::uint32_t i = 0; i < distance; ++i) {
      std::vector<Reached> next;
      for (const Reached& at : level) {
        for (const auto& [text, below] : tree[at.node].literals) {
          next.push_back({below, (i == 0 ? std::string() : at.text + '/').append(text)});
        }
      }
      level = std::move(next);
    }
    return level;
  }

  std::uint32_t add(const std::string& text, std::uint32_t parent) {
    RouteNode node;
    node.parent = parent;
    node.text = store_(text).offset;
    node.text_size = static_cast<std::uint16_t>(text.size());
    nodes_.push_back(node);
    texts_.push_back(text);
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  /// The one pattern below, which is at least a segment longer.
  void write_rest(const PatternTree& tree, Pending place) {
    std::string rest;
    const TreeNode* node = &tree[place.from];
    while (node->ends.empty() && node->tails.empty()) {
      rest += '/';
      rest += node->any != 0 ? "*" : node->literals.front().first;
      node = &tree[node->any != 0 ? node->any : node->literals.front().second];
    }
    if (!node->tails.empty()) rest += "/**";
    write_accepts(node->ends.empty() ? node->tails : node->ends, {}, nodes_[place.to]);
    nodes_[place.to].link = store_(rest).offset;
    nodes_[place.to].rest_size = static_cast<std::uint16_t>(rest.size());
  }

  void write_accepts(const std::vector<RouteAccept>& ends, const std::vector<RouteAccept>& tails, RouteNode& node) {
    if (ends.size() == 1 && tails.empty() && ends.front().methods <= UINT16_MAX) {
      node.lone_methods = static_cast<std::uint16_t>(ends.front().methods);
      node.accepts = ends.front().route;
      return;
    }
    node.accepts = static_cast<std::uint32_t>(accepts_.size());
    node.end_count = static_cast<std::uint8_t>(ends.size());
    node.tail_count = static_cast<std::uint8_t>(tails.size());
    accepts_.insert(accepts_.end(), ends.begin(), ends.end());
    accepts_.insert(accepts_.end(), tails.begin(), tails.end());
  }

  const StoreText& store_;
  std::uint32_t numbers_ = 0;
};

/// Gives every node its row: those that literal segments lead to the one that a perfect hash says, the others behind
/// them. Each bucket of the hash has a displacement that sends its nodes to slots still free; the fullest choose first.
class NodePlacer {
 public:
  explicit NodePlacer(const NodeWriter& writer) : nodes_(writer.nodes_) {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].parent != RouteNode::kNone) hashed_.push_back(i);
    }
    const auto count = static_cast<std::uint32_t>(hashed_.size());
    displacements_.resize(std::bit_ceil(count / 4 + 1));
    // Another seed and a little more room must do sooner or later. Should they not, there are no nodes, and the image
    // does not load.
    constexpr std::uint32_t kSeeds = 64;
    for (seed_ = 0; seed_ < kSeeds; ++seed_) {
      slots_ = count + count / 12 + 1 + seed_ * (count / 64);
      if (hash_nodes(writer.texts_) && fill()) return;
    }
    slots_ = 0;
  }

  /// The tables but for accepts and roots.
  [[nodiscard]] RouteTables tables() const {
    RouteTables tables;
    if (slots_ == 0) return tables;
    tables.seed = seed_;
    tables.slots = slots_;
    tables.displacements = displacements_;
    const std::vector<std::uint32_t> rows = rows_of_all();
    tables.nodes.resize(slots_ + nodes_.size() - hashed_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      RouteNode& node = tables.nodes[rows[i]] = nodes_[i];
      if (node.any != RouteNode::kNone) node.any = rows[node.any];
    }
    return tables;
  }

  /// For each node its row.
  [[nodiscard]] std::vector<std::uint32_t> rows_of_all() const {
    std::vector<std::uint32_t> rows(nodes_.size(), RouteNode::kNone);
    for (std::uint32_t slot = 0; slot < slots_; ++slot) {
      if (taken_[slot] != RouteNode::kNone) rows[taken_[slot]] = slot;
    }
    std::uint32_t next = slots_;
    for (std::uint32_t& row : rows) {
      if (row == RouteNode::kNone) row = next++;
    }
    return rows;
  }

 private:
  struct Key {
    std::uint64_t hash;
    std::uint32_t bucket;
    std::uint32_t node;
  };
  struct Bucket {
    std::size_t first;
    std::size_t count;
  };

  /// False when two nodes have the same hash, which no displacement can part.
  [[nodiscard]] bool hash_nodes(const std::vector<std::string>& texts) {
    const ostiary::detail::RouteHash hash(seed_);
    const auto buckets = static_cast<std::uint32_t>(displacements_.size());
    keys_.clear();
    for (const std::uint32_t node : hashed_) {
      const ostiary::detail::RoutePath text(texts[node]);
      const std::uint64_t text_hash = segments_of(hash, text, 0, text.size()).hash;
      const std::uint64_t key = ostiary::detail::RouteHash::of_node(text_hash, nodes_[node].parent);
      keys_.push_back({key, ostiary::detail::RouteHash::bucket(key, buckets), node});
    }
    std::sort(keys_.begin(), keys_.end(),
              [](const Key& a, const Key& b) { return a.bucket != b.bucket ? a.bucket < b.bucket : a.hash < b.hash; });
    return std::adjacent_find(keys_.begin(), keys_.end(),
                              [](const Key& a, const Key& b) { return a.hash == b.hash; }) == keys_.end();
  }

  [[nodiscard]] std::vector<Bucket> fullest_first() const {
    std::vector<Bucket> buckets;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (i == 0 || keys_[i].bucket != keys_[i - 1].bucket) buckets.push_back({i, 0});
      ++buckets.back().count;
    }
    std::stable_sort(buckets.begin(), buckets.end(), [](Bucket a, Bucket b) { return a.count > b.count; });
    return buckets;
  }

  [[nodiscard]] bool fill() {
    taken_.assign(slots_, RouteNode::kNone);
    std::fill(displacements_.begin(), displacements_.end(), std::uint16_t{0});
    for (const Bucket bucket : fullest_first()) {
      bool placed = false;
      for (std::uint32_t displacement = 0; !placed && displacement <= UINT16_MAX; ++displacement) {
        placed = take(bucket, static_cast<std::uint16_t>(displacement));
      }
      if (!placed) return false;
    }
    return true;
  }

  /// Takes the slots to which the displacement sends the bucket, all or none.
  [[nodiscard]] bool take(Bucket bucket, std::uint16_t displacement) {
    for (std::size_t i = 0; i < bucket.count; ++i) {
      const Key& key = keys_[bucket.first + i];
      std::uint32_t& slot = taken_[ostiary::detail::RouteHash::slot(key.hash, displacement, slots_)];
      if (slot != RouteNode::kNone) {
        give_back({bucket.first, i}, displacement);
        return false;
      }
      slot = key.node;
    }
    displacements_[keys_[bucket.first].bucket] = displacement;
    return true;
  }

  void give_back(Bucket keys, std::uint16_t displacement) {
    for (std::size_t i = 0; i < keys.count; ++i) {
      const std::uint64_t hash = keys_[keys.first + i].hash;
      taken_[ostiary::detail::RouteHash::slot(hash, displacement, slots_)] = RouteNode::kNone;
    }
  }

  const std::vector<RouteNode>& nodes_;
  std::vector<std::uint32_t> hashed_;
  std::vector<Key> keys_;
  std::vector<std::uint32_t> taken_;  ///< node by slot
  std::vector<std::uint16_t> displacements_;
  std::uint32_t slots_ = 0;
  std::uint32_t seed_ = 0;
};

std::vector<std::uint32_t> sorted_rows(const std::vector<HostRoute>& routes) {
  std::vector<std::uint32_t> rows;
  for (const HostRoute& route : routes) rows.push_back(route.row);
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

RouteTables write_routes(std::vector<std::vector<HostRoute>> hosts, const StoreText& store) {
  NodeWriter writer(store);
  std::map<std::vector<std::uint32_t>, std::uint32_t> known;
  std::vector<std::uint32_t> roots;
  for (std::vector<HostRoute>& routes : hosts) {
    const auto [host, is_new] = known.try_emplace(sorted_rows(routes), 0);
    if (is_new) host->second = writer.write(PatternTree(routes));
    roots.push_back(host->second);
  }
  const NodePlacer placer(writer);
  RouteTables tables = placer.tables();
  tables.accepts = writer.accepts_;
  const std::vector<std::uint32_t> rows = placer.rows_of_all();
  for (const std::uint32_t root : roots) tables.roots.push_back(rows[root]);
  return tables;
}

std::uint64_t route_steps(std::vector<HostRoute> routes) { return PatternTree(routes)[0].steps; }

std::vector<std::string> costly_patterns(std::vector<HostRoute> routes, std::size_t count_max) {
  std::vector<std::string> patterns;
  PatternTree(routes).collect_costly(0, {}, count_max, patterns);
  return patterns;
}

}  // namespace ostiary::policy
