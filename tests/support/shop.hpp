// The shop example as tests need it: its files and its cases.
#pragma once

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>
#include <string>

namespace ostiary::test {

inline std::string read_shop(const std::string& name) {
  std::ifstream file(std::string(OSTIARY_SOURCE_DIR "/examples/shop/") + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline nlohmann::json shop_cases() { return nlohmann::json::parse(read_shop("cases.json")); }

}  // namespace ostiary::test
