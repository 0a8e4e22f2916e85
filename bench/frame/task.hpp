// What is measured: an operation of one contestant, ready to run over its inputs.
//
// Every operation is defined once. The micro benchmarks, the worker of `compare` and `instructions` all run it.
#pragma once

#include "inputs.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
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

  /// What it finds in each input, one line for each, or nothing when the verdict says it all. Not measured; `compare`
  /// times nobody who finds something else than we do.
  [[nodiscard]] virtual std::vector<std::string> facts() const { return {}; }
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
  using Tell = std::string (*)(const Prepared&);  ///< makes the line of facts()

  LoopTask(std::vector<Prepared> inputs, Judge judge, Tell tell)
      : inputs_(std::move(inputs)), judge_(std::move(judge)), tell_(tell) {}

  [[nodiscard]] std::size_t size() const override { return inputs_.size(); }

  [[nodiscard]] std::uint64_t run(std::uint64_t rounds) override {
    std::uint64_t accepted = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
      for (const Prepared& input : inputs_) accepted += judge_(input) ? 1U : 0U;
    }
    return accepted;
  }

  [[nodiscard]] std::vector<std::string> facts() const override {
    std::vector<std::string> all;
    if (tell_ == nullptr) return all;
    for (const Prepared& input : inputs_) all.push_back(tell_(input));
    return all;
  }

 private:
  std::vector<Prepared> inputs_;
  Judge judge_;
  Tell tell_;
};

template <typename Prepared, typename Judge>
[[nodiscard]] std::unique_ptr<Task> loop_task(std::vector<Prepared> inputs, Judge judge,
                                              std::string (*tell)(const Prepared&) = nullptr) {
  return std::make_unique<LoopTask<Prepared, Judge>>(std::move(inputs), std::move(judge), tell);
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

/// Who is not linked in is looked for as a shared object, see loaded.hpp. Throws std::runtime_error when nobody offers
/// it.
[[nodiscard]] std::unique_ptr<Task> make_task(std::string_view contestant, std::string_view operation,
                                              const std::vector<Input>& inputs);

/// One of these at namespace scope enters a contestant; no list elsewhere has to know of it.
struct Enter {
  Enter(std::string_view contestant, std::string_view operation, MakeTask make) {
    offers().push_back({contestant, operation, make});
  }
};

}  // namespace ostiary::bench
