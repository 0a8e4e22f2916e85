// Gates, engines and decisions.
#include "verifier.hpp"

#include <array>
#include <cstdint>

namespace ostiary_python {
namespace {

struct FreeReport {
  void operator()(ostiary_report* report) const noexcept { ostiary_report_free(report); }
};
using ReportHandle = std::unique_ptr<ostiary_report, FreeReport>;

/// What `make` reports, without the interpreter lock: it takes as long as the gate is large.
template <typename Make>
py::object to_report(const Make& make) {
  ostiary_report* handle = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_reason reason = OSTIARY_OK;
  {
    const py::gil_scoped_release unlocked;
    reason = make(&handle, &error);
  }
  check(reason, error);
  const ReportHandle report(handle);
  return to_text(ostiary_report_text(report.get()));
}

ostiary_report_form report_form(bool json) noexcept { return json ? OSTIARY_REPORT_JSON : OSTIARY_REPORT_TEXT; }

class Gate {
 public:
  static Gate from_json(py::handle json) { return make(Input(json, Text::kUtf8, "the gate"), ostiary_gate_from_json); }
  static Gate from_image(py::handle image) {
    return make(Input(image, Text::kRefuse, "the image"), ostiary_gate_from_image);
  }

  /// `keys`, `reviewer_keys`: PEM blocks; `boundary`: a hash, or None.
  static Gate from_signed_image(py::handle image, py::handle keys, std::uint64_t version_min, py::handle boundary,
                                py::handle reviewer_keys, std::uint32_t reviews_min) {
    const Input input(image, Text::kRefuse, "the image");
    const Inputs makers(keys, Text::kUtf8, "a key");
    const Inputs reviewers(reviewer_keys, Text::kUtf8, "a key");
    const Input hash(boundary.is_none() ? py::bytes() : py::reinterpret_borrow<py::object>(boundary), Text::kRefuse,
                     "the hash");
    ostiary_gate_trust trust = OSTIARY_GATE_TRUST_INIT;
    trust.keys = makers.data();
    trust.key_count = makers.size();
    trust.version_min = version_min;
    if (!boundary.is_none()) trust.boundary = hash.view();
    trust.reviewer_keys = reviewers.data();
    trust.reviewer_key_count = reviewers.size();
    trust.reviews_min = reviews_min;
    return take([&](ostiary_gate** out, ostiary_error* error) {
      return ostiary_gate_from_signed_image(input.view(), &trust, out, error);
    });
  }

  static Gate from_json_within(py::handle json, py::handle boundary, py::handle receipt, py::handle keys,
                               std::uint32_t reviews_min) {
    const Input input(json, Text::kUtf8, "the gate");
    const Input bound(boundary, Text::kUtf8, "the boundary");
    const Input signatures(receipt, Text::kUtf8, "the receipt");
    const Inputs reviewers(keys, Text::kUtf8, "a key");
    ostiary_review_trust trust = OSTIARY_REVIEW_TRUST_INIT;
    trust.keys = reviewers.data();
    trust.key_count = reviewers.size();
    trust.reviews_min = reviews_min;
    return take([&](ostiary_gate** out, ostiary_error* error) {
      return ostiary_gate_from_json_within(input.view(), bound.view(), signatures.view(), &trust, out, error);
    });
  }

  [[nodiscard]] Gate sign(py::handle private_pem) const {
    const Input pem(private_pem, Text::kUtf8, "the key");
    return take(
        [&](ostiary_gate** out, ostiary_error* error) { return ostiary_gate_sign(get(), pem.view(), out, error); });
  }

