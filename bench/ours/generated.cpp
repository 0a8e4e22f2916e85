// Routing and rules over large tables: the two halves of stage 3 apart, as most peers have one of them.
#include "bench/frame/generated.hpp"

#include "bench/frame/task.hpp"

#include <ostiary/engine.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/decide.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::bench {

namespace {

/// The same request, and the Gate for those who tell what was found.
struct Routed {
  const Gate* gate;
  RoutedRequest request;

  [[nodiscard]] RouteMatch match() const noexcept {
    return match_route(*gate, request.method, kGeneratedHost, request.path);
  }
};

std::string route_found(const Routed& routed) {
  const RouteMatch match = routed.match();
  return match.reason == Reason::kOk ? std::string(routed.gate->text(routed.gate->route(match.row).id)) : "none";
}

std::unique_ptr<Task> route_task(const std::vector<Input>& inputs) {
  const Gate& gate = gate_of_routes(only(inputs));
  std::vector<Routed> requests;
  for (RoutedRequest& request : routed_requests(only(inputs))) requests.push_back({&gate, std::move(request)});
  return loop_task(
      std::move(requests),
      [](const Routed& routed) {
        const RouteMatch match = routed.match();
        keep(match);
        return match.reason == Reason::kOk;
      },
      route_found);
}

/// What inspection needs for a head of these; thousands are held at a time.
Limits small() {
  Limits limits;
  limits.head_size_max = 1024;
  limits.field_count_max = 8;
  return limits;
}

/// A request after inspection whose route is known, and the verified claims. Everything borrows it, so it does not
/// move.
struct Known {
  Known(const Gate& of, DecidedRequest line, const std::shared_ptr<RequestScratch>& with)
      : gate(of), decided(std::move(line)), scratch(with) {
    head.append(kMethodNames[static_cast<std::size_t>(decided.method)]).append(" ").append(decided.path);
    head.append(" HTTP/1.1\r\nHost: ").append(kGeneratedHost).append("\r\n\r\n");
    Arena arena(memory);
    const Inspection inspection = inspect_bytes(head, arena, {.limits = small()});
    const Result<Identity> loaded = Identity::load(decided.identity_image);
    if (inspection.progress != Progress::kComplete || !loaded) throw std::runtime_error(head + " is not sound");
    request = inspection.request;
    identity = *loaded;
    match = match_route(gate, request);
    const bool found = match.reason == Reason::kOk && gate.text(gate.route(match.row).id) == decided.route;
    if (!found) throw std::runtime_error(decided.path + " is not on its route");
  }

  [[nodiscard]] bool is_allowed(RouteMatch route) const noexcept {
    scratch->arena().reset();
    const Decision decision = decide(gate, request, route, &identity, Facts{}, scratch->arena());
    keep(decision);
    return decision.allowed();
  }

  const Gate& gate;
  DecidedRequest decided;
  std::shared_ptr<RequestScratch> scratch;
  std::string head;
  std::vector<std::byte> memory = std::vector<std::byte>(inspect_scratch_size_max(small()));
  Request request;
  RouteMatch match;
  Identity identity;
};

using KnownRequest = std::unique_ptr<const Known>;

std::vector<KnownRequest> known_requests(const Input& input) {
  const Gate& gate = gate_of_policy(input);
  const auto scratch = std::make_shared<RequestScratch>();
  std::vector<KnownRequest> requests;
  for (DecidedRequest& line : decided_requests(input)) {
    requests.push_back(std::make_unique<Known>(gate, std::move(line), scratch));
  }
  return requests;
}

std::string decided(const KnownRequest& known) { return known->is_allowed(known->match) ? "allow" : "deny"; }

std::unique_ptr<Task> rules_task(const std::vector<Input>& inputs) {
  return loop_task(
      known_requests(only(inputs)), [](const KnownRequest& known) { return known->is_allowed(known->match); }, decided);
}

/// What the rules cost together with finding the route: what a host pays for both.
std::unique_ptr<Task> routed_rules_task(const std::vector<Input>& inputs) {
  return loop_task(
      known_requests(only(inputs)),
      [](const KnownRequest& known) { return known->is_allowed(match_route(known->gate, known->request)); }, decided);
}

const Enter kMatchRoute("ours", "match_route", route_task);
const Enter kDecideRules("ours", "decide_rules", rules_task);
const Enter kDecideRulesRouted("ours-with-route", "decide_rules", routed_rules_task);

}  // namespace

}  // namespace ostiary::bench
