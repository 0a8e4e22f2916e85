#include "policy/read_shaping.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ostiary::policy {

namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kYearS = 31'536'000;
constexpr std::int64_t kDayS = 86'400;
constexpr std::int64_t kRateMax = 1'000'000;

/// Stores an integer in range.
std::function<void(const JsonNode&)> number_into(std::uint32_t& target, std::int64_t min, std::int64_t max) {
  return [&target, min, max](const JsonNode& node) {
    target = static_cast<std::uint32_t>(node.integer(min, max).value_or(min));
  };
}

/// Adds a part for each listed name.
std::function<void(const JsonNode&)> names_into(std::vector<KeyPartSource>& parts, KeyPartKind kind) {
  return [&parts, kind](const JsonNode& node) {
    for (Text& name : node.texts()) parts.push_back({kind, std::move(name)});
  };
}

/// `"all"` or the names of parameters.
void read_key_query(const JsonNode& node, CacheSource& cache) {
  static constexpr std::array<std::string_view, 1> kAll = {"all"};
  if (node.value().kind != adapt::JsonKind::kArray) {
    (void)node.one_of(kAll);
    return;
  }
  cache.whole_query = false;
  cache.query_offset = node.offset();
  if (node.value().count != 0) names_into(cache.key, KeyPartKind::kParameter)(node);  // none is a choice as well
}

void read_cache_key(const JsonNode& node, CacheSource& cache) {
  cache.has_key = true;
  node.read_members({
      {"query", false, [&](const JsonNode& child) { read_key_query(child, cache); }},
      {"headers", false, names_into(cache.key, KeyPartKind::kHeader)},
      {"claims", false, names_into(cache.key, KeyPartKind::kClaim)},
  });
}

/// `{"claim": NAME}` or `{"header": NAME}`.
void read_named_part(const JsonNode& node, std::vector<KeyPartSource>& parts) {
  const std::size_t before = parts.size();
  const auto add = [&parts](KeyPartKind kind) {
    return [&parts, kind](const JsonNode& child) {
      if (auto name = child.text()) parts.push_back({kind, std::move(*name)});
    };
  };
  node.read_members({{"claim", false, add(KeyPartKind::kClaim)}, {"header", false, add(KeyPartKind::kHeader)}});
  if (parts.size() > before + 1) node.fail(Reason::kGateValue, "expected one of \"claim\" and \"header\", found both");
  if (!node.says_something()) node.fail(Reason::kGateValue, "expected \"claim\" or \"header\"");
}

void read_rate_part(const JsonNode& node, std::vector<KeyPartSource>& parts) {
  static constexpr std::array<std::string_view, 2> kPlain = {"client", "route"};
  if (node.value().kind == adapt::JsonKind::kObject) return read_named_part(node, parts);
  const auto index = node.one_of(kPlain);
  if (index) parts.push_back({*index == 0 ? KeyPartKind::kClient : KeyPartKind::kRoute, {{}, node.offset()}});
}

/// A text, or `{"claim": NAME}` where claims may stand.
void read_edit_value(const JsonNode& node, HeaderEditSource& edit) {
  if (node.value().kind == adapt::JsonKind::kObject && edit.kind != HeaderEditKind::kRename) {
    edit.value_kind = EditValueKind::kClaim;
    node.read_members({{"claim", true, [&](const JsonNode& child) {
                          if (auto name = child.text()) edit.value = std::move(*name);
                        }}});
  } else if (auto text = node.text()) {
    edit.value = std::move(*text);
  }
}

std::function<void(const JsonNode&)> edits_into(std::vector<HeaderEditSource>& edits, HeaderEditKind kind) {
  return [&edits, kind](const JsonNode& node) {
    node.for_each_member([&](const JsonNode& child) {
      HeaderEditSource edit{kind, child.key_text(), EditValueKind::kText, {}};
      read_edit_value(child, edit);
      if (!edit.value.value.empty()) edits.push_back(std::move(edit));
    });
  };
}

}  // namespace

