// A KeySource and a verifier behind lines of text, so that a test in another language can be their host.
//
// Usage: key_source_host ISSUER. One command a line, one answer a line:
//
//   wanted NOW                       -> nothing | TICKET KIND REASON NOT_BEFORE URI
//   begin TICKET NOW                 -> REASON
//   complete TICKET NOW AGE SIZE     -> REASON added=KIDS removed=KIDS replaced=KIDS   (SIZE bytes follow the line;
//                                                                                     AGE is max-age or -)
//   fail TICKET NOW                  -> REASON
//   verify NOW KID TOKEN             -> REASON
#include <ostiary/token/key_source.hpp>
#include <ostiary/token/verifier.hpp>

#include <array>
#include <cstdint>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace ostiary;

namespace {

constexpr std::array<std::string_view, 1> kAudiences{"https://api.example"};

std::string_view name_of(Reason reason) { return reason_info(reason).name; }

std::string_view name_of(FetchKind kind) {
  switch (kind) {
    case FetchKind::kDiscovery: return "discovery";
    case FetchKind::kKeySet: return "keys";
    case FetchKind::kPem: return "pem";
  }
  return {};
}

std::string_view name_of(FetchReason reason) {
  switch (reason) {
    case FetchReason::kFirst: return "first";
    case FetchReason::kSoftAge: return "soft";
    case FetchReason::kHardAge: return "hard";
    case FetchReason::kUnknownKey: return "unknown";
    case FetchReason::kRetry: return "retry";
  }
  return {};
}

std::string ids_of(const std::vector<KeyMark>& keys) {
  std::string ids;
  for (const KeyMark& key : keys) ids += (ids.empty() ? "" : ",") + key.key_id;
  return ids;
}

class Host {
 public:
  explicit Host(std::shared_ptr<KeySource> source, std::string issuer)
      : source_(std::move(source)), reader_(source_), issuer_(std::move(issuer)) {}

  std::string answer(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command == "wanted") return wanted(words);
    if (command == "begin") return begin(words);
    if (command == "complete") return complete(words);
    if (command == "fail") return fail(words);
    if (command == "verify") return verify(words);
    return "what?";
  }

 private:
  std::string wanted(std::istream& words) {
    std::int64_t now = 0;
    words >> now;
    const std::optional<FetchWanted> fetch = source_->wanted(now);
    if (!fetch) return "nothing";
    std::ostringstream text;
    text << fetch->ticket << ' ' << name_of(fetch->kind) << ' ' << name_of(fetch->reason) << ' ' << fetch->not_before_s
         << ' ' << fetch->uri;
    return text.str();
  }

  std::string begin(std::istream& words) {
    std::uint64_t ticket = 0;
    std::int64_t now = 0;
    words >> ticket >> now;
    return std::string(name_of(source_->begin(ticket, now)));
  }

  std::string complete(std::istream& words) {
    std::uint64_t ticket = 0;
    std::int64_t now = 0;
    std::string age;
    std::size_t size = 0;
    words >> ticket >> now >> age >> size;
    std::string body(size, '\0');
    std::cin.read(body.data(), static_cast<std::streamsize>(size));
    const std::optional<std::int64_t> lifetime = age == "-" ? std::nullopt : std::optional(std::stoll(age));
    const Result<KeyChange> change = source_->complete(ticket, body, now, lifetime);
    return std::string(name_of(change.reason())) + " added=" + ids_of(change->added) +
           " removed=" + ids_of(change->removed) + " replaced=" + ids_of(change->replaced);
  }

  std::string fail(std::istream& words) {
    std::uint64_t ticket = 0;
    std::int64_t now = 0;
    words >> ticket >> now;
    return std::string(name_of(source_->fail(ticket, now)));
  }

  std::string verify(std::istream& words) {
    std::int64_t now = 0;
    std::string key_id;
    std::string token;
    words >> now >> key_id >> token;
    TrustedIssuer issuer;
    issuer.policy.issuer = issuer_;
    issuer.policy.audiences = kAudiences;
    issuer.policy.algorithms = AlgorithmSet{Algorithm::kEs256};
    issuer.policy.profile = TokenProfile::kAccessToken;
    issuer.keys = reader_.keys(now);
    const Reason reason = verify_token(token, std::span(&issuer, 1), {.now_s = now}, scratch_).reason();
    if (reason == Reason::kTokenKeyUnknown) source_->unknown_key(key_id);
    return std::string(name_of(reason));
  }

  std::shared_ptr<KeySource> source_;
  KeyReader reader_;
  std::string issuer_;
  VerifyScratch scratch_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  KeySourceOptions options;
  options.issuer = argv[1];
  options.allow_loopback_http = true;
  const Result<std::shared_ptr<KeySource>> source = KeySource::make(options);
  if (!source) {
    std::cerr << name_of(source.reason()) << '\n';
    return 2;
  }
  Host host(*source, argv[1]);
  for (std::string line; std::getline(std::cin, line);) std::cout << host.answer(line) << std::endl;
  return 0;
}
