// What is not shown of requests and tokens: terminals are recorded, screens are shared, and error output ends up in
// logs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ostiary::policy {

/// Whether a field or a query parameter of this name carries a credential.
[[nodiscard]] bool is_secret_name(std::string_view name);

/// Whether the text holds what looks like a token: base64url that begins as JSON objects do.
[[nodiscard]] bool holds_token(std::string_view text);

/// The text with a note in the place of everything that looks like a token.
[[nodiscard]] std::string without_tokens(std::string_view text);

/// What is shown of a value that is not: "(57 bytes, not shown)".
[[nodiscard]] std::string size_only(std::size_t size);

/// A value of a thing of this name as explanations show it: its size where it is a secret or holds a token, its
/// beginning and its size where it is long.
[[nodiscard]] std::string shown_value(std::string_view name, std::string_view value);

}  // namespace ostiary::policy
