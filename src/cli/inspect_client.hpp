// From the arguments of `ostiary inspect` to whom to believe about the client's address.
#pragma once

#include "commands.hpp"

#include <ostiary/http/client_address.hpp>
#include <ostiary/http/request.hpp>

#include <cstddef>
#include <vector>

namespace ostiary::cli {

/// What the options say, and the memory that its address set lies in.
class ClientQuestion {
 public:
  /// Throws Stop with kUsage for a block or a field that is none.
  explicit ClientQuestion(const ClientOptions& options);

  /// Throws Stop with kUsage for a peer that is no address.
  [[nodiscard]] ClientAddress ask(const Request& request) const;

 private:
  void read_blocks();

  const ClientOptions& options_;
  std::vector<std::byte> image_;
  ClientPolicy policy_;
};

}  // namespace ostiary::cli
