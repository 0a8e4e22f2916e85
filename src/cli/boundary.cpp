// What people review: `ostiary boundary review` and `verify`.
#include "boundary.hpp"

#include "argument_kinds.hpp"
#include "input.hpp"
#include "load.hpp"
#include "output.hpp"
#include "output_file.hpp"
#include "policy/reviews.hpp"
#include "policy/time_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace ostiary::cli {

namespace {

constexpr const char* kReviewExample =
    "Example:\n"
    "  ostiary gate keygen --private ann.key --public ann.pub && \\\n"
    "    ostiary boundary review examples/shop/gate.json --key ann.key -o receipt.json && \\\n"
    "    ostiary boundary verify examples/shop/gate.json receipt.json --reviewer-key ann.pub\n"
    "\n"
    "The others sign the same receipt: --receipt receipt.json -o receipt.json.\n";

constexpr const char* kVerifyExample =
    "Example:\n"
    "  ostiary gate keygen --private ann.key --public ann.pub && \\\n"
    "    ostiary boundary review examples/shop/gate.json --key ann.key -o receipt.json && \\\n"
    "    ostiary boundary verify examples/shop/gate.json receipt.json --reviewer-key ann.pub --reviews-min 1\n"
    "\n"
    "Ends with 1 when too few of these reviewers have signed this boundary.\n";

[[nodiscard]] Stop refused(const std::string& file, Reason reason) {
  return {Exit::kBroken, "ostiary: " + shown_file(file) + ": " + explained_reason(reason)};
}

void add_review(CLI::App& boundary, BoundaryReviewOptions& review, std::function<Exit()>& run) {
  CLI::App* const command = boundary.add_subcommand("review", "Sign a boundary that you have read");
  command->add_option("BOUNDARY", review.boundary, "The boundary's JSON source; - for standard input")
      ->required()
      ->type_name("");
  command->add_option("--key", review.private_file, "Your private key, as gate keygen writes it")
      ->required()
      ->check(not_empty())
      ->type_name("FILE");
  command->add_option("--receipt", review.receipt, "What others have signed so far")
      ->check(not_empty())
      ->type_name("FILE");
  add_now(*command, review.now_s);
  command->add_option("-o,--output", review.output, "Where the receipt goes; - for standard output")
      ->required()
      ->check(not_empty())
      ->type_name("FILE");
  command->footer(kReviewExample);
  command->callback([&review, &run] { run = [&review] { return run_boundary_review(review); }; });
}

void add_verify(CLI::App& boundary, BoundaryVerifyOptions& verify, std::function<Exit()>& run) {
  CLI::App* const command = boundary.add_subcommand("verify", "Check who has reviewed a boundary");
  command->add_option("BOUNDARY", verify.boundary, "The boundary's JSON source; - for standard input")
      ->required()
      ->type_name("");
  command->add_option("RECEIPT", verify.receipt, "The receipt")->required()->type_name("");
  add_reviewers(*command, verify.reviewers);
  command->add_flag("--json", verify.json, "JSON for programs");
  command->footer(kVerifyExample);
  command->callback([&verify, &run] {
    if (verify.reviewers.public_files.empty()) throw CLI::RequiredError("--reviewer-key");
    run = [&verify] { return run_boundary_verify(verify); };
  });
}

[[nodiscard]] Json review_json(const GateReview& review) {
  return {{"key_id", hex(review.key_id)}, {"date", policy::time_text(review.date_s)}};
}

/// Every review of the receipt, and whether it counts.
struct Judged {
  ReviewReceipt receipt;
  std::vector<GateReview> trusted;

  [[nodiscard]] bool counts(const GateReview& review) const {
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const GateReview& one) { return one.key_id == review.key_id; });
  }
};

[[nodiscard]] Json verdict_json(const LoadedBoundary& boundary, Reason reason, const Judged& judged) {
  Json reviews = Json::array();
  for (const GateReview& review : judged.receipt.reviews) {
    Json one = review_json(review);
    one["counts"] = judged.counts(review);
    reviews.push_back(std::move(one));
  }
  return {{"valid", reason == Reason::kOk},
          {"reason", reason_json(reason)},
          {"boundary", hex(boundary.hash)},
          {"reviews", std::move(reviews)}};
}

[[nodiscard]] std::string verdict_sheet(const LoadedBoundary& boundary, Reason reason, const Judged& judged) {
  Sheet sheet;
  sheet.add("verdict", reason == Reason::kOk ? "valid" : "refused", reason == Reason::kOk ? Tone::kGood : Tone::kBad);
  sheet.add("reason", explained_reason(reason));
  sheet.add("boundary", hex(boundary.hash));
  for (const GateReview& review : judged.receipt.reviews) {
    const std::string line = hex(review.key_id) + "  " + policy::time_text(review.date_s);
    sheet.add("review", line + (judged.counts(review) ? "" : "  does not count"));
  }
  return sheet.text();
}

}  // namespace

