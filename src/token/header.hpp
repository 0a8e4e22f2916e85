// The JOSE header of a token, checked and sorted; and the few headers a thread has seen last.
#pragma once

#include "adapt/json.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/token/algorithm.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// What typ says (RFC 7515 §4.1.9: a type without a slash stands for application/type, and media types ignore case).
enum class TokenType : std::uint8_t {
  kAbsent,
  kJwt,
  kAccessToken,
  kLogoutToken,
  kTransactionToken,
  kDpopProof,
  kOther
};

/// A header that can be verified. Views borrow the memory it was read into.
struct Header {
  AlgorithmSet algorithms;  ///< that alg can mean; never empty
  TokenType type = TokenType::kAbsent;
  bool is_nested = false;     ///< cty says that the payload is a token again (RFC 7519 §5.2)
  std::string_view key_id{};  ///< data() == nullptr: there is no kid
  std::span<const adapt::JsonValue> values{};
};

/// Reads a header part, base64url that split_compact found canonical.
/// Reasons: NO_MEMORY, TOKEN_HEADER_JSON, TOKEN_DUPLICATE_MEMBER, TOKEN_JSON_LIMIT, TOKEN_ALGORITHM_MISSING,
/// TOKEN_ALGORITHM_REFUSED, TOKEN_CRITICAL, TOKEN_HEADER_MEMBER; no offset. Source: RFC 7515 §4, RFC 8725 §3.
[[nodiscard]] Result<Header> read_header(std::string_view part, adapt::JsonReader& reader,
                                         const Limits& limits) noexcept;

/// Decodes a part, which split_compact has found canonical, and parses it as one JSON object. The error carries no
/// offset; the caller knows where the part begins. Reasons: NO_MEMORY, `malformed`, TOKEN_DUPLICATE_MEMBER,
/// TOKEN_JSON_LIMIT.
[[nodiscard]] Result<std::span<const adapt::JsonValue>> read_object(std::string_view part, adapt::JsonReader& reader,
                                                                    Reason malformed) noexcept;

/// The headers seen last. The tokens of one key begin with the same bytes, so most headers need not be read again.
/// Remembers only what was read without fault, by all of its bytes. Confined.
class HeaderMemory {
 public:
  explicit HeaderMemory(const Limits& limits);

  [[nodiscard]] bool complete() const noexcept { return complete_; }

  /// As read_header. The Header borrows this memory until four other headers were read.
  [[nodiscard]] Result<Header> read(std::string_view part, const Limits& limits) noexcept;

 private:
  struct Slot {
    explicit Slot(const Limits& limits);

    adapt::JsonReader reader;
    std::vector<char> text;  ///< as long as the longest header part
    std::size_t size = 0;    ///< of the part that `header` was read from; 0: none
    Header header;
  };

  std::vector<Slot> slots_;
  std::size_t next_ = 0;
  bool complete_ = false;
};

}  // namespace ostiary
