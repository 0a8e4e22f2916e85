// Keys that live: when the keys of one issuer should be fetched, and which of them are good now. Without sockets, clock
// and randomness: the host asks what is wanted, fetches it, and brings the bytes and the time.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/reason.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/core/snapshot_cell.hpp>
#include <ostiary/token/algorithm.hpp>
#include <ostiary/token/key_set.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary {

/// How an issuer publishes its keys.
enum class KeySourceKind : std::uint8_t {
  kDiscovery = 0,   ///< a discovery document that names the URI of a JWK Set (OpenID Connect Discovery, RFC 8414)
  kKeySet = 1,      ///< a JWK Set at a URI that is known
  kPemByKeyId = 2,  ///< one PEM key for each kid, at a URI that ends in the kid: AWS Application Load Balancer
};

/// All times are seconds, all ages count from when the answer was asked for. Contradictions are refused.
struct KeySourceOptions {
  KeySourceKind kind = KeySourceKind::kDiscovery;

  /// Names the source in FetchWanted. For kDiscovery it is the iss of the tokens, an https URI, and the document must
  /// name the same.
  std::string_view issuer;

  /// kDiscovery: where the document lies, or data() == nullptr for the place of discovery_uri(issuer). kKeySet: where
  /// the JWK Set lies. kPemByKeyId: what stands before the kid, with a slash at its end.
  std::string_view uri{};

  /// Take http for the hosts 127.0.0.1, [::1] and localhost, for tests and an identity provider on the same machine.
  bool allow_loopback_http = false;

  /// Keys of this age are wanted anew, and go on being used meanwhile. What the host says about the lifetime of an
  /// answer (max-age, RFC 9111 §5.2.2.1) takes its place, within the two bounds.
  std::uint32_t soft_age_s = 600;
  std::uint32_t soft_age_min_s = 60;
  std::uint32_t soft_age_max_s = 3600;  ///< a key that the issuer removed lives on for as long as this

  /// Keys of this age are no longer used, whatever the reason that no newer ones came.
  std::uint32_t hard_age_s = 24 * 3600;

  /// From one fetch to the next that is wanted only because tokens name an unknown kid. Anyone can send those.
  std::uint32_t unknown_key_cooldown_s = 30;

  /// After the first failure in a row nothing is wanted for retry_min_s; each further one doubles it up to retry_max_s.
  std::uint32_t retry_min_s = 5;
  std::uint32_t retry_max_s = 300;

  /// A fetch that has not come back after this time counts as failed. Give the HTTP client a shorter one.
  std::uint32_t fetch_timeout_s = 30;

  /// How long a key stays usable after an answer without it. Keys without a kid, and keys whose kid has another key
  /// now, die at once in any case.
  std::uint32_t removed_key_grace_s = 0;

  /// A discovery document of this age is fetched again before the keys; so it is after a failure to fetch them.
  std::uint32_t discovery_age_s = 24 * 3600;

  /// kPemByKeyId: keys that are held at once. One more, and that which was fetched longest ago goes.
  std::uint32_t pem_key_count_max = 16;

  Limits limits{};
};

enum class FetchKind : std::uint8_t { kDiscovery = 0, kKeySet = 1, kPem = 2 };

enum class FetchReason : std::uint8_t {
  kFirst = 0,       ///< there were never any keys
  kSoftAge = 1,     ///< the keys should be newer
  kHardAge = 2,     ///< the keys were too old to be used
  kUnknownKey = 3,  ///< a token names a key that is not there
  kRetry = 4,       ///< the last fetch failed
};

/// What the host should GET. Owns its text.
struct FetchWanted {
  std::uint64_t ticket = 0;  ///< names this fetch in begin, complete and fail
  FetchKind kind = FetchKind::kKeySet;
  FetchReason reason = FetchReason::kFirst;
  std::int64_t not_before_s = 0;  ///< begin() refuses it earlier. Many doors of one issuer add a random delay each
  std::string issuer;             ///< as in the options
  std::string uri;
};

/// Why the host brings no bytes.
enum class FetchFailure : std::uint8_t {
  kUnreachable = 0,  ///< no connection, a time-out, a status such as 500, or a redirect, which is not followed
  kAbsent = 1,       ///< 404 or 410: the server answers that there is no such thing. Removes a PEM key
};

