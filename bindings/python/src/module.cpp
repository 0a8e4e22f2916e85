// The C interface as a Python module. Only memory and types are translated here; names and shapes that
// users see are made in ostiary/*.py.
#include "support.hpp"

namespace ostiary_python {
namespace {

py::tuple reasons() {
  py::tuple rows(ostiary_reason_count());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ostiary_reason_info info = {};
    if (ostiary_reason_at(i, &info) != OSTIARY_OK) throw py::index_error("reasons");
    rows[i] = py::make_tuple(info.reason, to_text(info.name), to_text(info.reason_class), info.http_status,
                             to_text(info.clause), to_text(info.text));
  }
  return rows;
}

void check_library() {
  if (ostiary_abi_version() >= OSTIARY_ABI_VERSION) return;
  throw py::import_error("libostiary.so.0 is older than this module: interface " +
                         std::to_string(ostiary_abi_version()) + ", needed " + std::to_string(OSTIARY_ABI_VERSION));
}

py::tuple rules() {
  py::tuple rows(ostiary_rule_count());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ostiary_rule_info info = {};
    if (ostiary_rule_at(i, &info) != OSTIARY_OK) throw py::index_error("rules");
    rows[i] = py::make_tuple(info.reason, info.disposition, (info.traits & OSTIARY_RULE_WAIVABLE) != 0,
                             (info.traits & OSTIARY_RULE_LENSES) != 0, (info.traits & OSTIARY_RULE_BYTES_DOOR) != 0,
                             (info.traits & OSTIARY_RULE_FIELDS_DOOR) != 0);
  }
  return rows;
}

}  // namespace
}  // namespace ostiary_python

PYBIND11_MODULE(_core, module) {
  using namespace ostiary_python;
  check_library();
  module.attr("version") = ostiary_version_string();
  module.def("reasons", &reasons);
  module.def("rules", &rules);
  add_inspect(module);
  add_fields(module);
  add_structured(module);
  add_forward(module);
  add_keys(module);
  add_key_source(module);
  add_settings(module);
  add_sender(module);
  add_verify(module);
  add_boundary(module);
  add_decide(module);
}
