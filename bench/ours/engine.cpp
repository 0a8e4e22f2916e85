// All stages: bytes in, Decision out.
#include "bench/frame/shop.hpp"
#include "bench/frame/task.hpp"

#include <memory>
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

const Enter kDecideBytes("ours", "decide_bytes", decide_bytes_task);

}  // namespace

}  // namespace ostiary::bench
