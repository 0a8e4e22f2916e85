// What leaves the door: one test per rule of the forwarded head. Numbers are rows of the table of attacks.
#include "support/emitted.hpp"

#include <ostiary/http/emit.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::test {
namespace {

constexpr std::string_view kStart = "GET / HTTP/1.1\r\nHost: a.example\r\n";

std::string with(std::string_view lines) { return std::string(kStart) + std::string(lines) + "\r\n"; }

std::string post(std::string_view lines, std::string_view version = "1.1") {
  return "POST /x HTTP/" + std::string(version) + "\r\nHost: a.example\r\n" + std::string(lines) + "\r\n";
}

/// The emitted head, or the name of the Reason why there is none.
std::string emit(std::string_view head, std::span<const HeaderEdit> edits = {}, const EmitOptions& options = {},
                 const InspectOptions& inspect = {}) {
  const Emitted emitted(head, edits, options, inspect);
  if (!emitted.complete()) return "not inspected: " + std::string(reason_info(emitted.inspected()).name);
  if (!emitted.result().ok()) return std::string(reason_info(emitted.result().reason()).name);
  return std::string(emitted.text());
}

std::string emit_fields(const ParsedHead& parsed, const EmitOptions& options = {}) {
  const Emitted emitted(parsed, {}, options);
  if (!emitted.complete()) return "not inspected: " + std::string(reason_info(emitted.inspected()).name);
  if (!emitted.result().ok()) return std::string(reason_info(emitted.result().reason()).name);
  return std::string(emitted.text());
}

EmitOptions waiving(Reason rule) {
  EmitOptions options;
  options.waived.add(rule);
  return options;
}

EmitOptions trusting() {
  EmitOptions options;
  options.peer_is_trusted = true;
  return options;
}

TEST(EmitTest, WritesAPlainHeadAsItWas) {
  const std::string head = with("User-Agent: me\r\nAccept: */*\r\nX-Empty: \r\n");
  EXPECT_EQ(emit(head), head);
}

TEST(EmitTest, KeepsTheBytesOfNamesAndTrimsValues) {
  EXPECT_EQ(emit(with("x-LOUD:\t two  words \t\r\nX-None:\r\n")), with("x-LOUD: two  words\r\nX-None: \r\n"));
}

TEST(EmitTest, PutsTheHostFirst) {
  EXPECT_EQ(emit("GET / HTTP/1.1\r\nAccept: */*\r\nHost: a.example\r\n\r\n"), with("Accept: */*\r\n"));
}

TEST(EmitTest, ForwardsEveryVersionAsHttp11) {
  EXPECT_EQ(emit("GET / HTTP/1.0\r\nHost: a.example\r\nConnection: keep-alive\r\n\r\n"), with(""));
}

TEST(EmitTest, LosesTheEmptyLineBeforeTheRequestLine) { EXPECT_EQ(emit("\r\n" + with("")), with("")); }

TEST(EmitTest, WritesTheCanonicalPathAndTheQueryAsSent) {  // row 70
  EXPECT_EQ(emit("GET /a/../b/%7Ec/%c3%a9/%2E?x=%7e&&y HTTP/1.1\r\nHost: a.example\r\n\r\n"),
            "GET /b/~c/%C3%A9/?x=%7e&&y HTTP/1.1\r\nHost: a.example\r\n\r\n");
  EXPECT_EQ(emit("GET //a///b/ HTTP/1.1\r\nHost: a.example\r\n\r\n"), "GET /a/b/ HTTP/1.1\r\nHost: a.example\r\n\r\n");
}

TEST(EmitTest, WritesAnotherTargetInPlaceOfPathAndQuery) {
  const auto to = [](std::string_view target) { return EmitOptions{.target = target}; };
  const std::string head = "GET /old/a?q=1&z=2 HTTP/1.1\r\nHost: a.example\r\n\r\n";
  EXPECT_EQ(emit(head, {}, to("/new/a?q=1")), "GET /new/a?q=1 HTTP/1.1\r\nHost: a.example\r\n\r\n");
  const std::string absolute = "GET http://a.example/old?q HTTP/1.1\r\nHost: a.example\r\n\r\n";
  EXPECT_EQ(emit(absolute, {}, to("/new")), "GET /new HTTP/1.1\r\nHost: a.example\r\n\r\n");
}

TEST(EmitTest, RefusesATargetThatIsNone) {
  const auto to = [](std::string_view target) { return EmitOptions{.target = target}; };
  for (const std::string_view target : {"", "new", "*", "http://b.example/", "?q"}) {
    EXPECT_EQ(emit(with(""), {}, to(target)), "TARGET_FORM") << target;
  }
  for (const std::string_view target : {"/a b", "/a\r\nx: 1", "/a#b", "/\x7f", "/\xc3\xa4"}) {
    EXPECT_EQ(emit(with(""), {}, to(target)), "TARGET_CHARACTER") << target;
  }
  EXPECT_EQ(emit("OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n", {}, to("/")), "TARGET_FORM");
  EXPECT_EQ(emit("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n", {}, to("/")), "TARGET_FORM");
}

TEST(EmitTest, WritesAnEmptyQueryButNotAnAbsentOne) {
  EXPECT_TRUE(emit("GET /? HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("GET /? HTTP/1.1\r\n"));
  EXPECT_TRUE(emit("GET / HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("GET / HTTP/1.1\r\n"));
}

TEST(EmitTest, DropsAnOfferOfH2cWithItsSettings) {  // row 25
  EXPECT_EQ(emit(with("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n")),
            with(""));
}

TEST(EmitTest, ForwardsAnUpgradeOnlyWhereTheRouteWaivesItsRefusal) {  // row 26
  const std::string head =
      with("connection: keep-alive, UPGRADE\r\nupgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
  EXPECT_EQ(emit(head, {}, waiving(Reason::kUpgradeRefused)),
            with("Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"));
  EXPECT_EQ(emit(head), "not inspected: UPGRADE_REFUSED");
}

TEST(EmitTest, DropsH2cFromAPermittedUpgrade) {
  EXPECT_EQ(emit(with("Connection: upgrade\r\nUpgrade: H2C, websocket\r\nUpgrade: foo/1, h2c\r\n"), {},
                 waiving(Reason::kUpgradeRefused)),
            with("Connection: upgrade\r\nUpgrade: websocket, foo/1\r\n"));
}

TEST(EmitTest, DropsAnUpgradeThatConnectionDoesNotName) {  // RFC 9110 §7.8
  EXPECT_EQ(emit(with("Upgrade: websocket\r\n"), {}, waiving(Reason::kUpgradeRefused)), with(""));
}

TEST(EmitTest, RefusesAViewWhoseRejectionNobodyWaived) {
  std::vector<std::byte> memory(inspect_scratch_size_max({}) + emit_scratch_size_max({}));
  Arena arena(memory);
  InspectOptions left;
  left.left_to_route = kWaivableRules;
  const std::string head = with("Connection: upgrade\r\nUpgrade: websocket\r\n");
  const Inspection seen = inspect_bytes(head, arena, left);
  ASSERT_EQ(seen.progress, Progress::kComplete);
  EXPECT_EQ(emit_head(seen.request, {}, {}, arena).reason(), Reason::kUpgradeRefused);
  EXPECT_EQ(emit_head(seen.request, {}, waiving(Reason::kBodyUnexpected), arena).reason(), Reason::kUpgradeRefused);
  EXPECT_TRUE(emit_head(seen.request, {}, waiving(Reason::kUpgradeRefused), arena).ok());
}

TEST(EmitTest, RefusesAViewOfNothing) {
  std::vector<std::byte> memory(emit_scratch_size_max({}));
  Arena arena(memory);
  EXPECT_EQ(emit_head(Request{}, {}, {}, arena).reason(), Reason::kUsageArgument);
}

TEST(EmitTest, DropsWhatBelongsToTheConnection) {  // row 27
  EXPECT_EQ(emit(with("Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\nTrailer: X\r\n"
                      "Proxy-Authorization: Basic QQ==\r\nX-Kept: 1\r\nConnection: close\r\n")),
            with("X-Kept: 1\r\n"));
}

TEST(EmitTest, DropsWhatConnectionNames) {  // row 27
  EXPECT_EQ(emit(with("x-hop: 1\r\nX-Kept: 2\r\nConnection: ,X-HOP,, close\r\nDNT: 1\r\nConnection: x-other,dnt\r\n"
                      "X-Other: 3\r\nX-Hop: 4\r\n")),
            with("X-Kept: 2\r\n"));
}

TEST(EmitTest, WritesTheHostThatTheTargetAgreedWith) {  // row 47
  const std::string absolute = "GET http://A.Example/x?y HTTP/1.1\r\nHost: a.example.\r\n\r\n";
  const std::string emitted = emit(absolute);
  if (emitted == "not inspected: TARGET_FORM") GTEST_SKIP() << "the inspector does not read the absolute form";
  EXPECT_EQ(emitted, "GET /x?y HTTP/1.1\r\nHost: a.example\r\n\r\n");
  EXPECT_EQ(emit("GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n"), "not inspected: HOST_DISAGREES");
}

/// A view as the inspector makes it, so that the forms of the target are tested apart from their reading.
struct View {
  View(Method method, TargetForm form, std::string_view path) {
    request.head = "x";
    request.method = method;
    request.form = form;
    request.path = path;
    request.host = "a.example";
  }
  std::string emitted() {
    std::vector<std::byte> memory(emit_scratch_size_max({}));
    Arena arena(memory);
    return std::string(*emit_head(request, {}, {}, arena));
  }
  Request request;
};

TEST(EmitTest, WritesTheAbsoluteFormAsOriginForm) {
  EXPECT_EQ(View(Method::kGet, TargetForm::kAbsolute, "/").emitted(), with(""));
}

TEST(EmitTest, WritesTheAsteriskForm) {
  EXPECT_EQ(View(Method::kOptions, TargetForm::kAsterisk, "*").emitted(),
            "OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n");
}

TEST(EmitTest, WritesTheAuthorityFormWithItsPort) {
  View view(Method::kConnect, TargetForm::kAuthority, {});
  view.request.port = 8443;
  EXPECT_EQ(view.emitted(), "CONNECT a.example:8443 HTTP/1.1\r\nHost: a.example:8443\r\n\r\n");
  view.request.port = 0;
  view.request.scheme = Scheme::kHttps;
  EXPECT_EQ(view.emitted(), "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
  view.request.scheme = Scheme::kHttp;
  EXPECT_EQ(view.emitted(), "CONNECT a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n\r\n");
}

TEST(EmitTest, RefusesABodyOfConnectEvenIfItIsWaived) {
  View view(Method::kConnect, TargetForm::kAuthority, {});
  view.request.port = 443;
  view.request.framing = Framing::kContentLength;
  std::vector<std::byte> memory(emit_scratch_size_max({}));
  Arena arena(memory);
  EXPECT_TRUE(emit_head(view.request, {}, {}, arena).ok()) << "a length of 0 is no body";
  view.request.content_length = 1;
  EXPECT_EQ(emit_head(view.request, {}, waiving(Reason::kBodyUnexpected), arena).reason(), Reason::kBodyUnexpected);
  view.request.framing = Framing::kChunked;
  view.request.content_length = 0;
  EXPECT_EQ(emit_head(view.request, {}, waiving(Reason::kBodyUnexpected), arena).reason(), Reason::kBodyUnexpected);
}

TEST(EmitTest, WritesTheCanonicalHost) {  // row 50
  const auto host = [](std::string_view sent, Scheme scheme = Scheme::kUnknown) {
    InspectOptions inspect;
    inspect.scheme = scheme;
    return emit("GET / HTTP/1.1\r\nHost: " + std::string(sent) + "\r\n\r\n", {}, {}, inspect);
  };
  EXPECT_EQ(host("A.Example."), with(""));
  EXPECT_EQ(host("a.example:443", Scheme::kHttps), with(""));
  EXPECT_EQ(host("a.example:443", Scheme::kHttp), "GET / HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
  EXPECT_EQ(host("[2001:DB8:0:0::1]:8080"), "GET / HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n");
}

TEST(EmitTest, KeepsWhatATrustedHopTells) {  // rows 52 and 68
  const std::string head = with(
      "X-Forwarded-Host: evil\r\nForwarded: host=evil\r\nX-Forwarded-For: 10.0.0.1\r\n"
      "X-Forwarded-Scheme: http\r\nX-Host: evil\r\nX-Real-IP: 10.0.0.1\r\n");
  EXPECT_EQ(emit(head), with(""));
  EXPECT_EQ(emit(head, {}, trusting()), head);
}

TEST(EmitTest, DropsOverridesOfTheMethodWhoeverSentThem) {  // row 53
  const std::string head = with("X-HTTP-Method-Override: DELETE\r\nX-HTTP-Method: PUT\r\nX-Method-Override: PUT\r\n");
  EXPECT_EQ(emit(head), with(""));
  EXPECT_EQ(emit(head, {}, trusting()), with(""));
}

TEST(EmitTest, DropsOverridesOfTheTargetWhoeverSentThem) {  // rows 54 and 68
  const std::string head =
      with("X-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\nX-Original-URI: /a\r\nProxy: x\r\n");
  EXPECT_EQ(emit(head), with(""));
  EXPECT_EQ(emit(head, {}, trusting()), with(""));
}

TEST(EmitTest, WritesOneFramingField) {
  EXPECT_EQ(emit(post("X: 1\r\ncontent-length:  12 \r\n")), post("Content-Length: 12\r\nX: 1\r\n"));
  EXPECT_EQ(emit(post("Content-Length: 0\r\n")), post("Content-Length: 0\r\n"));
  EXPECT_EQ(emit(post("Content-Length: 9223372036854775807\r\n")), post("Content-Length: 9223372036854775807\r\n"));
  EXPECT_EQ(emit(post("transfer-encoding: CHUNKED\r\n")), post("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(emit(post("")), post(""));
}

TEST(EmitTest, TellsOfABodyThatTheHeadDidNotTellOf) {
  EmitOptions streams;
  streams.body_of_unknown_length = true;
  const auto http2 = [](std::string_view method, std::span<const FieldView> fields = {}) {
    return ParsedHead{method, "a.example", "/x", fields, HttpVersion::kHttp2};
  };
  EXPECT_EQ(emit_fields(http2("POST"), streams), post("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(emit_fields(http2("POST")), post(""));
  EXPECT_EQ(emit_fields(http2("GET"), streams), "BODY_UNEXPECTED");
  const std::array<FieldView, 1> length = {{{"content-length", "5"}}};
  EXPECT_EQ(emit_fields(http2("POST", length), streams), post("Content-Length: 5\r\n"));
  const std::array<FieldView, 2> upgrade = {{{"connection", "upgrade"}, {"upgrade", "websocket"}}};
  streams.waived = kWaivableRules;
  EXPECT_EQ(emit_fields({"POST", "a.example", "/x", upgrade, HttpVersion::kUnknown}, streams), "UPGRADE_WITH_BODY");
  EXPECT_EQ(emit_fields(http2("GET"), streams), with("Transfer-Encoding: chunked\r\n").replace(4, 1, "/x"));
  EXPECT_EQ(emit(post(""), {}, streams), post("")) << "HTTP/1.1 has told that there is none";
}

TEST(EmitTest, KeepsAnExpectationThatCanBeMet) {
  EXPECT_EQ(emit(post("Expect: 100-continue\r\nContent-Length: 1\r\n")),
            post("Content-Length: 1\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(emit(post("Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n")),
            post("Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n"));
}

TEST(EmitTest, DropsAnExpectationThatCannotBeMet) {
  EXPECT_EQ(emit(post("Expect: 100-continue\r\n")), post(""));
  EXPECT_EQ(emit(post("Expect: 100-continue\r\nContent-Length: 0\r\n")), post("Content-Length: 0\r\n"));
  EXPECT_EQ(emit(post("Expect: 100-continue\r\nContent-Length: 1\r\n", "1.0")), post("Content-Length: 1\r\n"));
}

TEST(EmitTest, JoinsTheCrumbsOfACookie) {
  const std::array<FieldView, 6> fields = {
      {{"cookie", "a=1"}, {"x", "y"}, {"cookie", ""}, {"cookie", "b=2; c=3"}, {"cookie", "d="}, {"z", "w"}}};
  EXPECT_EQ(emit_fields({"GET", "a.example", "/", fields, HttpVersion::kHttp2}),
            with("cookie: a=1; b=2; c=3; d=\r\nx: y\r\nz: w\r\n"));
}

TEST(EmitTest, KeepsAnEmptyCookie) {
  const std::array<FieldView, 2> fields = {{{"cookie", ""}, {"cookie", ""}}};
  EXPECT_EQ(emit_fields({"GET", "a.example", "/", fields, HttpVersion::kHttp2}), with("cookie: \r\n"));
}

TEST(EmitTest, RemovesUnderEveryNameThatABackEndCouldRead) {
  const std::array<HeaderEdit, 1> remove = {{{HeaderEditKind::kRemove, "x-user-id", {}}}};
  EXPECT_EQ(emit(with("X-User-Id: 1\r\nX_USER_ID: 2\r\nx-user_id: 3\r\nx-user-i: 4\r\nx.user.id: 5\r\n"), remove),
            with("x-user-i: 4\r\nx.user.id: 5\r\n"));
}

TEST(EmitTest, RemovesACookieWithAllItsCrumbs) {
  const std::array<FieldView, 2> fields = {{{"cookie", "a=1"}, {"cookie", "b=2"}}};
  const std::array<HeaderEdit, 1> remove = {{{HeaderEditKind::kRemove, "cookie", {}}}};
  EXPECT_EQ(Emitted(ParsedHead{"GET", "a.example", "/", fields, HttpVersion::kHttp2}, remove).text(), with(""));
}

TEST(EmitTest, SetsInThePlaceOfWhatWasSent) {
  const std::array<HeaderEdit, 2> edits = {
      {{HeaderEditKind::kSet, "x-user", "alice"}, {HeaderEditKind::kSet, "x-forwarded-for", "192.0.2.1"}}};
  EXPECT_EQ(emit(with("X_User: mallory\r\nX-Kept: 1\r\nX-Forwarded-For: 10.0.0.1\r\nConnection: x-user\r\n"), edits),
            with("X-Kept: 1\r\nx-user: alice\r\nx-forwarded-for: 192.0.2.1\r\n"));
}

TEST(EmitTest, LetsTheLastEditOfANameHold) {
  const std::array<HeaderEdit, 5> edits = {{{HeaderEditKind::kRemove, "x-a", {}},
                                            {HeaderEditKind::kSet, "x-a", "1"},
                                            {HeaderEditKind::kSet, "x-b", "2"},
                                            {HeaderEditKind::kSet, "X_A", "3"},
                                            {HeaderEditKind::kRemove, "x-b", {}}}};
  EXPECT_EQ(emit(with("X-A: 0\r\nX-B: 0\r\n"), edits), with("X_A: 3\r\n"));
}

TEST(EmitTest, SetsAnEmptyValueButNotAnAbsentOne) {
  const std::array<HeaderEdit, 1> empty = {{{HeaderEditKind::kSet, "x-a", ""}}};
  EXPECT_EQ(emit(with(""), empty), with("x-a: \r\n"));
  const std::array<HeaderEdit, 1> absent = {{{HeaderEditKind::kSet, "x-a", {}}}};
  EXPECT_EQ(emit(with(""), absent), "USAGE_HEADER_EDIT");
}

TEST(EmitTest, AppendsBehindWhatIsThere) {
  const std::array<HeaderEdit, 3> edits = {{{HeaderEditKind::kAppend, "x-a", "1"},
                                            {HeaderEditKind::kAppend, "accept", "text/plain"},
                                            {HeaderEditKind::kAppend, "x-a", "2"}}};
  EXPECT_EQ(emit(with("X-A: 0\r\nAccept: */*\r\n"), edits),
            with("X-A: 0\r\nAccept: */*\r\nx-a: 1\r\naccept: text/plain\r\nx-a: 2\r\n"));
  EXPECT_EQ(emit(with(""), edits), with("x-a: 1\r\naccept: text/plain\r\nx-a: 2\r\n"));
}

TEST(EmitTest, RenamesEveryFieldInItsPlaceAndDropsWhatHadTheName) {
  const std::array<HeaderEdit, 1> rename = {{{HeaderEditKind::kRename, "x-old", "x-new"}}};
  EXPECT_EQ(emit(with("X-Old: 1\r\nX-New: forged\r\nX_New: forged\r\nX-B: 0\r\nX_OLD: 2\r\n"), rename),
            with("x-new: 1\r\nX-B: 0\r\nx-new: 2\r\n"));
  EXPECT_EQ(emit(with("X-New: forged\r\n"), rename), with(""));
}

TEST(EmitTest, AppliesOneEditAfterTheOther) {
  const std::array<HeaderEdit, 5> edits = {{{HeaderEditKind::kSet, "x-a", "1"},
                                            {HeaderEditKind::kRename, "x-a", "x-b"},
                                            {HeaderEditKind::kAppend, "x-b", "2"},
                                            {HeaderEditKind::kRename, "x-b", "x-c"},
                                            {HeaderEditKind::kAppend, "x-a", "3"}}};
  EXPECT_EQ(emit(with("X-A: 0\r\nX-B: 0\r\nX-C: 0\r\n"), edits), with("x-c: 1\r\nx-c: 2\r\nx-a: 3\r\n"));
}

TEST(EmitTest, AppendsNothingThatMayStandOnlyOnce) {
  for (const std::string_view name : {"authorization", "cookie", "content-type", "host", "content-length", "x y"}) {
    const std::array<HeaderEdit, 1> append = {{{HeaderEditKind::kAppend, name, "v"}}};
    EXPECT_EQ(emit(with(""), append), "USAGE_HEADER_EDIT") << name;
  }
}

TEST(EmitTest, RenamesNothingToAKnownFieldOrToItself) {
  for (const std::string_view name : {"authorization", "Content_Type", "range", "host", "X_Old", "x-old", "", "x y"}) {
    const std::array<HeaderEdit, 1> rename = {{{HeaderEditKind::kRename, "x-old", name}}};
    EXPECT_EQ(emit(with(""), rename), "USAGE_HEADER_EDIT") << name;
  }
  for (const std::string_view name : {"cookie", "host", "te", "content_length"}) {
    const std::array<HeaderEdit, 1> rename = {{{HeaderEditKind::kRename, name, "x-new"}}};
    EXPECT_EQ(emit(with(""), rename), "USAGE_HEADER_EDIT") << name;
  }
}

TEST(EmitTest, RefusesEditsOfHostFramingAndConnection) {
  for (const std::string_view name :
       {"host", "Host", "content-length", "Content_Length", "transfer-encoding", "transfer_encoding", "connection",
        "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "http2-settings", "proxy-authorization"}) {
    const std::array<HeaderEdit, 1> remove = {{{HeaderEditKind::kRemove, name, {}}}};
    EXPECT_EQ(emit(with(""), remove), "USAGE_HEADER_EDIT") << name;
    const std::array<HeaderEdit, 1> set = {{{HeaderEditKind::kSet, name, "5"}}};
    EXPECT_EQ(emit(with(""), set), "USAGE_HEADER_EDIT") << name;
  }
}

TEST(EmitTest, RefusesNamesThatAreNone) {
  for (const std::string_view name : {"", "a b", "a:", ":path", "a\r\nb", "\xc3\xa9", "x_forwarded_for"}) {
    const std::array<HeaderEdit, 1> set = {{{HeaderEditKind::kSet, name, "v"}}};
    EXPECT_EQ(emit(with(""), set), "USAGE_HEADER_EDIT") << name;
  }
}

TEST(EmitTest, RefusesValuesThatWouldReadBackAsOthers) {
  for (const std::string_view value :
       {std::string_view("a\r\nb"), std::string_view("a\nb"), std::string_view("a\0b", 3), std::string_view("\x7f"),
        std::string_view(" a"), std::string_view("a\t"), std::string_view(" ")}) {
    const std::array<HeaderEdit, 1> set = {{{HeaderEditKind::kSet, "x-a", value}}};
    EXPECT_EQ(emit(with(""), set), "USAGE_HEADER_EDIT") << value;
  }
}

TEST(EmitTest, TellsWhichEditIsRefused) {
  const std::array<HeaderEdit, 3> edits = {{{HeaderEditKind::kSet, "x-a", "1"},
                                            {static_cast<HeaderEditKind>(7), "x-b", "1"},
                                            {HeaderEditKind::kSet, "host", "b"}}};
  const Emitted emitted(with(""), edits);
  EXPECT_EQ(emitted.result().error(), (Error{Reason::kUsageHeaderEdit, 1}));
}

TEST(EmitTest, NeedsExactlyTheScratchItWrites) {
  std::vector<std::byte> memory(inspect_scratch_size_max({}));
  Arena inspecting(memory);
  const std::string head = with("X-A: 1\r\nX-B: 2\r\n");
  const Inspection seen = inspect_bytes(head, inspecting);
  ASSERT_EQ(seen.progress, Progress::kComplete);
  const std::size_t needed = head.size() + seen.request.fields.size();
  for (std::size_t size = 0; size <= needed; ++size) {
    const std::vector<std::byte> exact(size);
    Arena arena(std::span(const_cast<std::byte*>(exact.data()), size));
    const Result<std::string_view> result = emit_head(seen.request, {}, {}, arena);
    EXPECT_EQ(result.reason(), size == needed ? Reason::kOk : Reason::kUsageScratchTooSmall) << size;
  }
}

TEST(EmitTest, HasRoomForTheLongestHeadThereIs) {
  Limits limits;
  limits.head_size_max = 512;
  limits.field_count_max = 100;
  std::string head = "POST / HTTP/1.1\r\nhost:[::ffff:0:0]\r\ntransfer-encoding:chunked\r\n";
  while (head.size() + 7 <= limits.head_size_max) head += "a:b\r\n";
  head += "\r\n";
  const Emitted emitted(head, {}, {}, {}, limits);
  ASSERT_TRUE(emitted.complete()) << reason_info(emitted.inspected()).name;
  EXPECT_TRUE(emitted.result().ok());
}

}  // namespace
}  // namespace ostiary::test
