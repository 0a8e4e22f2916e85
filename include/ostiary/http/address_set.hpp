// Sets of address blocks as one flat image: which block, the longest first, does an address lie in?
//
// The blocks of a family cut its addresses into intervals; every interval lies in one innermost block or in none. A
// lookup finds the interval: a table that is indexed by the leading bits names a few candidates, and a binary search
// without branches picks one. Whatever the blocks, that takes at most one index and 32 steps.
#pragma once

#include <ostiary/core/image.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/ip_address.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace ostiary {

/// A block and what the caller wants to know of addresses in it.
struct AddressSetEntry {
  AddressBlock block;
  std::uint32_t value = 0;

  friend constexpr bool operator==(const AddressSetEntry&, const AddressSetEntry&) noexcept = default;
};

/// A block inside an image.
struct AddressBlockRecord {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::uint32_t value = 0;
  std::uint16_t length = 0;
  std::uint16_t family = 0;
};
static_assert(sizeof(AddressBlockRecord) == 24);

/// The tables of one family. Interval i begins at key i and ends before key i + 1; interval 0 begins at 0.
struct AddressIntervals {
  ImageTable keys;          ///< first addresses, ascending: uint32 for IPv4; for IPv6 uint64, the upper half
  ImageTable lows;          ///< IPv6: lower halves of the first addresses
  ImageTable rows;          ///< of uint32: the row of the innermost block, or AddressSet::kNoRow
  ImageTable starts;        ///< of uint32: per bucket, the interval that its first key lies in; then the last interval
  std::uint64_t base = 0;   ///< keys up to here, in the unit of `keys`, are in bucket 0
  std::uint32_t shift = 0;  ///< a bucket holds 2^shift keys; the last bucket holds all that follow
  std::uint32_t reserved = 0;

  friend constexpr bool operator==(const AddressIntervals& a, const AddressIntervals& b) noexcept {
    return same(a.keys, b.keys) && same(a.lows, b.lows) && same(a.rows, b.rows) && same(a.starts, b.starts) &&
           a.base == b.base && a.shift == b.shift && a.reserved == b.reserved;
  }

 private:
  static constexpr bool same(ImageTable a, ImageTable b) noexcept { return a.offset == b.offset && a.count == b.count; }
};

struct AddressSetHeader {
  static constexpr std::uint32_t kMagic = 0x5341534fU;  // "OSAS" in memory
  static constexpr std::uint32_t kFormat = 1;

  std::uint32_t magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t size = 0;  ///< of the whole image, bytes
  std::uint32_t reserved = 0;
  ImageTable blocks;  ///< of AddressBlockRecord: IPv4 before IPv6, then ascending, an outer block before its inner ones
  AddressIntervals ipv4;
  AddressIntervals ipv6;
};
static_assert(sizeof(AddressSetHeader) == 120);

/// A read-only view over an address set's image, which it borrows and which must not change. Immutable.
/// A default-constructed set holds no address.
class AddressSet {
 public:
  static constexpr std::uint32_t kNoRow = 0xffffffffU;
  /// Blocks of one set: what keeps every offset of an image within 32 bits.
  static constexpr std::uint32_t kBlocksMax = 1U << 24;

  AddressSet() = default;

  /// Checks the whole image once: it must be, byte for byte, what build_address_set makes of its blocks. So no lookup
  /// can leave it, and none can answer anything but what the blocks say. O(blocks). Damage to values is not noticed;
  /// the checksum or signature of what carries the image is for that. Reasons: kImageFormat, kImageDamaged. Pure.
  [[nodiscard]] static Result<AddressSet> load(std::string_view image) noexcept;

  /// The set of an image that `load` has passed before: what carries it, a Gate, checks all of them once. Pure.
  [[nodiscard]] static AddressSet of_checked(std::string_view image) noexcept {
    AddressSet set;
    set.image_ = image;
    std::memcpy(&set.header_, image.data(), sizeof(AddressSetHeader));
    return set;
  }

