#include "policy/analysis/handling.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace ostiary::policy::analysis {

namespace {

/// Everything that a route says about what it lets through, as one text that is equal only where all of it is.
class Handling {
 public:
  explicit Handling(const GateSource& gate) : gate_(gate) {
    for (const OriginSource& origin : gate.origins) origins_.emplace(origin.id.value, &origin);
  }

  [[nodiscard]] std::string of(const RouteSource& route) {
    text_.clear();
    if (const auto origin = origins_.find(route.origin.value); origin != origins_.end()) put_origin(*origin->second);
    std::set<std::uint32_t> waivers;
    for (const Reason waiver : route.waivers) waivers.insert(static_cast<std::uint32_t>(waiver));
    for (const std::uint32_t waiver : waivers) put(waiver);
    put_shape(route.shape);
    if (route.shape.identity_headers) put_identity_headers();
    return text_;
  }

 private:
  void put(std::string_view text) { text_.append(std::to_string(text.size())).append(1, ':').append(text); }
  void put(std::uint64_t number) { put(std::string_view(std::to_string(number))); }

  /// A list whose order means nothing.
  void put_set(const std::vector<Text>& texts) {
    std::set<std::string_view> values;
    for (const Text& text : texts) values.insert(text.value);
    put(values.size());
    for (const std::string_view value : values) put(value);
  }

  void put_origin(const OriginSource& origin) {
    put(origin.scheme);
    put(origin.host.value);
    put(origin.port);
    put(origin.shield.value);
    put(static_cast<std::uint64_t>(origin.sign.method));
    put(origin.sign.key.value);
    put(origin.sign.region.value);
    put(origin.sign.service.value);
    put(origin.connect_timeout_ms);
    put(origin.first_byte_timeout_ms);
    put(origin.between_bytes_timeout_ms);
  }

  void put_key(const std::vector<KeyPartSource>& key) {
    std::set<std::string> parts;
    for (const KeyPartSource& part : key) {
      parts.insert(std::to_string(static_cast<std::uint32_t>(part.kind)) + part.name.value);
    }
    put(parts.size());
    for (const std::string& part : parts) put(part);
  }

  void put_shape(const ShapeSource& shape) {
    put(static_cast<std::uint64_t>(shape.cache.cache_class));
    put(shape.cache.ttl_s);
    put_set(shape.cache.surrogate_keys);
    put(shape.cache.whole_query ? 1U : 0U);
    put_key(shape.cache.key);
    put(shape.rate.limit);
    put(shape.rate.period_s);
    put(shape.rate.burst);
    put_key(shape.rate.key);
    std::set<std::string> edits;
    for (const HeaderEditSource& edit : shape.edits) {
      edits.insert(std::to_string(static_cast<std::uint32_t>(edit.kind)) + ":" + edit.name.value + ":" +
                   std::to_string(static_cast<std::uint32_t>(edit.value_kind)) + ":" + edit.value.value);
    }
    put(edits.size());
    for (const std::string& edit : edits) put(edit);
    put(shape.rewrite.value);
    put(static_cast<std::uint64_t>(shape.query_filter));
    put_set(shape.query_names);
    put(shape.hide ? 1U : 0U);
    put(shape.login.value);
  }

  void put_identity_headers() {
    std::map<std::string_view, const IdentityHeaderSource*> headers;
    for (const IdentityHeaderSource& header : gate_.identity_headers) headers.emplace(header.name.value, &header);
    for (const auto& [name, header] : headers) {
      put(name);
      put(static_cast<std::uint64_t>(header->source));
      put(header->claim.value);
    }
  }

  const GateSource& gate_;
  std::map<std::string_view, const OriginSource*> origins_;
  std::string text_;
};

}  // namespace

std::vector<std::string> handled_otherwise(const GateSource& old_gate, const GateSource& new_gate) {
  std::map<std::string_view, const RouteSource*> before;
  for (const RouteSource& route : old_gate.routes) before.emplace(route.id.value, &route);
  Handling old_handling(old_gate);
  Handling new_handling(new_gate);
  std::set<std::string> routes;
  for (const RouteSource& route : new_gate.routes) {
    const auto same = before.find(route.id.value);
    if (same != before.end() && old_handling.of(*same->second) != new_handling.of(route)) routes.insert(route.id.value);
  }
  return {routes.begin(), routes.end()};
}

}  // namespace ostiary::policy::analysis
