#include "policy/analysis/answer.hpp"

#include "policy/analysis/words.hpp"
#include "policy/compile_source.hpp"
#include "policy/diagnostics.hpp"

#include <ostiary/core/reason.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace ostiary::policy::analysis {

namespace {

using adapt::Outline;
using algebra::Verdict;

constexpr const char* kTooDear = "the search stopped at its budget";

bool lists_role(const GateSource& gate, const std::vector<std::uint32_t>& roles, const std::string& id) {
  return std::any_of(roles.begin(), roles.end(), [&](std::uint32_t role) { return gate.roles[role].id.value == id; });
}

std::string role_words(const RoleSource& role) {
  return role.role_arn.value + " for " + std::to_string(role.duration_s) + " s";
}

/// One question; adds to the answer until that is full.
class Answering {
 public:
  Answering(Solver& solver, const std::vector<const ReadGate*>& gates, const AnalysisBudget& budget,
            AccessAnswer& answer)
      : solver_(solver), gates_(gates), budget_(budget), answer_(answer) {}

  /// False when there is nothing more to be said.
  bool ask(const Asked& asked) {
    AreaFinder finder(solver_, asked.question, asked.gate);
    for (;;) {
      const Area area = finder.next();
      if (area.verdict == Verdict::kNone) return true;
      if (area.verdict == Verdict::kUnknown) return give_up(kTooDear);
      if (answer_.areas.size() >= budget_.areas_max) {
        answer_.more = true;
        return false;
      }
      if (!tell(asked, area)) return false;
      if (!area.is_whole) {
        answer_.more = true;
        return false;
      }
    }
  }

 private:
  /// What was found before stays found.
  bool give_up(std::string why) {
    answer_.more = true;
    answer_.unknown = std::move(why);
    return false;
  }

  bool tell(const Asked& asked, const Area& area) {
    const ReadGate& gate = *gates_[asked.gate];
    const Point& point = area.example.point;
    const Verdicts verdicts = gate.door->decide(point);
    const bool has_role = asked.roles.empty() || lists_role(*gate.source, asked.roles, verdicts.role);
    if (!verdicts.asked || verdicts.effect != Effect::kAllow || !has_role) {
      return give_up("the request that was found is answered with " + std::string(reason_info(verdicts.reason).name) +
                     ": " + request_line(point));
    }
    AccessArea told;
    told.conditions =
        words_of(solver_.predicates(), area.conditions, solver_.methods_within(area.conditions, asked.gate));
    if (!area.is_whole) told.conditions = {"it is the request below; the budget did not suffice to say more"};
    if (!asked.roles.empty()) told.role = role_words(gate.source->roles[asked.roles.front()]);
    told.request = request_line(point);
    told.test = gate.door->test(point, "found: " + told.request).json();
    told.rule = verdicts.rule;
    told.place = gate.place_of(verdicts.rule);
    if (asked.other && !tell_obstacle(*gates_[*asked.other], point, !asked.roles.empty(), told)) return false;
    answer_.areas.push_back(std::move(told));
    return true;
  }

  bool tell_obstacle(const ReadGate& other, const Point& point, bool about_role, AccessArea& told) {
    const Verdicts verdicts = other.door->decide(point);
    if (!verdicts.asked) return give_up("the request cannot be put to the other Gate: " + told.request);
    if (verdicts.effect == Effect::kDeny) {
      told.obstacle = obstacle_of(verdicts);
      return true;
    }
    if (!about_role) return give_up("the other Gate allows the request that was found: " + told.request);
    told.obstacle = verdicts.role.empty() ? "the request gets no role there"
                                          : "the request gets another session there, by the mapping " + verdicts.role;
    return true;
  }

  Solver& solver_;
  const std::vector<const ReadGate*>& gates_;
  const AnalysisBudget& budget_;
  AccessAnswer& answer_;
};

}  // namespace

ReadGate::ReadGate(std::string_view json, const Limits& limits) : lines(json) {
  Diagnostics diagnostics(json);
  std::optional<GateSource> read = parse_source(json, limits, diagnostics);
  if (read) (void)compile_source(*read, limits, diagnostics);
  errors = diagnostics.take();
  if (!errors.empty() || !read) return;
  source = std::move(read);
  door.emplace(*source, limits);
}

SourcePlace ReadGate::place_of(std::string_view rule) const {
  const auto found = std::find_if(source->rules.begin(), source->rules.end(),
                                  [&](const RuleSource& one) { return one.id.value == rule; });
  return found == source->rules.end() ? SourcePlace{} : lines.place(found->id.offset);
}

