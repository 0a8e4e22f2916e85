// Boundaries and their receipts.
#include "support.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace ostiary_python {
namespace {

struct FreeReport {
  void operator()(ostiary_report* report) const noexcept { ostiary_report_free(report); }
};

py::object boundary_hash(py::handle json) {
  const Input input(json, Text::kUtf8, "the boundary");
  std::array<std::uint8_t, OSTIARY_BOUNDARY_HASH_SIZE> hash{};
  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_reason reason = OSTIARY_OK;
  {
    const py::gil_scoped_release unlocked;
    reason = ostiary_boundary_hash(input.view(), hash.data(), &error);
  }
  check(reason, error);
  return py::bytes(reinterpret_cast<const char*>(hash.data()), hash.size());
}

/// `receipt`: None when there is none yet.
py::object review_boundary(py::handle json, py::handle private_pem, std::int64_t date_s, py::handle receipt) {
  const Input input(json, Text::kUtf8, "the boundary");
  const Input pem(private_pem, Text::kUtf8, "the key");
  const Input before(receipt.is_none() ? py::bytes() : py::reinterpret_borrow<py::object>(receipt), Text::kUtf8,
                     "the receipt");
  ostiary_report* handle = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_reason reason = OSTIARY_OK;
  {
    const py::gil_scoped_release unlocked;
    reason = ostiary_boundary_review(input.view(), pem.view(), date_s, before.view(), &handle, &error);
  }
  check(reason, error);
  const std::unique_ptr<ostiary_report, FreeReport> report(handle);
  return to_text(ostiary_report_text(report.get()));
}

/// `keys`: PEM blocks.
void check_boundary(py::handle json, py::handle receipt, py::handle keys, std::uint32_t reviews_min) {
  const Input input(json, Text::kUtf8, "the boundary");
  const Input signatures(receipt, Text::kUtf8, "the receipt");
  const Inputs reviewers(keys, Text::kUtf8, "a key");
  ostiary_review_trust trust = OSTIARY_REVIEW_TRUST_INIT;
  trust.keys = reviewers.data();
  trust.key_count = reviewers.size();
  trust.reviews_min = reviews_min;
  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_reason reason = OSTIARY_OK;
  {
    const py::gil_scoped_release unlocked;
    reason = ostiary_boundary_check(input.view(), signatures.view(), &trust, &error);
  }
  check(reason, error);
}

}  // namespace

void add_boundary(py::module_& module) {
  module.def("boundary_hash", &boundary_hash);
  module.def("review_boundary", &review_boundary);
  module.def("check_boundary", &check_boundary);
}

}  // namespace ostiary_python
