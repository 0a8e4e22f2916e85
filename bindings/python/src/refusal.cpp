#include "refusal.hpp"

#include <unordered_map>

namespace ostiary_python {
namespace {

/// What all TokenErrors of one Reason have in common.
struct Pattern {
  py::tuple arguments;  ///< of BaseException
  py::dict attributes;  ///< of the object, copied into each
};

/// Filled as Reasons occur and never destroyed. Only touched with the lock of the interpreter.
const Pattern& pattern_of(ostiary_reason reason) {
  static auto* const patterns = new std::unordered_map<ostiary_reason, Pattern>;
  if (const auto known = patterns->find(reason); known != patterns->end()) return known->second;
  const py::object parts = py::module_::import("ostiary._errors").attr("token_error_parts")(reason);
  const py::tuple pair(parts);
  return patterns->emplace(reason, Pattern{py::tuple(pair[0]), py::dict(pair[1])}).first->second;
}

PyTypeObject* token_error() {
  static const py::object* const type = new py::object(py::module_::import("ostiary._errors").attr("TokenError"));
  return reinterpret_cast<PyTypeObject*>(type->ptr());
}

}  // namespace

py::object make_token_error(ostiary_reason reason, std::uint32_t offset) {
  const Pattern& pattern = pattern_of(reason);
  PyTypeObject* const type = token_error();
  py::object error = owned<py::object>(type->tp_new(type, pattern.arguments.ptr(), nullptr));
  const py::object attributes = owned<py::object>(PyDict_Copy(pattern.attributes.ptr()));
  if (offset != 0) {
    static PyObject* const name = PyUnicode_InternFromString("offset");
    const py::object value = owned<py::object>(PyLong_FromUnsignedLong(offset));
    if (name == nullptr || PyDict_SetItem(attributes.ptr(), name, value.ptr()) != 0) throw py::error_already_set();
  }
  if (PyObject_GenericSetDict(error.ptr(), attributes.ptr(), nullptr) != 0) throw py::error_already_set();
  return error;
}

}  // namespace ostiary_python
