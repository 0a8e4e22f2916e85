#include <ostiary/policy/compile.hpp>
#include <ostiary/policy/decide.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace ostiary {
namespace {

std::string shop_image() {
  std::ifstream file(OSTIARY_SOURCE_DIR "/examples/shop/gate.json");
  std::ostringstream text;
  text << file.rdbuf();
  const CompiledGate compiled = compile_gate(text.str());
  EXPECT_TRUE(compiled.ok());
  return compiled.image;
}

/// Makes the checksum right again, so that the checks behind it are reached.
void repair_checksum(std::string& image) {
  const std::uint64_t checksum = detail::image_checksum(std::string_view(image).substr(sizeof(GateHeader)));
  std::memcpy(image.data() + offsetof(GateHeader, checksum), &checksum, sizeof(checksum));
}

/// Asks a gate that may be nonsense; only the sanitizers judge.
void ask_everything(const Gate& gate) {
  std::vector<std::byte> memory(64 * 1024);
  for (const std::string_view path : {"/", "/orders", "/orders/1", "/admin/exports/x", "/catalog/a/b"}) {
    Request request;
    request.host = "api.shop.example";
    request.path = path;
    Arena scratch(memory);
    const Decision decision = decide(gate, request, match_route(gate, request), nullptr, {0, "203.0.113.1"}, scratch);
    EXPECT_EQ(decision.allowed(), decision.reason == Reason::kAllowed);
  }
}

TEST(GateImage, LoadsFromAnyAddress) {
  const std::string image = shop_image();
  for (std::size_t shift = 0; shift < 8; ++shift) {
    const std::string moved = std::string(shift, 'x') + image;
    EXPECT_TRUE(Gate::load(std::string_view(moved).substr(shift)).ok());
  }
}

TEST(GateImage, EveryTruncationIsRefused) {
  const std::string image = shop_image();
  for (std::size_t size = 0; size < image.size(); ++size) {
    const std::string cut(image, 0, size);
    const Reason reason = Gate::load(cut).reason();
    EXPECT_EQ(reason, size < sizeof(GateHeader) ? Reason::kImageFormat : Reason::kImageDamaged) << size;
  }
  EXPECT_EQ(Gate::load(image + '\0').reason(), Reason::kImageDamaged);
}

TEST(GateImage, EveryFlippedBitIsNoticed) {
  const std::string image = shop_image();
  for (std::size_t at = 0; at < image.size(); ++at) {
    std::string damaged = image;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    // The name's span and the table places lie in the header, outside the checksum: they may only fail to load or stay
    // in range.
    const Result<Gate> gate = Gate::load(damaged);
    if (at >= sizeof(GateHeader)) {
      EXPECT_EQ(gate.reason(), Reason::kImageDamaged) << at;
    } else if (gate.ok()) {
      ask_everything(*gate);
    }
  }
}

TEST(GateImage, AForeignOrNewerImageIsNotRead) {
  std::string image = shop_image();
  std::string other = image;
  std::reverse(other.begin(), other.begin() + 4);  // as a big-endian writer would have it
  EXPECT_EQ(Gate::load(other).reason(), Reason::kImageFormat);
  for (const std::uint32_t format : {GateHeader::kFormat - 1, GateHeader::kFormat + 1}) {
    std::memcpy(image.data() + offsetof(GateHeader, format), &format, sizeof(format));
    EXPECT_EQ(Gate::load(image).reason(), Reason::kImageFormat);
  }
}

TEST(GateImage, AnyRecordOutOfRangeIsRefusedOrHarmless) {
  const std::string image = shop_image();
  for (std::size_t at = sizeof(GateHeader); at + 4 <= image.size(); at += 4) {
    for (const std::uint32_t value : {0U, 1U, 0x7fffffffU, 0xffffffffU, static_cast<std::uint32_t>(image.size())}) {
      std::string damaged = image;
      std::memcpy(damaged.data() + at, &value, sizeof(value));
      repair_checksum(damaged);
      const Result<Gate> gate = Gate::load(damaged);
      if (gate.ok()) ask_everything(*gate);
    }
  }
}

// As many are promised scratch memory.
TEST(GateImage, WithMoreIdentityHeadersThanThereMayBeIsDamaged) {
  std::string headers;
  for (std::uint32_t i = 0; i < kIdentityHeadersMax; ++i) {
    headers += (i == 0 ? "\"x-" : ", \"x-") + std::to_string(i) + R"(": {"from": "peer"})";
  }
  const CompiledGate compiled = compile_gate(R"({"gate": 1, "name": "g",
    "origins": {"o": {"scheme": "http", "host": "o.example", "port": 1}}, "identity_headers": {)" +
                                             headers + R"(},
    "routes": [{"id": "r", "hosts": ["h.example"], "methods": ["GET"], "path": "/", "origin": "o"}],
    "rules": [{"id": "all", "effect": "allow", "routes": ["*"], "public": true}]})");
  ASSERT_TRUE(compiled.ok()) << compiled.errors.front().message;
  EXPECT_TRUE(Gate::load(compiled.image).ok());
  std::string more = compiled.image;
  GateHeader header;
  std::memcpy(&header, more.data(), sizeof(header));
  // The same record once more, where the tables end.
  const std::string last = more.substr(header.identity_headers.offset, sizeof(IdentityHeaderRecord));
  const std::string table = more.substr(header.identity_headers.offset, kIdentityHeadersMax * last.size()) + last;
  header.identity_headers = {static_cast<std::uint32_t>(more.size()), kIdentityHeadersMax + 1};
  more += table;
  header.size = static_cast<std::uint32_t>(more.size());
  std::memcpy(more.data(), &header, sizeof(header));
  repair_checksum(more);
  EXPECT_EQ(Gate::load(more).reason(), Reason::kImageDamaged);
  header.identity_headers.count = kIdentityHeadersMax;  // as long as it is but with one record unread
  std::memcpy(more.data(), &header, sizeof(header));
  repair_checksum(more);
  EXPECT_TRUE(Gate::load(more).ok());
}

