// All stages: bytes in, Decision out.
#include "bench/frame/generated.hpp"
#include "bench/frame/shop.hpp"
#include "bench/frame/task.hpp"
#include "tests/support/signing_key.hpp"

#include <ostiary/token/key_set.hpp>
#include <ostiary/token/token_cache.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::bench {

namespace {

std::unique_ptr<Task> decide_bytes_task(const std::vector<Input>& inputs) {
  return loop_task(inputs, [scratch = std::make_unique<RequestScratch>()](const Input& input) {
    const Decision decision = shop().engine->decide_bytes(input.bytes, {shop().now_s, input.peer}, *scratch);
    keep(decision);
    return decision.allowed();
  });
}

constexpr std::size_t kHeadSize = 700;
constexpr std::int64_t kWhileTokensHold = 1'790'000'060;

/// As much as a browser or an SDK says, up to kHeadSize bytes with the token.
std::string head_of(const DecidedRequest& request, const std::string& bearer) {
  std::string head(kMethodNames[static_cast<std::size_t>(request.method)]);
  head.append(" ").append(request.path).append(" HTTP/1.1\r\nHost: ").append(kGeneratedHost);
  head.append("\r\nAccept: application/json\r\nAuthorization: Bearer ").append(bearer);
  head.append("\r\nUser-Agent: sdk/");
  const std::size_t end = head.size() + 4;
  if (end < kHeadSize) head.append(kHeadSize - end, '1');
  return head.append("\r\n\r\n");
}

/// An engine over the Gate beside the requests, whose issuer has a key that was made just now, and their heads. With a
/// cache the tokens are in it before time is taken.
class SeenBefore {
 public:
  SeenBefore(const Input& input, bool has_cache) {
    const auto key = test::SigningKey::p256();
    auto keys = KeySet::from_jwks("{\"keys\":[" + key.jwk("\"kid\":\"k\",\"alg\":\"ES256\",") + "]}");
    constexpr std::size_t kRoomForAll = std::size_t{64} << 20U;
    auto cache = TokenCache::make({.memory_size = kRoomForAll, .key = "no secret is needed here"});
    if (!keys || !cache) throw std::runtime_error("no keys or no cache can be made");
    EngineOptions options;
    if (has_cache) options.cache = std::move(cache).value();
    auto made = Engine::make(std::string(gate_of_policy(input).image()), {{"id", *keys}}, std::move(options));
    if (!made) throw std::runtime_error("no engine can be made");
    engine_ = *made;
    for (const DecidedRequest& request : decided_requests(input)) {
      const std::string token = test::token(R"({"alg":"ES256","typ":"at+jwt","kid":"k"})", request.claims, key);
      heads_.push_back(head_of(request, token));
      for (int sight = 0; sight < 2; ++sight) (void)is_allowed(heads_.back());
    }
  }

  [[nodiscard]] const std::vector<std::string>& heads() const noexcept { return heads_; }

  [[nodiscard]] bool is_allowed(const std::string& head) {
    const Decision decision = engine_->decide_bytes(head, {.now_s = kWhileTokensHold}, scratch_);
    keep(decision);
    return decision.allowed();
  }

 private:
  std::shared_ptr<const Engine> engine_;
  RequestScratch scratch_;
  std::vector<std::string> heads_;
};

struct Seen {
  std::shared_ptr<SeenBefore> by;
  std::string head;
};

bool is_allowed(const Seen& seen) { return seen.by->is_allowed(seen.head); }

std::string decided(const Seen& seen) { return is_allowed(seen) ? "allow" : "deny"; }

template <bool has_cache>
std::unique_ptr<Task> decide_seen_task(const std::vector<Input>& inputs) {
  const auto by = std::make_shared<SeenBefore>(only(inputs), has_cache);
  std::vector<Seen> requests;
  for (const std::string& head : by->heads()) requests.push_back({by, head});
  return loop_task(std::move(requests), is_allowed, decided);
}

const Enter kDecideBytes("ours", "decide_bytes", decide_bytes_task);
const Enter kDecideSeen("ours", "decide_rules_bytes", decide_seen_task<true>);
const Enter kDecideUnseen("ours-without-cache", "decide_rules_bytes", decide_seen_task<false>);

}  // namespace

}  // namespace ostiary::bench
