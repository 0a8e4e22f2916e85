#include "inspected.hpp"

#include <gtest/gtest.h>

namespace ostiary::test {
namespace {

struct FramingCase {
  std::string lines;
  Reason reason;
  std::uint32_t offset;
};

TEST(Framing, WithoutFieldsThereIsNoBody) { EXPECT_EQ(Inspected(with_lines("")).request().framing, Framing::kNoBody); }

TEST(Framing, ContentLengthIsRead) {
  for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{9223372036854775807U}}) {
    const Inspected seen(post_with("Content-Length: " + std::to_string(length) + "\r\n"));
    ASSERT_TRUE(seen.complete()) << length;
    EXPECT_EQ(seen.request().framing, Framing::kContentLength);
    EXPECT_EQ(seen.request().content_length, length);
  }
}

TEST(Framing, OneChunkedInAnyCaseIsRead) {
  for (const std::string coding : {"chunked", "Chunked", "CHUNKED", "chunked \t"}) {
    const Inspected seen(post_with("transfer-encoding: " + coding + "\r\n"));
    ASSERT_TRUE(seen.complete()) << coding;
    EXPECT_EQ(seen.request().framing, Framing::kChunked);
    EXPECT_EQ(seen.request().content_length, 0U);
  }
}

TEST(Framing, FaultsAreReportedWithTheirByte) {
  const FramingCase cases[] = {
      {"Content-Length:\r\n", Reason::kLengthMalformed, 15},
      {"Content-Length: +5\r\n", Reason::kLengthMalformed, 16},
      {"Content-Length: -1\r\n", Reason::kLengthMalformed, 16},
      {"Content-Length: 05\r\n", Reason::kLengthMalformed, 16},
      {"Content-Length: 00\r\n", Reason::kLengthMalformed, 16},
      {"Content-Length: 0x5\r\n", Reason::kLengthMalformed, 16},
      {"Content-Length: 5_0\r\n", Reason::kLengthMalformed, 17},
      {"Content-Length: 5,5\r\n", Reason::kLengthMalformed, 17},
      {"Content-Length: 5, 5\r\n", Reason::kLengthMalformed, 17},
      {"Content-Length: 5 5\r\n", Reason::kLengthMalformed, 17},
      {"Content-Length: 1.0\r\n", Reason::kLengthMalformed, 17},
      {"Content-Length: 5\xa0\r\n", Reason::kLengthMalformed, 17},
      {"Content-Length: 9223372036854775808\r\n", Reason::kLengthMalformed, 34},
      {"Content-Length: 18446744073709551621\r\n", Reason::kLengthMalformed, 35},
      {"Content-Length: 99999999999999999999999\r\n", Reason::kLengthMalformed, 34},
      {"Content-Length: 5\r\nContent-Length: 6\r\n", Reason::kLengthDuplicate, 19},
      {"Content-Length: 5\r\ncontent-length: 5\r\n", Reason::kLengthDuplicate, 19},
      {"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", Reason::kLengthWithEncoding, 19},
      {"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", Reason::kLengthWithEncoding, 28},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", Reason::kEncodingUnsupported, 28},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", Reason::kEncodingUnsupported, 28},
      {"Transfer-Encoding:\r\n", Reason::kEncodingUnsupported, 18},
      {"Transfer-Encoding: xchunked\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: ,chunked\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: chunked,\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: chunked,chunked\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: chunked, identity\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: gzip, chunked\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: identity\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: \"chunked\"\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: chunked;q=1\r\n", Reason::kEncodingUnsupported, 19},
      {"Transfer-Encoding: \x85"
       "chunked\xa0\r\n",
       Reason::kEncodingUnsupported, 19},
  };
  for (const FramingCase& c : cases) {
    const Inspected seen(with_lines(c.lines));
    EXPECT_TRUE(seen.rejected()) << c.lines;
    EXPECT_EQ(name_of(seen.reason()), name_of(c.reason)) << c.lines;
    EXPECT_EQ(seen.offset(), kLinesOffset + c.offset) << c.lines;
  }
}

TEST(Framing, TransferEncodingNeedsHttp11) {
  const Inspected seen("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(seen.reason(), Reason::kEncodingVersion);
  EXPECT_EQ(seen.offset(), 26U);
}

}  // namespace
}  // namespace ostiary::test
