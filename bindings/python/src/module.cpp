// The C interface as a Python module. Only memory and types are translated here; names and shapes that
// users see are made in ostiary/*.py. Includes ostiary.h and nothing else of the library.
//
// Arguments are taken as py::handle throughout: pybind11 prints the arguments of a call that does not match
// its signature, and ours hold tokens.
#include <ostiary.h>

#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace py = pybind11;

namespace {

// ---- errors -------------------------------------------------------------------------------------------------

[[noreturn]] void raise_exception(const py::object& exception) {
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw py::error_already_set();
}

/// Raises the exception that ostiary/_errors.py keeps for the class of this Reason.
[[noreturn]] void fail(ostiary_reason reason, const ostiary_error& error) {
  raise_exception(
      py::module_::import("ostiary._errors")
          .attr("failure")(reason, error.offset, error.line, error.column, error.count, py::bytes(error.message)));
}

void check(ostiary_reason reason, const ostiary_error& error) {
  if (reason != OSTIARY_OK) fail(reason, error);
}

[[noreturn]] void fail_usage(const std::string& message) {
  raise_exception(py::module_::import("ostiary._errors").attr("usage")(message));
}

template <class T>
T owned(PyObject* object) {
  if (object == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<T>(object);
}

// ---- input --------------------------------------------------------------------------------------------------

/// What a str means where bytes are wanted.
enum class Text {
  kRefuse,  ///< a TypeError
  kUtf8,    ///< JSON and tokens
  kLatin1,  ///< parts of a head, as PEP 3333 hands them over
};

/// Bytes that nobody can change while they are read. `bytes`, `str` and read-only views of `bytes` are read in
/// place; anything else is copied, because its memory could change between check and use.
class Input {
 public:
  Input(py::handle object, Text text, const char* what) {
    if (PyBytes_Check(object.ptr())) {
      hold(py::reinterpret_borrow<py::object>(object));
    } else if (PyUnicode_Check(object.ptr()) && text != Text::kRefuse) {
      hold_text(object, text, what);
    } else if (PyObject_CheckBuffer(object.ptr())) {
      hold_buffer(object);
    } else {
      throw py::type_error(std::string(what) +
                           (text == Text::kRefuse ? " must be bytes-like, not " : " must be str or bytes-like, not ") +
                           Py_TYPE(object.ptr())->tp_name);
    }
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  Input(Input&& other) noexcept
      : owner_(std::move(other.owner_)),
        buffer_(std::exchange(other.buffer_, Py_buffer{})),
        view_(std::exchange(other.view_, {})) {}
  Input& operator=(Input&&) = delete;
  ~Input() {
    if (buffer_.obj != nullptr) PyBuffer_Release(&buffer_);
  }

  [[nodiscard]] ostiary_bytes view() const noexcept { return view_; }

 private:
  void hold(py::object bytes) noexcept {
    view_ = {PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))};
    owner_ = std::move(bytes);
  }

  void hold_text(py::handle object, Text text, const char* what) {
    if (text == Text::kLatin1) {
      PyObject* const encoded = PyUnicode_AsLatin1String(object.ptr());
      if (encoded == nullptr) refuse_text(what);
      return hold(py::reinterpret_steal<py::object>(encoded));
    }
    Py_ssize_t size = 0;
    const char* const data = PyUnicode_AsUTF8AndSize(object.ptr(), &size);
    if (data == nullptr) {
      // A lone surrogate: let the library meet it as the invalid UTF-8 that it is.
      PyErr_Clear();
      return hold(owned<py::object>(PyUnicode_AsEncodedString(object.ptr(), "utf-8", "surrogatepass")));
    }
    owner_ = py::reinterpret_borrow<py::object>(object);
    view_ = {data, static_cast<std::size_t>(size)};
  }

  /// Instead of the UnicodeEncodeError, which would carry the text.
  [[noreturn]] static void refuse_text(const char* what) {
    PyErr_Clear();
    fail_usage(std::string(what) + " has a character above U+00FF, which no request can carry; give bytes");
  }

  void hold_buffer(py::handle object) {
    if (PyObject_GetBuffer(object.ptr(), &buffer_, PyBUF_FULL_RO) != 0) throw py::error_already_set();
    if (is_view_of_bytes(object)) {
      static const char kEmpty = 0;
      view_ = {buffer_.len == 0 ? &kEmpty : static_cast<const char*>(buffer_.buf),
               static_cast<std::size_t>(buffer_.len)};
      return;
    }
    py::object copy = owned<py::object>(PyBytes_FromStringAndSize(nullptr, buffer_.len));
    if (PyBuffer_ToContiguous(PyBytes_AS_STRING(copy.ptr()), &buffer_, buffer_.len, 'C') != 0) {
      throw py::error_already_set();
    }
    PyBuffer_Release(&buffer_);
    hold(std::move(copy));
  }

  [[nodiscard]] bool is_view_of_bytes(py::handle object) const noexcept {
    if (!PyMemoryView_Check(object.ptr()) || PyBuffer_IsContiguous(&buffer_, 'C') == 0) return false;
    PyObject* const exporter = PyMemoryView_GET_BUFFER(object.ptr())->obj;
    return exporter != nullptr && PyBytes_Check(exporter);
  }

  py::object owner_;
  Py_buffer buffer_{};
  ostiary_bytes view_{};
};

std::int64_t to_int64(py::handle object, const char* what) {
  if (!PyLong_Check(object.ptr())) throw py::type_error(std::string(what) + " must be int");
  const long long value = PyLong_AsLongLong(object.ptr());
  if (value == -1 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    fail_usage(std::string(what) + " does not fit into 64 bits");
  }
  return value;
}

/// The items of a list or tuple. Holds what it points to: other code may change the list meanwhile.
py::tuple to_items(py::handle object, const char* what) {
  if (!PyList_Check(object.ptr()) && !PyTuple_Check(object.ptr())) {
    throw py::type_error(std::string(what) + " must be a list or tuple, not " + Py_TYPE(object.ptr())->tp_name);
  }
  return owned<py::tuple>(PySequence_Tuple(object.ptr()));
}

/// A list of str or bytes and the views of it.
class Inputs {
 public:
  Inputs(py::handle list, Text text, const char* what) {
    const py::tuple items = to_items(list, what);
    inputs_.reserve(items.size());
    for (const py::handle item : items) {
      inputs_.emplace_back(item, text, what);
      views_.push_back(inputs_.back().view());
    }
  }

