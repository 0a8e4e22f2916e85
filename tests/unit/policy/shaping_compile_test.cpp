// What is wrong with the shaping of a route, each with its place and the fix.
#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/gate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace ostiary {
namespace {

constexpr std::string_view kStart = R"({
  "gate": 1, "name": "g",
  "issuers": {"idp": {"issuer": "https://id.example", "audiences": ["api"], "algorithms": ["RS256"]}},
  "claims": {"tenant": "text"},
  "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
  "identity_headers": {"x-user": {"claim": "sub"}},
  "rules": [{"id": "all", "effect": "allow", "routes": ["*"], "public": true}],
  "routes": [{"id": "r", "hosts": ["h.example"], "origin": "o",
    )";

/// A shared route that is as it should be, up to what follows.
constexpr std::string_view kShared =
    R"("methods": ["GET"], "path": "/a", "headers": {"remove": ["authorization", "cookie"]}, "cache": {"class": "shared", "ttl_s": 1, "key": {"claims": ["sub"]}})";

constexpr std::string_view kRoute = R"("methods": ["GET"], "path": "/a/*/*/**", )";

struct BadShape {
  std::string_view name;
  std::string members;
  Reason reason;
  std::string_view mark;  ///< the error stands where this begins
  std::string_view message;
};

std::string route(std::string_view members) { return std::string(kRoute) + std::string(members); }

std::string shared(std::string_view from, std::string_view to) {
  std::string text(kShared);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string place(const std::string& text, std::string_view mark) {
  const std::size_t at = text.find(mark, kStart.size());
  EXPECT_NE(at, std::string::npos) << mark;
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  return std::to_string(line) + ":" + std::to_string(at - text.rfind('\n', at));
}

class BadShapeTest : public testing::TestWithParam<BadShape> {};

TEST_P(BadShapeTest, NamesThePlaceAndTheFix) {
  const BadShape& bad = GetParam();
  const std::string source = std::string(kStart) + bad.members + "}]}";
  const CompiledGate compiled = compile_gate(source);
  ASSERT_EQ(compiled.errors.size(), 1U) << source;
  const GateError& error = compiled.errors.front();
  EXPECT_EQ(error.reason, bad.reason) << error.message;
  EXPECT_EQ(std::to_string(error.line) + ":" + std::to_string(error.column), place(source, bad.mark)) << error.message;
  EXPECT_THAT(error.message, testing::HasSubstr(std::string(bad.message)));
}

const BadShape kBad[] = {
    {"rate key of trusted hops",
     route(R"("rate": {"limit": 1, "period_s": 1, "key": [{"header": "x-forwarded-for"}]})"), Reason::kGateValue,
     R"("x-forwarded-for")", "not believed from clients"},
    {"rate key of one connection", route(R"("rate": {"limit": 1, "period_s": 1, "key": [{"header": "te"}]})"),
     Reason::kGateValue, R"("te")", "belongs to one connection"},
    {"cache key of a header that nobody may send",
     shared(R"("claims": ["sub"])", R"("claims": ["sub"], "headers": ["x-original-url"])"), Reason::kGateValue,
     R"("x-original-url")", "not believed from clients"},
    {"edited twice", route(R"("headers": {"set": {"x-a": "1"}, "append": {"x-a": "2"}})"), Reason::kGateValue,
     R"("x-a": "2")", "edited twice"},
    {"renamed to an edited name", route(R"("headers": {"remove": ["x-b"], "rename": {"x-a": "x-b"}})"),
     Reason::kGateValue, R"("x-b"}})", "edited twice"},
    {"identity header", route(R"("headers": {"remove": ["x-user"]})"), Reason::kGateValue, R"("x-user")",
     "only the door sets"},
    {"renamed to an identity header", route(R"("headers": {"rename": {"x-a": "x-user"}})"), Reason::kGateValue,
     R"("x-user")", "only the door sets"},
    {"upper case", route(R"("headers": {"set": {"X-A": "1"}})"), Reason::kGateValue, R"("X-A")", "lower-case"},
    {"underscore", route(R"("headers": {"remove": ["x_a"]})"), Reason::kGateValue, R"("x_a")", "lower-case"},
    {"host", route(R"("headers": {"set": {"host": "b"}})"), Reason::kGateValue, R"("host": "b")", "cannot be edited"},
    {"credentials", route(R"("headers": {"set": {"authorization": "b"}})"), Reason::kGateValue, R"("authorization")",
     "cannot be edited"},
    {"second singleton", route(R"("headers": {"append": {"content-type": "b"}})"), Reason::kGateValue,
     R"("content-type")", "cannot be edited"},
    {"renamed to a known field", route(R"("headers": {"rename": {"x-a": "authorization"}})"), Reason::kGateValue,
     R"("x-a")", "cannot be edited"},
    {"line end", route(R"("headers": {"set": {"x-a": "1\r\nx-b: 2"}})"), Reason::kGateValue, R"("1\r\n)",
     "visible ASCII"},
    {"undeclared claim", route(R"("headers": {"set": {"x-a": {"claim": "team"}}})"), Reason::kGateReference,
     R"("team")", "not declared"},
    {"rewrite to a literal", route(R"("rewrite": "/{1}/**")"), Reason::kGatePattern, R"("/{1}/**")",
     "segment 1 of the route's path"},
    {"rewrite beyond the path", route(R"("rewrite": "/{4}")"), Reason::kGatePattern, R"("/{4}")", "segment 4"},
    {"rewrite with a claim", route(R"("rewrite": "/{tenant}")"), Reason::kGatePattern, R"("/{tenant}")",
     R"(found "{tenant}")"},
    {"rewrite with a star", route(R"("rewrite": "/*")"), Reason::kGatePattern, R"("/*")", "found \"*\""},
    {"rewrite of no tail", R"("methods": ["GET"], "path": "/a/*", "rewrite": "/b/**")", Reason::kGatePattern,
     R"("/b/**")", "no \"**\" to take over"},
    {"rewrite with dots", route(R"("rewrite": "/../b")"), Reason::kGatePattern, R"("/../b")", "canonical"},
    {"rewrite without a slash", route(R"("rewrite": "b")"), Reason::kGatePattern, R"("b")", "starts with a slash"},
    {"two filters", route(R"("query": {"keep": ["a"], "drop": ["b"]})"), Reason::kGateValue, R"({"keep")",
     "exactly one"},
    {"drop nothing", route(R"("query": {"drop": []})"), Reason::kGateValue, "[]", "at least one"},
    {"identity headers true", route(R"("identity_headers": true)"), Reason::kGateValue, "true", "expected false"},
    {"hide false", route(R"("hide": false)"), Reason::kGateValue, "false", "expected true"},
    {"login by http", route(R"("login": "http://a.example/")"), Reason::kGateValue, R"("http://)", "https URL"},
    {"login of a user", route(R"("login": "https://a@b.example/")"), Reason::kGateValue, R"("https://)", "https URL"},
    {"login without host", route(R"("login": "https:///b")"), Reason::kGateValue, R"("https://)", "https URL"},
    {"login with a space", route(R"("login": "https://b.example/ c")"), Reason::kGateValue, R"("https://)",
     "https URL"},
    {"login with a port alone", route(R"("login": "https://:80/")"), Reason::kGateValue, R"("https://)", "https URL"},
    {"login in upper case", route(R"("login": "https://B.example/")"), Reason::kGateValue, R"("https://)", "https URL"},
    {"login at port 0", route(R"("login": "https://b.example:0/")"), Reason::kGateValue, R"("https://)", "https URL"},
    {"login at no port", route(R"("login": "https://b.example:/")"), Reason::kGateValue, R"("https://)", "https URL"},
    {"login with half an address", route(R"("login": "https://[::1/")"), Reason::kGateValue, R"("https://)",
     "https URL"},
    {"login with half an escape", route(R"("login": "https://b.example/%0")"), Reason::kGateValue, R"("https://)",
     "https URL"},
    {"rate without key", route(R"("rate": {"limit": 1, "period_s": 1})"), Reason::kGateMissingMember, R"({"limit")",
     "\"key\""},
    {"rate of zero", route(R"("rate": {"limit": 0, "period_s": 1, "key": ["route"]})"), Reason::kGateValue, "0",
     "from 1 to"},
    {"rate by nothing", route(R"("rate": {"limit": 1, "period_s": 1, "key": [{}]})"), Reason::kGateValue, "{}",
     "\"claim\" or \"header\""},
    {"rate by a why alone", route(R"("rate": {"limit": 1, "period_s": 1, "key": [{"why": "x"}]})"), Reason::kGateValue,
     R"({"why")", "\"claim\" or \"header\""},
    {"burst that never fills again",
     route(R"("rate": {"limit": 1, "period_s": 86400, "burst": 53376, "key": ["client"]})"), Reason::kGateValue,
     "53376", "at most 53375"},
    {"rate by an undeclared claim", route(R"("rate": {"limit": 1, "period_s": 1, "key": [{"claim": "team"}]})"),
     Reason::kGateReference, R"("team")", "not declared"},
    {"rate by the same twice", route(R"("rate": {"limit": 1, "period_s": 1, "key": ["client", "client"]})"),
     Reason::kGateValue, R"("client"]})", "twice"},
    {"kept without time", route(R"("cache": {"class": "private"})"), Reason::kGateValue, R"({"class")", "\"ttl_s\""},
    {"time without keeping", route(R"("cache": {"class": "none", "ttl_s": 1})"), Reason::kGateValue, R"({"class")",
     "remove it"},
    {"private with a key", route(R"("cache": {"class": "private", "ttl_s": 1, "key": {}})"), Reason::kGateValue,
     R"({"class")", "are for answers that are shared"},
    {"kept POST", shared(R"(["GET"])", R"(["GET", "POST"])"), Reason::kGateValue, R"({"class")", "only answers to GET"},
    {"surrogate key with a space", shared(R"("ttl_s": 1)", R"("ttl_s": 1, "surrogate_keys": ["a b"])"),
     Reason::kGateValue, R"("a b")", "visible ASCII"},
    {"shared with authorization", shared(R"("authorization", )", ""), Reason::kGateValue, R"({"class")",
     "the origin gets \"authorization\""},
    {"shared with cookies", shared(R"(, "cookie")", ""), Reason::kGateValue, R"({"class")",
     "the origin gets \"cookie\""},
    {"shared with an identity header", shared(R"("sub")", R"("tenant")"), Reason::kGateValue, R"({"class")",
     "identity header \"x-user\" sends a claim that the key ignores: add \"sub\""},
    {"shared with a claim", shared(R"("headers": {)", R"("headers": {"set": {"x-a": {"claim": "tenant"}}, )"),
     Reason::kGateValue, R"("tenant")", "add it to \"claims\""},
    {"shared with a renamed header", shared(R"("headers": {)", R"("headers": {"rename": {"x-a": "x-b"}, )"),
     Reason::kGateValue, R"("x-a")", "add it to \"headers\""},
    {"shared with a parameter", shared(R"("key": {)", R"("key": {"query": ["p"], )") + R"(, "query": {"keep": ["q"]})",
     Reason::kGateValue, R"("q")", "add it to \"query\""},
    {"shared and some of all parameters", shared(R"("key": {)", R"("key": {"query": ["p"], )"), Reason::kGateValue,
     R"(["p"])", "add \"query\": {\"keep\": [\"p\"]} to the route"},
    {"shared and no parameter of all", shared(R"("key": {)", R"("key": {"query": [], )"), Reason::kGateValue, "[]",
     "add \"query\": {\"keep\": []} to the route"},
    {"shared and some of the parameters that are not dropped",
     shared(R"("key": {)", R"("key": {"query": ["p"], )") + R"(, "query": {"drop": ["q"]})", Reason::kGateValue,
     R"(["p"])", "which the key ignores"},
    {"shared with a body", std::string(kShared) + R"(, "waive": ["BODY_UNEXPECTED"])", Reason::kGateValue,
     R"({"class")", "BODY_UNEXPECTED"},
};

INSTANTIATE_TEST_SUITE_P(Gate, BadShapeTest, testing::ValuesIn(kBad), [](const auto& shape) {
  std::string name(shape.param.name);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
});

bool compiles(const std::string& members) {
  const CompiledGate compiled = compile_gate(std::string(kStart) + members + "}]}");
  for (const GateError& error : compiled.errors) ADD_FAILURE() << error.message;
  return compiled.ok();
}

TEST(GoodShape, WhatTheErrorsAsk) {
  EXPECT_TRUE(compiles(std::string(kShared)));
  EXPECT_TRUE(compiles(shared(R"("key": {"claims": ["sub"]}})", R"("key": {}}, "identity_headers": false)")));
  EXPECT_TRUE(compiles(
      shared(R"("remove": ["authorization", "cookie"])", R"("remove": ["cookie"])")
          .replace(shared(R"("remove": ["authorization", "cookie"])", R"("remove": ["cookie"])").find(R"("claims")"), 0,
                   R"("headers": ["authorization"], )")));
  EXPECT_TRUE(compiles(route(R"("rewrite": "/{3}/{2}/**")")));
  EXPECT_TRUE(compiles(route(R"("login": "https://b.example:8443/c?d=%41#e")")));
  EXPECT_TRUE(compiles(route(R"("login": "https://[::1]:8443")")));
  EXPECT_TRUE(compiles(shared(R"("key": {)", R"("key": {"query": ["p"], )") + R"(, "query": {"keep": ["p"]})"));
  EXPECT_TRUE(compiles(shared(R"("key": {)", R"("key": {"query": [], )") + R"(, "query": {"keep": []})"));
  EXPECT_TRUE(compiles(route(R"("rate": {"limit": 1, "period_s": 86400, "burst": 53375, "key": ["client"]})")));
}

TEST(GoodShape, OrderAndLayoutLeaveNoTrace) {
  const auto image = [](std::string_view members) {
    return compile_gate(std::string(kStart) + route(members) + "}]}").image;
  };
  EXPECT_FALSE(image(R"("hide": true)").empty());
  EXPECT_EQ(
      image(R"("headers": {"set": {"x-b": "1", "x-a": "2"}, "remove": ["x-d", "x-c"]}, "query": {"keep": ["b", "a"]})"),
      image(
          R"("query": {"keep": ["a", "b"]}, "headers": {"remove": ["x-c", "x-d"], "set": {"x-a": "2", "x-b": "1"}})"));
}

}  // namespace
}  // namespace ostiary
