#include "adapt/crypto.hpp"
#include "adapt/json.hpp"
#include "token/digest_text.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/core/sip_hash.hpp>
#include <ostiary/token/revocation.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ostiary {

namespace {

using adapt::JsonFault;
using adapt::JsonKind;
using adapt::JsonValue;

constexpr Error kNoError{Reason::kOk, 0};
constexpr std::uint32_t kNone = UINT32_MAX;

// Deep enough for every fault of form to be called one.
constexpr std::uint32_t kListDepth = 8;
constexpr std::uint64_t kValuesPerEntry = 4;  // the object, iss, sub, issued_before

/// The order is that of kMarkNames.
enum class Mark : std::uint8_t { kTokenId, kSubject, kSession, kKeyId };
constexpr std::array<std::string_view, 4> kMarkNames{"jti", "sub", "sid", "kid"};

constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kDateEnd = std::int64_t{1} << 53;

/// While reading: the views borrow the JSON reader.
struct SourceEntry {
  std::string_view issuer;
  std::string_view value;
  Mark mark = Mark::kTokenId;
  std::int64_t issued_before_s = kAlways;  ///< revokes what was issued earlier

  [[nodiscard]] auto place() const noexcept { return std::tie(issuer, mark, value); }
};

Reason reason_of(JsonFault fault) noexcept {
  switch (fault) {
    case JsonFault::kNone: return Reason::kOk;
    case JsonFault::kSyntax:
    case JsonFault::kDuplicate: return Reason::kRevocationJson;
    case JsonFault::kLimit: return Reason::kRevocationLimit;
  }
  return Reason::kInternal;
}

/// Reads one object of the array `revoked`.
class EntryReader {
 public:
  EntryReader(std::span<const JsonValue> values, std::size_t object) noexcept : values_(values), object_(object) {}

  [[nodiscard]] Result<SourceEntry> run() noexcept {
    if (values_[object_].kind != JsonKind::kObject) return fault(values_[object_].offset);
    for (std::size_t i = object_ + 1; i < values_[object_].end; i = values_[i].end) {
      if (const Error error = read_member(values_[i]); error != kNoError) return error;
    }
    const bool is_sub = has_mark_ && entry_.mark == Mark::kSubject;
    if (entry_.issuer.empty() || !has_mark_ || (has_date_ && !is_sub)) return fault(values_[object_].offset);
    return entry_;
  }

 private:
  static Error fault(std::uint32_t offset) noexcept { return {Reason::kRevocationJson, offset}; }

  Error read_member(const JsonValue& member) noexcept {
    if (member.key == "issued_before") return read_date(member);
    const bool is_issuer = member.key == "iss";
    const auto* const name = std::find(kMarkNames.begin(), kMarkNames.end(), member.key);
    if (!is_issuer && (name == kMarkNames.end() || has_mark_)) return fault(member.key_offset);
    if (member.kind != JsonKind::kText) return fault(member.offset);
    if (is_issuer) {
      entry_.issuer = member.text;
    } else {
      entry_.mark = static_cast<Mark>(name - kMarkNames.begin());
      entry_.value = member.text;
      has_mark_ = true;
    }
    return kNoError;
  }

  Error read_date(const JsonValue& member) noexcept {
    const bool is_date = member.kind == JsonKind::kInteger && member.integer >= 0 && member.integer < kDateEnd;
    if (!is_date) return fault(member.offset);
    entry_.issued_before_s = member.integer;
    has_date_ = true;
    return kNoError;
  }

