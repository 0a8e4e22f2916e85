// What a suite of published vectors came to.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ostiary::conformance {

/// Cases in which we knowingly answer otherwise than the corpus, each with its reason, from exceptions.json.
class Exceptions {
 public:
  explicit Exceptions(const nlohmann::json& suite) : suite_(suite.is_object() ? suite : nlohmann::json::object()) {}

  [[nodiscard]] bool has(const std::string& name) const { return suite_.contains(name); }
  /// nullptr when there is none.
  [[nodiscard]] const nlohmann::json* find(const std::string& name) const {
    return has(name) ? &suite_.at(name) : nullptr;
  }
  [[nodiscard]] const nlohmann::json& all() const { return suite_; }

 private:
  nlohmann::json suite_;
};

class Suite {
 public:
  Suite(std::string name, const nlohmann::json& exceptions) : name_(std::move(name)), exceptions_(exceptions) {}

  /// One case: the corpus wants `expected`, we answered `actual`. An exception must differ from the corpus.
  void check(const std::string& name, bool expected, bool actual, const std::string& detail = "");
  /// Something other than accept or refuse was wrong.
  void fail(const std::string& name, const std::string& detail);
  void not_applicable() { ++not_applicable_; }
  /// A case that is no question to us, and why. It counts neither as passed nor as failed, and can be no exception.
  void leave_out(const std::string& why, const std::string& name) { left_out_[why].push_back(name); }
  void skip() { skipped_ = true; }

  /// Ends the suite: an exception for a case that never came is a failure.
  void finish();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const nlohmann::json* exception(const std::string& name) const { return exceptions_.find(name); }
  [[nodiscard]] bool skipped() const { return skipped_; }
  [[nodiscard]] std::size_t passed() const { return passed_; }
  [[nodiscard]] std::size_t excepted() const { return excepted_; }
  [[nodiscard]] std::size_t failed() const { return failures_.size(); }
  [[nodiscard]] const std::vector<std::string>& failures() const { return failures_; }
  [[nodiscard]] std::string line() const;
  [[nodiscard]] nlohmann::json json() const;

 private:
  std::string name_;
  Exceptions exceptions_;
  std::vector<std::string> seen_;
  std::vector<std::string> failures_;
  std::size_t passed_ = 0;
  std::size_t excepted_ = 0;
  std::size_t not_applicable_ = 0;
  std::map<std::string, std::vector<std::string>> left_out_;  ///< names by why
  bool skipped_ = false;
};

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
[[nodiscard]] nlohmann::json read_json(const std::filesystem::path& path);

// Each runs the cases of one corpus folder, which exists.
void run_jws(Suite& suite, const std::filesystem::path& folder);
void run_jwk(Suite& suite, const std::filesystem::path& folder, const nlohmann::json& reasons);
void run_rsa(Suite& suite, const std::filesystem::path& file);
void run_pss(Suite& suite, const std::filesystem::path& file);
void run_ecdsa(Suite& suite, const std::filesystem::path& file);
void run_edwards(Suite& suite, const std::filesystem::path& file);
void run_ml_dsa(Suite& suite, const std::filesystem::path& file);
void run_hmac(Suite& suite, const std::filesystem::path& file);
/// `kind` is y, n or i; for i the expected answers come from `pinned`.
void run_json(Suite& suite, const std::filesystem::path& folder, char kind, const nlohmann::json& pinned);
/// Cases that may be answered either way must be answered as `pinned`.
void run_structured_reading(Suite& suite, const std::filesystem::path& folder, const nlohmann::json& pinned);
void run_structured_writing(Suite& suite, const std::filesystem::path& folder);
/// The files as they are, or only those without a Host, each given one. `pinned` says with which Reason a head is
/// refused that should be, and in which files only the body is wrong.
void run_gunicorn(Suite& suite, const std::filesystem::path& folder, bool adds_host, const nlohmann::json& pinned);

/// Every head among the files, cut at every byte and held at the end of readable memory: a prefix of one that is
/// accepted needs more, and no prefix is accepted itself.
void run_gunicorn_cut(Suite& suite, const std::filesystem::path& folder);

void run_url_paths(Suite& suite, const std::filesystem::path& file);
void run_trust_policies(Suite& suite, const std::filesystem::path& file);

}  // namespace ostiary::conformance
