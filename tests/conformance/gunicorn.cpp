// Request files of gunicorn's tests through the bytes door: verdict, Reason, method, target, fields and framing.
#include "adapt/crypto.hpp"
#include "conformance/report.hpp"
#include "support/bytes_of_hex.hpp"
#include "support/guarded_pages.hpp"

#include <ostiary/core/bytes.hpp>
#include <ostiary/http/inspect.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::conformance {

namespace {

using nlohmann::json;

constexpr std::string_view kBodyOnly = "body, not a head";
constexpr std::string_view kAddedHost = "Host: shop.example\r\n";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

void replace_hex_escapes(std::string& text) {
  for (std::size_t at = 0; (at = text.find("\\x", at)) != std::string::npos && at + 3 < text.size(); ++at) {
    text.replace(at, 4, 1, static_cast<char>(hex_value(text[at + 2]) * 16 + hex_value(text[at + 3])));
  }
}

/// The steps that expectations.json gives.
std::string decode(std::string text) {
  std::erase(text, '\n');
  replace_all(text, "\\r\\n", "\r\n");
  replace_all(text, "\\0", std::string_view("\0", 1));
  replace_all(text, "\\n", "\n");
  replace_all(text, "\\t", "\t");
  replace_hex_escapes(text);
  return text;
}

bool is_decoded_right(const json& entry, const std::string& bytes) {
  const auto digest = adapt::sha256(bytes);
  return bytes.size() == entry.at("decoded_length") && digest &&
         test::hex_of_bytes(*digest) == entry.at("decoded_sha256");
}

/// Code points U+0080 to U+00FF stand for single bytes.
std::string bytes_of_text(const std::string& utf8) {
  std::string bytes;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if (lead < 0x80) {
      bytes += utf8[i];
    } else if (++i < utf8.size()) {
      bytes += static_cast<char>((lead & 3U) << 6U | (static_cast<unsigned char>(utf8[i]) & 63U));
    }
  }
  return bytes;
}

/// Theirs as far as ours have a counterpart: there is no limit on the size of one field.
InspectOptions options_of(const json& settings) {
  InspectOptions options;
  options.limits.target_size_max = settings.value("limit_request_line", 4094U);
  options.limits.field_count_max = settings.value("limit_request_fields", 100U);
  return options;
}

std::string upper(std::string_view name) {
  std::string text;
  for (const char c : name) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// What differs between the Request and what the corpus says of it; empty when nothing does.
std::string difference(const Request& request, const json& wanted) {
  if (kMethodNames[static_cast<std::size_t>(request.method)] != wanted.at("method")) return "another method";
  if (request.target.in(request.head) != bytes_of_text(wanted.at("uri"))) return "another target";
  if (version_name(request.version) != "HTTP/" + wanted.at("version").get<std::string>()) return "another version";
  const json& fields = wanted.at("headers");
  if (request.fields.size() != fields.size()) return std::to_string(request.fields.size()) + " fields";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = request.fields[i];
    if (upper(request.name(field)) != fields[i].at(0)) return "another name of field " + std::to_string(i);
    if (request.value(field) != bytes_of_text(fields[i].at(1))) return "another value of field " + std::to_string(i);
  }
  return {};
}

/// The body as far as the file has it, when its length is known.
std::string difference_of_body(const Inspection& inspection, std::string_view rest, const json& wanted) {
  if (inspection.request.framing == Framing::kChunked) return {};
  const auto size = std::min<std::uint64_t>(inspection.request.content_length, rest.size());
  return rest.substr(0, size) == bytes_of_text(wanted.at("body_text")) ? "" : "another body";
}

struct Verdict {
  Reason reason = Reason::kOk;
  std::size_t head_at = 0;  ///< where the head begins that was not accepted
  std::uint32_t offset = 0;
  std::string difference;

  [[nodiscard]] bool accepted() const { return reason == Reason::kOk; }
  [[nodiscard]] std::string name() const { return std::string(reason_info(reason).name); }
  [[nodiscard]] std::string text() const {
    return name() + " at " + std::to_string(head_at + offset) + ", " + std::string(reason_info(reason).clause);
  }
};

/// Head by head, as many as the corpus speaks of and as far as the length of the bodies is known.
Verdict judge(const std::string& bytes, const json& entry) {
  const InspectOptions options = options_of(entry.value("settings", json::object()));
  const json requests = entry.value("requests", json::array({nullptr}));
  std::vector<std::byte> scratch(inspect_scratch_size_max(options.limits));
  Verdict verdict;
  for (const json& wanted : requests) {
    Arena arena(scratch);
    const std::string_view rest = std::string_view(bytes).substr(verdict.head_at);
    const Inspection inspection = inspect_bytes(rest, arena, options);
    verdict.reason = inspection.finding.reason;
    verdict.offset = inspection.finding.offset;
    if (!verdict.accepted()) return verdict;
    const std::string_view after = rest.substr(inspection.head_size);
    if (wanted.is_object()) verdict.difference = difference(inspection.request, wanted);
    if (wanted.is_object() && verdict.difference.empty()) {
      verdict.difference = difference_of_body(inspection, after, wanted);
    }
    if (!verdict.difference.empty() || inspection.request.framing == Framing::kChunked) return verdict;
    const auto body = std::min<std::uint64_t>(inspection.request.content_length, after.size());
    verdict.head_at += inspection.head_size + static_cast<std::size_t>(body);
  }
  return verdict;
}

