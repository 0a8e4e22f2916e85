#include <ostiary/explain.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/decide_request.hpp>

namespace ostiary {

namespace {

Explanation explain(const Engine& engine, const Inspection& inspection, const Facts& facts, RequestScratch& scratch,
                    const ExplainOptions& options) {
  const auto verify = [&](const Request& request, const Credential& credential) {
    return engine.identify(request, credential, facts, scratch);
  };
  return explain_request(engine.gate(), inspection, facts, verify, options);
}

}  // namespace

Explanation explain_bytes(const Engine& engine, std::string_view head, const Facts& facts,
                          const ExplainOptions& options) {
  RequestScratch scratch(options.limits);
  const InspectOptions inspect_options = inspect_options_of(engine.gate(), facts, options.limits);
  return explain(engine, inspect_bytes(head, scratch.arena(), inspect_options), facts, scratch, options);
}

Explanation explain_fields(const Engine& engine, const ParsedHead& head, const Facts& facts,
                           const ExplainOptions& options) {
  RequestScratch scratch(options.limits);
  const InspectOptions inspect_options = inspect_options_of(engine.gate(), facts, options.limits);
  return explain(engine, inspect_fields(head, scratch.arena(), inspect_options), facts, scratch, options);
}

}  // namespace ostiary
