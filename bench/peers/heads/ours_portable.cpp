// Contestant ours-portable: the same inspector, compiled without vector instructions. A shared object of its own,
// because one program must not hold the inline functions of both.
#include "bench/frame/head_facts.hpp"

#include <ostiary/http/inspect.hpp>

#include <array>
#include <cstddef>
#include <string_view>

#ifndef OSTIARY_PORTABLE
#error "the point of this file is to be compiled with OSTIARY_PORTABLE"
#endif

namespace {

std::array<std::byte, ostiary::inspect_scratch_size_max(ostiary::Limits{})> scratch;

ostiary::Inspection inspect(HeadText head) {
  ostiary::Arena arena(scratch);
  return ostiary::inspect_bytes(std::string_view(head.data, head.size), arena);
}

}  // namespace

int head_facts(HeadText head, HeadFacts* facts) {
  const ostiary::Inspection inspection = inspect(head);
  if (inspection.progress != ostiary::Progress::kComplete) return 0;
  ostiary::bench::fill_facts(inspection, *facts);
  return 1;
}

uint64_t head_run(const HeadText* heads, size_t count, uint64_t rounds) {
  std::uint64_t accepted = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < count; ++i) {
      const ostiary::Inspection inspection = inspect(heads[i]);
      asm volatile("" : : "r"(&inspection) : "memory");
      accepted += inspection.progress == ostiary::Progress::kComplete ? 1U : 0U;
    }
  }
  return accepted;
}
