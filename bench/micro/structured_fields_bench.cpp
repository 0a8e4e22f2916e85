// Reading and writing structured fields: a common value, values as large as every reader must bear, and the large ones
// of the published cases when the corpora are there ($OSTIARY_CORPORA, else beside the folder it is run in). Times are
// per value.
#include "bench/frame/inputs.hpp"
#include "bench/frame/micro.hpp"
#include "bench/frame/task.hpp"

#include <ostiary/http/structured_fields.hpp>
#include <ostiary/http/structured_fields_write.hpp>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ostiary::Arena;
using ostiary::bench::keep;
namespace structured = ostiary::structured;

struct Value {
  std::string type;  ///< item, list or dictionary, as the published cases say
  std::string text;
};

template <typename Read>
void measure_reading(benchmark::State& state, const std::string& text, Read read) {
  std::vector<std::byte> memory(structured::scratch_size_max(text.size()));
  Arena arena(memory);
  for ([[maybe_unused]] auto _ : state) {
    arena.reset();
    const auto value = read(text, arena);
    keep(value);
    if (!value) return state.SkipWithError("refused");
  }
  const double bytes = static_cast<double>(state.iterations()) * static_cast<double>(text.size());
  state.counters["s_per_byte"] = benchmark::Counter(bytes, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["scratch"] = static_cast<double>(arena.used());
}

template <typename Read>
void measure_writing(benchmark::State& state, const std::string& text, Read read) {
  std::vector<std::byte> memory(structured::scratch_size_max(text.size()));
  std::vector<std::byte> room(structured::scratch_size_max(text.size()));
  Arena arena(memory);
  const auto value = read(text, arena);
  std::size_t size = 0;
  for ([[maybe_unused]] auto _ : state) {
    Arena out(room);
    const auto written = structured::write(*value, out);
    keep(written);
    if (!written) return state.SkipWithError("refused");
    size = written->size();
  }
  const double bytes = static_cast<double>(state.iterations()) * static_cast<double>(size);
  state.counters["s_per_byte"] = benchmark::Counter(bytes, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

template <typename Read>
void add_reader(const std::string& name, const std::string& text, Read read) {
  benchmark::RegisterBenchmark(("read/" + name).c_str(),
                               [text, read](benchmark::State& state) { measure_reading(state, text, read); });
  benchmark::RegisterBenchmark(("write/" + name).c_str(),
                               [text, read](benchmark::State& state) { measure_writing(state, text, read); });
}

void add_value(const std::string& name, const Value& value) {
  if (value.type == "item") {
    add_reader(name, value.text,
               [](std::string_view text, Arena& arena) { return structured::read_item(text, arena); });
  } else if (value.type == "list") {
    add_reader(name, value.text,
               [](std::string_view text, Arena& arena) { return structured::read_list(text, arena); });
  } else {
    add_reader(name, value.text,
               [](std::string_view text, Arena& arena) { return structured::read_dictionary(text, arena); });
  }
}

void add_corpus() {
  constexpr std::string_view kCases = "/http/structured-field-tests/large-generated.json";
  const char* const environment = std::getenv("OSTIARY_CORPORA");
  std::string corpora = environment != nullptr ? environment : "../shared/corpora";
  std::ifstream file(corpora.append(kCases));
  if (!file) {
    std::cerr << "the published cases are not there and left out\n";
    return;
  }
  const nlohmann::json cases = nlohmann::json::parse(file);
  for (const nlohmann::json& test : cases) {
    add_value("published/" + test.at("name").get<std::string>(), {test.at("header_type"), test.at("raw").at(0)});
  }
}

/// `count` keys that differ late, with `between` between them.
std::string keys(std::size_t count, std::string_view between, std::size_t step) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) text += between;
    text += "member-" + std::to_string(10'000 + i * step % count);
  }
  return text;
}

void add() {
  std::string signature = ostiary::bench::read_file("bench/data/signature-input.txt");
  signature.pop_back();  // the line end
  add_value("signature-input", {"dictionary", signature});
  add_value("content-digest", {"dictionary", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"});
  add_value("1024-members", {"dictionary", keys(1024, ", ", 421)});
  add_value("256-parameters", {"item", "x;" + keys(256, ";", 101)});
  add_corpus();
}

}  // namespace

int main(int argc, char** argv) { return ostiary::bench::run_benchmarks(argc, argv, add); }
