// Stage 1: both doors of the inspector, and the canonical path alone.
#include "bench/frame/head_facts.hpp"
#include "bench/frame/task.hpp"

#include <ostiary/http/inspect.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace ostiary::bench {

namespace {

/// Scratch that moves with the judge that owns it.
struct Memory {
  Memory() : bytes(inspect_scratch_size_max(Limits{})), arena(bytes) {}

  std::vector<std::byte> bytes;
  Arena arena;
};

std::string facts_of(const std::string& head) {
  Memory memory;
  const Inspection inspection = inspect_bytes(head, memory.arena);
  if (inspection.progress != Progress::kComplete) return "refused";
  const auto facts = std::make_unique<HeadFacts>();
  fill_facts(inspection, *facts);
  return describe(*facts);
}

std::unique_ptr<Task> inspect_bytes_task(const std::vector<Input>& inputs) {
  std::vector<std::string> heads;
  for (const Input& input : inputs) heads.push_back(input.bytes);
  auto judge = [memory = std::make_unique<Memory>()](const std::string& head) {
    memory->arena.reset();
    const Inspection inspection = inspect_bytes(head, memory->arena);
    keep(inspection);
    return inspection.progress == Progress::kComplete;
  };
  return loop_task(std::move(heads), std::move(judge), facts_of);
}

/// A head as a server hands it over after its own parsing.
struct Pieces {
  std::unique_ptr<const std::string> head;
  std::vector<FieldView> fields;
  std::string_view method;
  std::string_view target;
};

Pieces take_apart(const Input& input, Memory& memory) {
  Pieces pieces;
  pieces.head = std::make_unique<const std::string>(input.bytes);
  memory.arena.reset();
  const Inspection inspection = inspect_bytes(*pieces.head, memory.arena);
  if (inspection.progress != Progress::kComplete) throw std::runtime_error(input.name + " is not a sound head");
  const Request& request = inspection.request;
  for (const Field& field : request.fields) pieces.fields.push_back({request.name(field), request.value(field)});
  pieces.method = kMethodNames[static_cast<std::size_t>(request.method)];
  pieces.target = request.target.in(request.head);
  return pieces;
}

std::unique_ptr<Task> inspect_fields_task(const std::vector<Input>& inputs) {
  auto memory = std::make_unique<Memory>();
  std::vector<Pieces> heads;
  for (const Input& input : inputs) heads.push_back(take_apart(input, *memory));
  return loop_task(std::move(heads), [memory = std::move(memory)](const Pieces& pieces) {
    memory->arena.reset();
    const ParsedHead head{pieces.method, std::string_view(), pieces.target, pieces.fields};
    const Inspection inspection = inspect_fields(head, memory->arena);
    keep(inspection);
    return inspection.progress == Progress::kComplete;
  });
}

std::unique_ptr<Task> canonical_path_task(const std::vector<Input>& inputs) {
  return loop_task(lines_of(inputs), [memory = std::make_unique<Memory>()](const std::string& path) {
    memory->arena.reset();
    const Result<CanonicalPath> canonical = canonical_path(path, memory->arena);
    keep(canonical);
    return canonical.ok();
  });
}

const Enter kInspectBytes("ours", "inspect_bytes", inspect_bytes_task);
const Enter kInspectFields("ours", "inspect_fields", inspect_fields_task);
const Enter kCanonicalPath("ours", "canonical_path", canonical_path_task);

}  // namespace

}  // namespace ostiary::bench
