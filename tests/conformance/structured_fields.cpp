// httpwg/structured-field-tests: reading and writing of structured fields.
#include "conformance/report.hpp"
#include "support/structured.hpp"

#include <ostiary/http/structured_fields.hpp>
#include <ostiary/http/structured_fields_write.hpp>

#include <cstddef>
#include <deque>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ostiary::conformance {

namespace {

using nlohmann::json;
using structured::BareItem;
using structured::Dictionary;
using structured::Item;
using structured::Kind;
using structured::List;
using structured::Member;
using structured::Parameter;
using structured::Parameters;

/// RFC 4648 §6, as the corpus writes bytes.
std::string base32_decoded(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string bytes;
  unsigned bits = 0;
  unsigned pending = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = (bits << 5 | static_cast<unsigned>(kAlphabet.find(c))) & 0xfffU;
    pending += 5;
    if (pending < 8) continue;
    pending -= 8;
    bytes += static_cast<char>(bits >> pending & 0xffU);
  }
  return bytes;
}

/// A decimal from its shortest text, so that 0.0015 is exactly that.
BareItem decimal_of(const json& number) {
  std::string text = number.dump();
  const std::size_t point = text.find('.');
  if (point == std::string::npos || text.find('e') != std::string::npos) {
    throw std::runtime_error("a decimal in a form the runner does not read: " + text);
  }
  const auto places = static_cast<unsigned>(text.size() - point - 1);
  const Result<BareItem> nearest = structured::nearest_decimal(std::stoll(text.erase(point, 1)), places);
  return nearest ? *nearest : BareItem{};  // which nobody can write
}

/// What the corpus says a field holds, in the types of Ostiary; made without the reader.
class Wanted {
 public:
  Item item(const json& pair) { return {bare(pair.at(0)), parameters(pair.at(1)), {}}; }

  List list(const json& members) {
    std::vector<Member>& all = members_.emplace_back();
    for (const json& one : members) all.push_back(member(one));
    return {all};
  }

  Dictionary dictionary(const json& members) {
    std::vector<Member>& all = members_.emplace_back();
    for (const json& pair : members) {
      all.push_back(member(pair.at(1)));
      all.back().key = text(pair.at(0));
    }
    return {all, false};
  }

 private:
  std::string_view text(const json& value) { return texts_.emplace_back(value.get<std::string>()); }

  BareItem bare(const json& value) {
    if (value.is_boolean()) return BareItem::boolean(value.get<bool>());
    if (value.is_number_integer()) return BareItem::integer(value.get<std::int64_t>());
    if (value.is_number_float()) return decimal_of(value);
    if (value.is_string()) return BareItem::string(text(value));
    const std::string type = value.at("__type");
    const json& inner = value.at("value");
    if (type == "token") return BareItem::token(text(inner));
    if (type == "binary") {
      return BareItem::bytes(texts_.emplace_back(base32_decoded(inner.get<std::string>())));
    }
    if (type == "date") return BareItem::date(inner.get<std::int64_t>());
    if (type == "displaystring") return BareItem::display_string(text(inner));
    throw std::runtime_error("a type the runner does not know: " + type);
  }

  Parameters parameters(const json& pairs) {
    std::vector<Parameter>& all = parameters_.emplace_back();
    for (const json& pair : pairs) all.push_back({text(pair.at(0)), bare(pair.at(1))});
    return {all, false};
  }

  Member member(const json& pair) {
    Member member;
    member.parameters = parameters(pair.at(1));
    member.is_inner_list = pair.at(0).is_array();
    if (!member.is_inner_list) {
      member.value = bare(pair.at(0));
      return member;
    }
    std::vector<Item>& all = items_.emplace_back();
    for (const json& one : pair.at(0)) all.push_back(item(one));
    member.items = all;
    return member;
  }

  // Deques, because what was handed out must not move.
  std::deque<std::string> texts_;
  std::deque<std::vector<Parameter>> parameters_;
  std::deque<std::vector<Item>> items_;
  std::deque<std::vector<Member>> members_;
};

/// The canonical text; several lines are what one line with ", " between them is. Absent for no line at all.
std::string canonical_text(const json& test) {
  std::string text;
  for (const json& line : test.value("canonical", test.value("raw", json::array()))) {
    if (!text.empty()) text += ", ";
    text += line.get<std::string>();
  }
  return text;
}

