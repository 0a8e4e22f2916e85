#include "sender.hpp"

#include "inspect.hpp"

#include <array>

namespace ostiary_python {

DpopNonces::DpopNonces(py::handle secret, py::handle step_s) {
  const Input bytes(secret, Text::kRefuse, "secret");
  ostiary_dpop_nonces* made = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_dpop_nonces_new(bytes.view(), to_int64(step_s, "step_s"), &made, &error), error);
  handle_.reset(made);
}

py::object DpopNonces::write(py::handle now_s) const {
  std::array<char, OSTIARY_DPOP_NONCE_SIZE> memory{};
  ostiary_bytes nonce = {};
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_dpop_nonces_write(get(), to_int64(now_s, "now"), memory.data(), memory.size(), &nonce, &error), error);
  return to_text(nonce);
}

ReplayMemory::ReplayMemory(py::handle proofs, py::handle secret, py::handle forgotten_until_s) {
  const Input bytes(secret, Text::kRefuse, "secret");
  const std::int64_t count = to_int64(proofs, "proofs");
  if (count <= 0) fail_usage("proofs must be more than 0");
  ostiary_replay_memory* made = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_replay_memory_new(static_cast<std::size_t>(count), bytes.view(),
                                  to_int64(forgotten_until_s, "forgotten_until"), &made, &error),
        error);
  handle_.reset(made);
}

SenderPolicy::SenderPolicy(py::handle algorithms, py::handle age_max_s, py::handle clock_skew_s,
                           const DpopNonces* nonces, const ReplayMemory* replay) {
  const Inputs names(algorithms, Text::kUtf8, "algorithms");
  ostiary_sender_options options = OSTIARY_SENDER_OPTIONS_INIT;
  options.flags = replay == nullptr ? OSTIARY_SENDER_REPLAY_UNCHECKED : 0;
  options.algorithms = names.data();
  options.algorithm_count = names.size();
  options.age_max_s = to_int64(age_max_s, "max_age_s");
  options.clock_skew_s = to_int64(clock_skew_s, "clock_skew_s");
  options.nonces = nonces != nullptr ? nonces->get() : nullptr;
  options.replay = replay != nullptr ? replay->get() : nullptr;
  ostiary_sender_policy* made = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_sender_policy_new(&options, &made, &error), error);
  handle_.reset(made);
}

py::object SenderPolicy::challenge(py::handle again, py::handle reason) const {
  Again inspection(again);
  std::array<char, OSTIARY_CHALLENGE_SIZE_MAX> memory{};
  ostiary_bytes written = {};
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(
      ostiary_sender_policy_challenge(get(), inspection.get(), static_cast<ostiary_reason>(to_int64(reason, "reason")),
                                      memory.data(), memory.size(), &written, &error),
      error);
  return to_text(written);
}

void add_sender(py::module_& module) {
  py::class_<DpopNonces>(module, "DpopNonces", py::is_final())
      .def(py::init<py::handle, py::handle>())
      .def("write", &DpopNonces::write);
  py::class_<ReplayMemory>(module, "ReplayMemory", py::is_final())
      .def(py::init<py::handle, py::handle, py::handle>())
      .def_property_readonly("capacity", &ReplayMemory::capacity);
  py::class_<SenderPolicy>(module, "SenderPolicy", py::is_final())
      .def(py::init<py::handle, py::handle, py::handle, const DpopNonces*, const ReplayMemory*>())
      .def("challenge", &SenderPolicy::challenge);
}

}  // namespace ostiary_python
