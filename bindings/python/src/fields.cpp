// What fields say: cookies, query parameters, credentials.
#include "inspect.hpp"

#include <array>

namespace ostiary_python {
namespace {

/// Pairs of names and values, and what has no name.
py::tuple cookies(py::handle again) {
  Again inspection(again);
  std::array<ostiary_pair, OSTIARY_PAIRS_MAX> pairs;
  std::size_t count = 0;
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspection_cookies(inspection.get(), pairs.data(), pairs.size(), &count, &error), error);
  py::tuple all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = py::make_tuple(to_text(pairs[i].name), to_text(pairs[i].value));
  return py::make_tuple(all, to_text(ostiary_inspection_cookie_nameless(inspection.get())));
}

py::object find_cookie(py::handle again, py::handle name) {
  Again inspection(again);
  const Input wanted(name, Text::kUtf8, "name");
  ostiary_bytes value = {};
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspection_cookie_find(inspection.get(), wanted.view(), &value, &error), error);
  return to_text(value);
}

/// Decoded names and values; a value is None where there is no equals sign.
class ParameterDecoder {
 public:
  ParameterDecoder(const ostiary_inspection* inspection, py::handle plus_is_space)
      : memory_(ostiary_inspection_query(inspection).len),
        plus_(py::bool_(py::reinterpret_borrow<py::object>(plus_is_space)) ? OSTIARY_PLUS_IS_SPACE
                                                                           : OSTIARY_PLUS_IS_PLUS) {}

  [[nodiscard]] py::tuple operator()(const ostiary_pair& pair) {
    py::object name = decode(pair.name);
    return py::make_tuple(name, decode(pair.value));
  }

 private:
  py::object decode(ostiary_bytes raw) {
    ostiary_bytes decoded = {};
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_parameter_decode(raw, plus_, memory_.data(), memory_.size(), &decoded, &error), error);
    return to_text(decoded);
  }

  std::vector<char> memory_;
  std::uint32_t plus_;
};

py::tuple parameters(py::handle again, py::handle plus_is_space) {
  Again inspection(again);
  std::array<ostiary_pair, OSTIARY_PAIRS_MAX> pairs;
  std::size_t count = 0;
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspection_parameters(inspection.get(), pairs.data(), pairs.size(), &count, &error), error);
  ParameterDecoder decode(inspection.get(), plus_is_space);
  py::tuple all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = decode(pairs[i]);
  return all;
}

/// None when there is no such parameter.
py::object find_parameter(py::handle again, py::handle name, py::handle plus_is_space) {
  Again inspection(again);
  const Input wanted(name, Text::kUtf8, "name");
  ostiary_pair pair = {};
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspection_parameter_find(inspection.get(), wanted.view(), &pair, &error), error);
  if (pair.name.data == nullptr) return py::none();
  return ParameterDecoder(inspection.get(), plus_is_space)(pair);
}

py::object unquoted(const ostiary_auth_parameter& parameter) {
  if (parameter.quoted == 0) return to_text(parameter.value);
  std::vector<char> memory(parameter.value.len);
  ostiary_bytes value = {};
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_auth_unquote(parameter.value, memory.data(), memory.size(), &value, &error), error);
  return to_text(value);
}

/// None without an Authorization; else scheme, token68 or None, and parameters with their quotes taken off.
py::object authorization(py::handle again) {
  Again inspection(again);
  ostiary_authorization read = {};
  std::array<ostiary_auth_parameter, OSTIARY_AUTH_PARAMETERS_MAX> list;
  std::size_t count = 0;
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspection_authorization(inspection.get(), &read, &error), error);
  if (read.scheme.data == nullptr) return py::none();
  inspection.check(ostiary_inspection_auth_parameters(inspection.get(), list.data(), list.size(), &count, &error),
                   error);
  py::tuple parameters(count);
  for (std::size_t i = 0; i < count; ++i) parameters[i] = py::make_tuple(to_text(list[i].name), unquoted(list[i]));
  const bool is_token = read.kind == OSTIARY_CREDENTIALS_TOKEN68;
  return py::make_tuple(to_text(read.scheme), is_token ? to_text(read.rest) : py::object(py::none()), parameters);
}

}  // namespace

void add_fields(py::module_& module) {
  module.def("cookies", &cookies);
  module.def("find_cookie", &find_cookie);
  module.def("parameters", &parameters);
  module.def("find_parameter", &find_parameter);
  module.def("authorization", &authorization);
}

}  // namespace ostiary_python
