// Routing and rules over large tables: the two halves of stage 3 apart, as most peers have one of them.
#include "bench/frame/generated.hpp"

#include "bench/frame/task.hpp"

#include <ostiary/engine.hpp>
#include <ostiary/policy/decide.hpp>

#include <memory>
#include <stdexcept>
#include <string>
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

/// A request whose route is known, and the verified claims. Borrows itself, so it does not move.
struct Known {
  const Gate* gate;
  DecidedRequest request;
  RouteMatch match;
  Identity identity;
  std::shared_ptr<RequestScratch> scratch;

  [[nodiscard]] RouteMatch routed() const noexcept {
    return match_route(*gate, request.method, kGeneratedHost, request.path);
  }

  [[nodiscard]] bool is_allowed(RouteMatch route) const noexcept {
    scratch->arena().reset();
    const Decision decision = decide(*gate, route, &identity, Facts{}, scratch->arena());
    keep(decision);
    return decision.allowed();
  }
};

using KnownRequest = std::unique_ptr<const Known>;

std::vector<KnownRequest> known_requests(const Input& input) {
  const Gate& gate = gate_of_policy(input);
  const auto scratch = std::make_shared<RequestScratch>();
  std::vector<KnownRequest> requests;
  for (DecidedRequest& line : decided_requests(input)) {
    auto known = std::make_unique<Known>(Known{&gate, std::move(line), {}, {}, scratch});
    known->match = known->routed();
    const Result<Identity> identity = Identity::load(known->request.identity_image);
    const bool found = known->match.reason == Reason::kOk && identity &&
                       gate.text(gate.route(known->match.row).id) == known->request.route;
    if (!found) throw std::runtime_error(known->request.path + " is not on its route, or its claims are damaged");
    known->identity = *identity;
    requests.push_back(std::move(known));
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
      known_requests(only(inputs)), [](const KnownRequest& known) { return known->is_allowed(known->routed()); },
      decided);
}

const Enter kMatchRoute("ours", "match_route", route_task);
const Enter kDecideRules("ours", "decide_rules", rules_task);
const Enter kDecideRulesRouted("ours-with-route", "decide_rules", routed_rules_task);

}  // namespace

}  // namespace ostiary::bench