AccessAnswer answer(Solver& solver, const std::vector<Asked>& questions, const std::vector<const ReadGate*>& gates,
                    const AnalysisBudget& budget) {
  AccessAnswer answer;
  solver.cut();
  if (!solver.fault().empty()) {
    answer.unknown = solver.fault();
    return answer;
  }
  Answering answering(solver, gates, budget, answer);
  for (const Asked& asked : questions) {
    if (!answering.ask(asked)) break;
  }
  answer.steps = solver.steps();
  if (!answer.areas.empty()) {
    answer.proof = Proof::kSome;
  } else if (answer.unknown.empty()) {
    answer.proof = Proof::kNone;
  }
  return answer;
}

std::string grant_of(const RoleSource& role) {
  std::string key;
  const auto put = [&](const std::string& text) { key += std::to_string(text.size()) + ":" + text; };
  const auto put_text = [&](const RoleTextSource& text) {
    key += text.is_claim ? 'c' : 't';
    put(text.value.value);
  };
  put(role.role_arn.value);
  put_text(role.session_name);
  std::set<std::string> tags;
  for (const SessionTagSource& tag : role.session_tags) {
    const std::string before = std::exchange(key, {});
    put(tag.key.value);
    put_text(tag.value);
    tags.insert(std::exchange(key, before));
  }
  for (const std::string& tag : tags) key += tag;
  return key;
}

std::vector<Asked> role_questions(const Solver& solver, std::size_t gate, std::size_t other, bool permits) {
  const std::vector<RoleSource>& roles = solver.gate(gate).source.roles;
  const std::vector<RoleSource>& others = solver.gate(other).source.roles;
  std::map<std::pair<std::string, std::uint32_t>, std::vector<std::uint32_t>> grants;
  for (std::uint32_t i = 0; i < roles.size(); ++i) grants[{grant_of(roles[i]), roles[i].duration_s}].push_back(i);
  std::vector<Asked> questions;
  for (const auto& [grant, mappings] : grants) {
    Selection asked;
    asked.roles = mappings;
    Selection enough;
    for (std::uint32_t i = 0; i < others.size(); ++i) {
      if (grant_of(others[i]) == grant.first && others[i].duration_s >= grant.second) enough.roles.push_back(i);
    }
    std::vector<Selection> selections(2);
    selections[gate] = std::move(asked);
    selections[other] = std::move(enough);
    const Formula gets = Formula::group(group_of(gate, Part::kAskedRole));
    const Formula has = Formula::group(group_of(other, Part::kAskedRole));
    const Formula let_in = permits ? permitted(other) : allowed(other);
    questions.push_back(
        {{Formula::all({allowed(gate), gets, let_in, Formula::none(has)}), std::move(selections), {}, {}},
         gate,
         other,
         mappings});
  }
  return questions;
}

adapt::Outline outline_of(const std::vector<GateError>& errors) {
  Outline list = Outline::list();
  for (const GateError& error : errors) {
    Outline reason = Outline::object();
    reason.set("number", static_cast<std::uint32_t>(error.reason));
    reason.set("name", reason_info(error.reason).name);
    Outline one = Outline::object();
    one.set("line", error.line);
    one.set("column", error.column);
    one.set("reason", std::move(reason));
    one.set("message", error.message);
    list.add(std::move(one));
  }
  return list;
}

adapt::Outline outline_of(const AccessAnswer& answer) {
  static constexpr std::string_view kProofs[] = {"unknown", "none", "some"};
  Outline areas = Outline::list();
  for (const AccessArea& area : answer.areas) {
    Outline conditions = Outline::list();
    for (const std::string& condition : area.conditions) conditions.add(condition);
    Outline one = Outline::object();
    one.set("conditions", std::move(conditions));
    if (!area.role.empty()) one.set("role", area.role);
    one.set("request", area.request);
    one.set("rule", area.rule);
    one.set("line", area.place.line);
    one.set("column", area.place.column);
    if (!area.obstacle.empty()) one.set("obstacle", area.obstacle);
    one.set("test", area.test);
    areas.add(std::move(one));
  }
  Outline notes = Outline::list();
  for (const std::string& note : answer.notes) notes.add(note);
  Outline outline = Outline::object();
  outline.set("proof", kProofs[static_cast<std::size_t>(answer.proof)]);
  outline.set("areas", std::move(areas));
  outline.set("more", answer.more);
  outline.set("notes", std::move(notes));
  if (!answer.unknown.empty()) outline.set("unknown", answer.unknown);
  outline.set("steps", answer.steps);
  return outline;
}

}  // namespace ostiary::policy::analysis
