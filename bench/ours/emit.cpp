// The forwarded head: the view and a Decision's worth of header edits, written into scratch.
#include "bench/frame/task.hpp"

#include <ostiary/http/emit.hpp>
#include <ostiary/http/inspect.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ostiary::bench {

namespace {

constexpr std::array<HeaderEdit, 4> kEdits = {{{HeaderEditKind::kRemove, "x-user-id", {}},
                                               {HeaderEditKind::kRemove, "x-user-tier", {}},
                                               {HeaderEditKind::kSet, "x-user-id", "u-1842"},
                                               {HeaderEditKind::kSet, "x-user-tier", "gold"}}};

/// A view with the memory that it borrows.
struct Seen {
  explicit Seen(const Input& input)
      : head(std::make_unique<const std::string>(input.bytes)), memory(inspect_scratch_size_max(Limits{})) {
    Arena arena(memory);
    inspection = inspect_bytes(*head, arena);
    if (inspection.progress != Progress::kComplete) throw std::runtime_error(input.name + " is not a sound head");
  }

  std::unique_ptr<const std::string> head;
  std::vector<std::byte> memory;
  Inspection inspection;
};

std::unique_ptr<Task> emit_task(const std::vector<Input>& inputs) {
  std::vector<Seen> views;
  for (const Input& input : inputs) views.emplace_back(input);
  auto memory = std::make_unique<std::vector<std::byte>>(emit_scratch_size_max(Limits{}, kEdits));
  return loop_task(std::move(views), [memory = std::move(memory)](const Seen& seen) {
    Arena arena(*memory);
    const Result<std::string_view> head = emit_head(seen.inspection.request, kEdits, {}, arena);
    keep(head);
    return head.ok();
  });
}

const Enter kEmitHead("ours", "emit_head", emit_task);

}  // namespace

}  // namespace ostiary::bench
