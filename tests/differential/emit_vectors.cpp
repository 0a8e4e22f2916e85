// Prints random heads that were accepted, as they are emitted, one JSON object a line: what other programs must read in
// them. Bytes are in hexadecimal digits.
//
// Usage: emit_vectors SEED COUNT
#include "property/http/heads.hpp"
#include "support/bytes_of_hex.hpp"
#include "support/emit_promises.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

using Pair = std::pair<std::string, std::string>;

/// What the emitter treats in a way of its own, and what readers differ about.
const std::vector<Pair>& unusual_fields() {
  static const std::vector<Pair> fields = {
      {"Cookie", "a=1"},
      {"cookie", "b=2; c=\"3\""},
      {"X-Forwarded-For", "10.0.0.1"},
      {"Forwarded", "host=evil"},
      {"Connection", "x-hop, close"},
      {"Connection", "keep-alive"},
      {"Connection", "Upgrade"},
      {"Upgrade", "websocket"},
      {"Upgrade", "h2c"},
      {"HTTP2-Settings", "AAMAAABk"},
      {"X-Hop", "hop"},
      {"Keep-Alive", "timeout=5"},
      {"TE", "trailers"},
      {"Proxy-Connection", "close"},
      {"Expect", "100-continue"},
      {"X-Original-URL", "/admin"},
      {"X-HTTP-Method-Override", "DELETE"},
      {"X_B", "underscore"},
      {"X-Latin", "caf\xe9 \xff"},
      {"X-Colons", ": a: b,, ;=\"\\"},
      {"X-Tab", "a\t\tb"},
      {"X-Empty", ""},
      {"!#$%&'*+.^`|~09", "every token byte"},
      {"X-Long", std::string(2000, 'l')},
      {"Accept-Encoding", "gzip, br"},
      {"If-None-Match", "\"a\", W/\"b\""},
      {"Content-Type", "text/plain; charset=utf-8"},
      {"Content-Length", "3"},
      {"Content-Length", "700"},
      {"Transfer-Encoding", "chunked"},
  };
  return fields;
}

/// Targets in the forms that the generator of the property tests does not write.
void vary_target(Pieces& pieces, HeadGenerator& heads) {
  constexpr std::array<std::string_view, 6> kTargets = {
      "/a/../b/%7Ec/%c3%a9?x=%7e",         "http://a.example/x?y", "http://a.example",
      "/%F0%9F%98%80/~user/(1)!$&'*+,=:@", "/?{a}|^`[b]\\",        "/very/%41/./long/"};
  if (heads.one_in(4)) pieces.target = kTargets[heads.below(kTargets.size())];
  if (heads.one_in(30)) {
    pieces.method = "OPTIONS";
    pieces.target = "*";
  }
  if (heads.one_in(30)) {
    pieces.method = "CONNECT";
    pieces.target = "a.example:443";
    pieces.authority = "a.example:443";
  }
  if (heads.one_in(10)) pieces.method = kMethodNames[heads.below(kMethodNames.size())];
}

nlohmann::json framing_of(const Request& request) {
  switch (request.framing) {
    case Framing::kNoBody: return nullptr;
    case Framing::kChunked: return "chunked";
    case Framing::kContentLength: return request.content_length;
  }
  return nullptr;
}

/// The view of what was sent, which is what must be read in `emitted`.
nlohmann::json line_of(std::string_view sent, const Request& request, std::string_view emitted,
                       const EmitCase& wanted) {
  nlohmann::json edits = nlohmann::json::array();
  constexpr std::array<std::string_view, 5> kKinds = {"", "remove", "set", "append", "rename"};
  for (const HeaderEdit& edit : wanted.edits) {
    edits.push_back({kKinds[static_cast<std::size_t>(edit.kind)], hex_of_bytes(edit.name), hex_of_bytes(edit.value)});
  }
  std::string target(request.path);
  if (request.query.present()) target += "?" + std::string(request.query.in(request.head));
  std::string host(request.host);
  if (request.port != 0) host += ":" + std::to_string(request.port);
  if (request.form == TargetForm::kAuthority) target = host;
  return {{"sent", hex_of_bytes(sent)},       {"edits", edits},
          {"emitted", hex_of_bytes(emitted)}, {"method", kMethodNames[static_cast<std::size_t>(request.method)]},
          {"target", hex_of_bytes(target)},   {"host", hex_of_bytes(host)},
          {"framing", framing_of(request)},   {"trusted", wanted.options.peer_is_trusted}};
}

/// Bodies that are too long to be sent say nothing about framing.
bool is_small(const Request& request) { return request.content_length <= 1000; }

bool print_one(HeadGenerator& heads) {
  Pieces pieces = heads.next();
  vary_target(pieces, heads);
  for (std::size_t left = heads.below(7); left > 0; --left) {
    pieces.fields.push_back(unusual_fields()[heads.below(unusual_fields().size())]);
  }
  if (heads.one_in(12)) {
    pieces.fields.insert(pieces.fields.end(), {{"Connection", "keep-alive, Upgrade"},
                                               {"Upgrade", "h2c, websocket"},
                                               {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                               {"Sec-WebSocket-Version", "13"}});
  }
  // Through either door; a body that the head does not tell of has no view to compare with.
  EmitCase wanted = make_case(heads.below(1U << kCaseBits));
  wanted.options.body_of_unknown_length = false;
  const std::string text = text_of(pieces, heads);
  const std::vector<FieldView> views = views_of(pieces);
  const std::string_view authority = pieces.has_authority ? std::string_view(pieces.authority) : std::string_view();
  const ParsedHead parsed{pieces.method, authority, pieces.target, views, HttpVersion::kUnknown};
  const bool in_pieces = heads.one_in(2);
  const std::string checked =
      in_pieces ? check_promises(parsed, wanted) : check_promises(std::string_view(text), wanted);
  if (checked.empty()) return false;
  const auto print = [&](const Emitted& emitted) {
    if (!is_small(emitted.request())) return false;
    const std::string line = line_of(emitted.request().head, emitted.request(), emitted.text(), wanted).dump();
    return std::puts(line.c_str()) >= 0;
  };
  return in_pieces ? print(Emitted(parsed, wanted.edits, wanted.options))
                   : print(Emitted(std::string_view(text), wanted.edits, wanted.options));
}

}  // namespace
}  // namespace ostiary::test

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  ostiary::test::HeadGenerator heads(std::strtoull(argv[1], nullptr, 10));
  for (unsigned long long left = std::strtoull(argv[2], nullptr, 10); left > 0;) {
    if (ostiary::test::print_one(heads)) --left;
  }
  return 0;
}
