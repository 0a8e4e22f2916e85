// `ostiary decide`: one request, or all requests of a cases file, through a Gate.
#include "commands.hpp"
#include "decision_output.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"
#include "scheme_of.hpp"

#include <ostiary/engine.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

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
  const Decision decision = engine->decide_bytes(head, facts, scratch);
  if (decision.reason == Reason::kUsagePeer) {
    throw Stop(Exit::kUsage, "ostiary: --peer " + escaped(options.peer) + ": " + explained_reason(decision.reason));
  }
  if (decision.reason == Reason::kUsageFlag) {
    throw Stop(Exit::kUsage, "ostiary: --flag: " + explained_reason(decision.reason));
  }
  if (options.image) {
    write_bytes_out(decision_image(decision));
  } else {
    write_out(options.json ? json_text(decision_json(decision)) : decision_sheet(decision, engine->gate()));
  }
  return decision.allowed() ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