  [[nodiscard]] std::string_view image() const noexcept { return image_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return header_.blocks.count; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// The row of the longest block that holds the address, or kNoRow. O(log n), no branches on the blocks. Pure.
  [[nodiscard]] std::uint32_t find(const IpAddress& address) const noexcept;

  [[nodiscard]] bool contains(const IpAddress& address) const noexcept { return find(address) != kNoRow; }

  /// The block of a row below size() and its value.
  [[nodiscard]] AddressSetEntry entry(std::uint32_t row) const noexcept {
    const auto record = image_record<AddressBlockRecord>(image_, header_.blocks, row);
    return {{{static_cast<AddressFamily>(record.family), record.high, record.low}, record.length}, record.value};
  }

 private:
  std::string_view image_;
  AddressSetHeader header_{};
};

namespace detail {

/// The key of an address in the tables of its family.
template <typename Key>
constexpr Key address_key(const IpAddress& address) noexcept {
  return static_cast<Key>(address.high >> (64 - 8 * sizeof(Key)));
}

/// Which bucket a key is in. It never falls when the key rises, which is all that the search needs.
template <typename Key>
constexpr std::uint32_t address_bucket(Key key, Key base, unsigned shift, std::uint32_t last) noexcept {
  const Key distance = static_cast<Key>((key > base ? key : base) - base) >> shift;
  return distance < last ? static_cast<std::uint32_t>(distance) : last;
}

/// The last interval of `first` to `first + count - 1` that begins at the key or before; the first is known to.
template <typename Key>
std::uint32_t last_interval(std::string_view image, ImageTable keys, std::uint32_t first, std::uint32_t count,
                            Key key) noexcept {
  while (count > 1) {
    const std::uint32_t half = count / 2;
    // A mask, because compilers like to make a jump of a choice, and half of these jumps would be mispredicted.
    const bool is_behind = image_record<Key>(image, keys, first + half) <= key;
    first += half & (0U - std::uint32_t{is_behind});
    count -= half;
  }
  return first;
}

template <typename Key>
std::uint32_t find_interval(std::string_view image, const AddressIntervals& intervals, Key key) noexcept {
  const std::uint32_t bucket =
      address_bucket(key, static_cast<Key>(intervals.base), intervals.shift, intervals.starts.count - 2);
  const auto first = image_record<std::uint32_t>(image, intervals.starts, bucket);
  const auto last = image_record<std::uint32_t>(image, intervals.starts, bucket + 1);
  return last_interval(image, intervals.keys, first, last - first + 1, key);
}

/// For addresses in a /64 that is cut: the last of the intervals 0 to `count - 1` that begins at the address or before.
inline std::uint32_t find_lower_half(std::string_view image, const AddressIntervals& intervals, std::uint32_t count,
                                     const IpAddress& address) noexcept {
  std::uint32_t first = 0;
  while (count > 1) {
    const std::uint32_t half = count / 2;
    const auto high = image_record<std::uint64_t>(image, intervals.keys, first + half);
    const auto low = image_record<std::uint64_t>(image, intervals.lows, first + half);
    if (high < address.high || (high == address.high && low <= address.low)) first += half;
    count -= half;
  }
  return first;
}

inline std::uint32_t find_ipv6(std::string_view image, const AddressIntervals& intervals,
                               const IpAddress& address) noexcept {
  const std::uint32_t found = find_interval(image, intervals, address.high);
  // Blocks longer than /64 are rare, so that the upper half of the address decides nearly always.
  const bool is_decided = image_record<std::uint64_t>(image, intervals.keys, found) != address.high ||
                          image_record<std::uint64_t>(image, intervals.lows, found) <= address.low;
  return is_decided ? found : find_lower_half(image, intervals, found, address);
}

}  // namespace detail

inline std::uint32_t AddressSet::find(const IpAddress& address) const noexcept {
  if (empty() || !address.present()) return kNoRow;
  if (address.is_ipv4()) {
    const std::uint32_t found = detail::find_interval(image_, header_.ipv4, address.ipv4());
    return image_record<std::uint32_t>(image_, header_.ipv4.rows, found);
  }
  const std::uint32_t found = detail::find_ipv6(image_, header_.ipv6, address);
  return image_record<std::uint32_t>(image_, header_.ipv6.rows, found);
}

namespace detail {

constexpr AddressBlockRecord block_record(const AddressSetEntry& entry) noexcept {
  return {entry.block.first.high, entry.block.first.low, entry.value, static_cast<std::uint16_t>(entry.block.length),
          static_cast<std::uint16_t>(entry.block.first.family)};
}

/// Whether the block is one that parse_address_block could have made.
constexpr bool is_address_block(const AddressBlock& block) noexcept {
  const IpAddress& first = block.first;
  const bool is_family = first.is_ipv4() || first.is_ipv6();
  const bool is_mapped = first.is_ipv6() && first.high == 0 && first.low >> 32 == 0xffff && block.length >= 96;
  return is_family && !is_mapped && block.length <= address_bits(first.family) &&
         block_of(first, block.length).first == first;
}

/// The address behind the last one of a block; `wrapped` when there is none.
struct BlockEnd {
  IpAddress next;
  bool wrapped = false;
};

constexpr BlockEnd end_of(const AddressBlock& block) noexcept {
  BlockEnd end{block.first, false};
  end.next.low |= ~leading_bits(block.length < 64 ? 0 : block.length - 64);
  end.next.high |= ~leading_bits(block.length < 64 ? block.length : 64);
  if (++end.next.low == 0) end.wrapped = ++end.next.high == 0;
  return end;
}

/// Cuts the addresses of one family into intervals: give it the blocks in order, then finish it. `Sink` is called with
/// (first address, row of the innermost block or kNoRow), ascending, and answers whether to go on.
template <typename Sink>
class IntervalSweep {
 public:
  IntervalSweep(AddressFamily family, Sink& sink) noexcept : sink_(sink) { pending_.family = family; }

