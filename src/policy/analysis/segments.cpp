#include "policy/analysis/segments.hpp"

#include <ostiary/http/query.hpp>
#include <ostiary/http/target.hpp>

#include <algorithm>
#include <cstddef>

namespace ostiary::policy::analysis {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";
/// pchar (RFC 3986 §3.3) that is not unreserved: canonical paths keep it as it came, plain or escaped. A semicolon is
/// refused where it is plain.
constexpr std::string_view kEither = "!$&'()*+,=:@";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

bool is_either(char c) { return kEither.find(c) != std::string_view::npos; }

void put(std::string& segment, char c, bool escape) {
  if (!escape) {
    segment += c;
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  segment.append(1, '%').append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
}

}  // namespace

std::vector<std::string> segments_saying(std::string_view text, bool waived) {
  std::string plain;
  std::string escaped;
  for (const char c : text) {
    put(plain, c, !is_unreserved(c) && !is_either(c));
    put(escaped, c, !is_unreserved(c));
  }
  std::vector<std::string> segments;
  if (text.empty() || (!waived && !is_canonical_path("/" + escaped))) return segments;
  segments.push_back(plain);
  if (escaped != plain) segments.push_back(std::move(escaped));
  return segments;
}

bool is_mixable(std::string_view text) { return std::count_if(text.begin(), text.end(), is_either) > 1; }

std::string mixed_segment(std::string_view text) {
  std::string segment;
  bool first = true;
  for (const char c : text) {
    put(segment, c, is_either(c) ? first : !is_unreserved(c));
    first = first && !is_either(c);
  }
  return segment;
}

std::string decoded_segment(std::string_view segment) {
  std::string text(segment.size(), '\0');
  text.resize(ostiary::detail::write_decoded(segment, PlusSign::kPlus, text.data()));
  return text;
}

}  // namespace ostiary::policy::analysis