  std::span<const JsonValue> values_;
  std::size_t object_;
  SourceEntry entry_;
  bool has_mark_ = false;
  bool has_date_ = false;
};

Error read_entries(std::span<const JsonValue> values, const Limits& limits, std::vector<SourceEntry>& entries) {
  const JsonValue& root = values[0];
  if (root.kind != JsonKind::kObject) return {Reason::kRevocationJson, root.offset};
  for (std::size_t i = 1; i < root.end; i = values[i].end) {
    if (values[i].key != "revoked") return {Reason::kRevocationJson, values[i].key_offset};
  }
  if (root.count != 1) return {Reason::kRevocationJson, root.offset};
  const JsonValue& list = values[1];
  if (list.kind != JsonKind::kArray) return {Reason::kRevocationJson, list.offset};
  entries.reserve(std::min(list.count, limits.revocation_count_max));
  for (std::size_t i = 2; i < list.end; i = values[i].end) {
    if (entries.size() == limits.revocation_count_max) return {Reason::kRevocationLimit, values[i].offset};
    const Result<SourceEntry> entry = EntryReader(values, i).run();
    if (!entry) return entry.error();
    entries.push_back(*entry);
  }
  return kNoError;
}

/// In one order, and of those that differ in the date alone only the one that revokes most.
void settle(std::vector<SourceEntry>& entries) {
  std::sort(entries.begin(), entries.end(), [](const SourceEntry& left, const SourceEntry& right) {
    return std::tuple_cat(left.place(), std::tuple(right.issued_before_s)) <
           std::tuple_cat(right.place(), std::tuple(left.issued_before_s));
  });
  const auto same = [](const SourceEntry& left, const SourceEntry& right) { return left.place() == right.place(); };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

std::optional<adapt::Sha256Digest> fingerprint_of(std::span<const SourceEntry> entries) {
  DigestText text("ostiary revocation list 1");
  for (const SourceEntry& entry : entries) {
    text.text(entry.issuer);
    text.number(static_cast<std::uint8_t>(entry.mark));
    text.text(entry.value);
    text.number(entry.issued_before_s);
  }
  return adapt::sha256(text.written());
}

}  // namespace

/// One flat table for issuers and entries. An issuer is found first, by itself, so that tokens of an issuer nobody
/// speaks about cost one look.
struct RevocationList::Impl {
  struct Row {
    Span text;
    std::uint32_t issuer = kNone;  ///< row of the issuer; kNone in the row of an issuer
    Mark mark = Mark::kTokenId;    ///< of an entry
    std::uint8_t marks = 0;        ///< of an issuer: bit n for entries with Mark n
    std::int64_t issued_before_s = kAlways;
  };

  std::string texts;
  std::vector<Row> rows;
  std::vector<std::uint32_t> places;  ///< a power of two, at most half full; row or kNone
  SipKey key;
  std::array<std::uint8_t, 32> fingerprint{};
  std::size_t entry_count = 0;

