// Random request heads in pieces, mostly valid, with faults that both doors can see.
#pragma once

#include <ostiary/http/inspect.hpp>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {

struct Pieces {
  std::string method;
  std::string authority;  ///< used when has_authority
  bool has_authority = false;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;
};

class HeadGenerator {
 public:
  explicit HeadGenerator(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }

  Pieces next() {
    Pieces pieces;
    pieces.method = one_in(20) ? pick({"get", "FOO", "CONNECT", "G\"T", "\x80"})
                               : pick({"GET", "POST", "PUT", "DELETE", "OPTIONS"});
    pieces.target = target();
    if (one_in(12))
      pieces.target = pick({"http://", "HTTPS://", "http://u@", "ftp://"}) + target_host() + pieces.target;
    if (pieces.method == "CONNECT" && !one_in(4)) pieces.target = target_host();
    pieces.has_authority = one_in(3);
    pieces.authority = host();
    if (!pieces.has_authority && !one_in(20)) pieces.fields.emplace_back(pick({"Host", "host", "HOST"}), host());
    for (std::size_t left = below(6); left > 0; --left) {
      pieces.fields.insert(pieces.fields.begin() + static_cast<std::ptrdiff_t>(below(pieces.fields.size() + 1)),
                           field());
    }
    return pieces;
  }

  /// Zero to two blanks.
  std::string blanks() { return pick({"", " ", "\t", " \t", "  "}); }

 private:
  std::string pick(std::initializer_list<std::string_view> choices) {
    return std::string(*(choices.begin() + below(choices.size())));
  }

  std::string target() {
    std::string text = one_in(30) ? "" : "/";
    for (std::size_t left = below(8); left > 0; --left) {
      text += pick({"a", "b", "/", "/", ".", "..", "/./", "%2e", "%41", "%c3%a9", "%3F", "%25", "~", "@"});
      if (one_in(60))
        text += pick({"%2f", "%00", "%zz", "%ff", "\\", "#", "\"", "\x80", "%c0%af", "\x01", "%ef%bc%8e"});
      if (one_in(30)) text += pick({"%252e", ";", "..;/", "%3B", "//../", "%20/"});
    }
    if (one_in(3)) text += pick({"?", "?a=b", "?[]={}|^`\\", "?%41?/"});
    if (one_in(40)) text += pick({"?%", "?\"", "?#", "#"});
    return text.empty() ? "*" : text;
  }

  std::string host() {
    if (one_in(12)) return pick({"", "a_b", "a..b", "a:0", "a:99999", "[::1", "1.2.3", "u@a", "a b", ".", "\xff"});
    return pick({"a.example", "A.Example.", "a.example:443", "127.0.0.1", "[::1]:8443", "[2001:DB8:0::1]", "b"});
  }

  /// Of a target: no space and not empty, which would end the target in a text.
  std::string target_host() {
    const std::string text = host();
    return text.empty() || text.find(' ') != std::string::npos ? "b" : text;
  }

  std::pair<std::string, std::string> field() {
    if (one_in(25)) {
      return {pick({"", "a b", "a ", " a", "a_b", "a\x80", "a(b)", ":path", "a\x01"}), "v"};
    }
    if (one_in(25))
      return {"X-Value", pick({"a\x01"
                               "b",
                               "\x7f",
                               "\x0b"
                               "chunked"})};
    if (one_in(8))
      return {pick({"Content-Length", "content-length"}),
              pick({"5", "0", "05", "+5", "5,5", "", "9223372036854775808"})};
    if (one_in(8)) return {"Transfer-Encoding", pick({"chunked", "Chunked", "chunked, chunked", "gzip", ""})};
    if (one_in(8))
      return {"Connection", pick({"close", "keep-alive, te", "host", "close,authorization", "x-forwarded-for", "a b"})};
    if (one_in(10)) return {pick({"Authorization", "authorization"}), pick({"Bearer abc", "Basic x"})};
    return {pick({"Accept", "X-A", "x-b", "User-Agent", "Referer", "Range"}),
            pick({"", "v", "two words", "\x80\xff", "a\tb"})};
  }

  std::mt19937_64 random_;
};

/// The pieces as the fields door takes them. Borrows `pieces`.
inline std::vector<FieldView> views_of(const Pieces& pieces) {
  std::vector<FieldView> views;
  for (const auto& [name, value] : pieces.fields) views.push_back({name, value});
  return views;
}

/// The same request as text, with the white space that `generator` chooses around values.
inline std::string text_of(const Pieces& pieces, HeadGenerator& generator) {
  std::string text = pieces.method + " " + pieces.target + " HTTP/1.1\r\n";
  bool has_host = false;
  for (const auto& [name, value] : pieces.fields) has_host = has_host || equals_ignoring_case(name, "host");
  if (pieces.has_authority && !has_host)
    text += "host:" + generator.blanks() + pieces.authority + generator.blanks() + "\r\n";
  for (const auto& [name, value] : pieces.fields)
    text += name + ":" + generator.blanks() + value + generator.blanks() + "\r\n";
  return text + "\r\n";
}

/// The text with up to two bytes dropped, changed or put in.
inline std::string mutated(std::string text, HeadGenerator& generator) {
  for (std::size_t left = generator.below(3); left > 0; --left) {
    const std::size_t at = generator.below(text.size());
    switch (generator.below(3)) {
      case 0: text.erase(at, 1); break;
      case 1: text[at] = "\r\n\t \0:/%x_"[generator.below(10)]; break;
      default: text.insert(at, 1, "\r\n\t \0:/%x_"[generator.below(10)]); break;
    }
  }
  return text;
}

/// Text that is mostly made of what the pass looks for, at every alignment.
inline std::string noise(HeadGenerator& generator) {
  static constexpr std::string_view kParts[] = {"\r\n", "\r",           "\n",    ":",    "Host: a.b\r\n", "x",  "/",
                                                " ",    "/a/./",        "GET /", "\x7f", "\x80",          "\t", "a-b.",
                                                "_:",   "Accept: y\r\n"};
  std::string text;
  for (std::size_t left = generator.below(40); left > 0; --left) {
    text += kParts[generator.below(std::size(kParts))];
    if (generator.one_in(6)) text.append(generator.below(70), 'v');
    if (generator.one_in(40)) text += static_cast<char>(generator.below(256));
  }
  return text;
}

}  // namespace ostiary::test
