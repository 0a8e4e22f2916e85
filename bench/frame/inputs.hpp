// Inputs by name: files of this repository, and the shop's requests by what must become of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::bench {

struct Input {
  std::string name;
  std::string bytes;
  std::string peer;             ///< address of the client, where that matters
  std::optional<bool> allowed;  ///< what the shop's list of cases demands, for requests of it
};

/// Throws when the file cannot be read.
[[nodiscard]] std::string read_file(std::string_view path_in_repository);

/// Each name is a path in the repository, or `@` and a class of shop requests:
///   allowed-public, allowed-identity   without and with a token
///   denied-structure                   refused as HTTP
///   denied-route                       no such host, path or method
///   denied-token                       refused before the signature was looked at
///   denied-signature                   refused because of the signature
///   denied-rule                        a good token, or none, and no rule that allows
///   complete                           every head that is sound, whatever becomes of it
/// A shop request that is not decided as the list of cases demands is left out, and standard error says so.
/// Throws for a file or a class that is not there.
[[nodiscard]] std::vector<Input> load_inputs(const std::vector<std::string>& names);

/// The lines of all inputs, without their ends and without empty ones.
[[nodiscard]] std::vector<std::string> lines_of(const std::vector<Input>& inputs);

}  // namespace ostiary::bench
