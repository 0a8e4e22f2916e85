// `ostiary decide --cases`: decides every request of a file, compares with what is expected and takes the time.
#include "cases.hpp"
#include "commands.hpp"
#include "decision_output.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"
#include "scheme_of.hpp"

#include <ostiary/engine.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

namespace {

/// One decided case. Owns everything, because a Decision dies with the next request.
struct Outcome {
  std::string name;
  bool allowed = false;
  Reason reason = Reason::kNotDecided;
  std::string route;
  Json json;
  std::string image;
  double nanoseconds = 0;
  std::vector<std::string> differences;  ///< "route=admin" for each part that was expected otherwise
};

struct Totals {
  std::size_t requests = 0;
  std::size_t allowed = 0;
  std::size_t as_expected = 0;
};

constexpr std::size_t kSamples = 11;

[[nodiscard]] double once_ns(const Engine& engine, std::string_view head, const Facts& facts, RequestScratch& scratch,
                             int repeats) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  for (int i = 0; i < repeats; ++i) static_cast<void>(engine.decide_bytes(head, facts, scratch));
  return std::chrono::duration<double, std::nano>(Clock::now() - start).count() / repeats;
}

/// The median over samples that are each long against the clock's own cost.
[[nodiscard]] double median_ns(const Engine& engine, std::string_view head, const Facts& facts,
                               RequestScratch& scratch) {
  constexpr double kSampleNs = 50'000;
  const double warm = once_ns(engine, head, facts, scratch, 1);
  const int repeats = static_cast<int>(std::clamp(kSampleNs / std::max(warm, 1.0), 1.0, 200.0));
  std::array<double, kSamples> samples{};
  for (double& sample : samples) sample = once_ns(engine, head, facts, scratch, repeats);
  std::nth_element(samples.begin(), samples.begin() + kSamples / 2, samples.end());
  return samples[kSamples / 2];
}

void compare(const Expected& expected, std::string_view part, std::string_view actual,
             std::vector<std::string>& differences) {
  const std::string wanted = expected.text.value_or(std::string());
  const bool same = expected.text.has_value() == (actual.data() != nullptr) && actual == wanted;
  if (!expected.given || same) return;
  differences.push_back(std::string(part) + "=" + (expected.text ? wanted : "none"));
}

[[nodiscard]] std::vector<std::string> differences_of(const Case& expected, const Decision& decision) {
  std::vector<std::string> differences;
  compare(expected.effect, "effect", effect_name(decision.effect), differences);
  compare(expected.route, "route", decision.route, differences);
  compare(expected.rule, "rule", decision.rule, differences);
  // Every Decision has a reason, so null means that more than one is right.
  if (expected.reason.text) compare(expected.reason, "reason", reason_info(decision.reason).name, differences);
  return differences;
}

[[nodiscard]] Outcome decide_case(const Engine& engine, const Case& one, std::string_view head, const Facts& facts,
                                  RequestScratch& scratch) {
  const Decision decision = engine.decide_bytes(head, facts, scratch);
  Outcome outcome;
  outcome.name = one.name;
  outcome.allowed = decision.allowed();
  outcome.reason = decision.reason;
  outcome.route = std::string(decision.route);
  outcome.json = decision_json(decision);
  outcome.image = decision_image(decision);
  outcome.differences = differences_of(one, decision);
  return outcome;
}

[[nodiscard]] std::vector<Outcome> decide_all(const Engine& engine, const CaseFile& file,
                                              const DecideOptions& options) {
  const Limits limits;
  RequestScratch scratch(limits);
  const std::vector<std::string_view> flags(options.flags.begin(), options.flags.end());
  std::vector<Outcome> outcomes;
  for (const Case& one : file.cases) {
    const std::string head = read_file(one.request, std::size_t{limits.head_size_max} + 1, Excess::kCut);
    const std::int64_t now = options.now_s ? *options.now_s : file.now_s.value_or(clock_s());
    const Facts facts{.now_s = now,
                      .peer = one.peer.empty() ? options.peer : one.peer,
                      .scheme = scheme_of(one.scheme.empty() ? options.scheme : one.scheme),
                      .flags = flags};
    outcomes.push_back(decide_case(engine, one, head, facts, scratch));
    if (!options.image) outcomes.back().nanoseconds = median_ns(engine, head, facts, scratch);
  }
  return outcomes;
}