  bool add(const AddressBlock& block, std::uint32_t row) noexcept {
    if (!close_before(&block.first) || depth_ == open_.size()) return false;
    open_[depth_++] = {end_of(block), row};
    return begin(block.first, row);
  }

  bool finish() noexcept { return close_before(nullptr) && sink_(pending_, pending_row_); }

 private:
  struct Open {
    BlockEnd end;
    std::uint32_t row = AddressSet::kNoRow;
  };

  /// Leaves the open blocks that end at `first` or before; all of them without one.
  bool close_before(const IpAddress* first) noexcept {
    while (depth_ > 0) {
      const BlockEnd end = open_[depth_ - 1].end;
      if (first != nullptr && (end.wrapped || end.next > *first)) return true;
      --depth_;
      const std::uint32_t outer = depth_ > 0 ? open_[depth_ - 1].row : AddressSet::kNoRow;
      if (!end.wrapped && !begin(end.next, outer)) return false;
    }
    return true;
  }

  /// What begins where the last one began takes its place.
  bool begin(const IpAddress& first, std::uint32_t row) noexcept {
    const bool goes_on = first == pending_ || sink_(pending_, pending_row_);
    pending_ = first;
    pending_row_ = row;
    return goes_on;
  }

  Sink& sink_;
  std::array<Open, 129> open_{};  // nested blocks differ in length
  std::size_t depth_ = 0;
  IpAddress pending_;
  std::uint32_t pending_row_ = AddressSet::kNoRow;
};

/// Sweeps the blocks of one family out of `count` blocks that `block_at(row)` gives in order.
template <typename BlockAt, typename Sink>
bool sweep_blocks(AddressFamily family, std::uint32_t count, const BlockAt& block_at, Sink&& sink) noexcept {
  IntervalSweep<std::remove_reference_t<Sink>> sweep(family, sink);
  for (std::uint32_t row = 0; row < count; ++row) {
    const AddressBlock block = block_at(row);
    if (block.first.family == family && !sweep.add(block, row)) return false;
  }
  return sweep.finish();
}

/// Where everything is in an image with so many blocks and intervals: there is exactly one answer.
constexpr AddressSetHeader address_set_layout(std::uint32_t blocks, std::uint32_t ipv4, std::uint32_t ipv6) noexcept {
  AddressSetHeader header;
  std::uint32_t end = sizeof(AddressSetHeader);
  const auto place = [&end](std::uint32_t count, std::uint32_t record_size) {
    const ImageTable table{end, count};
    end += count * record_size;
    return table;
  };
  const auto starts = [](std::uint32_t intervals) { return std::bit_ceil(intervals) + 1; };
  header.blocks = place(blocks, sizeof(AddressBlockRecord));
  header.ipv6.keys = place(ipv6, sizeof(std::uint64_t));
  header.ipv6.lows = place(ipv6, sizeof(std::uint64_t));
  header.ipv6.rows = place(ipv6, sizeof(std::uint32_t));
  header.ipv6.starts = place(starts(ipv6), sizeof(std::uint32_t));
  header.ipv4.keys = place(ipv4, sizeof(std::uint32_t));
  header.ipv4.lows = place(0, sizeof(std::uint64_t));
  header.ipv4.rows = place(ipv4, sizeof(std::uint32_t));
  header.ipv4.starts = place(starts(ipv4), sizeof(std::uint32_t));
  header.size = end;
  return header;
}

/// Chooses the buckets: equal ones over where most keys are, so that a few far off (::1, fe80::/10) cost nothing.
template <typename Key>
void choose_buckets(std::string_view image, AddressIntervals& intervals) noexcept {
  const std::uint32_t count = intervals.keys.count;
  const std::uint32_t margin = count / 64;
  const auto low = image_record<Key>(image, intervals.keys, std::min(1 + margin, count - 1));
  const auto high = image_record<Key>(image, intervals.keys, count - 1 - margin);
  const int width = static_cast<int>(std::bit_width(static_cast<Key>(high - low)));
  const int bucket_bits = static_cast<int>(std::bit_width(intervals.starts.count - 2));
  intervals.base = low;
  intervals.shift = static_cast<std::uint32_t>(std::max(0, width - bucket_bits));
}

/// The entries of the bucket table in order, given to `sink`, which answers whether to go on.
template <typename Key, typename Sink>
bool for_each_start(std::string_view image, const AddressIntervals& intervals, Sink&& sink) noexcept {
  const std::uint32_t buckets = intervals.starts.count - 1;
  std::uint32_t interval = 0;
  for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
    while (interval + 1 < intervals.keys.count &&
           address_bucket(image_record<Key>(image, intervals.keys, interval + 1), static_cast<Key>(intervals.base),
                          intervals.shift, buckets - 1) < bucket) {
      ++interval;
    }
    if (!sink(bucket, interval)) return false;
  }
  return sink(buckets, intervals.keys.count - 1);
}

template <typename Record>
void write_record(char* image, ImageTable table, std::uint32_t index, const Record& record) noexcept {
  std::memcpy(image + table.offset + std::size_t{index} * sizeof(Record), &record, sizeof(Record));
}

/// Writes the intervals of one family into `image`, of which the blocks are laid out already.
template <typename Key>
void write_intervals(char* image, std::string_view view, AddressFamily family, AddressIntervals& intervals,
                     std::span<const AddressSetEntry> entries) noexcept {
  std::uint32_t count = 0;
  const auto write = [&](const IpAddress& first, std::uint32_t row) {
    write_record(image, intervals.keys, count, address_key<Key>(first));
    if (intervals.lows.count != 0) write_record(image, intervals.lows, count, first.low);
    write_record(image, intervals.rows, count++, row);
    return true;
  };
  const auto block_at = [&](std::uint32_t row) { return entries[row].block; };
  (void)sweep_blocks(family, static_cast<std::uint32_t>(entries.size()), block_at, write);
  choose_buckets<Key>(view, intervals);
  (void)for_each_start<Key>(view, intervals, [&](std::uint32_t bucket, std::uint32_t interval) {
    write_record(image, intervals.starts, bucket, interval);
    return true;
  });
}

inline std::uint32_t count_intervals(AddressFamily family, std::span<const AddressSetEntry> entries) noexcept {
  std::uint32_t count = 0;
  const auto block_at = [&](std::uint32_t row) { return entries[row].block; };
  (void)sweep_blocks(family, static_cast<std::uint32_t>(entries.size()), block_at,
                     [&](const IpAddress&, std::uint32_t) { return ++count != 0; });
  return count;
}

/// The place of the first entry that is no block or equals the one before it, or the size.
inline std::size_t entry_fault(std::span<const AddressSetEntry> entries) noexcept {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!is_address_block(entries[i].block)) return i;
    if (i > 0 && entries[i].block == entries[i - 1].block) return i;
  }
  return entries.size();
}

