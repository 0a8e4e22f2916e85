// Both doors, and a head that arrives in parts.
#include "inspect.hpp"

namespace ostiary_python {
namespace {

py::tuple to_findings(const ostiary_inspection* inspection) {
  const std::size_t count = ostiary_inspection_finding_count(inspection);
  py::tuple findings(count);
  for (std::size_t i = 0; i < count; ++i) {
    const ostiary_finding finding = ostiary_inspection_finding_at(inspection, i);
    findings[i] = py::make_tuple(finding.reason, finding.disposition, finding.offset);
  }
  return findings;
}

py::tuple to_fields(const ostiary_inspection* inspection) {
  const std::size_t count = ostiary_inspection_field_count(inspection);
  py::tuple fields(count);
  for (std::size_t i = 0; i < count; ++i) {
    const ostiary_field field = ostiary_inspection_field_at(inspection, i);
    fields[i] = py::make_tuple(to_bytes(field.name), to_bytes(field.value));
  }
  return fields;
}

py::tuple to_waived(const ostiary_inspection* inspection) {
  py::tuple rules(ostiary_inspection_waived_count(inspection));
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i] = ostiary_inspection_waived_at(inspection, i);
  return rules;
}

/// What is asked for less often, in one piece.
py::tuple to_details(const ostiary_inspection* inspection) {
  return py::make_tuple(
      ostiary_inspection_scheme(inspection), ostiary_inspection_target_form(inspection),
      to_text(ostiary_inspection_authority(inspection)), to_text(ostiary_inspection_raw_path(inspection)),
      ostiary_inspection_path_is_ambiguous(inspection) != 0, ostiary_inspection_has_underscore_names(inspection) != 0,
      ostiary_inspection_findings_truncated(inspection) != 0, to_waived(inspection));
}

/// In the order that ostiary/_inspect.py takes it apart. `source` makes the inspection again, see Again.
py::tuple to_tuple(const ostiary_inspection* inspection, const py::object& source) {
  const ostiary_finding verdict = ostiary_inspection_verdict(inspection);
  return py::make_tuple(ostiary_inspection_progress(inspection), verdict.reason, verdict.offset,
                        to_findings(inspection), to_text(ostiary_inspection_method(inspection)),
                        to_text(ostiary_inspection_target(inspection)), to_text(ostiary_inspection_path(inspection)),
                        to_text(ostiary_inspection_query(inspection)), to_text(ostiary_inspection_host(inspection)),
                        ostiary_inspection_port(inspection), ostiary_inspection_version(inspection),
                        ostiary_inspection_framing(inspection), ostiary_inspection_content_length(inspection),
                        ostiary_inspection_head_size(inspection), to_fields(inspection), to_details(inspection),
                        source);
}

/// The head, when it is complete; the same object when it is nothing else.
py::object head_of(const ostiary_inspection* inspection, py::handle data, ostiary_bytes bytes) {
  const std::size_t size = ostiary_inspection_head_size(inspection);
  if (size == 0) return py::none();
  if (PyBytes_CheckExact(data.ptr()) && size == bytes.len) return py::reinterpret_borrow<py::object>(data);
  return to_bytes({bytes.data, size});
}

bool is_complete(const ostiary_inspection* inspection) {
  return ostiary_inspection_progress(inspection) == OSTIARY_PROGRESS_COMPLETE;
}

py::tuple inspect_bytes(py::handle data, py::handle scheme, py::handle waived) {
  const Input input(data, Text::kRefuse, "data");
  const InspectOptions options(scheme, waived);
  auto inspection = pool<InspectionPool>().take();
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspect_bytes_with(inspection.get(), input.view(), options.get(), &error), error);
  return to_tuple(inspection.get(), head_of(inspection.get(), data, input.view()));
}

py::tuple inspect_head(py::handle method, py::handle authority, py::handle target, py::handle fields,
                       py::handle version, py::handle scheme, py::handle waived) {
  const ParsedHead head(method, authority, target, fields, version);
  const InspectOptions options(scheme, waived);
  auto inspection = pool<InspectionPool>().take();
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspect_fields_with(inspection.get(), head.get(), options.get(), &error), error);
  const py::object source = is_complete(inspection.get()) ? py::object(head.frozen()) : py::object(py::none());
  return to_tuple(inspection.get(), source);
}

/// One head as it arrives. The interpreter lock guards it.
class HeadReader {
 public:
  HeadReader(py::handle scheme, py::handle waived) : options_(scheme, waived) {
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_inspection* handle = nullptr;
    check(ostiary_inspection_new(&handle, &error), error);
    inspection_.reset(handle);
    (void)inspect();  // options that are wrong are refused here
  }

  /// None while more bytes are needed, then what inspect_bytes returns.
  py::object feed(py::handle data) {
    const Input input(data, Text::kRefuse, "data");
    if (inspection_ == nullptr) fail_usage("the head is finished: use a new HeadReader for the next one");
    so_far_.append(input.view().data, input.view().len);
    if (inspect() == OSTIARY_PROGRESS_NEED_MORE) return py::none();
    const py::object head = head_of(inspection_.get(), py::none(), view());
    py::object result = to_tuple(inspection_.get(), head);
    head_size_ = ostiary_inspection_head_size(inspection_.get());
    inspection_.reset();
    return result;
  }

  /// What came behind a complete head.
  [[nodiscard]] py::object rest() const {
    const std::size_t head = head_size_ == 0 ? so_far_.size() : head_size_;
    return to_bytes({so_far_.data() + head, so_far_.size() - head});
  }

 private:
  [[nodiscard]] ostiary_bytes view() const noexcept { return {so_far_.data(), so_far_.size()}; }

  ostiary_progress inspect() {
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_inspect_more(inspection_.get(), view(), options_.get(), &error), error);
    return ostiary_inspection_progress(inspection_.get());
  }

  InspectOptions options_;
  InspectionPool::Handle inspection_;
  std::string so_far_;
  std::size_t head_size_ = 0;
};

/// Per lens, the path or None where such a back end refuses it.
py::tuple lens_paths(py::handle again) {
  const Again inspection(again);
  std::vector<char> memory(ostiary_inspection_raw_path(inspection.get()).len);
  py::tuple paths(OSTIARY_LENS_COUNT);
  for (ostiary_lens lens = 0; lens < OSTIARY_LENS_COUNT; ++lens) {
    ostiary_bytes path = {};
    const ostiary_reason reason =
        ostiary_inspection_lens_path(inspection.get(), lens, memory.data(), memory.size(), &path, nullptr);
    paths[static_cast<std::size_t>(lens)] = reason == OSTIARY_OK ? to_text(path) : py::object(py::none());
  }
  return paths;
}

}  // namespace

void add_inspect(py::module_& module) {
  module.def("inspect_bytes", &inspect_bytes);
  module.def("inspect_head", &inspect_head);
  module.def("lens_paths", &lens_paths);
  py::class_<HeadReader>(module, "HeadReader", py::is_final())
      .def(py::init<py::handle, py::handle>())
      .def("feed", &HeadReader::feed)
      .def_property_readonly("rest", &HeadReader::rest);
}

}  // namespace ostiary_python
