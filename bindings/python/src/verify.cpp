// Verifiers.
#include "inspect.hpp"
#include "refusal.hpp"
#include "sender.hpp"
#include "verifier.hpp"

#include <optional>

namespace ostiary_python {
namespace {

/// An absent view for None.
class OptionalInput {
 public:
  OptionalInput(py::handle object, const char* what) {
    if (!object.is_none()) input_.emplace(object, Text::kUtf8, what);
  }
  [[nodiscard]] ostiary_bytes view() const noexcept { return input_ ? input_->view() : ostiary_bytes{nullptr, 0}; }

 private:
  std::optional<Input> input_;
};

/// What the host knows about one presentation of a token.
class Facts {
 public:
  explicit Facts(py::handle now_s, py::handle nonce, py::handle access_token, py::handle code)
      : nonce_(nonce, "nonce"), access_token_(access_token, "access_token"), code_(code, "code") {
    facts_.now_s = to_int64(now_s, "now");
    facts_.nonce = nonce_.view();
    facts_.access_token = access_token_.view();
    facts_.code = code_.view();
  }
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  [[nodiscard]] const ostiary_token_facts* get() const noexcept { return &facts_; }

 private:
  OptionalInput nonce_;
  OptionalInput access_token_;
  OptionalInput code_;
  ostiary_token_facts facts_ = OSTIARY_TOKEN_FACTS_INIT;
};

constexpr bool is_token_reason(ostiary_reason reason) noexcept { return reason / 1000 == 2; }

class Verifier {
 public:
  /// `issuers`: triples of Settings, KeySet or None, SecretKeys or None.
  Verifier(py::handle issuers, const TokenCache* cache, const RevocationList* revoked) {
    std::vector<ostiary_trusted_issuer> trusted;
    for (const py::handle item : to_items(issuers, "issuers")) {
      const py::tuple parts = to_items(item, "issuers");
      if (parts.size() != 3) throw py::type_error("issuers must be triples");
      const auto* const keys = py::handle(parts[1]).cast<const KeySet*>();
      const auto* const secrets = py::handle(parts[2]).cast<const SecretKeys*>();
      trusted.push_back({py::handle(parts[0]).cast<const Settings&>().get(), keys != nullptr ? keys->get() : nullptr,
                         secrets != nullptr ? secrets->get() : nullptr});
    }
    ostiary_verifier_parts parts = OSTIARY_VERIFIER_PARTS_INIT;
    parts.issuers = trusted.data();
    parts.issuer_count = trusted.size();
    parts.cache = cache != nullptr ? cache->get() : nullptr;
    parts.revoked = revoked != nullptr ? revoked->get() : nullptr;
    ostiary_verifier* made = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_verifier_from_parts(&parts, &made, &error), error);
    handle_.reset(made);
  }

  [[nodiscard]] std::unique_ptr<Verifier> with_keys(py::handle issuer, const KeySet* keys) const {
    return exchanged([&](ostiary_verifier** made, ostiary_error* error) {
      return ostiary_verifier_with_keys(handle_.get(), to_index(issuer), keys != nullptr ? keys->get() : nullptr, made,
                                        error);
    });
  }

  [[nodiscard]] std::unique_ptr<Verifier> with_secrets(py::handle issuer, const SecretKeys* secrets) const {
    return exchanged([&](ostiary_verifier** made, ostiary_error* error) {
      return ostiary_verifier_with_secrets(handle_.get(), to_index(issuer),
                                           secrets != nullptr ? secrets->get() : nullptr, made, error);
    });
  }

  [[nodiscard]] std::unique_ptr<Verifier> with_revocation(const RevocationList* revoked) const {
    return exchanged([&](ostiary_verifier** made, ostiary_error* error) {
      return ostiary_verifier_with_revocation(handle_.get(), revoked != nullptr ? revoked->get() : nullptr, made,
                                              error);
    });
  }

  /// The claims as JSON text, or the TokenError to raise.
  [[nodiscard]] py::object verify(py::handle token, py::handle now_s) const {
    const std::int64_t now = to_int64(now_s, "now");
    return answer(token, [&](ostiary_bytes text, ostiary_identity* identity, ostiary_error* error) {
      return ostiary_verifier_verify(handle_.get(), text, now, identity, error);
    });
  }

