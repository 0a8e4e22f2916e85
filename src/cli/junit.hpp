// A report of Gate tests in the XML that CI systems read.
#pragma once

#include <ostiary/policy/gate_test.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ostiary::cli {

/// As text of an element or an attribute of XML 1.0; what XML has no place for becomes U+FFFD. `text` is UTF-8.
[[nodiscard]] std::string xml_escaped(std::string_view text);

/// What was asked of the whole, besides that every test passes; each is a test case of its own when it was asked.
struct WholeDemands {
  std::optional<std::string> coverage;   ///< what is wrong with it; empty: nothing
  std::optional<std::string> survivors;  ///< the same
};

/// One test suite named `suite`, the table's file.
[[nodiscard]] std::string junit_text(const GateTestReport& report, std::string_view suite, const WholeDemands& demands);

}  // namespace ostiary::cli
