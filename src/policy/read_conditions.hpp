// Reads what a rule or a role mapping asks of the identity, the request and the host. What is faulty becomes a
// diagnostic.
#pragma once

#include "policy/json_node.hpp"
#include "policy/source.hpp"

#include <vector>

namespace ostiary::policy {

/// Each appends the conditions of one member, all of which must hold.
void read_identity(const JsonNode& node, std::vector<PredicateSource>& conditions);
void read_request(const JsonNode& node, std::vector<PredicateSource>& conditions);
void read_time(const JsonNode& node, std::vector<PredicateSource>& conditions);
void read_flags(const JsonNode& node, std::vector<PredicateSource>& conditions);
void read_expires(const JsonNode& node, std::vector<PredicateSource>& conditions);

}  // namespace ostiary::policy