  [[nodiscard]] py::object verify_login(py::handle token, py::handle now_s, py::handle nonce, py::handle access_token,
                                        py::handle code) const {
    const Facts facts(now_s, nonce, access_token, code);
    return answer(token, [&](ostiary_bytes text, ostiary_identity* identity, ostiary_error* error) {
      return ostiary_verifier_verify_with(handle_.get(), text, facts.get(), identity, error);
    });
  }

  /// The same for the token of an inspected request, whose sender must be the one it is bound to.
  [[nodiscard]] py::object verify_request(py::handle again, const SenderPolicy& policy, py::handle now_s,
                                          py::handle scheme, py::handle authority, py::handle certificate) const {
    Again inspection(again);
    const OptionalInput name(authority, "authority");
    const OptionalInput hash(certificate, "certificate_sha256");
    ostiary_sender_facts sender = OSTIARY_SENDER_FACTS_INIT;
    sender.scheme = static_cast<ostiary_scheme>(to_int64(scheme, "scheme"));
    sender.authority = name.view();
    sender.certificate_sha256 = hash.view();
    ostiary_token_facts facts = OSTIARY_TOKEN_FACTS_INIT;
    facts.now_s = to_int64(now_s, "now");
    return answer([&](ostiary_identity* identity, ostiary_error* error) {
      return ostiary_verifier_verify_request(handle_.get(), policy.get(), inspection.get(), &facts, &sender, identity,
                                             error);
    });
  }

  /// Faults, index of the issuer or None, whether the rules could be asked, whether the signature was checked.
  [[nodiscard]] py::tuple explain(py::handle token, py::handle now_s, py::handle nonce, py::handle access_token,
                                  py::handle code) const {
    const Input input(token, Text::kUtf8, "token");
    const Facts facts(now_s, nonce, access_token, code);
    std::vector<ostiary_token_fault> faults(kFaultsMax);
    std::size_t count = 0;
    ostiary_explanation known = OSTIARY_EXPLANATION_INIT;
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_reason reason = OSTIARY_OK;
    {
      const py::gil_scoped_release unlocked;
      reason = ostiary_verifier_explain(handle_.get(), input.view(), facts.get(), faults.data(), faults.size(), &count,
                                        &known, &error);
    }
    check(reason, error);
    py::tuple listed(std::min(count, faults.size()));
    for (std::size_t i = 0; i < listed.size(); ++i) listed[i] = py::make_tuple(faults[i].reason, faults[i].offset);
    const py::object issuer = known.issuer == OSTIARY_NO_ISSUER ? py::object(py::none()) : py::int_(known.issuer);
    return py::make_tuple(listed, issuer, known.is_complete != 0, known.is_signature_checked != 0);
  }

 private:
  /// More than there are rules.
  static constexpr std::size_t kFaultsMax = 64;

  explicit Verifier(VerifierHandle handle) : handle_(std::move(handle)) {}

  static std::size_t to_index(py::handle issuer) {
    const std::int64_t index = to_int64(issuer, "issuer");
    return index < 0 ? SIZE_MAX : static_cast<std::size_t>(index);
  }

  template <class Exchange>
  static std::unique_ptr<Verifier> exchanged(Exchange exchange) {
    ostiary_verifier* made = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(exchange(&made, &error), error);
    return std::unique_ptr<Verifier>(new Verifier(VerifierHandle(made)));
  }

  template <class Ask>
  static py::object answer(Ask ask) {
    auto identity = pool<IdentityPool>().take();
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_reason reason = OSTIARY_OK;
    {
      const py::gil_scoped_release unlocked;
      reason = ask(identity.get(), &error);
    }
    if (is_token_reason(reason)) return make_token_error(reason, error.offset);
    identity.check(reason, error);
    return to_text(ostiary_identity_claims_json(identity.get()));
  }

  template <class Ask>
  static py::object answer(py::handle token, Ask ask) {
    const Input input(token, Text::kUtf8, "token");
    return answer([&](ostiary_identity* identity, ostiary_error* error) { return ask(input.view(), identity, error); });
  }

  VerifierHandle handle_;
};

}  // namespace

void add_verify(py::module_& module) {
  py::class_<Verifier>(module, "Verifier", py::is_final())
      .def(py::init<py::handle, const TokenCache*, const RevocationList*>())
      .def("with_keys", &Verifier::with_keys)
      .def("with_secrets", &Verifier::with_secrets)
      .def("with_revocation", &Verifier::with_revocation)
      .def("verify", &Verifier::verify)
      .def("verify_login", &Verifier::verify_login)
      .def("verify_request", &Verifier::verify_request)
      .def("explain", &Verifier::explain);
}

}  // namespace ostiary_python