/// The layout for sorted entries.
inline AddressSetHeader address_set_layout(std::span<const AddressSetEntry> entries) noexcept {
  return address_set_layout(static_cast<std::uint32_t>(entries.size()), count_intervals(AddressFamily::kIpv4, entries),
                            count_intervals(AddressFamily::kIpv6, entries));
}

}  // namespace detail

/// Bytes that are enough for the image of so many blocks, whatever they are; at most kBlocksMax. Pure.
[[nodiscard]] constexpr std::size_t address_set_size_max(std::uint32_t blocks) noexcept {
  // n blocks make at most 2n + 1 intervals, and an interval of IPv6 takes 20 bytes and less than two buckets.
  const std::size_t intervals = 2 * std::size_t{blocks} + 2;
  return sizeof(AddressSetHeader) + std::size_t{blocks} * sizeof(AddressBlockRecord) + intervals * 28 + 64;
}

/// Sorts `entries` in place and writes their image to the front of `memory`, where no alignment is asked for. The same
/// blocks make the same bytes in whatever order they come. The image borrows `memory` and may be moved.
/// Reasons: kUsageAddressBlock when an entry is no block, or a block is there twice, even with the same value
/// (`Error::offset` is its place in `entries` as they are then), kUsageArgument for more than kBlocksMax blocks,
/// kUsageScratchTooSmall. Pure apart from both buffers.
[[nodiscard]] inline Result<std::string_view> build_address_set(std::span<AddressSetEntry> entries,
                                                                std::span<std::byte> memory) noexcept {
  if (entries.size() > AddressSet::kBlocksMax) return Reason::kUsageArgument;
  std::sort(entries.begin(), entries.end(),
            [](const AddressSetEntry& a, const AddressSetEntry& b) { return a.block < b.block; });
  const std::size_t fault = detail::entry_fault(entries);
  if (fault < entries.size()) return Error{Reason::kUsageAddressBlock, static_cast<std::uint32_t>(fault)};
  AddressSetHeader header = detail::address_set_layout(entries);
  if (header.size > memory.size()) return Reason::kUsageScratchTooSmall;
  char* const image = reinterpret_cast<char*>(memory.data());
  const std::string_view view(image, header.size);
  for (std::uint32_t row = 0; row < header.blocks.count; ++row) {
    detail::write_record(image, header.blocks, row, detail::block_record(entries[row]));
  }
  detail::write_intervals<std::uint32_t>(image, view, AddressFamily::kIpv4, header.ipv4, entries);
  detail::write_intervals<std::uint64_t>(image, view, AddressFamily::kIpv6, header.ipv6, entries);
  std::memcpy(image, &header, sizeof(header));
  return view;
}

