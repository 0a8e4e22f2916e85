// Stage 3: routing and rules over a request that is inspected and an identity that is verified already.
#include "bench/frame/shop.hpp"
#include "bench/frame/task.hpp"

#include <ostiary/http/credentials.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ostiary::bench {

namespace {

/// A request as it stands after the first two stages. Everything borrows it, so it does not move.
struct Ready {
  std::string head;
  std::string peer;
  std::vector<std::byte> memory = std::vector<std::byte>(inspect_scratch_size_max(Limits{}));
  Request request;
  std::string identity_image;
  Identity identity;
  bool has_identity = false;
};

void verify(Ready& ready, std::string_view token, const std::string& name) {
  VerifyScratch scratch;
  const Result<Identity> verified = verify_token(token, shop().issuers, {.now_s = shop().now_s}, scratch);
  if (!verified) throw std::runtime_error(name + " has no good token");
  ready.identity_image = verified->image();
  ready.identity = *Identity::load(ready.identity_image);
  ready.has_identity = true;
}

std::unique_ptr<const Ready> make_ready(const Input& input) {
  auto ready = std::make_unique<Ready>();
  ready->head = input.bytes;
  ready->peer = input.peer;
  Arena arena(ready->memory);
  const Inspection inspection = inspect_bytes(ready->head, arena);
  if (inspection.progress != Progress::kComplete) throw std::runtime_error(input.name + " is not a sound head");
  ready->request = inspection.request;
  const Result<std::string_view> token = bearer_token(ready->request);
  if (!token) throw std::runtime_error(input.name + " has a malformed credential");
  if (token->data() != nullptr) verify(*ready, *token, input.name);
  return ready;
}

std::unique_ptr<Task> decide_task(const std::vector<Input>& inputs) {
  std::vector<std::unique_ptr<const Ready>> requests;
  for (const Input& input : inputs) requests.push_back(make_ready(input));
  const Gate& gate = shop().engine->gate();
  auto scratch = std::make_unique<RequestScratch>();
  return loop_task(std::move(requests), [&gate, scratch = std::move(scratch)](const auto& ready) {
    scratch->arena().reset();
    const RouteMatch match = match_route(gate, ready->request);
    const Identity* identity = ready->has_identity ? &ready->identity : nullptr;
    const Decision decision =
        decide(gate, ready->request, match, identity, {shop().now_s, ready->peer}, scratch->arena());
    keep(decision);
    return decision.allowed();
  });
}

const Enter kDecide("ours", "decide", decide_task);

}  // namespace

}  // namespace ostiary::bench
