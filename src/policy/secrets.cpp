#include "policy/secrets.hpp"

#include <algorithm>
#include <array>

namespace ostiary::policy {

namespace {

// In lower case.
constexpr std::array<std::string_view, 8> kSecretNames = {
    "authorization", "proxy-authorization", "cookie", "cookie2", "dpop", "code", "sig", "assertion"};
// access_token, X-Amz-Security-Token, X-Amz-Signature, client_secret, X-Api-Key and their like.
constexpr std::array<std::string_view, 8> kSecretEndings = {"token",     "secret",    "password", "passwd",
                                                            "signature", "assertion", "api-key",  "api_key"};

// Every JSON object in base64url starts like this, and so does every compact token.
constexpr std::string_view kTokenStart = "eyJ";
constexpr std::string_view kTokenBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
constexpr std::size_t kTokenSizeMin = 24;

}  // namespace

bool is_secret_name(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::find(kSecretNames.begin(), kSecretNames.end(), lower) != kSecretNames.end() ||
         std::any_of(kSecretEndings.begin(), kSecretEndings.end(),
                     [&lower](std::string_view ending) { return lower.ends_with(ending); });
}

bool holds_token(std::string_view text) { return without_tokens(text) != text; }

std::string without_tokens(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t start = std::min(text.find(kTokenStart), text.size());
    const std::size_t end = std::min(text.find_first_not_of(kTokenBytes, start), text.size());
    result += text.substr(0, start);
    result += end - start < kTokenSizeMin ? text.substr(start, end - start) : "(a token, not shown)";
    text.remove_prefix(end);
  }
  return result;
}

std::string size_only(std::size_t size) {
  return "(" + std::to_string(size) + (size == 1 ? " byte" : " bytes") + ", not shown)";
}

std::string shown_value(std::string_view name, std::string_view value) {
  constexpr std::size_t kShownMax = 64;
  if (is_secret_name(name) || holds_token(value)) return size_only(value.size());
  if (value.size() <= kShownMax) return std::string(value);
  return std::string(value.substr(0, kShownMax)) + "... (" + std::to_string(value.size()) + " bytes)";
}

}  // namespace ostiary::policy