/// Gives every head a Host that has none, and judges again.
Verdict judge_with_host(std::string bytes, json entry) {
  Verdict verdict = judge(bytes, entry);
  const json host = json::array({"HOST", "shop.example"});
  for (int heads = 0; heads < 2 && verdict.reason == Reason::kHostMissing; ++heads) {
    bytes.insert(bytes.find("\r\n", verdict.head_at + 2) + 2, kAddedHost);
    if (entry.contains("requests")) {
      json& fields = entry["requests"][static_cast<std::size_t>(heads)]["headers"];
      fields.insert(fields.begin(), host);
    }
    verdict = judge(bytes, entry);
  }
  return verdict;
}

/// The PROXY protocol comes before HTTP and is somebody else's to read.
bool is_proxied(const json& entry, const std::string& bytes) {
  return entry.value("settings", json::object()).value("proxy_protocol", false) && !bytes.starts_with("GET ");
}

/// Why the case is no question to a head inspector; empty when it is one.
std::string why_left_out(const std::string& name, const json& pinned) {
  for (const auto& [why, names] : pinned.at("left_out").items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) return why;
  }
  return {};
}

void report_refusable(Suite& suite, const std::string& name, const Verdict& verdict, const json& pinned) {
  if (const std::string why = why_left_out(name, pinned); !why.empty()) {
    if (why == kBodyOnly && !verdict.accepted())
      return suite.fail(name, "left out as a " + why + ", but " + verdict.text());
    return suite.leave_out(why, name);
  }
  const std::string wanted = pinned.at("reasons").value(name, "none");
  if (!verdict.accepted() && wanted != verdict.name()) {
    // Refused for the wrong reason it would pass by accident.
    return suite.fail(name, verdict.text() + ", pinned " + wanted);
  }
  suite.check(name, false, verdict.accepted());
}

void report_acceptable(Suite& suite, const std::string& name, const Verdict& verdict) {
  if (!verdict.difference.empty()) return suite.fail(name, verdict.difference);
  const json* const exception = suite.exception(name);
  if (exception != nullptr && !verdict.accepted() && exception->at("reason") != verdict.name()) {
    return suite.fail(name, verdict.text() + ", but the exception is " + exception->at("reason").get<std::string>());
  }
  if (exception != nullptr && exception->value("clause", "").empty())
    return suite.fail(name, "an exception without clause");
  suite.check(name, true, verdict.accepted(), verdict.text());
}

void run_case(Suite& suite, const json& entry, const std::string& bytes, bool adds_host, const json& pinned) {
  const std::string name = entry.at("file");
  const bool acceptable = entry.at("expect") == "accept";
  Verdict verdict = judge(bytes, entry);
  const bool lacks_host = verdict.reason == Reason::kHostMissing;
  if (adds_host && !lacks_host) return;
  if (adds_host) verdict = judge_with_host(bytes, entry);
  if (!acceptable && !adds_host && lacks_host) {
    suite.leave_out("no Host either, see gunicorn-host-added", name);
  } else if (acceptable) {
    report_acceptable(suite, name, verdict);
  } else {
    report_refusable(suite, name, verdict, pinned);
  }
}

/// A name that is pinned and not there would hold nothing.
void check_names(Suite& suite, const json& document, const json& pinned) {
  std::set<std::string> names;
  for (const json& entry : document.at("cases")) names.insert(entry.at("file").get<std::string>());
  const auto check = [&](const std::string& name) {
    if (!names.contains(name)) suite.fail(name, "is in gunicorn_reasons.json, but not in the corpus");
  };
  for (const auto& item : pinned.at("reasons").items()) check(item.key());
  for (const json& group : pinned.at("left_out")) {
    for (const json& name : group) check(name);
  }
}

}  // namespace

void run_gunicorn(Suite& suite, const std::filesystem::path& folder, bool adds_host, const json& pinned) {
  const json document = read_json(folder / "expectations.json");
  if (!adds_host) check_names(suite, document, pinned);
  for (const json& entry : document.at("cases")) {
    const std::string name = entry.at("file");
    const std::string bytes = decode(read_file(folder / name));
    if (!is_decoded_right(entry, bytes)) {
      suite.fail(name, "the file does not decode to what the corpus says");
    } else if (is_proxied(entry, bytes)) {
      if (!adds_host) suite.leave_out("PROXY protocol", name);
    } else {
      run_case(suite, entry, bytes, adds_host, pinned);
    }
  }
}

void run_gunicorn_cut(Suite& suite, const std::filesystem::path& folder) {
  const test::GuardedPages pages;
  std::vector<std::byte> memory(inspect_scratch_size_max({}));
  const json document = read_json(folder / "expectations.json");
  for (const json& entry : document.at("cases")) {
    const std::string name = entry.at("file");
    const std::string bytes = decode(read_file(folder / name)).substr(0, Limits{}.head_size_max);
    const auto inspect_prefix = [&](std::size_t size) {
      Arena scratch(memory);
      return inspect_bytes(pages.hold(std::string_view(bytes).substr(0, size)), scratch);
    };
    const Inspection whole = inspect_prefix(bytes.size());
    const bool complete = whole.progress == Progress::kComplete;
    const std::size_t end = complete ? whole.head_size : bytes.size();
    bool good = pages.ready();
    for (std::size_t size = 0; size < end && good; ++size) {
      const Progress progress = inspect_prefix(size).progress;
      good = progress == Progress::kNeedMore || (!complete && progress == Progress::kRejected);
    }
    suite.check(name, true, good, "a prefix is answered otherwise");
  }
}

}  // namespace ostiary::conformance