/// A key in a KeyChange. Owns its text.
struct KeyMark {
  bool has_key_id = false;
  std::string key_id;
  Algorithm algorithm = Algorithm::kRs256;
  std::array<std::uint8_t, 32> thumbprint{};  ///< RFC 7638

  friend bool operator==(const KeyMark&, const KeyMark&) = default;
};

/// What an answer changed. Whoever keeps records should: a kid that has another key now (`replaced`, which lists the
/// new ones) is either a grave mistake of the issuer or an attack.
struct KeyChange {
  std::vector<KeyMark> added;
  std::vector<KeyMark> removed;
  std::vector<KeyMark> replaced;
  std::vector<KeySetReport::Skipped> skipped;  ///< of a JWK Set; its other keys are used

  [[nodiscard]] bool same_keys() const noexcept { return added.empty() && removed.empty() && replaced.empty(); }
};

/// How a source is doing, for monitoring.
struct KeySourceStatus {
  bool usable = false;         ///< there are keys that are not too old
  bool under_way = false;      ///< a fetch was begun and has not come back
  std::int64_t age_s = 0;      ///< of the keys, for PEM keys of the oldest; 0 without keys
  std::uint32_t failures = 0;  ///< in a row
  Reason last_error =
      Reason::kOk;                 ///< of the last fetch; KEYS_NOT_FOUND when the host could not fetch or took too long
  std::uint64_t fetches = 0;       ///< begun
  std::uint64_t answers = 0;       ///< taken
  std::uint64_t changes = 0;       ///< of keys
  std::uint64_t unknown_keys = 0;  ///< reports of unknown kids, whether they led to a fetch or not
};

namespace detail {

/// Which keys are good until when. Immutable.
struct KeySnapshot {
  std::shared_ptr<const KeySet> keys;
  std::int64_t until_s = 0;
  std::shared_ptr<const KeySet> later_keys;  ///< after until_s: without those that died then
  std::int64_t later_until_s = 0;
  std::int64_t from_s = 0;  ///< a clock before this was set back so far that the times above say nothing

  [[nodiscard]] const std::shared_ptr<const KeySet>* at(std::int64_t now_s) const noexcept {
    if (now_s < from_s) return nullptr;
    if (now_s < until_s) return &keys;
    return now_s < later_until_s ? &later_keys : nullptr;
  }
};

}  // namespace detail

/// The keys of one issuer over time. Two sides: the control side (`wanted` to `status`) is synchronised by a lock and
/// allocates; the read side (`keys`, KeyReader) is wait-free, allocates nothing, and goes by the time it is given, so
/// keys grow too old even when nobody asks the control side any more.
///
/// The host's loop: ask `wanted` at the start, when `unknown_key` answered true, after each complete or fail, and when
/// not_before_s is reached. If something is wanted, wait until not_before_s, `begin`, fetch, and `complete` or `fail`.
/// Several loops may share a source: only one can begin.
///
/// What holds:
/// - at most one fetch is under way, and a fetch that never comes back stands in the way for fetch_timeout_s only;
/// - unknown kids, however many, lead to at most one fetch in unknown_key_cooldown_s; failures make them rarer yet;
/// - an answer that is refused, an empty set or an error page changes nothing and counts as a failure; of a set with
///   unusable keys the others are used;
/// - keys that are not in the newest answer are gone when `complete` returns, but for the grace that was asked for;
/// - the same keys again leave the same KeySet object in place;
/// - a clock that is set back makes no key live longer than its hard age by that clock from then on, and causes no
///   fetch; steps of up to a minute are waited out, for threads may read the clock in another order than they come.
///
/// `now_s` is seconds since 1970; numbers outside 0 to 2^53 - 1 are taken for the nearest of these.
class KeySource {
 public:
  /// Reasons: USAGE_ARGUMENT (a URI that is not https, an age or a count of zero, bounds in the wrong order or above
  /// ten years, a grace above the hard age), NO_MEMORY.
  [[nodiscard]] static Result<std::shared_ptr<KeySource>> make(const KeySourceOptions& options) noexcept;

