#include "token/pem.hpp"

#include <ostiary/core/base64.hpp>

#include <cstddef>
#include <optional>

namespace ostiary {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";

/// Takes the first line off `text`, with its line break, LF or CR LF.
std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// What stands between `front` and the dashes of a boundary line.
std::optional<std::string_view> label_of(std::string_view line, std::string_view front) noexcept {
  if (!line.starts_with(front) || !line.ends_with(kDashes) || line.size() < front.size() + kDashes.size()) {
    return std::nullopt;
  }
  return line.substr(front.size(), line.size() - front.size() - kDashes.size());
}

std::string_view without_line_breaks_around(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of("\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of("\r\n") - first + 1);
}

/// The lines up to the one that ends the block, joined; nothing when that one is missing, is not the last of the
/// text or when a line is empty.
std::optional<std::string> take_body(std::string_view& text, std::string_view label) {
  std::string body;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (label_of(line, kEnd) == label) return text.empty() ? std::optional(body) : std::nullopt;
    if (line.empty()) return std::nullopt;
    body += line;
  }
  return std::nullopt;
}

}  // namespace

Result<PemBlock> read_pem(std::string_view text) {
  text = without_line_breaks_around(text);
  const std::optional<std::string_view> label = label_of(take_line(text), kBegin);
  if (!label) return Reason::kKeyPem;
  if (label->find("PRIVATE KEY") != std::string_view::npos) return Reason::kKeyPrivate;
  const bool certificate = *label == "CERTIFICATE";
  if (!certificate && *label != "PUBLIC KEY") return Reason::kKeyPem;
  const std::optional<std::string> body = take_body(text, *label);
  if (!body || body->empty()) return Reason::kKeyPem;
  PemBlock block{certificate ? PemLabel::kCertificate : PemLabel::kPublicKey,
                 std::string(base64_decoded_size(*body), '\0')};
  if (base64_decode(*body, block.der.data()) != std::string_view::npos) return Reason::kKeyPem;
  return block;
}

}  // namespace ostiary
