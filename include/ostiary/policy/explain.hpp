// Why a Decision is what it is: every stage, every rule that was asked, every condition and what the request had.
#pragma once

#include <ostiary/core/limits.hpp>
#include <ostiary/core/result.hpp>
#include <ostiary/http/credentials.hpp>
#include <ostiary/http/inspect.hpp>
#include <ostiary/policy/decision.hpp>
#include <ostiary/policy/facts.hpp>
#include <ostiary/policy/gate.hpp>
#include <ostiary/token/identity.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace ostiary {

struct ExplainOptions {
  /// The JSON that the Gate was compiled from: with it rules, routes and conditions are told with line, column and JSON
  /// pointer (RFC 6901). data() is nullptr without it.
  std::string_view source{};
  Limits limits{};
};

struct Explanation {
  /// OK: text and json are there. GATE_*: the source does not compile. USAGE_ARGUMENT: it is not this Gate's source.
  /// INTERNAL: the explanation does not lead to the Decision, which is a defect of this library.
  Reason reason = Reason::kInternal;
  std::string message;                   ///< one line, unless reason is OK
  bool allowed = false;                  ///< the Decision's
  Reason decided = Reason::kNotDecided;  ///< the Decision's Reason
  std::string text;                      ///< an outline for people, in ASCII
  std::string json;                      ///< the same for programs
};

/// Answers as `verify` of decide_request does.
using VerifyCredential = std::function<Result<Identity>(const Request&, const Credential&)>;

/// Decides about an inspected request and tells how: the Decision is decide_request's, and the truth of each condition
/// is what the same code says that decides. Rules behind the one that decides are asked, too. Whoever holds the buckets
/// of rate limits is not asked. No token, cookie or other credential is told, and long values only in part.
/// `verify` is asked at most once; what it returned must live through the call. Not for the request path: allocates,
/// and takes time with the size of the Gate. Pure but for verify.
[[nodiscard]] Explanation explain_request(const Gate& gate, const Inspection& inspection, const Facts& facts,
                                          const VerifyCredential& verify, const ExplainOptions& options = {});

}  // namespace ostiary
