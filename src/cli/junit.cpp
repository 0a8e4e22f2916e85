#include "junit.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ostiary::cli {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

struct JunitCase {
  std::string name;
  std::string line;     ///< of the table; empty: none
  std::string failure;  ///< empty: passed
};

[[nodiscard]] std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + xml_escaped(value) + '"';
}

[[nodiscard]] std::string failure_of(const GateTestResult& result) {
  std::string text;
  for (const GateTestDifference& difference : result.differences) {
    if (!text.empty()) text += "; ";
    text += difference.member + ": expected " + difference.expected.value_or("none") + ", found " +
            difference.actual.value_or("none");
  }
  return text;
}

[[nodiscard]] std::vector<JunitCase> cases_of(const GateTestReport& report, const WholeDemands& demands) {
  std::vector<JunitCase> cases;
  for (const GateTestResult& result : report.results) {
    cases.push_back({result.name, std::to_string(result.place.line), failure_of(result)});
  }
  if (demands.coverage) cases.push_back({"(coverage)", {}, *demands.coverage});
  if (demands.survivors) cases.push_back({"(mutants)", {}, *demands.survivors});
  return cases;
}

}  // namespace

// https://www.w3.org/TR/xml/#charsets: of the control characters only tab, line feed and carriage return, which an
// attribute keeps only as references.
std::string xml_escaped(std::string_view text) {
  std::string xml;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view three = text.substr(i, 3);
    if (c == '&') {
      xml += "&amp;";
    } else if (c == '<') {
      xml += "&lt;";
    } else if (c == '>') {
      xml += "&gt;";
    } else if (c == '"') {
      xml += "&quot;";
    } else if (c == '\t' || c == '\n' || c == '\r') {
      xml += "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      xml += kReplacement;
    } else if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {
      xml += kReplacement;
      i += 2;
    } else {
      xml += c;
    }
  }
  return xml;
}

std::string junit_text(const GateTestReport& report, std::string_view suite, const WholeDemands& demands) {
  const std::vector<JunitCase> cases = cases_of(report, demands);
  const auto failed =
      std::count_if(cases.begin(), cases.end(), [](const JunitCase& one) { return !one.failure.empty(); });
  const std::string counts =
      attribute("tests", std::to_string(cases.size())) + attribute("failures", std::to_string(failed));
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts + ">\n  <testsuite" +
                    attribute("name", suite) + counts + attribute("errors", "0") + attribute("skipped", "0") + ">\n";
  for (const JunitCase& one : cases) {
    xml += "    <testcase" + attribute("classname", suite) + attribute("name", one.name);
    if (!one.line.empty()) xml += attribute("file", suite) + attribute("line", one.line);
    if (one.failure.empty()) {
      xml += "/>\n";
    } else {
      xml += ">\n      <failure" + attribute("message", one.failure) + "/>\n    </testcase>\n";
    }
  }
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace ostiary::cli
