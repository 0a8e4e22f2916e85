// What every part of the module needs: errors, input that nobody can change, output, handles. Includes ostiary.h and
// nothing else of the library.
//
// Arguments are taken as py::handle throughout: pybind11 prints the arguments of a call that does not match
// its signature, and ours hold tokens.
#pragma once

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

namespace ostiary_python {

// ---- errors -------------------------------------------------------------------------------------------------

[[noreturn]] inline void raise_exception(const py::object& exception) {
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw py::error_already_set();
}

/// Raises the exception that ostiary/_errors.py keeps for the class of this Reason.
[[noreturn]] inline void fail(ostiary_reason reason, const ostiary_error& error) {
  raise_exception(
      py::module_::import("ostiary._errors")
          .attr("failure")(reason, error.offset, error.line, error.column, error.count, py::bytes(error.message)));
}

/// The same for keys of which none is left: `skipped` says why.
[[noreturn]] inline void fail(ostiary_reason reason, const ostiary_error& error, const py::tuple& skipped) {
  raise_exception(py::module_::import("ostiary._errors")
                      .attr("failure")(reason, error.offset, error.line, error.column, error.count,
                                       py::bytes(error.message), skipped));
}

inline void check(ostiary_reason reason, const ostiary_error& error) {
  if (reason != OSTIARY_OK) fail(reason, error);
}

[[noreturn]] inline void fail_usage(const std::string& message) {
  raise_exception(py::module_::import("ostiary._errors").attr("usage")(message));
}

template <class T>
T owned(PyObject* object) {
  if (object == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<T>(object);
}

// ---- output -------------------------------------------------------------------------------------------------

inline py::object to_bytes(ostiary_bytes view) {
  if (view.data == nullptr) return py::none();
  return owned<py::object>(PyBytes_FromStringAndSize(view.data, static_cast<Py_ssize_t>(view.len)));
}

/// Total: bytes that are not UTF-8 become lone surrogates instead of an exception.
inline py::object to_text(ostiary_bytes view) {
  if (view.data == nullptr) return py::none();
  return owned<py::object>(PyUnicode_DecodeUTF8(view.data, static_cast<Py_ssize_t>(view.len), "surrogateescape"));
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

inline std::int64_t to_int64(py::handle object, const char* what) {
  if (!PyLong_Check(object.ptr())) throw py::type_error(std::string(what) + " must be int");
  const long long value = PyLong_AsLongLong(object.ptr());
  if (value == -1 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    fail_usage(std::string(what) + " does not fit into 64 bits");
  }
  return value;
}

/// The items of a list or tuple. Holds what it points to: other code may change the list meanwhile.
inline py::tuple to_items(py::handle object, const char* what) {
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
  ParsedHead(py::handle method, py::handle authority, py::handle target, py::handle fields, py::handle version)
      : method_(method, Text::kLatin1, "method"), target_(target, Text::kLatin1, "target") {
    head_.version = static_cast<ostiary_http_version>(to_int64(version, "version"));
    head_.method = method_.view();
    head_.target = target_.view();
    if (!authority.is_none()) {
      authority_ = std::make_unique<Input>(authority, Text::kLatin1, "authority");
      head_.authority = authority_->view();
    }
    add_fields(to_items(fields, "fields"));
  }

  [[nodiscard]] const ostiary_head* get() const noexcept { return &head_; }

  /// The same head as bytes that nobody can change any more; makes an equal one again.
  [[nodiscard]] py::tuple frozen() const {
    py::tuple fields(fields_.size());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      fields[i] = py::make_tuple(to_bytes(present(fields_[i].name)), to_bytes(present(fields_[i].value)));
    }
    return py::make_tuple(to_bytes(present(head_.method)), to_bytes(head_.authority), to_bytes(present(head_.target)),
                          fields, head_.version);
  }

 private:
  [[nodiscard]] static ostiary_bytes present(ostiary_bytes view) noexcept {
    return view.data == nullptr ? ostiary_bytes{"", 0} : view;
  }

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

// ---- handles ------------------------------------------------------------------------------------------------

template <auto Free>
struct FreeHandle {
  template <class T>
  void operator()(T* handle) const noexcept {
    Free(handle);
  }
};

using KeySetHandle = std::unique_ptr<ostiary_key_set, FreeHandle<ostiary_key_set_unref>>;
using SecretKeysHandle = std::unique_ptr<ostiary_secret_keys, FreeHandle<ostiary_secret_keys_unref>>;
using SettingsHandle = std::unique_ptr<ostiary_issuer_settings, FreeHandle<ostiary_issuer_settings_unref>>;
using RevocationListHandle = std::unique_ptr<ostiary_revocation_list, FreeHandle<ostiary_revocation_list_unref>>;
using TokenCacheHandle = std::unique_ptr<ostiary_token_cache, FreeHandle<ostiary_token_cache_unref>>;
using KeySourceHandle = std::unique_ptr<ostiary_key_source, FreeHandle<ostiary_key_source_unref>>;
using FetchHandle = std::unique_ptr<ostiary_fetch, FreeHandle<ostiary_fetch_free>>;
using DpopNoncesHandle = std::unique_ptr<ostiary_dpop_nonces, FreeHandle<ostiary_dpop_nonces_unref>>;
using ReplayMemoryHandle = std::unique_ptr<ostiary_replay_memory, FreeHandle<ostiary_replay_memory_unref>>;
using SenderPolicyHandle = std::unique_ptr<ostiary_sender_policy, FreeHandle<ostiary_sender_policy_unref>>;
using VerifierHandle = std::unique_ptr<ostiary_verifier, FreeHandle<ostiary_verifier_unref>>;
using GateHandle = std::unique_ptr<ostiary_gate, FreeHandle<ostiary_gate_unref>>;
using RateLimiterHandle = std::unique_ptr<ostiary_rate_limiter, FreeHandle<ostiary_rate_limiter_unref>>;
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
      ostiary_python::check(reason, error);
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
    ostiary_python::check(New(&handle, &error), error);
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

using ClientPolicyHandle = std::unique_ptr<ostiary_client_policy, FreeHandle<ostiary_client_policy_unref>>;

using InspectionPool = Pool<ostiary_inspection, ostiary_inspection_new, ostiary_inspection_free>;
using StructuredPool = Pool<ostiary_structured, ostiary_structured_new, ostiary_structured_free>;
using IdentityPool = Pool<ostiary_identity, ostiary_identity_new, ostiary_identity_free>;
using DecisionPool = Pool<ostiary_decision, ostiary_decision_new, ostiary_decision_free>;

/// Never destroyed: threads may outlive the module.
template <class P>
P& pool() {
  static P* const instance = new P;
  return *instance;
}

// ---- parts --------------------------------------------------------------------------------------------------

void add_inspect(py::module_& module);
void add_fields(py::module_& module);
void add_forward(py::module_& module);
void add_structured(py::module_& module);
void add_keys(py::module_& module);
void add_key_source(py::module_& module);
void add_settings(py::module_& module);
void add_sender(py::module_& module);
void add_verify(py::module_& module);
void add_boundary(py::module_& module);
void add_decide(py::module_& module);

}  // namespace ostiary_python
