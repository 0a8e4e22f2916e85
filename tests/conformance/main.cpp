// Runs published vectors through Ostiary and says what came of each suite.
//
// Usage: ostiary_conformance [--json FILE] [--corpora FOLDER] [SUITE]...
//
// The corpora are looked for in $OSTIARY_CORPORA, else in ../shared/corpora beside the checkout. A suite whose corpus
// is missing is skipped by name. The exit status is 1 when a case fails, 2 for a mistake in the call.
#include "conformance/report.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::conformance {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path corpora;
  std::string json_file;
  std::set<std::string> suites;
};

struct Planned {
  std::string name;
  fs::path corpus;  ///< file or folder, below the corpora
  std::function<void(Suite&, const fs::path&)> run;
};

const fs::path kData = fs::path(OSTIARY_SOURCE_DIR) / "tests/conformance";

/// A file of primitive vectors; its suite is called after it.
struct Primitives {
  std::string_view file;  ///< without the ending
  void (*run)(Suite&, const fs::path&);
};

constexpr Primitives kPrimitives[] = {
    {"rsa_signature_2048_sha256", run_rsa},
    {"rsa_signature_2048_sha384", run_rsa},
    {"rsa_signature_2048_sha512", run_rsa},
    {"rsa_signature_3072_sha256", run_rsa},
    {"rsa_signature_3072_sha384", run_rsa},
    {"rsa_signature_3072_sha512", run_rsa},
    {"rsa_signature_4096_sha256", run_rsa},
    {"rsa_signature_4096_sha384", run_rsa},
    {"rsa_signature_4096_sha512", run_rsa},
    {"rsa_signature_8192_sha256", run_rsa},
    {"rsa_signature_8192_sha384", run_rsa},
    {"rsa_signature_8192_sha512", run_rsa},
    {"rsa_pss_2048_sha256_mgf1_32", run_pss},
    {"rsa_pss_2048_sha384_mgf1_48", run_pss},
    {"rsa_pss_3072_sha256_mgf1_32", run_pss},
    {"rsa_pss_4096_sha256_mgf1_32", run_pss},
    {"rsa_pss_4096_sha384_mgf1_48", run_pss},
    {"rsa_pss_4096_sha512_mgf1_64", run_pss},
    {"rsa_pss_2048_sha256_mgf1_0", run_pss},
    {"rsa_pss_4096_sha512_mgf1_32", run_pss},
    {"rsa_pss_2048_sha256_mgf1sha1_20", run_pss},
    {"rsa_pss_misc", run_pss},
    {"ecdsa_secp256r1_sha256_p1363", run_ecdsa},
    {"ecdsa_secp384r1_sha384_p1363", run_ecdsa},
    {"ecdsa_secp521r1_sha512_p1363", run_ecdsa},
    {"ecdsa_secp256k1_sha256_p1363", run_ecdsa},
    {"ed25519", run_edwards},
    {"ed448", run_edwards},
    {"mldsa_44_verify", run_ml_dsa},
    {"mldsa_65_verify", run_ml_dsa},
    {"mldsa_87_verify", run_ml_dsa},
    {"hmac_sha256", run_hmac},
    {"hmac_sha384", run_hmac},
    {"hmac_sha512", run_hmac},
};

std::vector<Planned> plan_primitives() {
  std::vector<Planned> planned;
  for (const Primitives& primitives : kPrimitives) {
    std::string name = "wycheproof-" + std::string(primitives.file);
    std::replace(name.begin(), name.end(), '_', '-');
    planned.push_back({name, "tokens/wycheproof/" + std::string(primitives.file) + "_test.json", primitives.run});
  }
  return planned;
}