namespace detail {

/// Makes the image again in thought and compares. Whoever wrote it, what passes is ours.
class AddressSetCheck {
 public:
  AddressSetCheck(std::string_view image, const AddressSetHeader& header) noexcept : image_(image), header_(header) {}

  [[nodiscard]] bool passes() const noexcept {
    return tables_are_ours() && blocks_are_ours() &&
           intervals_are_ours<std::uint32_t>(AddressFamily::kIpv4, header_.ipv4) &&
           intervals_are_ours<std::uint64_t>(AddressFamily::kIpv6, header_.ipv6);
  }

 private:
  /// Numbers of records that fit 32 bits come first, so that the layout can be asked for.
  [[nodiscard]] bool tables_are_ours() const noexcept {
    const std::size_t size = image_.size();
    const std::uint32_t ipv4 = header_.ipv4.keys.count;
    const std::uint32_t ipv6 = header_.ipv6.keys.count;
    if (header_.blocks.count > AddressSet::kBlocksMax || ipv4 == 0 || ipv6 == 0) return false;
    if (ipv4 > size / sizeof(std::uint32_t) || ipv6 > size / sizeof(std::uint64_t)) return false;
    if (std::uint64_t{ipv4} + ipv6 > 2 * std::uint64_t{header_.blocks.count} + 2) return false;
    AddressSetHeader ours = address_set_layout(header_.blocks.count, ipv4, ipv6);
    if (ours.size != size || header_.size != size || header_.reserved != 0) return false;
    choose_buckets<std::uint32_t>(image_, ours.ipv4);
    choose_buckets<std::uint64_t>(image_, ours.ipv6);
    return header_.ipv4 == ours.ipv4 && header_.ipv6 == ours.ipv6 && header_.blocks.offset == ours.blocks.offset;
  }

