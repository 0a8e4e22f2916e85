// Key sets and shared secrets.
#include "key_set.hpp"

namespace ostiary_python {
namespace {

/// No set has more: the limit is checked first.
constexpr std::size_t kSkippedMax = 64;

py::tuple to_tuple(const std::vector<ostiary_skipped_key>& keys, std::size_t count) {
  py::tuple skipped(std::min(count, keys.size()));
  for (std::size_t i = 0; i < skipped.size(); ++i) {
    const ostiary_skipped_key& key = keys[i];
    const py::object kid = key.key_id_len == 0 ? py::none() : to_text({key.key_id, key.key_id_len});
    skipped[i] = py::make_tuple(key.index, key.offset, key.reason, kid);
  }
  return skipped;
}

/// Keeps alive what the views of a list of triples borrow.
class Triples {
 public:
  Triples(py::handle list, Text first, const char* what) {
    const py::tuple items = to_items(list, what);
    inputs_.reserve(3 * items.size());
    views_.reserve(3 * items.size());
    for (const py::handle item : items) {
      const py::tuple triple = to_items(item, what);
      if (triple.size() != 3) throw py::type_error(std::string(what) + " must be triples");
      for (std::size_t i = 0; i < 3; ++i) add(triple[i], i == 0 ? first : Text::kUtf8, what);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return views_.size() / 3; }
  [[nodiscard]] ostiary_bytes at(std::size_t row, std::size_t column) const noexcept {
    return views_[3 * row + column];
  }

 private:
  void add(py::handle value, Text text, const char* what) {
    if (value.is_none()) return views_.push_back({nullptr, 0});
    views_.push_back(inputs_.emplace_back(value, text, what).view());
  }

  std::vector<Input> inputs_;
  std::vector<ostiary_bytes> views_;
};

}  // namespace

KeySet::KeySet(py::handle jwks) {
  const Input json(jwks, Text::kUtf8, "jwks");
  std::vector<ostiary_skipped_key> skipped(kSkippedMax);
  std::size_t count = 0;
  ostiary_key_set* handle = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  ostiary_reason reason = OSTIARY_OK;
  {
    const py::gil_scoped_release unlocked;
    reason = ostiary_key_set_from_jwks_with(json.view(), skipped.data(), skipped.size(), &count, &handle, &error);
  }
  handle_.reset(handle);
  skipped_ = to_tuple(skipped, count);
  if (reason != OSTIARY_OK) fail(reason, error, skipped_);
}

std::unique_ptr<KeySet> KeySet::from_jwk(py::handle jwk) {
  const Input json(jwk, Text::kUtf8, "jwk");
  ostiary_key_set* handle = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_key_set_from_jwk(json.view(), &handle, &error), error);
  return std::make_unique<KeySet>(KeySetHandle(handle));
}

std::unique_ptr<KeySet> KeySet::from_pem(py::handle keys) {
  const Triples triples(keys, Text::kUtf8, "pem");
  std::vector<ostiary_pem_key> given(triples.size());
  for (std::size_t i = 0; i < given.size(); ++i) given[i] = {triples.at(i, 0), triples.at(i, 1), triples.at(i, 2)};
  ostiary_key_set* handle = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_key_set_from_pem(given.data(), given.size(), &handle, &error), error);
  return std::make_unique<KeySet>(KeySetHandle(handle));
}

py::tuple KeySet::keys() const {
  py::tuple keys(count());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ostiary_key_info info = OSTIARY_KEY_INFO_INIT;
    if (ostiary_key_set_key_at(get(), i, &info) != OSTIARY_OK) throw py::index_error("keys");
    const ostiary_bytes thumbprint{reinterpret_cast<const char*>(info.thumbprint), sizeof(info.thumbprint)};
    keys[i] = py::make_tuple(to_text(info.key_id), to_text(info.algorithm), info.bits, to_bytes(thumbprint));
  }
  return keys;
}

SecretKeys::SecretKeys(py::handle keys) {
  const Triples triples(keys, Text::kRefuse, "a secret");
  std::vector<ostiary_secret_key> given(triples.size());
  for (std::size_t i = 0; i < given.size(); ++i) given[i] = {triples.at(i, 0), triples.at(i, 1), triples.at(i, 2)};
  ostiary_secret_keys* handle = nullptr;
  ostiary_error error = OSTIARY_ERROR_INIT;
  check(ostiary_secret_keys_new(given.data(), given.size(), &handle, &error), error);
  handle_.reset(handle);
}

void add_keys(py::module_& module) {
  py::class_<KeySet>(module, "KeySet", py::is_final())
      .def(py::init<py::handle>())
      .def_static("from_jwk", &KeySet::from_jwk)
      .def_static("from_pem", &KeySet::from_pem)
      .def_property_readonly("count", &KeySet::count)
      .def_property_readonly("keys", &KeySet::keys)
      .def_property_readonly("skipped", &KeySet::skipped);
  py::class_<SecretKeys>(module, "SecretKeys", py::is_final())
      .def(py::init<py::handle>())
      .def_property_readonly("count", &SecretKeys::count);
}

}  // namespace ostiary_python
