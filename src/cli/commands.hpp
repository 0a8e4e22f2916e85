// What each subcommand is asked to do, and the function that does it.
#pragma once

#include "exit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::cli {

/// As a file name: standard input or standard output.
inline constexpr const char* kStandardStream = "-";

/// Whom to believe about the client's address.
struct ClientOptions {
  std::string peer;  ///< empty: not known
  std::optional<std::int64_t> trusted_hops;
  std::vector<std::string> trusted_blocks;
  std::string platform_field;
  bool forwarded = false;  ///< Forwarded is the list of hops, not X-Forwarded-For
};

struct InspectOptions {
  std::string file = kStandardStream;
  std::string scheme;                ///< http, https, or empty: not known
  std::vector<std::string> waivers;  ///< names of rules
  ClientOptions client;
  bool show_values = false;
  bool emit = false;
  bool json = false;
};

struct VerifyOptions {
  // one of these holds the keys
  std::string jwks;
  std::string pem;
  std::string secret;

  std::string vendor;              ///< empty: the issuer is told by the options below
  std::vector<std::string> parts;  ///< NAME=VALUE each, of the vendor's settings
  bool login = false;
  std::string issuer;
  std::vector<std::string> audiences;
  std::vector<std::string> algorithms;
  std::string profile;              ///< empty: generic
  std::vector<std::string> claims;  ///< NAME=VALUE each, that the token must have
  std::optional<std::int64_t> skew_s;
  std::optional<std::int64_t> age_max_s;

  std::optional<std::int64_t> now_s;  ///< absent: the system clock
  std::optional<std::string> nonce;
  std::string revoked;
  std::string file = kStandardStream;
  bool explain = false;
  bool json = false;
};

struct DecideOptions {
  std::string gate;               ///< JSON source or image
  std::vector<std::string> keys;  ///< ISSUER-ID=FILE each
  std::optional<std::int64_t> now_s;
  std::string peer;
  std::string scheme;              ///< http, https, or empty: not known
  std::vector<std::string> flags;  ///< of the Gate that are true
  std::string file = kStandardStream;
  std::string cases;   ///< not empty: decide all of these instead of `file`
  std::string source;  ///< of the Gate, for explain; empty: the Gate's file where it is one
  bool explain = false;
  bool image = false;
  bool json = false;
};

/// Whose reviews of a boundary count.
struct ReviewerOptions {
  std::vector<std::string> public_files;
  std::optional<std::int64_t> reviews_min;
};

struct GateCompileOptions {
  std::string source;
  std::string image;
  std::string within;  ///< a boundary; empty: none, and nothing is proved
  std::string receipt;
  ReviewerOptions reviewers;
  bool json = false;
};

struct ReasonsOptions {
  bool findings = false;  ///< the rules of the inspector instead
  bool json = false;
};

[[nodiscard]] Exit run_inspect(const InspectOptions& options);
[[nodiscard]] Exit run_verify(const VerifyOptions& options);
[[nodiscard]] Exit run_decide(const DecideOptions& options);
[[nodiscard]] Exit run_cases(const DecideOptions& options);
[[nodiscard]] Exit run_gate_compile(const GateCompileOptions& options);
[[nodiscard]] Exit run_reasons(const ReasonsOptions& options);

}  // namespace ostiary::cli
