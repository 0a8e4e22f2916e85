// Looking addresses up in sets of blocks whose lengths are spread as in routing tables, and finding the client of a
// request. `hit` asks for addresses in some block, `miss` for others, `mixed` for both families and both kinds in turn;
// `latency` is mixed with every question waiting for the last answer. `binary_search` is the same intervals without the
// bucket table. Times are per address or request.
#include "bench/frame/task.hpp"
#include "tests/support/address_set_image.hpp"
#include "tests/support/field_request.hpp"

#include <ostiary/http/client_address.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace ostiary;
using bench::keep;

class Routes {
 public:
  explicit Routes(std::size_t count) {
    std::set<AddressBlock> blocks;
    while (blocks.size() < count) blocks.insert(blocks.size() % 2 == 0 ? ipv4_block() : ipv6_block());
    blocks_.assign(blocks.begin(), blocks.end());
    std::vector<AddressSetEntry> entries;
    for (const AddressBlock& block : blocks_) entries.push_back({block, 0});
    set_ = std::make_unique<test::OwnedAddressSet>(std::move(entries));
  }

  [[nodiscard]] const AddressSet& set() const { return **set_; }

  IpAddress hit(AddressFamily family) {
    for (;;) {
      const AddressBlock& block = blocks_[random_() % blocks_.size()];
      if (block.first.family == family) return within(block);
    }
  }

  IpAddress miss(AddressFamily family) {
    for (;;) {
      const IpAddress address = within(family == AddressFamily::kIpv4 ? ipv4_block() : ipv6_block());
      if (!set().contains(address)) return address;
    }
  }

 private:
  /// Mostly /24, then /16 to /23, some /8 and some longer ones; from a quarter of the first octets, but blocks shorter
  /// than /16 stand between these, or there would be nothing to miss.
  AddressBlock ipv4_block() {
    const std::uint64_t percent = random_() % 100;
    const std::uint64_t length = percent < 1    ? 8
                                 : percent < 5  ? 9 + random_() % 7
                                 : percent < 12 ? 16
                                 : percent < 40 ? 17 + random_() % 7
                                 : percent < 95 ? 24
                                                : 25 + random_() % 8;
    const auto octet = static_cast<std::uint32_t>((length < 16 ? 2 : 1) + random_() % 55 * 4);
    return block_of(ipv4_address(octet << 24 | (random_() & 0xffffffU)), static_cast<unsigned>(length));
  }

  /// Mostly /48 and /32, some /64, from the few prefixes that the registries give out of, and loopback and link-local.
  AddressBlock ipv6_block() {
    static constexpr std::array<std::uint64_t, 16> kPrefixes = {0x2001, 0x2400, 0x2401, 0x2402, 0x2404, 0x2405,
                                                                0x2406, 0x2600, 0x2603, 0x2607, 0x2620, 0x2804,
                                                                0x2a00, 0x2a02, 0x2a0e, 0x2c0f};
    const std::uint64_t percent = random_() % 100;
    if (percent == 0) return {{AddressFamily::kIpv6, 0xfe80ULL << 48, random_()}, 128};
    const std::uint64_t length = percent < 20   ? 32
                                 : percent < 35 ? 29 + random_() % 12
                                 : percent < 80 ? 48
                                 : percent < 95 ? 40 + random_() % 16
                                                : 64;
    const std::uint64_t high = kPrefixes[random_() % kPrefixes.size()] << 48 | (random_() & 0xffff'ffff'ffffULL);
    return block_of({AddressFamily::kIpv6, high, 0}, static_cast<unsigned>(length));
  }

  IpAddress within(const AddressBlock& block) {
    const IpAddress noise = block.first.is_ipv4() ? ipv4_address(static_cast<std::uint32_t>(random_()))
                                                  : IpAddress{AddressFamily::kIpv6, random_(), random_()};
    const AddressBlock prefix = block_of(noise, block.length);
    IpAddress address = block.first;
    address.high |= noise.high ^ prefix.first.high;
    address.low |= noise.low ^ prefix.first.low;
    return address;
  }

  std::mt19937_64 random_{60};
  std::vector<AddressBlock> blocks_;
  std::unique_ptr<test::OwnedAddressSet> set_;
};

constexpr std::size_t kQueries = 16384;

std::vector<IpAddress> queries_for(Routes& routes, const std::string& kind) {
  std::vector<IpAddress> queries;
  for (std::size_t i = 0; i < kQueries; ++i) {
    const bool is_mixed = kind == "mixed" || kind == "latency";
    const bool is_ipv4 = is_mixed ? i % 3 != 0 : kind.starts_with("ipv4");
    const bool is_hit = is_mixed ? i % 2 == 0 : kind.ends_with("hit");
    const AddressFamily family = is_ipv4 ? AddressFamily::kIpv4 : AddressFamily::kIpv6;
    queries.push_back(is_hit ? routes.hit(family) : routes.miss(family));
  }
  std::shuffle(queries.begin(), queries.end(), std::mt19937_64(1));
  return queries;
}

