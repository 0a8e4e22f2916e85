// Stage 2 for a token that was seen before.
#include "bench/frame/shop.hpp"
#include "bench/frame/task.hpp"
#include "token/token_cache_parts.hpp"

#include <ostiary/token/token_verifier.hpp>

#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::bench {

namespace {

std::unique_ptr<TokenCache> make_cache() {
  auto made = TokenCache::make({.key = "no secret is needed here"});
  if (!made) throw std::runtime_error("no cache can be made");
  return std::move(made).value();
}

/// The shop's policy and keys.
std::shared_ptr<const TokenVerifier> make_verifier() {
  const TrustedIssuer& issuer = shop().issuers[0];
  const auto made = TokenVerifier::make({{.issuer = std::string(issuer.policy.issuer),
                                          .audiences = {issuer.policy.audiences.begin(), issuer.policy.audiences.end()},
                                          .algorithms = issuer.policy.algorithms,
                                          .clock_skew_s = issuer.policy.clock_skew_s}});
  if (!made) throw std::runtime_error("no verifier can be made");
  const auto verifier = (*made)->with_keys(issuer.policy.issuer, shop().keys);
  if (!verifier) throw std::runtime_error("the keys do not fit the policy");
  return *verifier;
}

constexpr TokenBinding kBinding{};

struct Holder {
  std::shared_ptr<const TokenVerifier> verifier = make_verifier();
  std::unique_ptr<TokenCache> cache = make_cache();
  VerifyScratch scratch{};

  bool verify(const std::string& token) {
    const Result<Identity> identity = verifier->verify(token, {.now_s = shop().now_s}, scratch, cache.get());
    keep(identity);
    return identity.ok();
  }
};

/// The whole call. Good tokens are in the cache before time is taken; others are looked for and verified every time.
std::unique_ptr<Task> verify_cached_task(const std::vector<Input>& inputs) {
  std::vector<std::string> tokens;
  for (const Input& input : inputs) tokens.push_back(input.bytes);
  auto holder = std::make_unique<Holder>();
  for (const std::string& token : tokens) {
    for (int sight = 0; sight < 2; ++sight) holder->verify(token);
  }
  return loop_task(std::move(tokens),
                   [holder = std::move(holder)](const std::string& token) { return holder->verify(token); });
}

/// A thousand texts as long as the inputs, all of them held: more than fits the nearest caches of a processor.
std::unique_ptr<Task> find_among_many_task(const std::vector<Input>& inputs) {
  constexpr int kCount = 1000;
  std::shared_ptr<TokenCache> cache = make_cache();
  std::mt19937 random(1);
  std::vector<std::string> tokens;
  for (int i = 0; i < kCount; ++i) {
    const std::string& like = inputs.at(static_cast<std::size_t>(i) % inputs.size()).bytes;
    std::string text(like.size(), ' ');
    for (char& c : text) c = static_cast<char>('0' + random() % 10);
    const CacheQuestion question{text, kBinding, 0, TokenCacheParts::hash(*cache, text)};
    for (int sight = 0; sight < 2; ++sight) TokenCacheParts::verified(*cache, question, {like, like, {}});
    tokens.push_back(std::move(text));
  }
  std::vector<char> room(2 * Limits{}.token_size_max);
  return loop_task(std::move(tokens), [cache, room = std::move(room)](const std::string& token) mutable {
    const std::span<char> all = room;
    const CacheQuestion question{token, kBinding, 0, TokenCacheParts::hash(*cache, token)};
    const CacheAnswer answer =
        TokenCacheParts::find(*cache, question, {all.first(all.size() / 2), all.last(all.size() / 2)});
    keep(room);
    return answer.found;
  });
}

const Enter kVerifyCached("ours", "verify_cached", verify_cached_task);
const Enter kFindAmongMany("ours", "find_among_many", find_among_many_task);

}  // namespace

}  // namespace ostiary::bench
