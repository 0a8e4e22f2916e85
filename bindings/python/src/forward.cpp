// Who is asking, and the head to forward.
#include "inspect.hpp"

namespace ostiary_python {
namespace {

class ClientPolicy {
 public:
  ClientPolicy(py::handle strategy, py::handle field, py::handle trusted_hops, py::handle trusted_blocks,
               py::handle platform_field) {
    const Inputs blocks(trusted_blocks, Text::kUtf8, "a block");
    const Input platform(platform_field, Text::kLatin1, "a field name");
    const std::int64_t hops = to_int64(trusted_hops, "trusted_hops");
    if (hops < 0 || hops > UINT32_MAX) fail_usage("trusted_hops: expected 1 to 64");
    ostiary_client_policy_options options = OSTIARY_CLIENT_POLICY_OPTIONS_INIT;
    options.strategy = static_cast<ostiary_client_strategy>(to_int64(strategy, "strategy"));
    options.field = static_cast<ostiary_forwarded_field>(to_int64(field, "field"));
    options.trusted_hops = static_cast<std::uint32_t>(hops);
    options.trusted_blocks = blocks.data();
    options.trusted_block_count = blocks.size();
    options.platform_field = platform.view();
    ostiary_client_policy* handle = nullptr;
    ostiary_error error = OSTIARY_ERROR_INIT;
    check(ostiary_client_policy_new(&options, &handle, &error), error);
    handle_.reset(handle);
  }

  [[nodiscard]] const ostiary_client_policy* get() const noexcept { return handle_.get(); }

 private:
  ClientPolicyHandle handle_;
};

/// In the order that ostiary/_client.py takes it apart. `peer` is a str or None.
py::tuple client(py::handle again, py::handle policy, py::handle peer) {
  Again inspection(again);
  std::unique_ptr<Input> address;
  if (!peer.is_none()) address = std::make_unique<Input>(peer, Text::kUtf8, "peer");
  ostiary_client client = {};
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspection_client(inspection.get(), policy.cast<const ClientPolicy&>().get(),
                                             address == nullptr ? ostiary_bytes{} : address->view(), &client, &error),
                   error);
  py::tuple findings(client.finding_count);
  for (std::size_t i = 0; i < client.finding_count; ++i) {
    const ostiary_finding& finding = client.findings[i];
    findings[i] = py::make_tuple(finding.reason, finding.disposition, finding.offset);
  }
  return py::make_tuple(py::str(client.address, client.address_len), client.source, client.hops_skipped,
                        client.trusted_peer != 0, client.fell_back != 0, findings);
}

/// `edits`: pairs of name and value, None to remove.
class Edits {
 public:
  explicit Edits(py::handle edits) {
    const py::tuple items = to_items(edits, "edits");
    inputs_.reserve(2 * items.size());
    for (const py::handle item : items) {
      const py::tuple pair = to_items(item, "an edit");
      if (pair.size() != 2) throw py::type_error("an edit must be a pair of name and value");
      ostiary_header_edit edit = {OSTIARY_HEADER_REMOVE, 0, {}, {}};
      edit.name = inputs_.emplace_back(pair[0], Text::kLatin1, "a field name").view();
      if (!py::handle(pair[1]).is_none()) {
        edit.kind = OSTIARY_HEADER_SET;
        edit.value = inputs_.emplace_back(pair[1], Text::kLatin1, "a field value").view();
      }
      edits_.push_back(edit);
    }
  }
  [[nodiscard]] const ostiary_header_edit* data() const noexcept { return edits_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return edits_.size(); }

 private:
  std::vector<Input> inputs_;
  std::vector<ostiary_header_edit> edits_;
};

py::object emit(py::handle again, py::handle edits, py::handle waived, py::handle flags) {
  Again inspection(again);
  const Edits wanted(edits);
  const Rules rules(waived);
  ostiary_emit_options options = OSTIARY_EMIT_OPTIONS_INIT;
  options.flags = static_cast<std::uint32_t>(to_int64(flags, "flags"));
  options.waived = rules.data();
  options.waived_count = rules.size();
  ostiary_bytes head = {};
  ostiary_error error = OSTIARY_ERROR_INIT;
  inspection.check(ostiary_inspection_emit(inspection.get(), wanted.data(), wanted.size(), &options, &head, &error),
                   error);
  return to_bytes(head);
}

}  // namespace

void add_forward(py::module_& module) {
  py::class_<ClientPolicy>(module, "ClientPolicy", py::is_final())
      .def(py::init<py::handle, py::handle, py::handle, py::handle, py::handle>());
  module.def("client", &client);
  module.def("emit", &emit);
}

}  // namespace ostiary_python