void measure(benchmark::State& state, const AddressSet& set, const std::vector<IpAddress>& queries) {
  while (state.KeepRunningBatch(kQueries)) {
    std::uint32_t sum = 0;
    for (const IpAddress& query : queries) sum += set.find(query);
    keep(sum);
  }
  state.counters["image"] = static_cast<double>(set.image().size());
}

void measure_latency(benchmark::State& state, const AddressSet& set, const std::vector<IpAddress>& queries) {
  const volatile std::uint32_t source = 0;
  const std::uint32_t zero = source;
  while (state.KeepRunningBatch(kQueries)) {
    std::uint32_t answer = 0;
    for (std::size_t i = 0; i < kQueries; ++i) answer = set.find(queries[i + (answer & zero)]);
    keep(answer);
  }
}

/// The first addresses of the intervals of IPv4, searched with the standard library.
void measure_binary_search(benchmark::State& state, const AddressSet& set, const std::vector<IpAddress>& queries) {
  AddressSetHeader header;
  std::memcpy(&header, set.image().data(), sizeof(header));
  std::vector<std::uint32_t> keys;
  for (std::uint32_t i = 0; i < header.ipv4.keys.count; ++i) {
    keys.push_back(image_record<std::uint32_t>(set.image(), header.ipv4.keys, i));
  }
  while (state.KeepRunningBatch(kQueries)) {
    std::uint32_t sum = 0;
    for (const IpAddress& query : queries) {
      const auto interval = std::upper_bound(keys.begin(), keys.end(), query.ipv4()) - keys.begin() - 1;
      sum += image_record<std::uint32_t>(set.image(), header.ipv4.rows, static_cast<std::uint32_t>(interval));
    }
    keep(sum);
  }
}

void add_set(std::size_t count) {
  const auto routes = std::make_shared<Routes>(count);
  const std::string blocks = "/" + std::to_string(count) + "/";
  for (const char* name : {"ipv4-hit", "ipv4-miss", "ipv6-hit", "ipv6-miss", "mixed", "latency"}) {
    const std::string kind = name;
    const auto run = kind == "latency" ? measure_latency : measure;
    benchmark::RegisterBenchmark(
        ("address_set" + blocks + kind).c_str(),
        [=, queries = queries_for(*routes, kind)](benchmark::State& state) { run(state, routes->set(), queries); });
  }
  benchmark::RegisterBenchmark(("binary_search" + blocks + "ipv4-hit").c_str(),
                               [=, queries = queries_for(*routes, "ipv4-hit")](benchmark::State& state) {
                                 measure_binary_search(state, routes->set(), queries);
                               });
  benchmark::RegisterBenchmark(("load_address_set/" + std::to_string(count)).c_str(), [=](benchmark::State& state) {
    for ([[maybe_unused]] auto _ : state) keep(AddressSet::load(routes->set().image()));
  });
}

void add_client(const std::string& name, ForwardedField field, std::string_view value) {
  const auto ours = std::make_shared<test::OwnedAddressSet>(std::initializer_list<std::string_view>{"10.0.0.0/8"});
  ClientPolicy policy;
  policy.strategy = ClientStrategy::kTrustedBlocks;
  policy.field = field;
  policy.trusted_blocks = **ours;
  const std::string_view list = field == ForwardedField::kForwarded ? "Forwarded" : "X-Forwarded-For";
  const std::vector<test::FieldRequest::Line> lines = {{"Host", "a.example"}, {"Accept", "*/*"}, {list, value}};
  const auto request = std::make_shared<test::FieldRequest>(lines);
  benchmark::RegisterBenchmark(("client_address/" + name).c_str(), [=](benchmark::State& state) {
    const IpAddress peer = *parse_address(ours != nullptr ? "10.0.0.9" : "");
    for ([[maybe_unused]] auto _ : state) keep(client_address(request->request(), peer, policy));
  });
}

}  // namespace

int main(int argc, char** argv) {
  for (const std::size_t count : {10U, 1000U, 10000U, 100000U}) add_set(count);
  add_client("x-forwarded-for", ForwardedField::kXForwardedFor, "203.0.113.7, 10.0.0.2");
  add_client("x-forwarded-for-ipv6", ForwardedField::kXForwardedFor, "2001:db8:1:2:3:4:5:6, 10.0.0.2");
  add_client("forwarded", ForwardedField::kForwarded, "for=203.0.113.7;proto=https, for=10.0.0.2;by=10.0.0.9");
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