  [[nodiscard]] ostiary_gate* get() const noexcept { return handle_.get(); }
  [[nodiscard]] py::object image() const { return to_bytes(ostiary_gate_image(get())); }
  [[nodiscard]] py::object name() const { return to_text(ostiary_gate_name(get())); }
  [[nodiscard]] py::tuple issuers() const {
    py::tuple ids(ostiary_gate_issuer_count(get()));
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = to_text(ostiary_gate_issuer_id_at(get(), i));
    return ids;
  }
  /// The iss values, in the order of `issuers`.
  [[nodiscard]] py::tuple issuer_values() const {
    py::tuple values(ostiary_gate_issuer_count(get()));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = to_text(ostiary_gate_issuer_at(get(), i));
    return values;
  }
  /// None when the image says nothing.
  [[nodiscard]] py::object boundary() const {
    const ostiary_bytes hash = ostiary_gate_boundary(get());
    return hash.data == nullptr ? py::object(py::none()) : to_bytes(hash);
  }
  [[nodiscard]] std::uint64_t version() const { return ostiary_gate_version(get()); }
  [[nodiscard]] py::tuple waived() const {
    py::tuple rules(ostiary_gate_waived_count(get()));
    for (std::size_t i = 0; i < rules.size(); ++i) rules[i] = ostiary_gate_waived_at(get(), i);
    return rules;
  }
  [[nodiscard]] py::object report(bool json) const {
    return to_report([&](ostiary_report** out, ostiary_error* error) {
      return ostiary_gate_report(get(), report_form(json), out, error);
    });
  }

 private:
  using Maker = std::remove_reference_t<decltype(ostiary_gate_from_json)>;

  static Gate make(const Input& input, Maker* maker) {
    return take([&](ostiary_gate** out, ostiary_error* error) { return maker(input.view(), out, error); });
  }

