// What a change of a Gate opens and closes.
#include "policy/analysis/answer.hpp"
#include "policy/analysis/handling.hpp"
#include "policy/analysis/tokens.hpp"

#include <ostiary/policy/analysis.hpp>

#include <array>
#include <utility>

namespace ostiary {

namespace {

using namespace policy::analysis;

constexpr std::size_t kOld = 0;
constexpr std::size_t kNew = 1;

/// What `gate` allows and `other` does not.
AccessAnswer only_in(std::size_t gate, std::size_t other, const std::array<const ReadGate*, 2>& gates,
                     const AnalysisBudget& budget) {
  const std::array<const policy::GateSource*, 2> sources = {&*gates[kOld]->source, &*gates[kNew]->source};
  Solver solver(sources, budget.steps_max);
  std::vector<Asked> questions{
      {{Formula::all({allowed(gate), Formula::none(allowed(other))}), {}, {}, {}}, gate, other, {}}};
  for (Asked& asked : role_questions(solver, gate, other, false)) questions.push_back(std::move(asked));
  AccessAnswer found = answer(solver, questions, {gates[kOld], gates[kNew]}, budget);
  found.notes = looser_tokens(*sources[gate], *sources[other]);
  if (!found.notes.empty() && found.proof == Proof::kNone) found.proof = Proof::kSome;
  return found;
}

std::string_view change_name(GateChange change) {
  switch (change) {
    case GateChange::kUnknown: return "not proved";
    case GateChange::kSame: return "same";
    case GateChange::kNarrower: return "narrower";
    case GateChange::kWider: return "wider";
    case GateChange::kBoth: return "both";
  }
  return {};
}

/// Text between backticks cannot hold one, and a line is a line.
std::string code(const std::string& text) {
  std::string safe;
  for (const char c : adapt::escaped(text)) safe += c == '`' ? '\'' : c;
  return "`" + safe + "`";
}

std::string plain(const std::string& text) {
  std::string safe;
  for (const char c : adapt::escaped(text)) {
    if (std::string_view("*_[]<>|#`&").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

void add_markdown(std::string& text, const std::string& title, const AccessAnswer& answer) {
  text += "\n### " + title + "\n\n";
  if (answer.proof == Proof::kNone) text += "Nothing; proved for every request.\n";
  if (answer.proof == Proof::kUnknown) text += "**Not proved**: " + plain(answer.unknown) + ".\n";
  for (const AccessArea& area : answer.areas) {
    text += "- ";
    if (!area.role.empty()) text += "the role " + code(area.role) + ", where ";
    if (area.conditions.empty()) text += "every request";
    for (std::size_t i = 0; i < area.conditions.size(); ++i) text += (i == 0 ? "" : "; ") + plain(area.conditions[i]);
    text += "\n  - for example " + code(area.request) + "\n  - allowed by the rule " + code(area.rule) + "; " +
            plain(area.obstacle) + "\n";
  }
  for (const std::string& note : answer.notes) text += "- " + plain(note) + "\n";
  if (answer.more) text += "- and more" + (answer.unknown.empty() ? "" : ": " + plain(answer.unknown)) + "\n";
}

}  // namespace

GateChange GateDiff::change() const noexcept {
  if (!old_errors.empty() || !new_errors.empty()) return GateChange::kUnknown;
  if (gained.proof == Proof::kUnknown || lost.proof == Proof::kUnknown) return GateChange::kUnknown;
  if (gained.proof == Proof::kSome) return lost.proof == Proof::kSome ? GateChange::kBoth : GateChange::kWider;
  return lost.proof == Proof::kSome ? GateChange::kNarrower : GateChange::kSame;
}

GateDiff diff_gates(std::string_view old_gate, std::string_view new_gate, const AnalysisBudget& budget,
                    const Limits& limits) {
  GateDiff diff;
  const ReadGate read_old(old_gate, limits);
  const ReadGate read_new(new_gate, limits);
  diff.old_errors = read_old.errors;
  diff.new_errors = read_new.errors;
  if (!read_old.source || !read_new.source) return diff;
  const std::array<const ReadGate*, 2> gates = {&read_old, &read_new};
  diff.gained = only_in(kNew, kOld, gates, budget);
  diff.lost = only_in(kOld, kNew, gates, budget);
  diff.handled = handled_otherwise(*read_old.source, *read_new.source);
  return diff;
}

std::string gate_diff_json(const GateDiff& diff) {
  adapt::Outline outline = adapt::Outline::object();
  outline.set("change", change_name(diff.change()));
  outline.set("old_errors", outline_of(diff.old_errors));
  outline.set("new_errors", outline_of(diff.new_errors));
  outline.set("gained", outline_of(diff.gained));
  outline.set("lost", outline_of(diff.lost));
  adapt::Outline handled = adapt::Outline::list();
  for (const std::string& route : diff.handled) handled.add(route);
  outline.set("handled", std::move(handled));
  return outline.json();
}

std::string gate_diff_markdown(const GateDiff& diff) {
  std::string text = "## Access: " + std::string(change_name(diff.change())) + "\n";
  for (const auto* errors : {&diff.old_errors, &diff.new_errors}) {
    for (const GateError& error : *errors) {
      text += "\n- line " + std::to_string(error.line) + ": " + plain(error.message) + "\n";
    }
  }
  if (!diff.old_errors.empty() || !diff.new_errors.empty()) return text;
  add_markdown(text, "Opened", diff.gained);
  add_markdown(text, "Closed", diff.lost);
  if (diff.handled.empty()) return text;
  text += "\n### Treated otherwise once let through\n\n";
  for (const std::string& route : diff.handled) text += "- the route " + code(route) + "\n";
  return text;
}

}  // namespace ostiary
