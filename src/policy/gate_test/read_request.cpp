#include "policy/gate_test/read_request.hpp"

#include "policy/nearest_text.hpp"
#include "policy/time_text.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/http/ip_address.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ostiary::policy {

namespace {

constexpr std::array<std::string_view, 2> kSchemes = {"http", "https"};

Scheme scheme_at(std::size_t index) { return index == 0 ? Scheme::kHttp : Scheme::kHttps; }

/// A text that stays on its line of the head, so that a test asks about the request that it shows.
std::optional<std::string> line_text(const JsonNode& node, bool may_be_empty) {
  if (may_be_empty && node.value().kind == adapt::JsonKind::kText && node.value().text.empty()) return std::string();
  std::optional<Text> text = node.text();
  if (!text) return std::nullopt;
  if (text->value.find_first_of("\r\n") == std::string::npos) return std::move(text->value);
  node.fail(Reason::kGateValue, "expected no line break; it would begin another line of the head");
  return std::nullopt;
}

auto line_into(std::string& target) {
  return [&target](const JsonNode& node) {
    if (auto text = line_text(node, false)) target = std::move(*text);
  };
}

/// What a client makes of a URL: scheme, Host and target. It resolves nothing.
void read_url(const JsonNode& node, TestRequest& request) {
  const std::optional<std::string> url = line_text(node, false);
  if (!url) return;
  std::string_view rest = *url;
  const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(), [rest](std::string_view name) {
    return rest.starts_with(name) && rest.substr(name.size()).starts_with("://");
  });
  if (scheme == kSchemes.end()) {
    node.fail(Reason::kGateValue, "expected a URL that begins with \"http://\" or \"https://\", found \"" + *url + '"');
    return;
  }
  if (rest.find('#') != std::string_view::npos) {
    node.fail(Reason::kGateValue, "expected a URL without a fragment: clients do not send it; remove \"#\"");
    return;
  }
  rest.remove_prefix(scheme->size() + 3);
  const std::size_t host_size = std::min(rest.find_first_of("/?"), rest.size());
  request.scheme = scheme_at(static_cast<std::size_t>(scheme - kSchemes.begin()));
  request.host = rest.substr(0, host_size);
  request.target = rest.substr(host_size);
  if (!request.target.starts_with('/')) request.target.insert(0, 1, '/');
}

void read_header(const JsonNode& node, std::vector<TestHeader>& headers) {
  const std::string name(node.key());
  if (name.find_first_of("\r\n:") != std::string::npos) {
    node.fail(Reason::kGateValue, "expected a header name without \":\" and line breaks");
    return;
  }
  const auto add = [&](const JsonNode& value) {
    if (auto text = line_text(value, true)) headers.push_back({name, std::move(*text)});
  };
  if (node.value().kind == adapt::JsonKind::kArray) {
    node.for_each_element(add);
  } else {
    add(node);
  }
}

void read_flags(const JsonNode& node, const std::vector<Text>& known, std::vector<Text>& flags) {
  flags = node.texts();
  for (const Text& flag : flags) {
    if (std::any_of(known.begin(), known.end(), [&](const Text& one) { return one.value == flag.value; })) continue;
    const std::string guess = nearest_text(flag.value, known);
    node.fail_at(
        Reason::kGateReference, flag.offset,
        "no flag \"" + flag.value + "\"" + (guess.empty() ? std::string() : "; did you mean \"" + guess + "\"?"));
  }
}

void read_peer(const JsonNode& node, std::string& peer) {
  const std::optional<Text> text = node.text();
  if (!text) return;
  if (parse_ipv4(text->value) || parse_ipv6(text->value)) {
    peer = text->value;
  } else {
    node.fail(Reason::kGateValue, "expected an IP address, found \"" + text->value + '"');
  }
}

}  // namespace

std::optional<std::int64_t> read_test_time(const JsonNode& node) {
  const std::optional<Text> text = node.text();
  if (!text) return std::nullopt;
  const std::optional<std::int64_t> time = parse_time(text->value);
  if (time && *time >= 0) return time;
  node.fail(Reason::kGateValue,
            "expected a time in UTC from 1970 on as \"2026-12-31T23:59:59Z\", found \"" + text->value + '"');
  return std::nullopt;
}

bool has_credential(const TestRequest& request) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [](const TestHeader& header) { return equals_ignoring_case(header.name, "authorization"); });
}

TestRequest read_test_request(const JsonNode& node, const std::vector<Text>& flags) {
  TestRequest request;
  int urls = 0;
  int parts = 0;
  bool has_scheme = false;
  const auto part = [&parts](auto read) {
    return [&parts, read](const JsonNode& child) {
      ++parts;
      read(child);
    };
  };
  node.read_members({
      {"method", false, line_into(request.method)},
      {"url", false,
       [&](const JsonNode& child) {
         ++urls;
         read_url(child, request);
       }},
      {"scheme", false,
       [&](const JsonNode& child) {
         has_scheme = true;
         if (const auto index = child.one_of(kSchemes)) request.scheme = scheme_at(*index);
       }},
      {"host", false, part(line_into(request.host))},
      {"path", false, part(line_into(request.target))},
      {"headers", false,
       [&](const JsonNode& child) {
         child.for_each_member([&](const JsonNode& header) { read_header(header, request.headers); });
       }},
      {"peer", false, [&](const JsonNode& child) { read_peer(child, request.peer); }},
      {"now", false, [&](const JsonNode& child) { request.now_s = read_test_time(child); }},
      {"flags", false, [&](const JsonNode& child) { read_flags(child, flags, request.flags); }},
  });
  if (urls == 0 ? parts != 2 : parts != 0 || has_scheme) {
    node.fail(Reason::kGateValue, "expected either \"url\", or \"host\", \"path\" and perhaps \"scheme\"");
  }
  return request;
}

}  // namespace ostiary::policy
