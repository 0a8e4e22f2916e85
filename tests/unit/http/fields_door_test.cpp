#include "inspected.hpp"

#include <gtest/gtest.h>

namespace ostiary::test {
namespace {

Reason verdict(std::string_view name, std::string_view value) {
  const FieldView fields[] = {{name, value}};
  return Inspected(ParsedHead{"GET", "a.example", "/", fields}).reason();
}

TEST(FieldsDoor, CopiesThePiecesAsOneHead) {
  const FieldView fields[] = {{"X-One", " 1\t"}, {"Host", "A.example:8443"}, {"content-length", "7"}};
  const Inspected seen(ParsedHead{"POST", {}, "/a/../b?q", fields});
  ASSERT_TRUE(seen.complete());
  const Request& request = seen.request();
  EXPECT_EQ(request.head, "POST /a/../b?q HTTP/1.1\r\nX-One: 1\r\nHost: A.example:8443\r\ncontent-length: 7\r\n\r\n");
  EXPECT_EQ(seen->head_size, request.head.size());
  EXPECT_EQ(request.method, Method::kPost);
  EXPECT_EQ(request.version, HttpVersion::kUnknown);
  EXPECT_EQ(request.path, "/b");
  EXPECT_EQ(request.query.in(request.head), "q");
  EXPECT_EQ(request.host, "a.example");
  EXPECT_EQ(request.port, 8443);
  EXPECT_EQ(request.framing, Framing::kContentLength);
  EXPECT_EQ(request.content_length, 7U);
  EXPECT_EQ(request.value(request.fields[0]), "1");
}

TEST(FieldsDoor, AuthorityAloneBecomesTheHostField) {
  const FieldView fields[] = {{"x", "y"}};
  const Inspected seen(ParsedHead{"GET", "a.example", "/", fields});
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(seen.request().head, "GET / HTTP/1.1\r\nhost: a.example\r\nx: y\r\n\r\n");
  EXPECT_EQ(seen.request().fields.size(), 2U);
  EXPECT_EQ(seen.request().host, "a.example");
}

TEST(FieldsDoor, AuthorityAndHostMustBeCanonicallyEqual) {
  const FieldView host[] = {{"Host", "a.example"}};
  EXPECT_TRUE(Inspected(ParsedHead{"GET", "A.EXAMPLE.", "/", host}).complete());
  for (const std::string_view other : {"b.example", "a.example:443", "", "a b", "a.example:"}) {
    const Inspected seen(ParsedHead{"GET", other, "/", host});
    EXPECT_EQ(name_of(seen.reason()), "HOST_DISAGREES") << other;
    EXPECT_EQ(seen.offset(), kHostOffset) << other;
  }
}

TEST(FieldsDoor, EmptyAuthorityIsNotAbsent) {
  EXPECT_EQ(Inspected(ParsedHead{"GET", "", "/", {}}).reason(), Reason::kHostMalformed);
  EXPECT_EQ(Inspected(ParsedHead{"GET", {}, "/", {}}).reason(), Reason::kHostMissing);
}

TEST(FieldsDoor, NamesMayBeInAnyCase) {
  EXPECT_EQ(verdict("X-Mixed-Case", "y"), Reason::kOk);
  EXPECT_EQ(verdict("x-lower", "y"), Reason::kOk);
}

TEST(FieldsDoor, NamesThatNoFieldLineCouldCarryAreRefused) {
  EXPECT_EQ(verdict("", "y"), Reason::kFieldName);
  EXPECT_EQ(verdict(":path", "y"), Reason::kFieldName);
  EXPECT_EQ(verdict("a:b", "y"), Reason::kFieldName);
  EXPECT_EQ(verdict("a\r\nb", "y"), Reason::kFieldName);
  EXPECT_EQ(verdict("a b", "y"), Reason::kFieldName);
  EXPECT_EQ(verdict("a ", "y"), Reason::kFieldSpaceBeforeColon);
  EXPECT_EQ(verdict(" a", "y"), Reason::kFieldFolded);
  EXPECT_EQ(verdict("content_length", "5"), Reason::kFieldNameUnderscore);
  EXPECT_EQ(verdict("a_b", "y"), Reason::kOk);
}

TEST(FieldsDoor, LineBreaksAndControlsInValuesAreRefused) {
  EXPECT_EQ(verdict("a", "x\r\ny: z"), Reason::kFieldValue);
  EXPECT_EQ(verdict("a", "x\r\n"), Reason::kFieldValue);
  EXPECT_EQ(verdict("a", "\ny"), Reason::kFieldValue);
  EXPECT_EQ(verdict("a", std::string_view("x\0", 2)), Reason::kFieldValue);
  EXPECT_EQ(verdict("a", "x\x7f"), Reason::kFieldValue);
}

TEST(FieldsDoor, FaultsPointIntoTheCopy) {
  const FieldView fields[] = {{"x", "ab\rc"}};
  const Inspected seen(ParsedHead{"GET", "a", "/", fields});
  EXPECT_EQ(seen.reason(), Reason::kFieldValue);
  EXPECT_EQ(seen.request().head[seen.offset()], '\r');
}

TEST(FieldsDoor, ObsTextIsFlaggedAsInBytes) {
  const FieldView fields[] = {{"x", "ab\x80"}};
  const Inspected seen(ParsedHead{"GET", "a", "/", fields});
  ASSERT_TRUE(seen.complete());
  EXPECT_EQ(seen.request().head[static_cast<std::size_t>(seen.found(Reason::kFieldValueObsText))], '\x80');
}

TEST(FieldsDoor, CookieCrumbsMayRepeat) {
  const FieldView fields[] = {{"cookie", "a=1"}, {"cookie", "b=2"}};
  EXPECT_TRUE(Inspected(ParsedHead{"GET", "a", "/", fields}).complete());
  const FieldView twice[] = {{"dpop", "a"}, {"DPoP", "a"}};
  EXPECT_EQ(Inspected(ParsedHead{"GET", "a", "/", twice}).reason(), Reason::kFieldDuplicate);
}

TEST(FieldsDoor, MethodAndTargetAreJudgedAsInBytes) {
  const auto seen = [](std::string_view method, std::string_view target) {
    return Inspected(ParsedHead{method, "a", target, {}}).reason();
  };
  EXPECT_EQ(seen("", "/"), Reason::kMethodMalformed);
  EXPECT_EQ(seen("G T", "/"), Reason::kMethodMalformed);
  EXPECT_EQ(seen("get", "/"), Reason::kMethodUnsupported);
  EXPECT_EQ(seen("GET", ""), Reason::kTargetForm);
  EXPECT_EQ(seen("GET", "*"), Reason::kTargetForm);
  EXPECT_EQ(seen("CONNECT", "/"), Reason::kTargetForm);
  EXPECT_EQ(seen("GET", "/ x"), Reason::kTargetCharacter);
  EXPECT_EQ(seen("GET", "/\r\nx: y"), Reason::kTargetCharacter);
  EXPECT_EQ(seen("GET", "/.."), Reason::kPathAboveRoot);
}

}  // namespace
}  // namespace ostiary::test
