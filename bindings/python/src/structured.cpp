// Structured fields (RFC 9651).
#include "support.hpp"

namespace ostiary_python {
namespace {

py::object to_value(const ostiary_structured_node& node) {
  switch (node.kind) {
    case OSTIARY_STRUCTURED_BYTES: return to_bytes(node.text);
    case OSTIARY_STRUCTURED_STRING:
    case OSTIARY_STRUCTURED_TOKEN:
    case OSTIARY_STRUCTURED_DISPLAY_STRING: return to_text(node.text);
    default: return py::int_(node.number);
  }
}

/// The nodes in order, as ostiary/_structured.py takes them apart, and whether a key stood twice.
py::tuple read_structured(py::handle type, py::handle lines) {
  const Inputs inputs(lines, Text::kLatin1, "a field value");
  const auto wanted = static_cast<ostiary_structured_type>(to_int64(type, "type"));
  auto structured = pool<StructuredPool>().take();
  ostiary_error error = OSTIARY_ERROR_INIT;
  structured.check(ostiary_structured_read(structured.get(), wanted, inputs.data(), inputs.size(), &error), error);
  py::tuple nodes(ostiary_structured_node_count(structured.get()));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const ostiary_structured_node node = ostiary_structured_node_at(structured.get(), i);
    nodes[i] = py::make_tuple(node.place, node.kind, to_value(node), to_text(node.key));
  }
  return py::make_tuple(nodes, ostiary_structured_has_repeated_key(structured.get()) != 0);
}

}  // namespace

void add_structured(py::module_& module) { module.def("read_structured", &read_structured); }

}  // namespace ostiary_python
