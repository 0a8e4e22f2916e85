// Whatever was accepted is emitted, reads back as the same view, and is emitted again as the same bytes.
#include "heads.hpp"
#include "support/emit_promises.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ostiary::test {
namespace {

struct Counts {
  int emitted = 0;
  int changed = 0;  ///< the emitted head differs from the one that was sent
};

void count(std::string_view sent, std::string_view emitted, Counts& counts) {
  if (emitted.empty()) return;
  ++counts.emitted;
  counts.changed += sent == emitted ? 0 : 1;
}

/// Fields that the emitter treats in a way of its own.
void add_special_fields(Pieces& pieces, HeadGenerator& heads) {
  const std::vector<std::pair<std::string, std::string>> special = {{"Cookie", "a=1"},
                                                                    {"cookie", "b=2; c=3"},
                                                                    {"X-Forwarded-For", "10.0.0.1"},
                                                                    {"Connection", "x-a"},
                                                                    {"Connection", "Upgrade"},
                                                                    {"Upgrade", "websocket"},
                                                                    {"upgrade", "h2c"},
                                                                    {"Upgrade", ","},
                                                                    {"X_B", "1"},
                                                                    {"Expect", "100-continue"},
                                                                    {"X-Original-URL", "/a"},
                                                                    {"Keep-Alive", "timeout=5"},
                                                                    {"TE", "trailers"},
                                                                    {"X-A", "1"},
                                                                    {"Proxy-Connection", "close"}};
  for (std::size_t left = heads.below(6); left > 0; --left)
    pieces.fields.push_back(special[heads.below(special.size())]);
}

TEST(EmitProperty, ReadsBackAsTheSameView) {
  Counts counts;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    HeadGenerator heads(seed);
    for (int i = 0; i < 5000; ++i) {
      Pieces pieces = heads.next();
      add_special_fields(pieces, heads);
      const std::string text = text_of(pieces, heads);
      const EmitCase wanted = make_case(heads.below(1U << kCaseBits));
      count(text, check_promises(EmitDoor{text}, wanted), counts);
      const std::vector<FieldView> views = views_of(pieces);
      const std::string_view authority = pieces.has_authority ? std::string_view(pieces.authority) : std::string_view();
      const ParsedHead parsed{pieces.method, authority, pieces.target, views,
                              heads.one_in(2) ? HttpVersion::kHttp2 : HttpVersion::kUnknown};
      count({}, check_promises(EmitDoor{parsed}, wanted), counts);
      ASSERT_FALSE(testing::Test::HasFailure()) << text;
    }
  }
  EXPECT_GT(counts.emitted, 5000);
  EXPECT_GT(counts.changed, 2000);
}

}  // namespace
}  // namespace ostiary::test