  [[nodiscard]] const ostiary_bytes* data() const noexcept { return views_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return views_.size(); }

 private:
  std::vector<Input> inputs_;
  std::vector<ostiary_bytes> views_;
};

/// A head that the host has parsed already.
class ParsedHead {
 public:
  ParsedHead(py::handle method, py::handle authority, py::handle target, py::handle fields)
      : method_(method, Text::kLatin1, "method"), target_(target, Text::kLatin1, "target") {
    head_.method = method_.view();
    head_.target = target_.view();
    if (!authority.is_none()) {
      authority_ = std::make_unique<Input>(authority, Text::kLatin1, "authority");
      head_.authority = authority_->view();
    }
    add_fields(to_items(fields, "fields"));
  }

  [[nodiscard]] const ostiary_head* get() const noexcept { return &head_; }

 private:
  void add_fields(const py::tuple& fields) {
    inputs_.reserve(2 * fields.size());
    fields_.reserve(fields.size());
    for (const py::handle field : fields) {
      const py::tuple pair = to_items(field, "a field");
      if (pair.size() != 2) throw py::type_error("a field must be a pair of name and value");
      const ostiary_bytes name = inputs_.emplace_back(pair[0], Text::kLatin1, "a field name").view();
      const ostiary_bytes value = inputs_.emplace_back(pair[1], Text::kLatin1, "a field value").view();
      fields_.push_back({name, value});
    }
    head_.fields = fields_.data();
    head_.field_count = fields_.size();
  }