[[nodiscard]] Totals count(const std::vector<Outcome>& outcomes) {
  Totals totals;
  totals.requests = outcomes.size();
  for (const Outcome& outcome : outcomes) {
    if (outcome.allowed) ++totals.allowed;
    if (outcome.differences.empty()) ++totals.as_expected;
  }
  return totals;
}

[[nodiscard]] std::string shown_time(double nanoseconds) {
  std::ostringstream text;
  text << std::fixed;
  if (nanoseconds < 1000) {
    text << std::setprecision(0) << nanoseconds << " ns";
  } else {
    text << std::setprecision(1) << nanoseconds / 1000 << " µs";
  }
  return text.str();
}

[[nodiscard]] std::string shown_expectation(const std::vector<std::string>& differences) {
  std::string text;
  for (const std::string& difference : differences) text += (text.empty() ? "expected " : ", ") + escaped(difference);
  return text;
}

[[nodiscard]] std::string outcomes_text(const std::vector<Outcome>& outcomes) {
  Table table({{"request"}, {"effect"}, {"route"}, {"reason"}, {"time", true}, {}});
  for (const Outcome& outcome : outcomes) {
    table.add({{escaped(outcome.name)},
               {std::string(effect_name(outcome.allowed ? Effect::kAllow : Effect::kDeny)),
                outcome.allowed ? Tone::kGood : Tone::kBad},
               {outcome.route.empty() ? "-" : escaped(outcome.route)},
               {std::string(reason_info(outcome.reason).name)},
               {shown_time(outcome.nanoseconds)},
               {shown_expectation(outcome.differences), Tone::kBad}});
  }
  const Totals totals = count(outcomes);
  return "time: one decision, the median of " + std::to_string(kSamples) +
         " samples on this machine, now; another machine gives another figure\n\n" + table.text() + "\n" +
         std::to_string(totals.requests) + (totals.requests == 1 ? " request: " : " requests: ") +
         std::to_string(totals.allowed) + " allowed, " + std::to_string(totals.requests - totals.allowed) +
         " denied; " + std::to_string(totals.as_expected) + " as expected, " +
         std::to_string(totals.requests - totals.as_expected) + " not\n";
}

[[nodiscard]] Json outcomes_json(const std::vector<Outcome>& outcomes) {
  Json list = Json::array();
  for (const Outcome& outcome : outcomes) {
    Json json = {{"name", outcome.name}};
    json.update(outcome.json);
    json["nanoseconds"] = std::llround(outcome.nanoseconds);
    json["as_expected"] = outcome.differences.empty();
    json["expected_instead"] = outcome.differences;
    list.push_back(std::move(json));
  }
  const Totals totals = count(outcomes);
  return {{"cases", std::move(list)},
          {"totals",
           {{"requests", totals.requests},
            {"allowed", totals.allowed},
            {"denied", totals.requests - totals.allowed},
            {"as_expected", totals.as_expected},
            {"not_as_expected", totals.requests - totals.as_expected}}}};
}

/// One golden vector a line: name, tab, Decision image in hexadecimal.
[[nodiscard]] std::string images_text(const std::vector<Outcome>& outcomes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const Outcome& outcome : outcomes) {
    text += escaped(outcome.name) + "\t";
    for (const char c : outcome.image) {
      const auto byte = static_cast<unsigned char>(c);
      text += kDigits[byte >> 4U];
      text += kDigits[byte & 0xfU];
    }
    text += "\n";
  }
  return text;
}

}  // namespace

Exit run_cases(const DecideOptions& options) {
  const auto engine = load_engine(options.gate, options.keys);
  const std::vector<Outcome> outcomes = decide_all(*engine, read_cases(options.cases), options);
  if (options.image) {
    write_out(images_text(outcomes));
    for (const Outcome& outcome : outcomes) {
      const std::string expectation = shown_expectation(outcome.differences);
      if (!expectation.empty()) write_error("ostiary: " + escaped(outcome.name) + ": " + expectation);
    }
  } else {
    write_out(options.json ? json_text(outcomes_json(outcomes)) : outcomes_text(outcomes));
  }
  const Totals totals = count(outcomes);
  return totals.as_expected == totals.requests ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