  /// What `make` makes, with the lock let go.
  template <typename Make>
  static Gate take(const Make& make) {
    ostiary_gate* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    ostiary_reason reason = OSTIARY_OK;
    {
      const py::gil_scoped_release unlocked;
      reason = make(&handle, &error);
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
  /// `flags`: names of those that are true.
  Facts(py::handle now_s, std::uint32_t now_ns, ostiary_scheme scheme, py::handle peer, py::handle flags) {
    facts_.now_s = to_int64(now_s, "now");
    facts_.now_ns = now_ns;
    facts_.scheme = scheme;
    if (!peer.is_none()) {
      peer_ = std::make_unique<Input>(peer, Text::kUtf8, "peer");
      facts_.peer = peer_->view();
    }
    for (const py::handle flag : to_items(flags, "flags")) {
      names_.emplace_back(flag, Text::kUtf8, "a flag");
    }
    for (const Input& name : names_) flags_.push_back(name.view());
    facts_.true_flags = flags_.data();
    facts_.true_flag_count = flags_.size();
  }
  [[nodiscard]] const ostiary_facts* get() const noexcept { return &facts_; }

 private:
  std::unique_ptr<Input> peer_;
  std::vector<Input> names_;
  std::vector<ostiary_bytes> flags_;
  ostiary_facts facts_ = OSTIARY_FACTS_INIT;
};

py::object to_nearest(const ostiary_decision* decision) {
  ostiary_dimension dimension = OSTIARY_DIMENSION_NONE;
  const ostiary_bytes rule = ostiary_decision_nearest_rule(decision, &dimension);
  if (rule.data == nullptr) return py::none();
  return py::make_tuple(to_text(rule), to_text(ostiary_dimension_name(dimension)));
}

py::object to_role(const ostiary_decision* decision) {
  const ostiary_role role = ostiary_decision_role(decision);
  if (role.id.data == nullptr) return py::none();
  py::tuple tags(ostiary_decision_session_tag_count(decision));
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const ostiary_pair tag = ostiary_decision_session_tag_at(decision, i);
    tags[i] = py::make_tuple(to_text(tag.name), to_text(tag.value));
  }
  return py::make_tuple(to_text(role.id), to_text(role.role_arn), to_text(role.session_name), role.duration_s, tags);
}

const char* edit_name(ostiary_header_edit_kind kind) noexcept {
  switch (kind) {
    case OSTIARY_HEADER_REMOVE: return "remove";
    case OSTIARY_HEADER_SET: return "set";
    case OSTIARY_HEADER_APPEND: return "append";
    case OSTIARY_HEADER_RENAME: return "rename";
    default: return "unknown";
  }
}

py::tuple to_edits(const ostiary_decision* decision) {
  py::tuple edits(ostiary_decision_header_count(decision));
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const ostiary_header_edit edit = ostiary_decision_header_at(decision, i);
    py::object value = py::none();
    if (edit.kind != OSTIARY_HEADER_REMOVE) value = to_bytes(edit.value);
    edits[i] = py::make_tuple(edit_name(edit.kind), to_text(edit.name), value);
  }
  return edits;
}

py::object to_sign(const ostiary_decision* decision) {
  static constexpr std::array<const char*, 3> kNames = {"", "message_signature", "sigv4"};
  const ostiary_hop_sign sign = ostiary_decision_hop_sign(decision);
  if (sign.with == OSTIARY_HOP_UNSIGNED) return py::none();
  return py::make_tuple(kNames.at(static_cast<std::size_t>(sign.with)), to_text(sign.key), to_text(sign.region),
                        to_text(sign.service));
}

py::tuple to_hop(const ostiary_decision* decision) {
  const ostiary_hop hop = ostiary_decision_hop(decision);
  return py::make_tuple(to_text(hop.shield), hop.connect_timeout_ms, hop.first_byte_timeout_ms,
                        hop.between_bytes_timeout_ms, to_sign(decision));
}

py::tuple to_cache(const ostiary_decision* decision) {
  static constexpr std::array<const char*, 3> kNames = {"none", "private", "shared"};
  const ostiary_cache_directive cache = ostiary_decision_cache(decision);
  py::tuple surrogate_keys(ostiary_decision_surrogate_key_count(decision));
  for (std::size_t i = 0; i < surrogate_keys.size(); ++i) {
    surrogate_keys[i] = to_text(ostiary_decision_surrogate_key_at(decision, i));
  }
  py::object key = py::none();
  if (cache.key.data != nullptr) key = to_bytes(cache.key);
  return py::make_tuple(kNames.at(static_cast<std::size_t>(cache.cache_class)), cache.ttl_s, surrogate_keys, key);
}

py::object to_rate(const ostiary_decision* decision) {
  const ostiary_rate_charge rate = ostiary_decision_rate(decision);
  if (rate.key.data == nullptr) return py::none();
  return py::make_tuple(to_bytes(rate.key), rate.limit, rate.period_s, rate.burst);
}

py::tuple to_answer(const ostiary_decision* decision) {
  const ostiary_answer answer = ostiary_decision_answer(decision);
  py::list methods;
  for (std::uint32_t i = 0; i < 32; ++i) {
    if ((answer.allow_methods >> i & 1U) != 0) methods.append(to_text(ostiary_method_name(i)));
  }
  return py::make_tuple(answer.status, to_text(answer.location), py::tuple(methods), answer.retry_after_s);
}

/// In the order that ostiary/_gate.py takes it apart.
py::tuple to_tuple(const ostiary_decision* decision) {
  const ostiary_bytes image = ostiary_decision_image(decision);
  if (image.data == nullptr) throw std::bad_alloc();
  return py::make_tuple(ostiary_decision_effect(decision) == OSTIARY_EFFECT_ALLOW, ostiary_decision_reason(decision),
                        to_text(ostiary_decision_route(decision)), to_text(ostiary_decision_rule(decision)),
                        to_text(ostiary_decision_origin(decision)), ostiary_decision_http_status(decision),
                        ostiary_decision_offset(decision), to_edits(decision), to_bytes(image), to_nearest(decision),
                        to_role(decision), to_text(ostiary_decision_target(decision)), to_hop(decision),
                        to_cache(decision), to_rate(decision), to_answer(decision));
}

class RateLimiter {
 public:
  RateLimiter(std::size_t keys, py::handle secret) {
    const Input bytes(secret, Text::kRefuse, "secret");
    ostiary_rate_limiter* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_rate_limiter_new(keys, bytes.view(), &handle, &error), error);
    handle_.reset(handle);
  }

