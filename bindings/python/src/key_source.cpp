// The keys of an issuer over time.
#include "key_set.hpp"

#include <array>

namespace ostiary_python {
namespace {

class KeySource {
 public:
  /// `ages`: eleven numbers in the order of ostiary_key_source_options; 0 is the default.
  KeySource(py::handle kind, py::handle issuer, py::handle uri, py::handle loopback_http, py::handle ages) {
    const Input name(issuer, Text::kUtf8, "issuer");
    ostiary_key_source_options options = OSTIARY_KEY_SOURCE_OPTIONS_INIT;
    options.kind = static_cast<ostiary_key_source_kind>(to_int64(kind, "kind"));
    options.issuer = name.view();
    options.flags = py::cast<bool>(loopback_http) ? OSTIARY_KEY_SOURCE_LOOPBACK_HTTP : 0;
    std::unique_ptr<Input> place;
    if (!uri.is_none()) {
      place = std::make_unique<Input>(uri, Text::kUtf8, "uri");
      options.uri = place->view();
    }
    read_ages(to_items(ages, "ages"), options);
    ostiary_key_source* made = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_key_source_new(&options, &made, &error), error);
    handle_.reset(made);
  }

  /// Ticket, kind, reason, earliest time, issuer and URI; or None.
  [[nodiscard]] py::object wanted(py::handle now_s) const {
    ostiary_fetch* out = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_key_source_wanted(handle_.get(), to_int64(now_s, "now"), &out, &error), error);
    const FetchHandle fetch(out);
    if (fetch == nullptr) return py::none();
    ostiary_fetch_wanted wanted = OSTIARY_FETCH_WANTED_INIT;
    check(ostiary_fetch_get(fetch.get(), &wanted), error);
    return py::make_tuple(wanted.ticket, wanted.kind, wanted.reason, wanted.not_before_s, to_text(wanted.issuer),
                          to_text(wanted.uri));
  }

  void begin(py::handle ticket, py::handle now_s) const {
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_key_source_begin(handle_.get(), to_ticket(ticket), to_int64(now_s, "now"), &error), error);
  }

  /// Counts of added, removed, replaced and skipped keys.
  [[nodiscard]] py::tuple complete(py::handle ticket, py::handle body, py::handle lifetime_s, py::handle now_s) const {
    const Input text(body, Text::kUtf8, "body");
    const std::uint64_t fetch = to_ticket(ticket);
    const std::int64_t lifetime = to_int64(lifetime_s, "max_age");
    const std::int64_t now = to_int64(now_s, "now");
    ostiary_key_change change = OSTIARY_KEY_CHANGE_INIT;
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_reason reason = OSTIARY_OK;
    {
      const py::gil_scoped_release unlocked;
      reason = ostiary_key_source_complete(handle_.get(), fetch, text.view(), lifetime, now, &change, &error);
    }
    check(reason, error);
    return py::make_tuple(change.added, change.removed, change.replaced, change.skipped);
  }

  void fail(py::handle ticket, py::handle absent, py::handle now_s) const {
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_key_source_fail(handle_.get(), to_ticket(ticket),
                                  py::cast<bool>(absent) ? OSTIARY_FETCH_ABSENT : OSTIARY_FETCH_UNREACHABLE,
                                  to_int64(now_s, "now"), &error),
          error);
  }

  [[nodiscard]] bool unknown_key(py::handle kid) const {
    if (kid.is_none()) return ostiary_key_source_unknown_key(handle_.get(), {nullptr, 0}) != 0;
    const Input text(kid, Text::kUtf8, "kid");
    return ostiary_key_source_unknown_key(handle_.get(), text.view()) != 0;
  }

  [[nodiscard]] std::unique_ptr<KeySet> keys(py::handle now_s) const {
    ostiary_key_set* out = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_key_source_keys(handle_.get(), to_int64(now_s, "now"), &out, &error), error);
    return out == nullptr ? nullptr : std::make_unique<KeySet>(KeySetHandle(out));
  }

  [[nodiscard]] py::tuple status(py::handle now_s) const {
    ostiary_key_source_status told = OSTIARY_KEY_SOURCE_STATUS_INIT;
    check(ostiary_key_source_get_status(handle_.get(), to_int64(now_s, "now"), &told), OSTIARY_ERROR_INIT);
    return py::make_tuple(told.usable != 0, told.under_way != 0, told.failures, told.last_error, told.age_s,
                          told.fetches, told.answers, told.changes, told.unknown_keys);
  }

 private:
  static std::uint64_t to_ticket(py::handle ticket) {
    if (!PyLong_Check(ticket.ptr())) throw py::type_error("a ticket must be int");
    const unsigned long long value = PyLong_AsUnsignedLongLong(ticket.ptr());
    if (PyErr_Occurred() == nullptr) return value;
    PyErr_Clear();
    fail_usage("no ticket is negative or longer than 64 bits");
  }

  static void read_ages(const py::tuple& ages, ostiary_key_source_options& options) {
    const std::array<std::uint32_t*, 11> members{
        &options.soft_age_s,      &options.soft_age_min_s,         &options.soft_age_max_s,
        &options.hard_age_s,      &options.unknown_key_cooldown_s, &options.retry_min_s,
        &options.retry_max_s,     &options.fetch_timeout_s,        &options.removed_key_grace_s,
        &options.discovery_age_s, &options.pem_key_count_max};
    if (ages.size() != members.size()) throw py::type_error("expected eleven ages");
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::int64_t age = to_int64(ages[i], "an age");
      if (age < 0 || age > UINT32_MAX) fail_usage("an age is out of range");
      *members[i] = static_cast<std::uint32_t>(age);
    }
  }

  KeySourceHandle handle_;
};

}  // namespace

void add_key_source(py::module_& module) {
  py::class_<KeySource>(module, "KeySource", py::is_final())
      .def(py::init<py::handle, py::handle, py::handle, py::handle, py::handle>())
      .def("wanted", &KeySource::wanted)
      .def("begin", &KeySource::begin)
      .def("complete", &KeySource::complete)
      .def("fail", &KeySource::fail)
      .def("unknown_key", &KeySource::unknown_key)
      .def("keys", &KeySource::keys)
      .def("status", &KeySource::status);
}

}  // namespace ostiary_python