  void fill(std::span<const SourceEntry> entries);
  std::uint32_t add(std::string_view text, std::uint32_t issuer, Mark mark, std::int64_t issued_before_s);
  [[nodiscard]] std::size_t start(std::string_view text, std::uint32_t issuer, Mark mark) const noexcept;
  [[nodiscard]] const Row* find(std::string_view text, std::uint32_t issuer, Mark mark) const noexcept;
};

// Sorted entries stand by issuer.
void RevocationList::Impl::fill(std::span<const SourceEntry> entries) {
  entry_count = entries.size();
  std::size_t text_size = 0;
  for (const SourceEntry& entry : entries) text_size += entry.issuer.size() + entry.value.size();
  texts.reserve(text_size);
  rows.reserve(2 * entries.size());
  places.assign(std::bit_ceil(4 * entries.size() + 1), kNone);

  std::uint32_t issuer = kNone;
  for (const SourceEntry& entry : entries) {
    if (issuer == kNone || rows[issuer].text.in(texts) != entry.issuer) {
      issuer = add(entry.issuer, kNone, Mark::kTokenId, kAlways);
    }
    rows[issuer].marks = static_cast<std::uint8_t>(rows[issuer].marks | (1U << static_cast<unsigned>(entry.mark)));
    add(entry.value, issuer, entry.mark, entry.issued_before_s);
  }
}

std::uint32_t RevocationList::Impl::add(std::string_view text, std::uint32_t issuer, Mark mark,
                                        std::int64_t issued_before_s) {
  std::size_t place = start(text, issuer, mark);
  while (places[place] != kNone) place = (place + 1) & (places.size() - 1);
  const auto row = static_cast<std::uint32_t>(rows.size());
  places[place] = row;
  const Span span{static_cast<std::uint32_t>(texts.size()), static_cast<std::uint32_t>(text.size())};
  texts.append(text);
  rows.push_back({span, issuer, mark, 0, issued_before_s});
  return row;
}

// One text may stand under many issuers and marks; an odd factor keeps those apart.
std::size_t RevocationList::Impl::start(std::string_view text, std::uint32_t issuer, Mark mark) const noexcept {
  const std::uint64_t tweak = std::uint64_t{issuer} * 4 + static_cast<std::uint64_t>(mark);
  return (sip_hash(key, text) + (tweak * 0x9e3779b97f4a7c15U >> 32)) & (places.size() - 1);
}

const RevocationList::Impl::Row* RevocationList::Impl::find(std::string_view text, std::uint32_t issuer,
                                                            Mark mark) const noexcept {
  for (std::size_t place = start(text, issuer, mark); places[place] != kNone;
       place = (place + 1) & (places.size() - 1)) {
    const Row& row = rows[places[place]];
    if (row.issuer == issuer && row.mark == mark && row.text.in(texts) == text) return &row;
  }
  return nullptr;
}

RevocationList::RevocationList(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
RevocationList::~RevocationList() = default;

std::size_t RevocationList::size() const noexcept { return impl_->entry_count; }

const std::array<std::uint8_t, 32>& RevocationList::fingerprint() const noexcept { return impl_->fingerprint; }

bool RevocationList::revokes(const TokenMarks& marks) const noexcept {
  const Impl::Row* const issuer = impl_->find(marks.issuer, kNone, Mark::kTokenId);
  if (issuer == nullptr) return false;
  const auto index = static_cast<std::uint32_t>(issuer - impl_->rows.data());
  const std::array<std::string_view, 4> texts{marks.token_id, marks.subject, marks.session, marks.key_id};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].data() == nullptr || (issuer->marks & (1U << i)) == 0) continue;
    const Impl::Row* const row = impl_->find(texts[i], index, static_cast<Mark>(i));
    if (row == nullptr) continue;
    if (row->issued_before_s == kAlways || !marks.issued_at_s || *marks.issued_at_s < row->issued_before_s) return true;
  }
  return false;
}

Result<std::shared_ptr<const RevocationList>> RevocationList::import(std::string_view json, const Limits& limits) {
  const std::uint64_t values_max = kValuesPerEntry * (std::uint64_t{limits.revocation_count_max} + 1) + 2;
  adapt::JsonReader reader({.size_max = limits.revocation_size_max,
                            .depth_max = kListDepth,
                            .values_max = static_cast<std::uint32_t>(std::min<std::uint64_t>(values_max, UINT32_MAX)),
                            .preallocate = false});
  const adapt::JsonResult read = reader.read(json);
  if (read.fault != JsonFault::kNone) return Error{reason_of(read.fault), read.offset};
  std::vector<SourceEntry> entries;
  if (const Error error = read_entries(read.values, limits, entries); error != kNoError) return error;
  settle(entries);
  const auto digest = fingerprint_of(entries);
  if (!digest) return Reason::kNoMemory;
  auto impl = std::make_unique<Impl>();
  impl->fingerprint = *digest;
  // Nobody can look for colliding entries: each changes the key.
  impl->key = SipKey::from(digest->data());
  impl->fill(entries);
  return std::shared_ptr<const RevocationList>(new RevocationList(std::move(impl)));
}

Result<std::shared_ptr<const RevocationList>> RevocationList::from_json(std::string_view json,
                                                                        const Limits& limits) noexcept {
#if defined(__cpp_exceptions)
  try {
    return import(json, limits);
  } catch (const std::bad_alloc&) {
    return Reason::kNoMemory;
  }
#else
  return import(json, limits);
#endif
}

}  // namespace ostiary