  Input method_;
  Input target_;
  std::unique_ptr<Input> authority_;
  std::vector<Input> inputs_;
  std::vector<ostiary_field> fields_;
  ostiary_head head_ = OSTIARY_HEAD_INIT;
};

// ---- output -------------------------------------------------------------------------------------------------

py::object to_bytes(ostiary_bytes view) {
  if (view.data == nullptr) return py::none();
  return owned<py::object>(PyBytes_FromStringAndSize(view.data, static_cast<Py_ssize_t>(view.len)));
}

/// Total: bytes that are not UTF-8 become lone surrogates instead of an exception.
py::object to_text(ostiary_bytes view) {
  if (view.data == nullptr) return py::none();
  return owned<py::object>(PyUnicode_DecodeUTF8(view.data, static_cast<Py_ssize_t>(view.len), "surrogateescape"));
}

// ---- handles ------------------------------------------------------------------------------------------------

template <auto Free>
struct FreeHandle {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

using KeySetHandle = std::unique_ptr<ostiary_key_set, FreeHandle<ostiary_key_set_unref>>;
using VerifierHandle = std::unique_ptr<ostiary_verifier, FreeHandle<ostiary_verifier_unref>>;
using GateHandle = std::unique_ptr<ostiary_gate, FreeHandle<ostiary_gate_unref>>;
using EngineHandle = std::unique_ptr<ostiary_engine, FreeHandle<ostiary_engine_unref>>;

/// Confined handles, lent for one call. Not one per thread: building the result may run a finalizer that calls
/// us again in the middle, on the same thread.
template <class T, auto New, auto Free>
class Pool {
 public:
  using Handle = std::unique_ptr<T, FreeHandle<Free>>;

  class Lease {
   public:
    Lease(Pool& pool, Handle handle) noexcept : pool_(pool), handle_(std::move(handle)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (handle_ != nullptr) pool_.give_back(std::move(handle_));
    }
    [[nodiscard]] T* get() const noexcept { return handle_.get(); }
    /// A handle that met a defect is not used again.
    void check(ostiary_reason reason, const ostiary_error& error) {
      if (reason == OSTIARY_INTERNAL || reason == OSTIARY_USAGE_HANDLE_POISONED) handle_.reset();
      ::check(reason, error);
    }

   private:
    Pool& pool_;
    Handle handle_;
  };

  Pool() { free_.reserve(kKept); }

  [[nodiscard]] Lease take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        Handle handle = std::move(free_.back());
        free_.pop_back();
        return Lease(*this, std::move(handle));
      }
    }
    T* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    ::check(New(&handle, &error), error);
    return Lease(*this, Handle(handle));
  }

 private:
  static constexpr std::size_t kKept = 16;

  void give_back(Handle handle) noexcept {
    const std::lock_guard lock(mutex_);
    if (free_.size() < kKept) free_.push_back(std::move(handle));
  }

  std::mutex mutex_;  ///< never held while Python runs
  std::vector<Handle> free_;
};

using InspectionPool = Pool<ostiary_inspection, ostiary_inspection_new, ostiary_inspection_free>;
using IdentityPool = Pool<ostiary_identity, ostiary_identity_new, ostiary_identity_free>;
using DecisionPool = Pool<ostiary_decision, ostiary_decision_new, ostiary_decision_free>;

/// Never destroyed: threads may outlive the module.
template <class P>
P& pool() {
  static P* const instance = new P;
  return *instance;
}

// ---- inspect ------------------------------------------------------------------------------------------------

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

/// In the order that ostiary/_inspect.py takes it apart.
py::tuple to_tuple(const ostiary_inspection* inspection) {
  const ostiary_finding verdict = ostiary_inspection_verdict(inspection);
  return py::make_tuple(ostiary_inspection_progress(inspection), verdict.reason, verdict.offset,
                        to_findings(inspection), to_text(ostiary_inspection_method(inspection)),
                        to_text(ostiary_inspection_target(inspection)), to_text(ostiary_inspection_path(inspection)),
                        to_text(ostiary_inspection_query(inspection)), to_text(ostiary_inspection_host(inspection)),
                        ostiary_inspection_port(inspection), ostiary_inspection_version_minor(inspection),
                        ostiary_inspection_framing(inspection), ostiary_inspection_content_length(inspection),
                        ostiary_inspection_head_size(inspection), to_fields(inspection));
}

py::tuple inspect_bytes(py::handle data) {
  const Input input(data, Text::kRefuse, "data");
  auto inspection = pool<InspectionPool>().take();
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspect_bytes(inspection.get(), input.view(), &error), error);
  return to_tuple(inspection.get());
}

py::tuple inspect_head(py::handle method, py::handle authority, py::handle target, py::handle fields) {
  const ParsedHead head(method, authority, target, fields);
  auto inspection = pool<InspectionPool>().take();
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspect_fields(inspection.get(), head.get(), &error), error);
  return to_tuple(inspection.get());
}

// ---- verify -------------------------------------------------------------------------------------------------

