// The coordinator: inspect, verify, decide. What a host holds and asks.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/decide.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/key_set.hpp>
#include <ostiary/token/verifier.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {

/// The keys of one of a Gate's issuers.
struct IssuerKeys {
  std::string issuer_id;  ///< the id in the Gate, not the iss value
  std::shared_ptr<const KeySet> keys;
};

/// Memory for one request at a time: taken once, used again and again. Confined.
class RequestScratch {
 public:
  explicit RequestScratch(const Limits& limits = {});

  [[nodiscard]] Arena& arena() noexcept { return arena_; }
  [[nodiscard]] VerifyScratch& verify() noexcept { return verify_; }

 private:
  std::vector<std::byte> memory_;
  Arena arena_;
  VerifyScratch verify_;
};

/// A Gate joined with the keys of its issuers. Immutable: share it between threads.
class Engine {
 public:
  /// `image` is a Gate image. A token of an issuer without keys is refused with TOKEN_ISSUER_KEYS.
  /// Reasons: IMAGE_FORMAT, IMAGE_DAMAGED, USAGE_ISSUER_UNKNOWN. Allocates.
  [[nodiscard]] static Result<std::shared_ptr<const Engine>> make(std::string image, std::vector<IssuerKeys> keys,
                                                                  const Limits& limits = {});

  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() = default;

  [[nodiscard]] const Gate& gate() const noexcept { return gate_; }

  /// Decides about an HTTP/1 request head. The Decision borrows the engine, `head`, `facts` and `scratch`, and is
  /// dead after the next use of `scratch`.
  /// Reasons in the Decision: those of inspect_bytes, bearer_token, verify_token and decide, and USAGE_PEER.
  [[nodiscard]] Decision decide_bytes(std::string_view head, const Facts& facts,
                                      RequestScratch& scratch) const noexcept;

  /// The same for a head that the host has parsed already.
  [[nodiscard]] Decision decide_fields(const ParsedHead& head, const Facts& facts,
                                       RequestScratch& scratch) const noexcept;

 private:
  Engine() = default;

  [[nodiscard]] Reason trust_issuers();
  [[nodiscard]] Decision decide(const Inspection& inspection, const Facts& facts,
                                RequestScratch& scratch) const noexcept;

  std::string image_;
  Gate gate_;
  InspectOptions options_;
  std::vector<IssuerKeys> keys_;
  std::vector<std::string_view> audiences_;  ///< of all issuers; the policies below hold runs of it
  std::vector<TrustedIssuer> issuers_;
};

}  // namespace ostiary
