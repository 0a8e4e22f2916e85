#include "output_file.hpp"

#include "exit.hpp"
#include "input.hpp"
#include "output.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace ostiary::cli {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void stop_unwritable(const std::string& file, const std::string& why) {
  throw Stop(Exit::kUsage, "ostiary: " + shown_file(file) + ": " + why);
}

/// `mode` as for fopen.
void write_bytes(const std::string& file, const char* mode, std::string_view bytes) {
  errno = 0;
  std::FILE* const stream = std::fopen(file.c_str(), mode);
  if (stream == nullptr) stop_unwritable(file, std::generic_category().message(errno));
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), stream) == bytes.size();
  const bool closed = std::fclose(stream) == 0;
  if (!written || !closed) stop_unwritable(file, std::generic_category().message(errno));
}

}  // namespace

void replace_file(const std::string& file, std::string_view bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) return write_bytes(file, "wb", bytes);  // a pipe, a device
  const fs::path target = fs::exists(status) ? fs::canonical(file, error) : fs::path(file);
  if (error && fs::exists(status)) stop_unwritable(file, error.message());
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  const std::string draft = target.string() + "." + std::to_string(ticks) + ".tmp";
  try {
    write_bytes(draft, "wbx", bytes);
  } catch (const Stop&) {
    fs::remove(draft, error);
    throw;
  }
  fs::rename(draft, target, error);
  if (!error) return;
  const std::string why = error.message();
  fs::remove(draft, error);
  stop_unwritable(file, why);
}

void create_file(const std::string& file, std::string_view bytes) { write_bytes(file, "wbx", bytes); }

void create_secret_file(const std::string& file, std::string_view bytes) {
  const mode_t before = umask(S_IRWXG | S_IRWXO);
  try {
    create_file(file, bytes);
  } catch (const Stop&) {
    umask(before);
    throw;
  }
  umask(before);
}

}  // namespace ostiary::cli