void add_boundary(CLI::App& app, BoundaryOptions& options, std::function<Exit()>& run) {
  CLI::App* const boundary =
      app.add_subcommand("boundary", "Work on what people review: the most that Gates may allow");
  boundary->require_subcommand(1);
  boundary->footer(kReviewExample);
  add_review(*boundary, options.review, run);
  add_verify(*boundary, options.verify, run);
}

void add_reviewers(CLI::App& command, ReviewerOptions& reviewers) {
  add_repeatable(command, "--reviewer-key", reviewers.public_files, "A public key whose reviews count; repeatable")
      ->type_name("FILE");
  add_number(command, "--reviews-min", reviewers.reviews_min, {1, kReviewsMax}, "How many of them must have signed")
      ->type_name("NUMBER");
}

LoadedBoundary load_boundary(const std::string& file) {
  LoadedBoundary loaded{read_gate_source(file), {}};
  const CompiledGate compiled = compile_gate(loaded.json);
  if (!compiled.ok()) throw Stop(Exit::kBroken, shown_gate_errors(file, compiled.errors));
  loaded.hash = Gate::load(compiled.image)->header().seal.content_hash;
  return loaded;
}

GateBoundaryHash boundary_hash_of(const std::string& hash_or_file) {
  const Result<GateBoundaryHash> hash = read_boundary_hash(hash_or_file);
  return hash ? *hash : load_boundary(hash_or_file).hash;
}

std::string read_receipt_file(const std::string& file) {
  return read_file(file, std::size_t{kReceiptSizeMax} + 1, Excess::kCut);
}

std::uint32_t reviews_min_of(const ReviewerOptions& reviewers, std::uint32_t otherwise) {
  return static_cast<std::uint32_t>(reviewers.reviews_min.value_or(otherwise));
}

Json boundary_json(const Gate& gate) {
  const GateBoundary& boundary = gate.header().boundary;
  if (!boundary.is_proved()) return nullptr;
  Json reviews = Json::array();
  for (std::uint32_t row = 0; row < boundary.reviews.count; ++row) reviews.push_back(review_json(gate.review(row)));
  return {{"hash", hex(boundary.hash)}, {"prover", boundary.prover}, {"reviews", std::move(reviews)}};
}

Exit run_boundary_review(const BoundaryReviewOptions& options) {
  const LoadedBoundary boundary = load_boundary(options.boundary);
  const std::string private_pem = read_file(options.private_file, kKeyFileSizeMax, Excess::kRefuse);
  const std::string before = options.receipt.empty() ? std::string() : read_receipt_file(options.receipt);
  // An empty file is no receipt, and an empty text means that there is none.
  if (!options.receipt.empty() && before.empty()) throw refused(options.receipt, Reason::kReceiptFormat);
  const std::int64_t date_s = options.now_s.value_or(clock_s());
  if (date_s > kReviewDateMax) throw Stop(Exit::kUsage, "ostiary: --now: no date of four digits' years");
  const Result<std::string> receipt = review_boundary(boundary.json, private_pem, date_s, before);
  if (!receipt) {
    const bool key_is_wrong = reason_info(receipt.reason()).reason_class == ReasonClass::kKey;
    throw refused(key_is_wrong || options.receipt.empty() ? options.private_file : options.receipt, receipt.reason());
  }
  if (options.output == kStandardStream) {
    write_out(*receipt);
    return Exit::kYes;
  }
  replace_file(options.output, *receipt);
  Sheet sheet;
  sheet.add("boundary", hex(boundary.hash));
  sheet.add("date", policy::time_text(date_s));
  sheet.add("reviews", std::to_string(read_receipt(*receipt)->reviews.size()));
  write_out(sheet.text());
  return Exit::kYes;
}

Exit run_boundary_verify(const BoundaryVerifyOptions& options) {
  const std::vector<GatePublicKey> keys = load_gate_keys(options.reviewers.public_files);
  const LoadedBoundary boundary = load_boundary(options.boundary);
  const std::string receipt = read_receipt_file(options.receipt);
  const Result<ReviewReceipt> read = read_receipt(receipt);
  if (!read) throw refused(options.receipt, read.reason());
  const Judged judged{*read, policy::trusted_reviews(boundary.hash, read->reviews, keys)};
  const ReviewTrust trust{keys, reviews_min_of(options.reviewers, 1)};
  const Reason reason = check_receipt(boundary.hash, receipt, trust).reason();
  write_out(options.json ? json_text(verdict_json(boundary, reason, judged)) : verdict_sheet(boundary, reason, judged));
  return reason == Reason::kOk ? Exit::kYes : Exit::kNo;
}

}  // namespace ostiary::cli