/// An image in which every row of a table says something else.
template <typename Record, typename Change>
std::string with_changed_rows(ImageTable GateHeader::* table, const Change& change) {
  std::string image = shop_image();
  GateHeader header;
  std::memcpy(&header, image.data(), sizeof(header));
  for (std::uint32_t row = 0; row < (header.*table).count; ++row) {
    auto record = image_record<Record>(image, header.*table, row);
    change(record, header);
    std::memcpy(image.data() + (header.*table).offset + row * sizeof(Record), &record, sizeof(Record));
  }
  repair_checksum(image);
  return image;
}

// Otherwise n blocks of the same n rules would take n * n steps to check, and every request that reaches them, too.
TEST(GateImage, BlocksThatShareRulesOrConditionsAreRefused) {
  const auto all_rules = [](RuleBlockRecord& block, const GateHeader& header) {
    block = {{0, 0}, {0, header.block_rules.count}};
  };
  const auto first_condition = [](RuleBlockRecord& block, const GateHeader&) { block = {{0, 1}, {0, 0}}; };
  for (const std::string& image : {with_changed_rows<RuleBlockRecord>(&GateHeader::rule_blocks, all_rules),
                                   with_changed_rows<RuleBlockRecord>(&GateHeader::rule_blocks, first_condition)}) {
    EXPECT_EQ(Gate::load(image).reason(), Reason::kImageDamaged);
  }
}

constexpr std::string_view kReading = R"({"gate": 1, "name": "g",
  "origins": {"o": {"scheme": "https", "host": "o.example", "port": 443}},
  "routes": [{"id": "r", "hosts": ["h.example"], "methods": ["GET"], "path": "/r", "origin": "o"},
             {"id": "s", "hosts": ["h.example"], "methods": ["GET"], "path": "/s", "origin": "o"}],
  "rules": [
    {"id": "a", "effect": "allow", "routes": ["*"], "public": true, "request": {"client": {"in": ["192.0.2.0/24"]}}},
    {"id": "b", "effect": "deny", "routes": ["*"], "public": true, "request": {"client": {"in": ["10.0.0.0/8"]}}},
    {"id": "c", "effect": "deny", "routes": ["*"], "public": true, "request": {"query": {"q": {"present": true}}}}]})";

TEST(GateImage, RoutesThatShareWhatTheyReadAreRefused) {
  std::string image = compile_gate(kReading).image;
  const Result<Gate> gate = Gate::load(image);
  ASSERT_TRUE(gate.ok());
  ASSERT_EQ(gate->route(1).parameters.count, 1U);
  RouteRecord second = gate->route(1);
  second.parameters = gate->route(0).parameters;
  std::memcpy(image.data() + gate->header().routes.offset + sizeof(RouteRecord), &second, sizeof(second));
  repair_checksum(image);
  EXPECT_EQ(Gate::load(image).reason(), Reason::kImageDamaged);
}

TEST(GateImage, NetworksThatShareTheirBlocksAreRefused) {
  std::string image = compile_gate(kReading).image;
  const ImageTable networks = Gate::load(image)->header().networks;
  ASSERT_EQ(networks.count, 2U);
  std::memcpy(image.data() + networks.offset + sizeof(Span), image.data() + networks.offset, sizeof(Span));
  repair_checksum(image);
  EXPECT_EQ(Gate::load(image).reason(), Reason::kImageDamaged);
}

TEST(DecisionImage, SpellsOutTheWholeDecision) {
  const std::string image = shop_image();
  const Gate gate = *Gate::load(image);
  Request request;
  request.host = "api.shop.example";
  request.path = "/health";
  std::vector<std::byte> memory(4096);
  Arena scratch(memory);
  const Decision decision = decide(gate, request, match_route(gate, request), nullptr, {0, "203.0.113.1"}, scratch);
  const std::string_view bytes = encode_decision(decision, scratch);
  DecisionHeader header;
  ASSERT_GE(bytes.size(), sizeof(header));
  std::memcpy(&header, bytes.data(), sizeof(header));
  EXPECT_EQ(header.size, bytes.size());
  EXPECT_EQ(header.effect, Effect::kAllow);
  EXPECT_EQ(header.reason, Reason::kAllowed);
  EXPECT_EQ(header.http_status, 200U);
  EXPECT_EQ(header.route.in(bytes), "health");
  EXPECT_EQ(header.rule.in(bytes), "anyone-browses");
  EXPECT_EQ(header.origin.in(bytes), "orders");
  ASSERT_EQ(header.headers.count, 4U);
  const auto last = image_record<HeaderEditRecord>(bytes, header.headers, 3);
  EXPECT_EQ(last.kind, HeaderEditKind::kSet);
  EXPECT_EQ(last.name.in(bytes), "x-shop-client");
  EXPECT_EQ(last.value.in(bytes), "203.0.113.1");
}

TEST(DecisionImage, IsEmptyWhenScratchIsTooSmall) {
  std::vector<std::byte> memory(sizeof(DecisionHeader) - 1);
  Arena scratch(memory);
  EXPECT_TRUE(encode_decision(Decision(), scratch).empty());
}

}  // namespace
}  // namespace ostiary