  [[nodiscard]] ostiary_rate_limiter* get() const noexcept { return handle_.get(); }

  [[nodiscard]] py::tuple take(py::handle key, std::uint32_t limit, std::uint32_t period_ms, std::uint32_t burst,
                               std::uint32_t cost, std::uint64_t now_ns) const {
    const Input name(key, Text::kUtf8, "key");
    const ostiary_rate_verdict verdict =
        ostiary_rate_limiter_take(get(), name.view(), {limit, period_ms, burst, cost}, now_ns);
    return py::make_tuple(verdict.allowed == 1, verdict.remaining, verdict.retry_after_ns, verdict.reset_after_ns);
  }

 private:
  RateLimiterHandle handle_;
};

class Engine {
 public:
  /// `keys`: pairs of issuer id and KeySet.
  Engine(py::handle gate, py::handle keys, const TokenCache* cache, const RevocationList* revoked,
         const RateLimiter* limiter) {
    std::vector<Input> ids;
    std::vector<ostiary_issuer_keys> issuers;
    for (const py::handle item : to_items(keys, "keys")) {
      const py::tuple pair = to_items(item, "a pair of issuer id and keys");
      ids.emplace_back(pair[0], Text::kUtf8, "an issuer id");
      issuers.push_back({ids.back().view(), py::handle(pair[1]).cast<const KeySet&>().get()});
    }
    ostiary_engine_parts parts = OSTIARY_ENGINE_PARTS_INIT;
    parts.gate = gate.cast<const Gate&>().get();
    parts.keys = issuers.data();
    parts.key_count = issuers.size();
    parts.cache = cache != nullptr ? cache->get() : nullptr;
    parts.revoked = revoked != nullptr ? revoked->get() : nullptr;
    parts.rate_limiter = limiter != nullptr ? limiter->get() : nullptr;
    take([&](ostiary_engine** out, ostiary_error* error) { return ostiary_engine_from_parts(&parts, out, error); });
  }

  [[nodiscard]] Engine with_gate(const Gate& gate) const {
    return Engine([&](ostiary_engine** out, ostiary_error* error) {
      return ostiary_engine_with_gate(handle_.get(), gate.get(), out, error);
    });
  }

  // The interpreter lock stays held: only behind the route and the token's claims is it known whether a signature
  // will be checked, and everything before that takes less time than letting the lock go and taking it again.
  [[nodiscard]] py::tuple decide_bytes(py::handle data, py::handle now_s, std::uint32_t now_ns, ostiary_scheme scheme,
                                       py::handle peer, py::handle flags) const {
    const Input head(data, Text::kRefuse, "data");
    const Facts facts(now_s, now_ns, scheme, peer, flags);
    auto decision = pool<DecisionPool>().take();
    ostiary_error error = OSTIARY_ERROR_INIT;
    decision.check(ostiary_engine_decide_bytes(handle_.get(), head.view(), facts.get(), decision.get(), &error), error);
    return to_tuple(decision.get());
  }

  [[nodiscard]] py::tuple decide_head(py::handle method, py::handle authority, py::handle target, py::handle fields,
                                      py::handle version, py::handle now_s, std::uint32_t now_ns, ostiary_scheme scheme,
                                      py::handle peer, py::handle flags) const {
    const ParsedHead head(method, authority, target, fields, version);
    const Facts facts(now_s, now_ns, scheme, peer, flags);
    auto decision = pool<DecisionPool>().take();
    ostiary_error error = OSTIARY_ERROR_INIT;
    decision.check(ostiary_engine_decide_fields(handle_.get(), head.get(), facts.get(), decision.get(), &error), error);
    return to_tuple(decision.get());
  }

