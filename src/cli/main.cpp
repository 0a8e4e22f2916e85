#include "arguments.hpp"
#include "exit.hpp"
#include "output.hpp"

#include <exception>
#include <string>

int main(int argc, char** argv) {
  using ostiary::cli::Exit;
  try {
    return static_cast<int>(ostiary::cli::run_command_line(argc, argv));
  } catch (const ostiary::cli::Stop& stop) {
    ostiary::cli::write_error(stop.what());
    return static_cast<int>(stop.exit());
  } catch (const std::exception& error) {
    // Out of memory, or a defect of this command.
    ostiary::cli::write_error("ostiary: " + ostiary::cli::escaped(error.what()));
    return static_cast<int>(Exit::kUsage);
  }
}
