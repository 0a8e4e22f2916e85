// The options of an inspection, and an inspection that is made again from what was inspected.
#pragma once

#include "support.hpp"

namespace ostiary_python {

/// A list of Reasons as the C interface takes it.
class Rules {
 public:
  explicit Rules(py::handle rules) {
    for (const py::handle rule : to_items(rules, "waive")) {
      const std::int64_t number = to_int64(rule, "a rule");
      rules_.push_back(number == static_cast<ostiary_reason>(number) ? static_cast<ostiary_reason>(number) : -1);
    }
  }
  [[nodiscard]] const ostiary_reason* data() const noexcept { return rules_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return rules_.size(); }

 private:
  std::vector<ostiary_reason> rules_;
};

class InspectOptions {
 public:
  InspectOptions(py::handle scheme, py::handle waived) : waived_(waived) {
    options_.scheme = static_cast<ostiary_scheme>(to_int64(scheme, "scheme"));
    options_.waived = waived_.data();
    options_.waived_count = waived_.size();
  }
  InspectOptions(const InspectOptions&) = delete;
  InspectOptions& operator=(const InspectOptions&) = delete;
  ~InspectOptions() = default;

  [[nodiscard]] const ostiary_inspect_options* get() const noexcept { return &options_; }

 private:
  Rules waived_;
  ostiary_inspect_options options_ = OSTIARY_INSPECT_OPTIONS_INIT;
};

/// What is asked of a request after it was inspected needs its inspection, and a result that lives long should not hold
/// the memory of one: it keeps the head, and the inspection, which takes a microsecond, is made again.
class Again {
 public:
  /// `again`: the tuple (source, scheme, waived), the source bytes or a frozen head.
  explicit Again(py::handle again) : lease_(pool<InspectionPool>().take()) {
    const py::tuple parts = to_items(again, "an inspection");
    if (parts.size() != 3) throw py::type_error("an inspection is (source, scheme, waived)");
    const InspectOptions options(parts[1], parts[2]);
    ostiary_error error = OSTIARY_ERROR_INIT;
    const py::handle source = parts[0];
    if (PyTuple_Check(source.ptr())) {
      const py::tuple head = to_items(source, "a head");
      if (head.size() != 5) throw py::type_error("a head is (method, authority, target, fields, version)");
      head_ = std::make_unique<ParsedHead>(head[0], head[1], head[2], head[3], head[4]);
      lease_.check(ostiary_inspect_fields_with(lease_.get(), head_->get(), options.get(), &error), error);
    } else {
      bytes_ = std::make_unique<Input>(source, Text::kRefuse, "source");
      lease_.check(ostiary_inspect_bytes_with(lease_.get(), bytes_->view(), options.get(), &error), error);
    }
  }

  [[nodiscard]] ostiary_inspection* get() const noexcept { return lease_.get(); }
  void check(ostiary_reason reason, const ostiary_error& error) { lease_.check(reason, error); }

 private:
  std::unique_ptr<Input> bytes_;
  std::unique_ptr<ParsedHead> head_;
  InspectionPool::Lease lease_;
};

}  // namespace ostiary_python