std::function<void(const JsonNode&)> timeout_into(std::uint32_t& target) { return number_into(target, 1, kHourMs); }

CacheSource read_cache(const JsonNode& node) {
  static constexpr std::array<std::string_view, 3> kClasses = {"none", "private", "shared"};
  CacheSource cache;
  cache.offset = node.offset();
  bool lasts = false;
  node.read_members({
      {"class", true,
       [&](const JsonNode& child) { cache.cache_class = static_cast<CacheClass>(child.one_of(kClasses).value_or(0)); }},
      {"ttl_s", false,
       [&](const JsonNode& child) {
         lasts = true;
         number_into(cache.ttl_s, 1, kYearS)(child);
       }},
      {"surrogate_keys", false, [&](const JsonNode& child) { cache.surrogate_keys = child.texts(); }},
      {"key", false, [&](const JsonNode& child) { read_cache_key(child, cache); }},
  });
  if (lasts != (cache.cache_class != CacheClass::kNone)) {
    node.fail(Reason::kGateValue, lasts ? "\"ttl_s\" means nothing where nobody keeps the answer; remove it"
                                        : "expected \"ttl_s\", the seconds for which the answer is kept");
  }
  return cache;
}

RateSource read_rate(const JsonNode& node) {
  RateSource rate;
  node.read_members({
      {"limit", true, number_into(rate.limit, 1, kRateMax)},
      {"period_s", true, number_into(rate.period_s, 1, kDayS)},
      {"burst", false,
       [&](const JsonNode& child) {
         rate.burst_offset = child.offset();
         number_into(rate.burst, 1, kRateMax)(child);
       }},
      {"key", true,
       [&](const JsonNode& child) {
         child.for_each_element([&](const JsonNode& element) { read_rate_part(element, rate.key); });
       }},
  });
  if (rate.burst == 0) rate.burst = 1;
  return rate;
}

std::vector<HeaderEditSource> read_header_edits(const JsonNode& node) {
  std::vector<HeaderEditSource> edits;
  node.read_members({
      {"remove", false,
       [&](const JsonNode& child) {
         for (Text& name : child.texts()) {
           edits.push_back({HeaderEditKind::kRemove, std::move(name), EditValueKind::kText, {}});
         }
       }},
      {"rename", false, edits_into(edits, HeaderEditKind::kRename)},
      {"set", false, edits_into(edits, HeaderEditKind::kSet)},
      {"append", false, edits_into(edits, HeaderEditKind::kAppend)},
  });
  return edits;
}

void read_query_filter(const JsonNode& node, ShapeSource& shape) {
  const auto names = [&shape](QueryFilter filter) {
    return [&shape, filter](const JsonNode& child) {
      shape.query_filter = filter;
      // Keeping none is a choice; dropping none is a mistake.
      if (filter == QueryFilter::kDrop || child.value().kind != adapt::JsonKind::kArray || child.value().count != 0) {
        shape.query_names = child.texts();
      }
    };
  };
  int filters = 0;
  const auto counted = [&filters](auto read) {
    return [&filters, read](const JsonNode& child) {
      ++filters;
      read(child);
    };
  };
  node.read_members(
      {{"keep", false, counted(names(QueryFilter::kKeep))}, {"drop", false, counted(names(QueryFilter::kDrop))}});
  if (filters != 1) node.fail(Reason::kGateValue, "expected exactly one of \"keep\" and \"drop\"");
}

void read_identity_headers_choice(const JsonNode& node, ShapeSource& shape) {
  if (node.boolean().value_or(false)) {
    node.fail(Reason::kGateValue, "expected false; leave the member out otherwise");
  }
  shape.identity_headers = false;
}

void read_hide(const JsonNode& node, ShapeSource& shape) {
  if (!node.boolean().value_or(true)) node.fail(Reason::kGateValue, "expected true; leave the member out otherwise");
  shape.hide = true;
}

}  // namespace ostiary::policy