class KeySet {
 public:
  explicit KeySet(py::handle jwks) {
    const Input json(jwks, Text::kUtf8, "jwks");
    ostiary_key_set* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_reason reason = OSTIARY_OK;
    {
      const py::gil_scoped_release unlocked;
      reason = ostiary_key_set_from_jwks(json.view(), &handle, &error);
    }
    check(reason, error);
    handle_.reset(handle);
  }

  [[nodiscard]] ostiary_key_set* get() const noexcept { return handle_.get(); }
  [[nodiscard]] std::size_t count() const noexcept { return ostiary_key_set_count(get()); }
  [[nodiscard]] py::tuple skipped() const {
    py::tuple reasons(ostiary_key_set_skipped_count(get()));
    for (std::size_t i = 0; i < reasons.size(); ++i) reasons[i] = ostiary_key_set_skipped_at(get(), i);
    return reasons;
  }

 private:
  KeySetHandle handle_;
};

class Verifier {
 public:
  Verifier(py::handle issuer, py::handle audiences, py::handle algorithms, py::handle clock_skew_s, py::handle keys) {
    const Input issuer_text(issuer, Text::kUtf8, "issuer");
    const Inputs audience_texts(audiences, Text::kUtf8, "audience");
    const Inputs algorithm_texts(algorithms, Text::kUtf8, "algorithms");
    ostiary_verifier_options options = OSTIARY_VERIFIER_OPTIONS_INIT;
    options.issuer = issuer_text.view();
    options.audiences = audience_texts.data();
    options.audience_count = audience_texts.size();
    options.algorithms = algorithm_texts.data();
    options.algorithm_count = algorithm_texts.size();
    options.clock_skew_s = to_int64(clock_skew_s, "clock_skew_s");
    ostiary_verifier* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_verifier_new(&options, keys.cast<const KeySet&>().get(), &handle, &error), error);
    handle_.reset(handle);
  }

  /// The claims as JSON.
  [[nodiscard]] py::object verify(py::handle token, py::handle now_s) const {
    const Input input(token, Text::kUtf8, "token");
    const std::int64_t now = to_int64(now_s, "now");
    auto identity = pool<IdentityPool>().take();
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_reason reason = OSTIARY_OK;
    {
      const py::gil_scoped_release unlocked;
      reason = ostiary_verifier_verify(handle_.get(), input.view(), now, identity.get(), &error);
    }
    identity.check(reason, error);
    return to_bytes(ostiary_identity_claims_json(identity.get()));
  }

 private:
  VerifierHandle handle_;
};

// ---- decide -------------------------------------------------------------------------------------------------

class Gate {
 public:
  static Gate from_json(py::handle json) { return make(Input(json, Text::kUtf8, "the gate"), ostiary_gate_from_json); }
  static Gate from_image(py::handle image) {
    return make(Input(image, Text::kRefuse, "the image"), ostiary_gate_from_image);
  }

  [[nodiscard]] ostiary_gate* get() const noexcept { return handle_.get(); }
  [[nodiscard]] py::object image() const { return to_bytes(ostiary_gate_image(get())); }
  [[nodiscard]] py::object name() const { return to_text(ostiary_gate_name(get())); }
  [[nodiscard]] py::tuple issuers() const {
    py::tuple ids(ostiary_gate_issuer_count(get()));
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = to_text(ostiary_gate_issuer_id_at(get(), i));
    return ids;
  }

 private:
  using Maker = std::remove_reference_t<decltype(ostiary_gate_from_json)>;

  static Gate make(const Input& input, Maker* maker) {
    ostiary_gate* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_reason reason = OSTIARY_OK;
    {
      const py::gil_scoped_release unlocked;
      reason = maker(input.view(), &handle, &error);
    }
    check(reason, error);
    Gate gate;
    gate.handle_.reset(handle);
    return gate;
  }

  GateHandle handle_;
};

class Facts {
 public:
  Facts(py::handle now_s, py::handle peer) {
    facts_.now_s = to_int64(now_s, "now");
    if (!peer.is_none()) {
      peer_ = std::make_unique<Input>(peer, Text::kUtf8, "peer");
      facts_.peer = peer_->view();
    }
  }
  [[nodiscard]] const ostiary_facts* get() const noexcept { return &facts_; }

 private:
  std::unique_ptr<Input> peer_;
  ostiary_facts facts_ = OSTIARY_FACTS_INIT;
};