/// What is wrong with the way `read` and `wanted` are written; empty when nothing is.
template <typename Value>
std::string fault_of_writing(const Value& value, const json& test, Arena& scratch) {
  const Result<std::string_view> written = structured::write(value, scratch);
  if (!written) return "cannot be written: " + std::string(reason_info(written.reason()).name);
  return *written == canonical_text(test) ? "" : "is written as " + std::string(*written);
}

template <typename Value>
void judge_reading(Suite& suite, const std::string& name, const json& test, const Result<Value>& read,
                   const Value& wanted, Arena& scratch) {
  if (!read || test.value("must_fail", false)) {
    suite.check(name, !test.value("must_fail", false), read.ok(), std::string(reason_info(read.reason()).name));
    return;
  }
  std::string fault = ostiary::test::same(*read, wanted) ? "" : "is read as something else";
  if (fault.empty()) fault = fault_of_writing(*read, test, scratch);
  if (fault.empty()) fault = fault_of_writing(wanted, test, scratch);
  if (fault.empty()) {
    suite.check(name, true, true);
  } else {
    suite.fail(name, fault);
  }
}

void run_reading(Suite& suite, const std::string& name, const json& test, Arena& scratch) {
  std::vector<std::string> texts = test.at("raw").get<std::vector<std::string>>();
  const std::vector<std::string_view> lines(texts.begin(), texts.end());
  const json none = json::array({json(false), json::array()});
  const bool has_value = test.contains("expected");
  const std::string type = test.at("header_type");
  Wanted wanted;
  if (type == "item") {
    const Item item = wanted.item(has_value ? test["expected"] : none);
    judge_reading(suite, name, test, structured::read_item(lines, scratch), item, scratch);
  } else if (type == "list") {
    const List list = wanted.list(has_value ? test["expected"] : json::array());
    judge_reading(suite, name, test, structured::read_list(lines, scratch), list, scratch);
  } else {
    const Dictionary dictionary = wanted.dictionary(has_value ? test["expected"] : json::array());
    judge_reading(suite, name, test, structured::read_dictionary(lines, scratch), dictionary, scratch);
  }
}

/// A case that may be answered either way is one of the pinned ones, and answered as pinned.
void run_free(Suite& suite, const std::string& name, const json& test, const json& pinned, Arena& scratch) {
  if (!pinned.contains(name)) {
    suite.fail(name, "either answer is allowed, but none is pinned");
    return;
  }
  json decided = test;
  decided["must_fail"] = pinned[name] == "refuse";
  run_reading(suite, name, decided, scratch);
}

template <typename Value>
void judge_writing(Suite& suite, const std::string& name, const json& test, const Value& value, Arena& scratch) {
  const Result<std::string_view> written = structured::write(value, scratch);
  if (!written || test.value("must_fail", false)) {
    suite.check(name, !test.value("must_fail", false), written.ok(), std::string(reason_info(written.reason()).name));
  } else if (*written != canonical_text(test)) {
    suite.fail(name, "is written as " + std::string(*written));
  } else {
    suite.check(name, true, true);
  }
}

void run_writing(Suite& suite, const std::string& name, const json& test, Arena& scratch) {
  const json& expected = test.at("expected");
  const std::string type = test.at("header_type");
  Wanted wanted;
  if (type == "item") {
    judge_writing(suite, name, test, wanted.item(expected), scratch);
  } else if (type == "list") {
    judge_writing(suite, name, test, wanted.list(expected), scratch);
  } else {
    judge_writing(suite, name, test, wanted.dictionary(expected), scratch);
  }
}

template <typename Run>
void for_each_case(const std::filesystem::path& folder, Run run) {
  std::vector<std::byte> memory(std::size_t{16} << 20);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    for (const json& test : read_json(entry.path())) {
      Arena scratch(memory);
      run(entry.path().stem().string() + ": " + test.at("name").get<std::string>(), test, scratch);
    }
  }
}

}  // namespace

void run_structured_reading(Suite& suite, const std::filesystem::path& folder, const json& pinned) {
  std::set<std::string> free;
  for_each_case(folder, [&](const std::string& name, const json& test, Arena& scratch) {
    if (!test.value("can_fail", false)) return run_reading(suite, name, test, scratch);
    free.insert(name);
    run_free(suite, name, test, pinned, scratch);
  });
  for (const auto& choice : pinned.items()) {
    if (!free.contains(choice.key())) suite.fail(choice.key(), "pinned, but the corpus leaves no such choice");
  }
}

void run_structured_writing(Suite& suite, const std::filesystem::path& folder) {
  for_each_case(folder, [&](const std::string& name, const json& test, Arena& scratch) {
    run_writing(suite, name, test, scratch);
  });
}

}  // namespace ostiary::conformance