std::vector<Planned> plan() {
  const fs::path wycheproof = "tokens/wycheproof";
  const fs::path json_files = "tokens/jsontestsuite/test_parsing";
  const fs::path structured = "http/structured-field-tests";
  const auto json_kind = [](char kind) {
    return [kind](Suite& suite, const fs::path& path) {
      run_json(suite, path, kind, read_json(kData / "json_free_choices.json"));
    };
  };
  const auto gunicorn = [](bool adds_host) {
    return [adds_host](Suite& suite, const fs::path& path) {
      run_gunicorn(suite, path, adds_host, read_json(kData / "gunicorn_reasons.json"));
    };
  };
  std::vector<Planned> planned{
      {"wycheproof-jws", wycheproof, run_jws},
      {"wycheproof-jwk", wycheproof,
       [](Suite& suite, const fs::path& path) { run_jwk(suite, path, read_json(kData / "jwk_reasons.json")); }},
      {"jsontestsuite-accept", json_files, json_kind('y')},
      {"jsontestsuite-refuse", json_files, json_kind('n')},
      {"jsontestsuite-free", json_files, json_kind('i')},
      {"structured-fields-read", structured,
       [](Suite& suite, const fs::path& path) {
         run_structured_reading(suite, path, read_json(kData / "structured_fields_free_choices.json"));
       }},
      {"structured-fields-write", structured / "serialisation-tests", run_structured_writing},
      {"gunicorn", "http/gunicorn", gunicorn(false)},
      {"gunicorn-host-added", "http/gunicorn", gunicorn(true)},
      {"gunicorn-cut", "http/gunicorn", run_gunicorn_cut},
      {"url-backslash-lens", "http/url/urltestdata.json", run_url_paths},
      {"trust-policies", "aws/access-analyzer-samples/cases.json", run_trust_policies},
  };
  const std::vector<Planned> primitives = plan_primitives();
  planned.insert(planned.begin() + 2, primitives.begin(), primitives.end());
  return planned;
}

Suite run(const Planned& planned, const fs::path& corpora, const nlohmann::json& exceptions) {
  Suite suite(planned.name, exceptions.value(planned.name, nlohmann::json::object()));
  const fs::path corpus = corpora / planned.corpus;
  if (fs::exists(corpus)) {
    try {
      planned.run(suite, corpus);
    } catch (const std::exception& error) {
      suite.fail("the corpus", error.what());
    }
  } else {
    suite.skip();
  }
  suite.finish();
  return suite;
}

bool parse(int argc, char** argv, Options& options) {
  const char* environment = std::getenv("OSTIARY_CORPORA");
  options.corpora = environment != nullptr ? fs::path(environment) : fs::path(OSTIARY_SOURCE_DIR) / "../shared/corpora";
  std::set<std::string> known;
  for (const Planned& planned : plan()) known.insert(planned.name);
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const bool has_value = i + 1 < argc;
    if (argument == "--json" && has_value) {
      options.json_file = argv[++i];
    } else if (argument == "--corpora" && has_value) {
      options.corpora = argv[++i];
    } else if (known.contains(argument)) {
      options.suites.insert(argument);
    } else {
      std::cerr << "not a suite or an option: " << argument << "\nsuites:";
      for (const std::string& name : known) std::cerr << ' ' << name;
      std::cerr << '\n';
      return false;
    }
  }
  return true;
}

int run_all(const Options& options) {
  const nlohmann::json exceptions = read_json(kData / "exceptions.json");
  nlohmann::json report = nlohmann::json::array();
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  for (const Planned& planned : plan()) {
    if (!options.suites.empty() && !options.suites.contains(planned.name)) continue;
    const Suite suite = run(planned, options.corpora, exceptions);
    std::cout << suite.line() << '\n';
    for (const std::string& failure : suite.failures()) std::cout << "  FAIL " << failure << '\n';
    report.push_back(suite.json());
    passed += suite.passed() + suite.excepted();
    failed += suite.failed();
    skipped += suite.skipped() ? 1U : 0U;
  }
  if (!options.json_file.empty()) std::ofstream(options.json_file) << report.dump(2) << '\n';
  std::cout << passed << " passed, " << failed << " failed, " << skipped << " skipped\n";
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ostiary::conformance

int main(int argc, char** argv) {
  ostiary::conformance::Options options;
  return ostiary::conformance::parse(argc, argv, options) ? ostiary::conformance::run_all(options) : 2;
}
