#include "conformance/report.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace ostiary::conformance {

void Suite::check(const std::string& name, bool expected, bool actual, const std::string& detail) {
  seen_.push_back(name);
  const std::string wanted = expected ? "should be accepted" : "should be refused";
  if (exceptions_.has(name)) {
    if (actual != expected) {
      ++excepted_;
    } else {
      failures_.push_back(name + ": listed as an exception, but answers as the corpus wants");
    }
  } else if (actual == expected) {
    ++passed_;
  } else {
    failures_.push_back(name + ": " + wanted + (detail.empty() ? "" : " (" + detail + ")"));
  }
}

void Suite::fail(const std::string& name, const std::string& detail) {
  seen_.push_back(name);
  failures_.push_back(name + ": " + detail);
}

void Suite::finish() {
  if (skipped_) return;
  if (seen_.empty() && left_out_.empty()) failures_.push_back("no case was found");
  for (const auto& item : exceptions_.all().items()) {
    if (std::find(seen_.begin(), seen_.end(), item.key()) == seen_.end()) {
      failures_.push_back(item.key() + ": listed as an exception, but the corpus has no such case");
    }
  }
}

std::string Suite::line() const {
  std::ostringstream line;
  line << name_ << ": ";
  if (skipped_) {
    line << "SKIPPED, the corpus is not there";
    return line.str();
  }
  line << passed_ + excepted_ + failed() << " cases, " << passed_ << " pass, " << excepted_ << " named exceptions, "
       << failed() << " fail";
  if (not_applicable_ > 0) line << "; " << not_applicable_ << " left out (algorithms Ostiary does not have)";
  for (const auto& [why, names] : left_out_) line << "; " << names.size() << " left out (" << why << ")";
  return line.str();
}

nlohmann::json Suite::json() const {
  nlohmann::json suite{{"suite", name_},   {"total", passed_ + excepted_ + failed()},
                       {"pass", passed_},  {"excepted", excepted_},
                       {"fail", failed()}, {"not_applicable", not_applicable_}};
  if (!left_out_.empty()) suite["left_out"] = left_out_;
  if (skipped_) suite["skipped"] = true;
  return suite;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

nlohmann::json read_json(const std::filesystem::path& path) { return nlohmann::json::parse(read_file(path)); }

}  // namespace ostiary::conformance
