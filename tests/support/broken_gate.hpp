// A Gate with one fault, and what its compiler must say about it.
#pragma once

#include <ostiary/core/reason.hpp>
#include <ostiary/policy/compile.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace ostiary::test {

struct BrokenGate {
  std::string_view name;
  std::string_view from;  ///< of the sound source, replaced where it stands first
  std::string_view to;
  Reason reason;
  std::string_view mark;     ///< the error stands where this begins
  std::string_view message;  ///< part of what it says
};

inline std::string replaced(std::string_view source, std::string_view from, std::string_view to) {
  std::string text(source);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// Where in the text `mark` starts, as "line:column".
inline std::string place(const std::string& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  EXPECT_NE(at, std::string::npos) << mark;
  if (at == std::string::npos) return {};
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  const std::size_t start = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  return std::to_string(line) + ":" + std::to_string(at - (start == std::string::npos ? 0 : start + 1) + 1);
}

/// The fault is found, alone, and in its place.
inline void expect_fault(std::string_view sound, const BrokenGate& broken) {
  const std::string source = replaced(sound, broken.from, broken.to);
  const CompiledGate compiled = compile_gate(source);
  ASSERT_EQ(compiled.errors.size(), 1U) << source;
  EXPECT_TRUE(compiled.image.empty());
  const GateError& error = compiled.errors.front();
  EXPECT_EQ(error.reason, broken.reason) << error.message;
  EXPECT_EQ(std::to_string(error.line) + ":" + std::to_string(error.column), place(source, broken.mark))
      << error.message;
  EXPECT_THAT(error.message, testing::HasSubstr(std::string(broken.message)));
}

inline std::string test_name(const testing::TestParamInfo<BrokenGate>& test) {
  std::string name(test.param.name);
  std::replace_if(name.begin(), name.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return name;
}

}  // namespace ostiary::test
