// What the `ostiary` command does not print about the shop's cases: what the verifier says about each token (README.md
// tells the form of the lines), and whether the fields door decides as the bytes door does.
#include "support/bytes_of_hex.hpp"

#include <ostiary/engine.hpp>
#include <ostiary/http/credentials.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary {
namespace {

struct Case {
  std::string name;
  std::string head;
  std::string peer;
};

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

template <typename T>
T checked(Result<T> result, const std::string& what) {
  if (!result) throw std::runtime_error(what + ": " + std::string(reason_info(result.reason()).name));
  return std::move(result).value();
}

/// The shop, as a host would load it.
class Shop {
 public:
  Shop(const std::string& gate_file, const std::string& keys_file, const std::filesystem::path& cases_file) {
    keys_ = checked(KeySet::from_jwks(read_file(keys_file)), keys_file);
    engine_ = checked(Engine::make(read_file(gate_file), {{"shop-id", keys_}}), gate_file);
    const auto root = nlohmann::json::parse(read_file(cases_file));
    now_s_ = root.at("now").get<std::int64_t>();
    for (const auto& entry : root.at("cases")) {
      cases_.push_back({entry.at("name").get<std::string>(),
                        read_file(cases_file.parent_path() / entry.at("request").get<std::string>()),
                        entry.value("peer", "")});
    }
  }

  /// Every case has a line, whether or not its route ever asks for the token: the host of a guest verifies first.
  void print_identities() const {
    RequestScratch scratch;
    for (const Case& one : cases_) print_identity(one, scratch);
  }

  /// Prints the cases in which the fields door decides otherwise, offsets included, and counts them.
  [[nodiscard]] std::size_t print_door_differences() const {
    std::size_t different = 0;
    RequestScratch for_bytes;
    RequestScratch for_fields;
    std::vector<std::byte> memory(inspect_scratch_size_max({}));
    for (const Case& one : cases_) {
      Arena arena(memory);
      const Inspection inspection = inspect_bytes(one.head, arena);
      if (inspection.progress != Progress::kComplete) continue;
      const std::string_view through_bytes = encoded(engine_->decide_bytes(one.head, facts(one), for_bytes), for_bytes);
      if (decide_fields(one, inspection.request, for_fields) == through_bytes) continue;
      std::cout << one.name << ": the doors disagree\n";
      ++different;
    }
    return different;
  }

 private:
  [[nodiscard]] Facts facts(const Case& one) const { return {now_s_, one.peer}; }

  static std::string_view encoded(const Decision& decision, RequestScratch& scratch) {
    const std::string_view image = encode_decision(decision, scratch.arena());
    if (image.empty()) throw std::runtime_error("no memory for a Decision image");
    return image;
  }

  [[nodiscard]] std::string_view decide_fields(const Case& one, const Request& request, RequestScratch& scratch) const {
    std::vector<FieldView> fields;
    for (const Field& field : request.fields) fields.push_back({request.name(field), request.value(field)});
    const std::string_view method = kMethodNames[static_cast<std::size_t>(request.method)];
    const ParsedHead head{method, {}, request.target.in(request.head), fields};
    return encoded(engine_->decide_fields(head, facts(one), scratch), scratch);
  }

  void print_identity(const Case& one, RequestScratch& scratch) const {
    scratch.arena().reset();
    const Inspection inspection = inspect_bytes(one.head, scratch.arena());
    const Result<Credential> presented = credential(inspection.request);
    std::cout << one.name << "\t";
    if (inspection.progress != Progress::kComplete || !presented || presented->scheme == CredentialScheme::kNone) {
      std::cout << "none\n";
      return;
    }
    const Result<Identity> identity = engine_->identify(inspection.request, *presented, facts(one), scratch);
    if (identity) {
      std::cout << "verified\t" << test::hex_of_bytes(identity->image()) << "\n";
    } else {
      const Error error = identity.error();
      std::cout << "refused\t" << static_cast<std::int32_t>(error.reason) << "\t" << error.offset << "\n";
    }
  }

  std::shared_ptr<const KeySet> keys_;
  std::shared_ptr<const Engine> engine_;
  std::int64_t now_s_ = 0;
  std::vector<Case> cases_;
};

int run(std::span<char*> arguments) {
  const std::string_view what = arguments.size() == 5 ? arguments[1] : "";
  if (what != "identities" && what != "doors") {
    std::cerr << "usage: golden_shop_vectors identities|doors GATE KEYS CASES\n";
    return EXIT_FAILURE;
  }
  const Shop shop(arguments[2], arguments[3], arguments[4]);
  if (what == "doors") return shop.print_door_differences() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  shop.print_identities();
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace ostiary

int main(int argc, char** argv) {
  try {
    return ostiary::run({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& error) {
    std::cerr << "golden_shop_vectors: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
