// The native contestants, one process. Reads requests from standard input and answers each with a line; `compare` and
// `instructions` drive it. README.md has the protocol, which peers in other languages speak too.
#include "bench/frame/inputs.hpp"
#include "bench/frame/loaded.hpp"
#include "bench/frame/task.hpp"

#include <nlohmann/json.hpp>
#include <openssl/crypto.h>

#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <time.h>
#include <vector>

namespace {

using Json = nlohmann::json;
using ostiary::bench::Input;
using ostiary::bench::Task;

/// Time this thread has worked: what others do on the machine counts only as far as it slows the work itself.
std::int64_t thread_time_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

class Worker {
 public:
  [[nodiscard]] Json answer(const Json& request) {
    const auto action = request.at("do").get<std::string>();
    if (action == "hello") return hello();
    if (action == "prepare") return prepare(request);
    if (action == "run") return run(*tasks_.at(request.at("task")), request.at("rounds"));
    return {{"error", "unknown request: " + action}};
  }

 private:
  static Json hello() { return {{"compiler", __VERSION__}, {"openssl", OpenSSL_version(OPENSSL_VERSION)}}; }

  [[nodiscard]] Json prepare(const Json& request) {
    const auto contestant = request.at("contestant").get<std::string>();
    const auto operation = request.at("operation").get<std::string>();
    const auto names = request.at("inputs").get<std::vector<std::string>>();
    const std::vector<Input> inputs = ostiary::bench::load_inputs(names);
    tasks_.push_back(make_task(contestant, operation, inputs));
    std::size_t bytes = 0;
    for (const Input& input : inputs) bytes += input.bytes.size();
    return {{"task", tasks_.size() - 1},
            {"size", tasks_.back()->size()},
            {"bytes", bytes},
            {"facts", tasks_.back()->facts()}};
  }

  [[nodiscard]] static Json run(Task& task, std::uint64_t rounds) {
    const std::int64_t begin = thread_time_ns();
    const std::uint64_t accepted = task.run(rounds);
    return {{"ns", thread_time_ns() - begin}, {"accepted", accepted}};
  }

  std::vector<std::unique_ptr<Task>> tasks_;
};

}  // namespace

int main() {
  Worker worker;
  for (std::string line; std::getline(std::cin, line);) {
    Json answer;
    try {
      answer = worker.answer(Json::parse(line));
    } catch (const ostiary::bench::Unavailable& error) {
      answer = {{"unavailable", error.what()}};
    } catch (const std::exception& error) {
      answer = {{"error", error.what()}};
    }
    std::cout << answer.dump() << std::endl;
  }
  return 0;
}
