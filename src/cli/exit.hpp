// How the command ends: its exit statuses, and the one exception that carries them to main.
#pragma once

#include <stdexcept>
#include <string>

namespace ostiary::cli {

enum class Exit : int {
  kYes = 0,         ///< allowed, valid, complete, compiled
  kNo = 1,          ///< denied, refused, rejected, or not as expected: a verdict
  kUsage = 2,       ///< wrong arguments, or a file that cannot be read or written
  kBroken = 3,      ///< a Gate or a key set that is not sound
  kNarrower = 10,   ///< of gate diff: less access than before
  kWider = 11,      ///< more
  kBoth = 12,       ///< some of it more, some less
  kNotProved = 13,  ///< neither yes nor no
};

/// Ends the command with a message for people. The library never throws; the command may, because only `main` catches.
class Stop : public std::runtime_error {
 public:
  Stop(Exit exit, const std::string& message) : std::runtime_error(message), exit_(exit) {}

  [[nodiscard]] Exit exit() const noexcept { return exit_; }

 private:
  Exit exit_;
};

}  // namespace ostiary::cli