  ~KeySource();
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;

  // --- the read side ---

  /// The keys that are good now, or nothing: then a token of the issuer is refused with TOKEN_ISSUER_KEYS. A thread
  /// that asks often should hold a KeyReader. Wait-free, synchronised.
  [[nodiscard]] std::shared_ptr<const KeySet> keys(std::int64_t now_s) const noexcept {
    const std::shared_ptr<const detail::KeySnapshot> snapshot = cell_.load();
    const std::shared_ptr<const KeySet>* good = snapshot ? snapshot->at(now_s) : nullptr;
    return good != nullptr ? *good : nullptr;
  }

  /// Reports that a token was refused with TOKEN_KEY_UNKNOWN, or with TOKEN_ISSUER_KEYS for PEM keys, and named this
  /// kid; data() == nullptr when it had none. True when the control side did not know: wake the host's loop. A kid that
  /// the keys hold, or that cannot be part of a path where it would have to be, is passed over. Never blocks: a report
  /// that comes while the control side is busy is dropped, and the next token makes another. Synchronised.
  bool unknown_key(std::string_view key_id) noexcept;

  // --- the control side ---

  /// What to fetch next and when; nothing while a fetch is under way, and for PEM keys when nothing is known to be
  /// missing. The answer is the same until something happens, whoever asks. Nothing when memory is short. Synchronised.
  [[nodiscard]] std::optional<FetchWanted> wanted(std::int64_t now_s) noexcept;

  /// Takes up the fetch that was wanted last. Reasons: KEY_SOURCE_TICKET (another has begun it, it is no longer what is
  /// wanted, or it is too early). Synchronised.
  [[nodiscard]] Reason begin(std::uint64_t ticket, std::int64_t now_s) noexcept;

  /// The body of a successful answer, status 200. `lifetime_s`: what its header says about how long it may be kept, if
  /// anything. After a discovery document the keys are wanted at once. A refused answer counts as a failure.
  /// Reasons: KEY_SOURCE_TICKET (not under way, or timed out), those of read_discovery, of KeySet::from_jwks and of
  /// KeySet::from_pem, KEYS_LIMIT for a body above the limit, which is not looked at, and NO_MEMORY. Synchronised.
  [[nodiscard]] Result<KeyChange> complete(std::uint64_t ticket, std::string_view body, std::int64_t now_s,
                                           std::optional<std::int64_t> lifetime_s = std::nullopt) noexcept;

  /// There is no answer. Reasons: KEY_SOURCE_TICKET. Synchronised.
  Reason fail(std::uint64_t ticket, std::int64_t now_s, FetchFailure failure = FetchFailure::kUnreachable) noexcept;

  [[nodiscard]] KeySourceStatus status(std::int64_t now_s) noexcept;

 private:
  friend class KeyReader;
  struct Impl;

  // May run out of memory by exception; make turns that into a Reason.
  static Result<std::shared_ptr<KeySource>> made_of(const KeySourceOptions& options);

  explicit KeySource(std::unique_ptr<Impl> impl) noexcept;

  SnapshotCell<detail::KeySnapshot> cell_;
  std::unique_ptr<Impl> impl_;
};

/// One thread's view of a KeySource: a read is one acquire load and two comparisons until the keys change. Keeps the
/// source alive. Confined.
class KeyReader {
 public:
  /// `source` must not be empty.
  explicit KeyReader(std::shared_ptr<const KeySource> source) noexcept
      : source_(std::move(source)), reader_(source_->cell_) {}

  /// As KeySource::keys. Borrows the reader until its next call. Wait-free, except that the last to let go of old keys
  /// frees them.
  [[nodiscard]] const KeySet* keys(std::int64_t now_s) noexcept {
    const detail::KeySnapshot* snapshot = reader_.get();
    const std::shared_ptr<const KeySet>* good = snapshot != nullptr ? snapshot->at(now_s) : nullptr;
    return good != nullptr ? good->get() : nullptr;
  }

 private:
  std::shared_ptr<const KeySource> source_;
  SnapshotReader<detail::KeySnapshot> reader_;
};

}  // namespace ostiary
