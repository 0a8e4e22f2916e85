// `ostiary inspect`: what the inspector makes of the bytes of a request head.
#include "commands.hpp"
#include "exit.hpp"
#include "input.hpp"
#include "inspect_client.hpp"
#include "inspect_parts.hpp"
#include "inspect_report.hpp"
#include "output.hpp"
#include "scheme_of.hpp"

#include <ostiary/core/limits.hpp>
#include <ostiary/core/memory.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/emit.hpp>
#include <ostiary/http/inspect.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

[[nodiscard]] RuleSet waived_rules(const std::vector<std::string>& names) {
  RuleSet waived;
  for (const std::string& name : names) {
    RuleSet rule = RuleSet::where(
        [&name](const FindingRule& row) { return row.waivable && reason_info(row.reason).name == name; });
    if (rule.empty()) {
      throw Stop(Exit::kUsage, "ostiary: --waive " + escaped(name) + ": " + explained_reason(Reason::kUsageWaiver) +
                                   " These can be: " + listed_rules(kWaivableRules));
    }
    waived = waived.with(rule);
  }
  return waived;
}

/// Writes the head that would be forwarded, or says on standard error why there is none.
[[nodiscard]] Exit emit(const Inspected& head, const InspectOptions& options, const RuleSet& waived) {
  const std::string file = "ostiary: " + shown_file(options.file) + ": ";
  if (head.inspection.progress != Progress::kComplete) {
    write_error(file + shown_refusal(head));
    return Exit::kNo;
  }
  std::vector<std::byte> memory(emit_scratch_size_max(Limits()));
  Arena scratch(memory);
  const EmitOptions emit_options{.waived = waived, .peer_is_trusted = head.client.trusted_peer};
  const Result<std::string_view> text = emit_head(head.inspection.request, {}, emit_options, scratch);
  if (!text) {
    write_error(file + explained_reason(text.reason()));
    return Exit::kNo;
  }
  write_bytes_out(*text);
  return Exit::kYes;
}

}  // namespace

Exit run_inspect(const InspectOptions& options) {
  const RuleSet waived = waived_rules(options.waivers);
  const ClientQuestion question(options.client);
  ostiary::InspectOptions inspect_options;
  inspect_options.scheme = scheme_of(options.scheme);
  inspect_options.left_to_route = waived;
  const Limits& limits = inspect_options.limits;
  // A body may follow; one byte beyond the limit is enough to see that a head is too large.
  const std::string bytes = read_input(options.file, std::size_t{limits.head_size_max} + 1, Excess::kCut);
  std::vector<std::byte> memory(inspect_scratch_size_max(limits));
  Arena scratch(memory);
  Inspected head{bytes, inspect_bytes(bytes, scratch, inspect_options), {}, options.show_values};
  const bool complete = head.inspection.progress == Progress::kComplete;
  // Asked of an empty request, too: a peer that is no address is a wrong argument whatever is inspected.
  head.client = question.ask(head.inspection.request);
  if (options.emit) return emit(head, options, waived);
  write_out(options.json ? json_text(inspection_json(head)) : inspection_text(head));
  return complete ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