  [[nodiscard]] AddressBlock block(std::uint32_t row) const noexcept {
    const auto record = image_record<AddressBlockRecord>(image_, header_.blocks, row);
    return {{static_cast<AddressFamily>(record.family), record.high, record.low}, record.length};
  }

  [[nodiscard]] bool blocks_are_ours() const noexcept {
    for (std::uint32_t row = 0; row < header_.blocks.count; ++row) {
      const auto record = image_record<AddressBlockRecord>(image_, header_.blocks, row);
      if (record.family != 4 && record.family != 6) return false;
      if (!is_address_block(block(row)) || (row > 0 && !(block(row - 1) < block(row)))) return false;
    }
    return true;
  }

  template <typename Key>
  [[nodiscard]] bool intervals_are_ours(AddressFamily family, const AddressIntervals& intervals) const noexcept {
    std::uint32_t count = 0;
    const auto same_interval = [&](const IpAddress& first, std::uint32_t row) {
      const std::uint32_t i = count++;
      return i < intervals.keys.count && image_record<Key>(image_, intervals.keys, i) == address_key<Key>(first) &&
             (intervals.lows.count == 0 || image_record<std::uint64_t>(image_, intervals.lows, i) == first.low) &&
             image_record<std::uint32_t>(image_, intervals.rows, i) == row;
    };
    const auto same_start = [&](std::uint32_t bucket, std::uint32_t interval) {
      return image_record<std::uint32_t>(image_, intervals.starts, bucket) == interval;
    };
    const auto block_at = [&](std::uint32_t row) { return block(row); };
    return sweep_blocks(family, header_.blocks.count, block_at, same_interval) && count == intervals.keys.count &&
           for_each_start<Key>(image_, intervals, same_start);
  }

  std::string_view image_;
  const AddressSetHeader& header_;
};

}  // namespace detail

inline Result<AddressSet> AddressSet::load(std::string_view image) noexcept {
  AddressSet set;
  if (image.size() < sizeof(AddressSetHeader) || image.size() > UINT32_MAX) return Reason::kImageFormat;
  std::memcpy(&set.header_, image.data(), sizeof(AddressSetHeader));
  if (set.header_.magic != AddressSetHeader::kMagic || set.header_.format != AddressSetHeader::kFormat) {
    return Reason::kImageFormat;
  }
  set.image_ = image;
  if (!detail::AddressSetCheck(image, set.header_).passes()) return Reason::kImageDamaged;
  return set;
}

}  // namespace ostiary
