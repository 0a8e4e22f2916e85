#include "input.hpp"

#include "commands.hpp"
#include "exit.hpp"
#include "output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <system_error>

namespace ostiary::cli {

namespace {

struct CloseFile {
  void operator()(std::FILE* stream) const noexcept { std::fclose(stream); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

[[noreturn]] void stop_unreadable(const std::string& file, const std::string& why) {
  throw Stop(Exit::kUsage, "ostiary: " + shown_file(file) + ": " + why);
}

// In pieces, because an input that never ends must cost no more than its limit.
std::string read_stream(std::FILE* stream, const std::string& file, std::size_t size_max, Excess excess) {
  std::string bytes;
  std::array<char, 64 * 1024> piece;
  while (bytes.size() <= size_max) {
    errno = 0;
    const std::size_t count = std::fread(piece.data(), 1, piece.size(), stream);
    bytes.append(piece.data(), count);
    if (count == piece.size()) continue;
    if (std::ferror(stream) != 0) stop_unreadable(file, std::generic_category().message(errno));
    break;
  }
  if (bytes.size() <= size_max) return bytes;
  if (excess == Excess::kRefuse) stop_unreadable(file, "longer than " + std::to_string(size_max) + " bytes");
  bytes.resize(size_max);
  return bytes;
}

}  // namespace

std::string read_file(const std::string& file, std::size_t size_max, Excess excess) {
  const File stream(std::fopen(file.c_str(), "rb"));
  if (stream == nullptr) stop_unreadable(file, std::generic_category().message(errno));
  return read_stream(stream.get(), file, size_max, excess);
}

std::string read_input(const std::string& file, std::size_t size_max, Excess excess) {
  if (file != kStandardStream) return read_file(file, size_max, excess);
  return read_stream(stdin, file, size_max, excess);
}

std::string shown_file(const std::string& file) { return file == kStandardStream ? "standard input" : escaped(file); }

std::int64_t clock_s() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string shown_place(std::string_view bytes, std::size_t offset) {
  const std::string_view before = bytes.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = lines == 0 ? 0 : before.rfind('\n') + 1;
  return "byte " + std::to_string(offset) + " (line " + std::to_string(lines + 1) + ", column " +
         std::to_string(offset - line_start + 1) + ")";
}

}  // namespace ostiary::cli
