// Gates, key sets and engines from files, and what is said when they are not sound.
#pragma once

#include <ostiary/engine.hpp>
#include <ostiary/policy/compile.hpp>
#include <ostiary/token/revocation.hpp>
#include <ostiary/token/secret_keys.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::cli {

/// The image in `file`, or on standard input, which holds an image or its JSON source; the content tells which.
/// Throws Stop: kUsage when unreadable, kBroken when the source does not compile.
[[nodiscard]] std::string load_gate_image(const std::string& file);

/// The JSON source in `file`; nothing when it holds an image. Throws Stop: kUsage when unreadable.
[[nodiscard]] std::optional<std::string> load_gate_source(const std::string& file);

/// Throws Stop: kUsage when unreadable, kBroken when the whole set is refused.
[[nodiscard]] std::shared_ptr<const KeySet> load_keys(const std::string& file);

/// The one key of a PEM file, for the one algorithm that is allowed or, where there are several, that of its type.
/// Throws Stop: kUsage when unreadable, kBroken when it is refused.
[[nodiscard]] std::shared_ptr<const KeySet> load_pem(const std::string& file, AlgorithmSet algorithms);

/// The bytes of a file as a shared secret, for the first algorithm that is allowed. Throws Stop as above.
[[nodiscard]] std::shared_ptr<const SecretKeys> load_secret(const std::string& file, AlgorithmSet algorithms);

/// Throws Stop as above.
[[nodiscard]] std::shared_ptr<const RevocationList> load_revocation(const std::string& file);

/// The engine for a Gate file and ISSUER-ID=FILE pairs. Throws Stop as above, and kUsage for a pair that is none or
/// names an issuer the Gate does not.
[[nodiscard]] std::shared_ptr<const Engine> load_engine(const std::string& gate_file,
                                                        const std::vector<std::string>& keys);

/// One public key of those who make Gates or review boundaries from each file. Throws Stop as above.
[[nodiscard]] std::vector<GatePublicKey> load_gate_keys(const std::vector<std::string>& files);

/// Of a file with one Ed25519 key.
inline constexpr std::size_t kKeyFileSizeMax = 4096;

/// The JSON source of a Gate as it may be given to compile_gate, and a little more, so that its own limit speaks.
[[nodiscard]] std::string read_gate_source(const std::string& file);

/// "file:line:column: REASON: message" for each, one a line, as editors and compilers do.
[[nodiscard]] std::string shown_gate_errors(const std::string& file, const std::vector<GateError>& errors);

}  // namespace ostiary::cli
