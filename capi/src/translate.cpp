#include "translate.hpp"

#include "handles.hpp"

namespace ostiary::capi {

ostiary_reason report(ostiary_error* error, Error what, std::string_view message) noexcept {
  if (error == nullptr || error->struct_size < sizeof(ostiary_error)) return to_c(what.reason);
  if (message.empty()) message = reason_info(what.reason).text;
  const std::size_t size = std::min(message.size(), sizeof(error->message) - 1);
  error->reason = to_c(what.reason);
  error->offset = what.offset;
  error->line = 0;
  error->column = 0;
  error->count = 1;
  std::memcpy(error->message, message.data(), size);
  error->message[size] = '\0';
  return error->reason;
}

bool copy_texts(const ostiary_bytes* texts, std::size_t count, std::vector<std::string>& copies) {
  if (texts == nullptr && count != 0) return false;
  for (std::size_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!to_view(texts[i], text) || text.empty()) return false;
    copies.emplace_back(text);
  }
  return true;
}

bool read_algorithms(const ostiary_bytes* names, std::size_t count, AlgorithmSet& algorithms) noexcept {
  if (names == nullptr && count != 0) return false;
  for (std::size_t i = 0; i < count; ++i) {
    std::string_view name;
    if (!to_view(names[i], name)) return false;
    const std::optional<Algorithm> algorithm = parse_algorithm(name);
    if (!algorithm) return false;
    algorithms.add(*algorithm);
  }
  return true;
}

Error read_waivers(const ostiary_reason* waived, std::size_t count, RuleSet& rules) noexcept {
  if (waived == nullptr && count != 0) return Error{Reason::kUsageArgument, 0};
  for (std::size_t i = 0; i < count; ++i) {
    const auto rule = static_cast<Reason>(waived[i]);
    if (!kWaivableRules.has(rule)) return Error{Reason::kUsageWaiver, static_cast<std::uint32_t>(i)};
    rules.add(rule);
  }
  return Error{Reason::kOk, 0};
}

Reason HeadAdapter::adapt(const ostiary_head* head, ParsedHead& adapted) noexcept {
  ostiary_head copy{};
  const Reason copied = copy_struct(head, copy, 0, offsetof(ostiary_head, version));
  if (copied != Reason::kOk) return copied;
  if (copy.reserved != 0) return Reason::kUsageUnknownOption;
  if (copy.version < OSTIARY_HTTP_UNKNOWN || copy.version > OSTIARY_HTTP_3) return Reason::kUsageArgument;
  adapted.version = static_cast<HttpVersion>(copy.version);
  const bool whole = to_view(copy.method, adapted.method) && to_view(copy.authority, adapted.authority) &&
                     to_view(copy.target, adapted.target) && (copy.fields != nullptr || copy.field_count == 0);
  if (!whole) return Reason::kUsageArgument;
  const std::size_t count = std::min(copy.field_count, fields_.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (!to_view(copy.fields[i].name, fields_[i].name) || !to_view(copy.fields[i].value, fields_[i].value)) {
      return Reason::kUsageArgument;
    }
  }
  adapted.fields = {fields_.data(), count};
  return Reason::kOk;
}

}  // namespace ostiary::capi
