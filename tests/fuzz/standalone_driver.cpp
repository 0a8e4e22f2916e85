// Replays seeds through a fuzzer without libFuzzer, so that every build and every compiler runs them as tests.
//
// Usage: fuzz_<name> <file or directory>...
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> seeds_of(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> seeds;
  if (std::filesystem::is_regular_file(path)) seeds.push_back(path);
  std::error_code missing;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path, missing)) {
    if (entry.is_regular_file()) seeds.push_back(entry.path());
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

void run_one(const std::vector<std::uint8_t>& bytes) { LLVMFuzzerTestOneInput(bytes.data(), bytes.size()); }

/// The seed itself and every prefix of the short ones: truncation is the cheapest mutation that finds over-reads.
void replay(const std::filesystem::path& seed) {
  constexpr std::size_t kPrefixesUpTo = 2048;
  std::ifstream file(seed, std::ios::binary);
  const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  run_one(bytes);
  if (bytes.size() > kPrefixesUpTo) return;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    // A copy of exactly this size, so that a read past the end leaves the allocation.
    run_one(std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& seed : seeds_of(argv[i])) {
      replay(seed);
      ++count;
    }
  }
  std::printf("%zu seeds replayed\n", count);
  return count == 0 ? 1 : 0;
}
