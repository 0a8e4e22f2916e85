// Inspects a head and emits its view, in memory of its own.
#pragma once

#include <ostiary/http/emit.hpp>
#include <ostiary/http/inspect.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {

/// Limits under which a head that was read under the defaults can be read again after emission, which may lengthen it.
inline Limits roomy_limits() {
  Limits limits;
  limits.head_size_max *= 2;
  limits.target_size_max *= 2;
  limits.field_count_max *= 2;
  return limits;
}

class Emitted {
 public:
  explicit Emitted(std::string_view head, std::span<const HeaderEdit> edits = {}, const EmitOptions& options = {},
                   InspectOptions inspect = {}, const Limits& limits = {})
      : memory_(inspect_scratch_size_max(limits)), text_memory_(emit_scratch_size_max(limits, edits)) {
    Arena arena(memory_);
    inspect.left_to_route = options.waived;
    inspect.limits = limits;
    inspection_ = inspect_bytes(head, arena, inspect);
    emit(edits, options);
  }
  explicit Emitted(const ParsedHead& parsed, std::span<const HeaderEdit> edits = {}, const EmitOptions& options = {},
                   InspectOptions inspect = {})
      : memory_(inspect_scratch_size_max({})), text_memory_(emit_scratch_size_max({}, edits)) {
    Arena arena(memory_);
    inspect.left_to_route = options.waived;
    inspection_ = inspect_fields(parsed, arena, inspect);
    emit(edits, options);
  }
  Emitted(const Emitted&) = delete;
  Emitted& operator=(const Emitted&) = delete;

  [[nodiscard]] bool complete() const { return inspection_.progress == Progress::kComplete; }
  [[nodiscard]] const Request& request() const { return inspection_.request; }
  [[nodiscard]] const Result<std::string_view>& result() const { return result_; }
  [[nodiscard]] std::string_view text() const { return *result_; }
  [[nodiscard]] Reason inspected() const { return inspection_.finding.reason; }

 private:
  void emit(std::span<const HeaderEdit> edits, const EmitOptions& options) {
    if (!complete()) return;
    Arena arena(text_memory_);
    result_ = emit_head(inspection_.request, edits, options, arena);
  }

  std::vector<std::byte> memory_;
  std::vector<std::byte> text_memory_;
  Inspection inspection_;
  Result<std::string_view> result_ = Reason::kNotDecided;
};

}  // namespace ostiary::test
