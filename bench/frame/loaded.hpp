// Head parsers that are shared objects, see bench/peers/heads. They are loaded into the worker, so that they are timed
// in the same process and on the same bytes as ours.
#pragma once

#include "task.hpp"

#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace ostiary::bench {

/// A contestant that could be here and is not.
struct Unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Loads peers/CONTESTANT.so beside this program. Throws Unavailable when it is not there or cannot be loaded.
[[nodiscard]] std::unique_ptr<Task> loaded_head_task(std::string_view contestant, const std::vector<Input>& inputs);

}  // namespace ostiary::bench
