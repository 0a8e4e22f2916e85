// `ostiary decide`: one request, or all requests of a cases file, through a Gate.
#include "commands.hpp"
#include "decision_output.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"
#include "scheme_of.hpp"

#include <ostiary/engine.hpp>
#include <ostiary/explain.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

/// A mistake of the caller is no denial.
void check_call(const DecideOptions& options, Reason reason) {
  if (reason == Reason::kUsagePeer) {
    throw Stop(Exit::kUsage, "ostiary: --peer " + escaped(options.peer) + ": " + explained_reason(reason));
  }
  if (reason == Reason::kUsageFlag) throw Stop(Exit::kUsage, "ostiary: --flag: " + explained_reason(reason));
}

[[nodiscard]] Exit run_explain(const DecideOptions& options, const Engine& engine, std::string_view head,
                               const Facts& facts) {
  const std::string& file = options.source.empty() ? options.gate : options.source;
  std::optional<std::string> source;
  if (file != kStandardStream) source = load_gate_source(file);
  if (!source && !options.source.empty()) {
    throw Stop(Exit::kUsage, "ostiary: --source " + shown_file(file) + ": an image holds no source");
  }
  const Explanation explanation =
      explain_bytes(engine, head, facts, {.source = source ? std::string_view(*source) : std::string_view()});
  if (explanation.reason != Reason::kOk) {
    throw Stop(
        explanation.reason == Reason::kUsageArgument ? Exit::kUsage : Exit::kBroken,
        "ostiary: " + shown_file(file) + ": " + shown_reason(explanation.reason) + ": " + escaped(explanation.message));
  }
  check_call(options, explanation.decided);
  write_out(options.json ? explanation.json : explanation.text);
  return explanation.allowed ? Exit::kYes : Exit::kNo;
}

}  // namespace

Exit run_decide(const DecideOptions& options) {
  if (!options.cases.empty()) return run_cases(options);
  const Limits limits;
  const auto engine = load_engine(options.gate, options.keys);
  const std::string head = read_input(options.file, std::size_t{limits.head_size_max} + 1, Excess::kCut);
  RequestScratch scratch(limits);
  const std::vector<std::string_view> flags(options.flags.begin(), options.flags.end());
  const Facts facts{.now_s = options.now_s.value_or(clock_s()),
                    .peer = options.peer,
                    .scheme = scheme_of(options.scheme),
                    .flags = flags};
  if (options.explain) return run_explain(options, *engine, head, facts);
  const Decision decision = engine->decide_bytes(head, facts, scratch);
  check_call(options, decision.reason);
  if (options.image) {
    write_bytes_out(decision_image(decision));
  } else {
    write_out(options.json ? json_text(decision_json(decision)) : decision_sheet(decision, engine->gate()));
  }
  return decision.allowed() ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
