#include <ostiary/trust/challenge.hpp>

#include <algorithm>

namespace ostiary {

namespace {

/// Text put together at the front of a buffer that has room for all of it.
class Writer {
 public:
  explicit Writer(std::span<char> memory) noexcept : memory_(memory) {}

  void add(std::string_view text) noexcept {
    const std::size_t size = std::min(text.size(), memory_.size() - used_);
    std::copy_n(text.data(), size, memory_.data() + used_);
    used_ += size;
  }

  /// A parameter of the challenge begun last.
  void add_parameter(std::string_view name, std::string_view value) noexcept {
    add(first_parameter_ ? " " : ", ");
    add(name);
    add("=\"");
    add(value);
    add("\"");
    first_parameter_ = false;
  }

  void begin(std::string_view scheme) noexcept {
    if (used_ > 0) add(", ");
    add(scheme);
    first_parameter_ = true;
  }

  [[nodiscard]] std::string_view text() const noexcept { return {memory_.data(), used_}; }

 private:
  std::span<char> memory_;
  std::size_t used_ = 0;
  bool first_parameter_ = true;
};

/// Longer than the names of all asymmetric algorithms together.
struct AlgorithmList {
  std::array<char, 192> memory{};
  std::size_t size = 0;
};

/// RFC 9449 §7.1: the names, separated by spaces. Each algorithm stands once.
AlgorithmList list_of(AlgorithmSet algorithms) noexcept {
  AlgorithmList list;
  for (const AlgorithmName& known : kAlgorithmNames) {
    if (!algorithms.contains(known.algorithm) || algorithm_name(known.algorithm) != known.name) continue;
    if (list.size > 0) list.memory[list.size++] = ' ';
    list.size += known.name.copy(list.memory.data() + list.size, known.name.size());
  }
  return list;
}

/// Whether the code belongs to the DPoP challenge rather than to that of Bearer.
bool concerns_dpop(Reason reason, ChallengeError error, const ChallengeSchemes& schemes) noexcept {
  if (schemes.dpop_algorithms.empty()) return false;
  const bool about_proof = error == ChallengeError::kInvalidProof || error == ChallengeError::kUseNonce;
  // RFC 9449 §7.2: a bound token that came as a bearer token is to be presented with DPoP.
  const bool about_scheme = reason == Reason::kDpopScheme || !schemes.bearer;
  return about_proof || about_scheme || schemes.used == CredentialScheme::kDpop;
}

}  // namespace

Result<std::string_view> write_challenge(Reason reason, const ChallengeSchemes& schemes,
                                         std::span<char, kChallengeSizeMax> memory) noexcept {
  const bool dpop = !schemes.dpop_algorithms.empty();
  if (!dpop && !schemes.bearer) return Reason::kUsageArgument;
  const ChallengeError error = challenge_error_of(reason);
  Writer writer(memory);
  if (error == ChallengeError::kNoChallenge) return writer.text();
  const std::string_view code = challenge_error_name(error);
  const bool at_dpop = concerns_dpop(reason, error, schemes);
  if (schemes.bearer) {
    writer.begin("Bearer");
    if (!code.empty() && !at_dpop) writer.add_parameter("error", code);
  }
  if (dpop) {
    writer.begin("DPoP");
    if (!code.empty() && at_dpop) writer.add_parameter("error", code);
    const AlgorithmList algorithms = list_of(schemes.dpop_algorithms);
    writer.add_parameter("algs", {algorithms.memory.data(), algorithms.size});
  }
  return writer.text();
}

}  // namespace ostiary
