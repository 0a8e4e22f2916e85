// What is measured: an operation of one contestant, ready to run over its inputs.
//
// Every operation is defined once. The micro benchmarks, the worker of `compare` and `instructions` all run it.
#pragma once

#include "inputs.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::bench {

class Task {
 public:
  Task() = default;
  virtual ~Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// Inputs of one round.
  [[nodiscard]] virtual std::size_t size() const = 0;

  /// Goes over the inputs `rounds` times. How many were accepted.
  [[nodiscard]] virtual std::uint64_t run(std::uint64_t rounds) = 0;
};

/// Makes the compiler believe that somebody reads all of `value`.
template <typename T>
inline void keep(const T& value) noexcept {
  asm volatile("" : : "r"(&value) : "memory");
}

/// Asks `judge` about each prepared input. The loop is compiled with the judge, so that a case of ten nanoseconds
/// is not a case about virtual calls.
template <typename Prepared, typename Judge>
class LoopTask final : public Task {
 public:
  LoopTask(std::vector<Prepared> inputs, Judge judge) : inputs_(std::move(inputs)), judge_(std::move(judge)) {}

  [[nodiscard]] std::size_t size() const override { return inputs_.size(); }

  [[nodiscard]] std::uint64_t run(std::uint64_t rounds) override {
    std::uint64_t accepted = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
      for (const Prepared& input : inputs_) accepted += judge_(input) ? 1U : 0U;
    }
    return accepted;
  }

 private:
  std::vector<Prepared> inputs_;
  Judge judge_;
};

template <typename Prepared, typename Judge>
[[nodiscard]] std::unique_ptr<Task> loop_task(std::vector<Prepared> inputs, Judge judge) {
  return std::make_unique<LoopTask<Prepared, Judge>>(std::move(inputs), std::move(judge));
}

/// Prepares what is not measured: keys, contexts, decoded parts. Throws when an input does not fit the operation.
using MakeTask = std::unique_ptr<Task> (*)(const std::vector<Input>& inputs);

struct Offer {
  std::string_view contestant;  ///< "ours", or the name of a peer: that of its file with hyphens
  std::string_view operation;
  MakeTask make = nullptr;
};

/// Everything that is linked into this program.
[[nodiscard]] std::vector<Offer>& offers();

/// Throws std::runtime_error when nobody offers it.
[[nodiscard]] std::unique_ptr<Task> make_task(std::string_view contestant, std::string_view operation,
                                              const std::vector<Input>& inputs);

/// One of these at namespace scope enters a contestant; no list elsewhere has to know of it.
struct Enter {
  Enter(std::string_view contestant, std::string_view operation, MakeTask make) {
    offers().push_back({contestant, operation, make});
  }
};

}  // namespace ostiary::bench
