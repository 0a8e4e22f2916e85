// Who may send a token: DPoP proofs and client certificates.
#pragma once

#include "support.hpp"

namespace ostiary_python {

class DpopNonces {
 public:
  DpopNonces(py::handle secret, py::handle step_s);

  [[nodiscard]] ostiary_dpop_nonces* get() const noexcept { return handle_.get(); }
  [[nodiscard]] py::object write(py::handle now_s) const;

 private:
  DpopNoncesHandle handle_;
};

class ReplayMemory {
 public:
  ReplayMemory(py::handle proofs, py::handle secret, py::handle forgotten_until_s);

  [[nodiscard]] ostiary_replay_memory* get() const noexcept { return handle_.get(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return ostiary_replay_memory_capacity(get()); }

 private:
  ReplayMemoryHandle handle_;
};

class SenderPolicy {
 public:
  /// `replay`: nothing, to leave it unchecked.
  SenderPolicy(py::handle algorithms, py::handle age_max_s, py::handle clock_skew_s, const DpopNonces* nonces,
               const ReplayMemory* replay);

  [[nodiscard]] ostiary_sender_policy* get() const noexcept { return handle_.get(); }
  /// The challenge for a Reason, or None.
  [[nodiscard]] py::object challenge(py::handle again, py::handle reason) const;

 private:
  SenderPolicyHandle handle_;
};

}  // namespace ostiary_python
