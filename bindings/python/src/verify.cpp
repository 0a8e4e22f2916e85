// Keys and tokens.
#include "key_set.hpp"

namespace ostiary_python {
namespace {

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

}  // namespace

void add_verify(py::module_& module) {
  py::class_<KeySet>(module, "KeySet", py::is_final())
      .def(py::init<py::handle>())
      .def_property_readonly("count", &KeySet::count)
      .def_property_readonly("skipped", &KeySet::skipped);
  py::class_<Verifier>(module, "Verifier", py::is_final())
      .def(py::init<py::handle, py::handle, py::handle, py::handle, py::handle>())
      .def("verify", &Verifier::verify);
}

}  // namespace ostiary_python
