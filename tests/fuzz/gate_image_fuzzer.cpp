// Any bytes as a Gate image, with the checksum made right: it does not load, or it decides within bounds.
#include <ostiary/policy/decide.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

void repair(std::string& image) {
  if (image.size() < sizeof(ostiary::GateHeader)) return;
  const auto size = static_cast<std::uint32_t>(image.size());
  const std::uint64_t checksum =
      ostiary::detail::image_checksum(std::string_view(image).substr(sizeof(ostiary::GateHeader)));
  std::memcpy(image.data() + offsetof(ostiary::GateHeader, size), &size, sizeof(size));
  std::memcpy(image.data() + offsetof(ostiary::GateHeader, checksum), &checksum, sizeof(checksum));
}

void ask(const ostiary::Gate& gate, std::string_view path) {
  std::vector<std::byte> memory(64 * 1024);
  ostiary::Arena scratch(memory);
  ostiary::Request request;
  request.host = "api.shop.example";
  request.path = path;
  const ostiary::Decision decision =
      ostiary::decide(gate, request, ostiary::match_route(gate, request), nullptr, {0, "203.0.113.1"}, scratch);
  if (decision.allowed() != (decision.reason == ostiary::Reason::kAllowed)) __builtin_trap();
  (void)ostiary::encode_decision(decision, scratch);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string image(reinterpret_cast<const char*>(data), size);
  repair(image);
  const ostiary::Result<ostiary::Gate> gate = ostiary::Gate::load(image);
  if (!gate) return 0;
  for (const std::string_view path : {"/", "/orders", "/orders/1", "/catalog/a/b", "/admin/exports/1"})
    ask(*gate, path);
  return 0;
}
