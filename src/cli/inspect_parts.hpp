// The parts of what `ostiary inspect` shows of a complete request head, each as JSON and as text.
#pragma once

#include "output.hpp"

#include <ostiary/http/client_address.hpp>
#include <ostiary/http/finding.hpp>
#include <ostiary/http/inspect.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

/// A head that was inspected. Borrows the input and the scratch that it was inspected with.
struct Inspected {
  std::string_view bytes;  ///< the whole input
  Inspection inspection;
  ClientAddress client;      ///< set when the inspection is complete
  bool show_values = false;  ///< of credentials too
};

// inspect_target.cpp: the request target. Values that look like credentials are given by their size.

[[nodiscard]] std::string shown_target(const Inspected& head);
[[nodiscard]] std::string shown_path(std::string_view path, bool show_values);
/// The path as it was sent.
[[nodiscard]] std::string shown_raw_path(const Inspected& head);
/// Empty without a query, too.
[[nodiscard]] std::string shown_query(const Inspected& head);
[[nodiscard]] Json parameters_json(const Inspected& head);
/// Empty without parameters.
[[nodiscard]] std::string parameters_table(const Inspected& head);

// inspect_lenses.cpp: how back ends of other kinds read an ambiguous path.

[[nodiscard]] Json lenses_json(const Inspected& head);
/// Empty unless the path is ambiguous.
[[nodiscard]] std::string lenses_table(const Inspected& head);

// inspect_fields.cpp: the fields, and what stands in those that everybody reads.

[[nodiscard]] Json fields_json(const Inspected& head);
[[nodiscard]] std::string fields_table(const Inspected& head);
[[nodiscard]] Json cookies_json(const Inspected& head);
/// Empty without cookies.
[[nodiscard]] std::string cookies_table(const Inspected& head);
[[nodiscard]] Json authorization_json(const Request& request);
/// Empty without such a field.
[[nodiscard]] std::string shown_authorization(const Request& request);

// inspect_client.cpp: who is asking.

[[nodiscard]] Json client_json(const ClientAddress& client);
[[nodiscard]] std::string shown_client(const ClientAddress& client);

// inspect_findings.cpp: what was noticed.

[[nodiscard]] std::string_view disposition_name(Disposition disposition);
/// A list of names.
[[nodiscard]] Json rules_json(const RuleSet& rules);
/// Names with commas between them, empty without any.
[[nodiscard]] std::string listed_rules(const RuleSet& rules);
[[nodiscard]] Json findings_json(const std::vector<Finding>& findings);
/// Empty without any.
[[nodiscard]] std::string findings_table(const std::vector<Finding>& findings);

}  // namespace ostiary::cli
