#include "inspected.hpp"

#include <gtest/gtest.h>

namespace ostiary::test {
namespace {

const std::string kValidHeads[] = {
    "GET / HTTP/1.0\r\nHost:a\r\n\r\n",
    "GET /a/./b/%2e%2e/%C3%a9/c?x=%41{} HTTP/1.1\r\nHOST: \t[2001:DB8::1]:8443 \r\n\r\n",
    "POST /up//%3f HTTP/1.1\r\nX: \xff\r\nHost: A.b.\r\nConnection: close, te\r\nContent-Length: 12\r\n\r\n",
    "DELETE /x HTTP/1.1\r\nhost: a\r\nAuthorization: Bearer a.b.c\r\nTransfer-Encoding: chunked\r\nY:\r\n\r\n",
};

TEST(Truncation, EveryPrefixOfAValidHeadNeedsMore) {
  for (const std::string& head : kValidHeads) {
    ASSERT_TRUE(Inspected(head).complete()) << head;
    for (std::size_t size = 1; size < head.size(); ++size) {
      const Inspected seen(std::string_view(head).substr(0, size));
      EXPECT_EQ(seen->progress, Progress::kNeedMore) << head.substr(0, size);
      EXPECT_EQ(seen.reason(), Reason::kHeadIncomplete) << head.substr(0, size);
      EXPECT_EQ(seen.offset(), size);
      EXPECT_EQ(seen->head_size, 0U);
    }
  }
}

TEST(Truncation, BytesAfterTheHeadChangeNothing) {
  for (const std::string& head : kValidHeads) {
    const Inspected alone(head);
    const Inspected followed(head + head);
    EXPECT_EQ(followed->head_size, head.size());
    EXPECT_EQ(followed.request().path, alone.request().path);
    EXPECT_EQ(followed.request().fields.size(), alone.request().fields.size());
  }
}

}  // namespace
}  // namespace ostiary::test