  [[nodiscard]] py::object explain_bytes(py::handle json, py::handle source, py::handle data, py::handle now_s,
                                         std::uint32_t now_ns, ostiary_scheme scheme, py::handle peer,
                                         py::handle flags) const {
    const Input head(data, Text::kRefuse, "data");
    const Facts facts(now_s, now_ns, scheme, peer, flags);
    return explained(json, source, [&](auto text, auto form, ostiary_report** out, ostiary_error* error) {
      return ostiary_engine_explain_bytes(handle_.get(), head.view(), facts.get(), text, form, out, error);
    });
  }

  [[nodiscard]] py::object explain_head(py::handle json, py::handle source, py::handle method, py::handle authority,
                                        py::handle target, py::handle fields, py::handle version, py::handle now_s,
                                        std::uint32_t now_ns, ostiary_scheme scheme, py::handle peer,
                                        py::handle flags) const {
    const ParsedHead head(method, authority, target, fields, version);
    const Facts facts(now_s, now_ns, scheme, peer, flags);
    return explained(json, source, [&](auto text, auto form, ostiary_report** out, ostiary_error* error) {
      return ostiary_engine_explain_fields(handle_.get(), head.get(), facts.get(), text, form, out, error);
    });
  }

 private:
  template <typename Make>
  explicit Engine(const Make& make) {
    take(make);
  }

  template <typename Make>
  void take(const Make& make) {
    ostiary_engine* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(make(&handle, &error), error);
    handle_.reset(handle);
  }

  template <typename Explain>
  static py::object explained(py::handle json, py::handle source, const Explain& explain) {
    const ostiary_report_form form = report_form(json.ptr() == Py_True);
    if (source.is_none()) {
      return to_report([&](ostiary_report** out, ostiary_error* error) {
        return explain(ostiary_bytes{nullptr, 0}, form, out, error);
      });
    }
    const Input text(source, Text::kUtf8, "source");
    return to_report(
        [&](ostiary_report** out, ostiary_error* error) { return explain(text.view(), form, out, error); });
  }

  EngineHandle handle_;
};

/// The report of a table of tests, as JSON.
py::object test_gate(py::handle gate, py::handle table, bool mutants, std::uint32_t mutants_max) {
  const Input source(gate, Text::kUtf8, "the gate");
  const Input tests(table, Text::kUtf8, "the table");
  ostiary_gate_test_options options = OSTIARY_GATE_TEST_OPTIONS_INIT;
  options.flags = mutants ? OSTIARY_GATE_TEST_MUTANTS : 0;
  options.mutants_max = mutants_max;
  return to_report([&](ostiary_report** out, ostiary_error* error) {
    return ostiary_gate_test(source.view(), tests.view(), &options, out, error);
  });
}

}  // namespace

void add_decide(py::module_& module) {
  module.def("test_gate", &test_gate);
  py::class_<Gate>(module, "Gate", py::is_final())
      .def_static("from_json", &Gate::from_json)
      .def_static("from_image", &Gate::from_image)
      .def_static("from_json_within", &Gate::from_json_within)
      .def_property_readonly("boundary", &Gate::boundary)
      .def_property_readonly("image", &Gate::image)
      .def_property_readonly("name", &Gate::name)
      .def_static("from_signed_image", &Gate::from_signed_image)
      .def("sign", &Gate::sign)
      .def_property_readonly("version", &Gate::version)
      .def_property_readonly("issuers", &Gate::issuers)
      .def_property_readonly("issuer_values", &Gate::issuer_values)
      .def_property_readonly("waived", &Gate::waived)
      .def("report", &Gate::report);
  py::class_<RateLimiter>(module, "RateLimiter", py::is_final())
      .def(py::init<std::size_t, py::handle>())
      .def("take", &RateLimiter::take);
  py::class_<Engine>(module, "Engine", py::is_final())
      .def(py::init<py::handle, py::handle, const TokenCache*, const RevocationList*, const RateLimiter*>())
      .def("with_gate", &Engine::with_gate)
      .def("decide_bytes", &Engine::decide_bytes)
      .def("decide_head", &Engine::decide_head)
      .def("explain_bytes", &Engine::explain_bytes)
      .def("explain_head", &Engine::explain_head);
}

}  // namespace ostiary_python