/// In the order that ostiary/_gate.py takes it apart.
py::tuple to_tuple(const ostiary_decision* decision) {
  const ostiary_bytes image = ostiary_decision_image(decision);
  if (image.data == nullptr) throw std::bad_alloc();
  py::list removed;
  py::list set;
  for (std::size_t i = 0; i < ostiary_decision_header_count(decision); ++i) {
    const ostiary_header_edit edit = ostiary_decision_header_at(decision, i);
    if (edit.kind == OSTIARY_HEADER_REMOVE) removed.append(to_text(edit.name));
    if (edit.kind == OSTIARY_HEADER_SET) set.append(py::make_tuple(to_text(edit.name), to_bytes(edit.value)));
  }
  return py::make_tuple(ostiary_decision_effect(decision) == OSTIARY_EFFECT_ALLOW, ostiary_decision_reason(decision),
                        to_text(ostiary_decision_route(decision)), to_text(ostiary_decision_rule(decision)),
                        to_text(ostiary_decision_origin(decision)), ostiary_decision_http_status(decision),
                        ostiary_decision_offset(decision), py::tuple(removed), py::tuple(set), to_bytes(image));
}

class Engine {
 public:
  /// `keys`: pairs of issuer id and KeySet.
  Engine(py::handle gate, py::handle keys) {
    const py::tuple pairs = to_items(keys, "keys");
    std::vector<Input> ids;
    std::vector<ostiary_issuer_keys> issuers;
    for (const py::handle item : pairs) {
      const py::tuple pair = to_items(item, "a pair of issuer id and keys");
      ids.emplace_back(pair[0], Text::kUtf8, "an issuer id");
      issuers.push_back({ids.back().view(), py::handle(pair[1]).cast<const KeySet&>().get()});
    }
    ostiary_engine* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_engine_new(gate.cast<const Gate&>().get(), issuers.data(), issuers.size(), &handle, &error), error);
    handle_.reset(handle);
  }

  // The interpreter lock stays held: only behind the route and the token's claims is it known whether a signature
  // will be checked, and everything before that takes less time than letting the lock go and taking it again.
  [[nodiscard]] py::tuple decide_bytes(py::handle data, py::handle now_s, py::handle peer) const {
    const Input head(data, Text::kRefuse, "data");
    const Facts facts(now_s, peer);
    auto decision = pool<DecisionPool>().take();
    ostiary_error error = OSTIARY_ERROR_INIT;
    decision.check(ostiary_engine_decide_bytes(handle_.get(), head.view(), facts.get(), decision.get(), &error), error);
    return to_tuple(decision.get());
  }

  [[nodiscard]] py::tuple decide_head(py::handle method, py::handle authority, py::handle target, py::handle fields,
                                      py::handle now_s, py::handle peer) const {
    const ParsedHead head(method, authority, target, fields);
    const Facts facts(now_s, peer);
    auto decision = pool<DecisionPool>().take();
    ostiary_error error = OSTIARY_ERROR_INIT;
    decision.check(ostiary_engine_decide_fields(handle_.get(), head.get(), facts.get(), decision.get(), &error), error);
    return to_tuple(decision.get());
  }

 private:
  EngineHandle handle_;
};

// ---- module -------------------------------------------------------------------------------------------------

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

}  // namespace

PYBIND11_MODULE(_core, module) {
  check_library();
  module.attr("version") = ostiary_version_string();
  module.def("reasons", &reasons);
  module.def("inspect_bytes", &inspect_bytes);
  module.def("inspect_head", &inspect_head);

  py::class_<KeySet>(module, "KeySet", py::is_final())
      .def(py::init<py::handle>())
      .def_property_readonly("count", &KeySet::count)
      .def_property_readonly("skipped", &KeySet::skipped);
  py::class_<Verifier>(module, "Verifier", py::is_final())
      .def(py::init<py::handle, py::handle, py::handle, py::handle, py::handle>())
      .def("verify", &Verifier::verify);
  py::class_<Gate>(module, "Gate", py::is_final())
      .def_static("from_json", &Gate::from_json)
      .def_static("from_image", &Gate::from_image)
      .def_property_readonly("image", &Gate::image)
      .def_property_readonly("name", &Gate::name)
      .def_property_readonly("issuers", &Gate::issuers);
  py::class_<Engine>(module, "Engine", py::is_final())
      .def(py::init<py::handle, py::handle>())
      .def("decide_bytes", &Engine::decide_bytes)
      .def("decide_head", &Engine::decide_head);
}
