// How verification scales from one thread to two: the keys are shared, everything else is of each thread.
//
//     ostiary_bench_threads [--quick]
//
// Windows with one thread and with two take turns. `throughput` is tokens per second of two threads over those of one,
// and 2 is all there can be; it needs two processors that nobody else uses. `processor` is the processor time that a
// token takes beside another thread over what it takes alone: what both of them write to shows there on a busy machine,
// too, but not that one waited for the other. Medians over the pairs of windows, behind them the middle half.
#include "bench/frame/inputs.hpp"
#include "bench/frame/task.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <time.h>
#include <vector>

namespace ostiary::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Tasks = std::array<std::unique_ptr<Task>, 2>;

struct Effort {
  std::chrono::milliseconds window;
  int pairs;
};

struct Share {
  std::uint64_t tokens = 0;
  double processor_s = 0;
};

struct Window {
  double throughput = 0;       ///< tokens per second of the wall
  double processor_token = 0;  ///< seconds of the processor per token
};

double thread_time_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Share work_until(const std::atomic<bool>& stop, Task& task) {
  Share share;
  const double begin = thread_time_s();
  for (; !stop.load(std::memory_order_relaxed); ++share.tokens) {
    if (task.run(1) != task.size()) std::terminate();  // a token was refused: this measures something else
  }
  share.processor_s = thread_time_s() - begin;
  return share;
}

Window run_window(Tasks& tasks, std::size_t thread_count, std::chrono::milliseconds length) {
  std::atomic<bool> stop = false;
  std::array<Share, 2> shares;
  std::vector<std::thread> threads;
  const Clock::time_point begin = Clock::now();
  for (std::size_t i = 0; i < thread_count; ++i) {
    threads.emplace_back([&, i] { shares[i] = work_until(stop, *tasks[i]); });
  }
  std::this_thread::sleep_for(length);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  const double wall_s = std::chrono::duration<double>(Clock::now() - begin).count();
  const auto tokens = static_cast<double>(shares[0].tokens + shares[1].tokens);
  return {tokens / wall_s, (shares[0].processor_s + shares[1].processor_s) / tokens};
}

std::string spread_of(std::vector<double> ratios) {
  std::sort(ratios.begin(), ratios.end());
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.3f (%.3f to %.3f)", ratios[ratios.size() / 2], ratios[ratios.size() / 4],
                ratios[ratios.size() * 3 / 4]);
  return text.data();
}

void measure(const char* name, const char* token, const Effort& effort) {
  const std::vector<Input> inputs = load_inputs({token});
  Tasks tasks{make_task("ours", "verify_token", inputs), make_task("ours", "verify_token", inputs)};
  run_window(tasks, 2, effort.window);  // warms up
  std::vector<double> throughput;
  std::vector<double> processor;
  for (int pair = 0; pair < effort.pairs; ++pair) {
    const std::size_t first = pair % 2 == 0 ? 1 : 2;
    Window windows[3];
    for (const std::size_t count : {first, 3 - first}) windows[count] = run_window(tasks, count, effort.window);
    throughput.push_back(windows[2].throughput / windows[1].throughput);
    processor.push_back(windows[2].processor_token / windows[1].processor_token);
  }
  std::printf("%-12s %-26s %s\n", name, spread_of(throughput).c_str(), spread_of(processor).c_str());
}

int run(const Effort& effort) {
  std::printf("%u processors\n%-12s %-26s %s\n", std::thread::hardware_concurrency(), "1 -> 2", "throughput",
              "processor");
  measure("rs256", "examples/shop/tokens/gold-rs256.jwt", effort);
  measure("ps256", "bench/data/ps256.jwt", effort);
  measure("es256", "examples/shop/tokens/standard-es256.jwt", effort);
  measure("eddsa", "examples/shop/tokens/staff-eddsa.jwt", effort);
  measure("hs256", "bench/data/hs256.jwt", effort);
  return 0;
}

}  // namespace
}  // namespace ostiary::bench

int main(int argc, char** argv) {
  const bool quick = argc == 2 && std::string_view(argv[1]) == "--quick";
  if (argc > 1 && !quick) return 2;
  try {
    return ostiary::bench::run({std::chrono::milliseconds(quick ? 5 : 60), quick ? 3 : 40});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
