#include "verify.hpp"

#include "issuer_settings.hpp"

#include <ostiary/token/explain.hpp>

#include <memory>

using ostiary::Identity;
using ostiary::IssuerSettings;
using ostiary::Reason;
using ostiary::Result;
using ostiary::TokenVerifier;
namespace capi = ostiary::capi;

namespace {

using VerifierResult = Result<std::shared_ptr<const TokenVerifier>>;

/// The keys of one issuer, whichever kind it has.
struct Keys {
  std::shared_ptr<const ostiary::KeySet> keys;
  std::shared_ptr<const ostiary::SecretKeys> secrets;
};

ostiary_reason hand_out(VerifierResult made, const ostiary_verifier& like, ostiary_verifier** out,
                        ostiary_error* error) {
  if (!made) return capi::report(error, made.error());
  auto handle = std::make_unique<ostiary_verifier>();
  handle->verifier = std::move(made).value();
  handle->cache = like.cache;
  handle->names = like.names;
  *out = handle.release();
  return OSTIARY_OK;
}

/// A verifier with these keys for every name of an issuer.
VerifierResult join(VerifierResult verifier, const std::vector<std::string>& names, const Keys& keys) {
  for (const std::string& name : names) {
    if (verifier && keys.keys != nullptr) verifier = (*verifier)->with_keys(name, keys.keys);
    if (verifier && keys.secrets != nullptr) verifier = (*verifier)->with_secrets(name, keys.secrets);
  }
  return verifier;
}

std::vector<std::string> names_of(const std::vector<IssuerSettings>& issuers) {
  std::vector<std::string> names;
  for (const IssuerSettings& issuer : issuers) names.push_back(issuer.issuer);
  return names;
}

struct Parts {
  std::vector<IssuerSettings> settings;
  ostiary_verifier::Names names;
  std::vector<Keys> keys;  ///< one for each of `names`
  std::shared_ptr<const ostiary::RevocationList> revoked;
  std::shared_ptr<ostiary::TokenCache> cache;
};

ostiary_reason assemble(Parts parts, ostiary_verifier** out, ostiary_error* error) {
  VerifierResult verifier = TokenVerifier::make(std::move(parts.settings), capi::kLimits);
  if (verifier.reason() == Reason::kUsageArgument) {
    return capi::report(error, verifier.error(),
                        "issuers: settings out of bounds, secrets mixed with public keys, or an iss given twice");
  }
  for (std::size_t i = 0; i < parts.names.size(); ++i) verifier = join(verifier, parts.names[i], parts.keys[i]);
  if (verifier.reason() == Reason::kUsageArgument) {
    return capi::report(error, verifier.error(), "issuers: keys of the wrong kind for the algorithms");
  }
  if (verifier && parts.revoked != nullptr) verifier = (*verifier)->with_revocation(parts.revoked);
  ostiary_verifier like;
  like.cache = std::move(parts.cache);
  like.names = std::make_shared<const ostiary_verifier::Names>(std::move(parts.names));
  return hand_out(std::move(verifier), like, out, error);
}

ostiary_reason read_parts(const ostiary_verifier_parts& given, Parts& parts, ostiary_error* error) {
  if (given.issuers == nullptr || given.issuer_count == 0) {
    return capi::refuse_argument(error, "issuers: expected at least one");
  }
  for (std::size_t i = 0; i < given.issuer_count; ++i) {
    const ostiary_trusted_issuer& issuer = given.issuers[i];
    if (issuer.settings == nullptr) return capi::refuse_argument(error, "issuers: settings is NULL");
    const std::vector<IssuerSettings>& settings = issuer.settings->issuers;
    parts.settings.insert(parts.settings.end(), settings.begin(), settings.end());
    parts.names.push_back(names_of(settings));
    parts.keys.push_back({issuer.keys != nullptr ? issuer.keys->keys : nullptr,
                          issuer.secrets != nullptr ? issuer.secrets->secrets : nullptr});
  }
  if (given.revoked != nullptr) parts.revoked = given.revoked->list;
  if (given.cache != nullptr) parts.cache = given.cache->cache;
  return OSTIARY_OK;
}

/// The verifier with other keys of one kind for issuer `issuer`; `put` gives them to one of its names.
template <typename Put>
ostiary_reason exchange(const ostiary_verifier* verifier, std::size_t issuer, ostiary_verifier** out,
                        ostiary_error* error, Put put) noexcept {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (verifier == nullptr) return capi::refuse_argument(error, "verifier is NULL");
  if (issuer >= verifier->names->size()) return capi::refuse_argument(error, "issuer is out of range");
  return capi::guarded(error, [&] {
    VerifierResult changed = verifier->verifier;
    for (const std::string& name : (*verifier->names)[issuer]) {
      if (changed) changed = put(**changed, name);
    }
    return hand_out(std::move(changed), *verifier, out, error);
  });
}

/// The issuer as the caller counts: several names may be one.
std::uint32_t given_issuer(const ostiary_verifier& verifier, std::size_t issuer) noexcept {
  std::size_t first = 0;
  for (std::size_t i = 0; i < verifier.names->size(); ++i) {
    first += (*verifier.names)[i].size();
    if (issuer < first) return static_cast<std::uint32_t>(i);
  }
  return OSTIARY_NO_ISSUER;
}

}  // namespace

namespace ostiary::capi {

void clear(ostiary_identity& identity) noexcept {
  identity.identity = Identity{};
  identity.claims_json = {};
}

ostiary_reason read_facts(const ostiary_token_facts* facts, TokenFacts& read, ostiary_error* error) noexcept {
  if (facts == nullptr) return refuse_argument(error, "facts is NULL");
  ostiary_token_facts copy{};
  if (const Reason copied = copy_struct(facts, copy); copied != Reason::kOk) {
    return report(error, {copied, 0});
  }
  read.now_s = copy.now_s;
  const bool whole =
      to_view(copy.nonce, read.nonce) && to_view(copy.access_token, read.access_token) && to_view(copy.code, read.code);
  return whole ? OSTIARY_OK : refuse_argument(error, "facts: a view is {NULL, n > 0}");
}

ostiary_reason verify(const ostiary_verifier& verifier, std::string_view text, const TokenFacts& facts,
                      ostiary_identity& identity, ostiary_error* error) noexcept {
  return guarded(identity, error, [&] {
    const Result<Identity> verified = verifier.verifier->verify(text, facts, identity.scratch, verifier.cache.get());
    if (!verified) return report(error, verified.error());
    identity.identity = *verified;
    identity.claims_json = identity.scratch.payload();
    return OSTIARY_OK;
  });
}

}  // namespace ostiary::capi

extern "C" {

ostiary_reason ostiary_verifier_new(const ostiary_verifier_options* options, ostiary_key_set* keys,
                                    ostiary_verifier** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (options == nullptr || keys == nullptr) return capi::refuse_argument(error, "options or keys is NULL");
  return capi::guarded(error, [&] {
    Parts parts;
    parts.settings.resize(1);
    const ostiary_reason read = capi::read_options(options, parts.settings.front(), error);
    if (read != OSTIARY_OK) return read;
    parts.names = {names_of(parts.settings)};
    parts.keys = {{keys->keys, nullptr}};
    return assemble(std::move(parts), out, error);
  });
}

ostiary_reason ostiary_verifier_from_parts(const ostiary_verifier_parts* parts, ostiary_verifier** out,
                                           ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (parts == nullptr) return capi::refuse_argument(error, "parts is NULL");
  return capi::guarded(error, [&] {
    ostiary_verifier_parts copy{};
    if (const Reason copied = capi::copy_struct(parts, copy); copied != Reason::kOk) {
      return capi::report(error, {copied, 0});
    }
    Parts read;
    const ostiary_reason outcome = read_parts(copy, read, error);
    return outcome == OSTIARY_OK ? assemble(std::move(read), out, error) : outcome;
  });
}

ostiary_reason ostiary_verifier_with_keys(const ostiary_verifier* verifier, size_t issuer, ostiary_key_set* keys,
                                          ostiary_verifier** out, ostiary_error* error) {
  return exchange(verifier, issuer, out, error, [&](const TokenVerifier& old, const std::string& name) {
    return old.with_keys(name, keys != nullptr ? keys->keys : nullptr);
  });
}

ostiary_reason ostiary_verifier_with_secrets(const ostiary_verifier* verifier, size_t issuer,
                                             ostiary_secret_keys* secrets, ostiary_verifier** out,
                                             ostiary_error* error) {
  return exchange(verifier, issuer, out, error, [&](const TokenVerifier& old, const std::string& name) {
    return old.with_secrets(name, secrets != nullptr ? secrets->secrets : nullptr);
  });
}

ostiary_reason ostiary_verifier_with_revocation(const ostiary_verifier* verifier, ostiary_revocation_list* revoked,
                                                ostiary_verifier** out, ostiary_error* error) {
  if (out == nullptr) return capi::refuse_argument(error, "out is NULL");
  *out = nullptr;
  if (verifier == nullptr) return capi::refuse_argument(error, "verifier is NULL");
  return capi::guarded(error, [&] {
    VerifierResult changed = verifier->verifier->with_revocation(revoked != nullptr ? revoked->list : nullptr);
    return hand_out(std::move(changed), *verifier, out, error);
  });
}

ostiary_verifier* ostiary_verifier_ref(ostiary_verifier* verifier) { return capi::add_reference(verifier); }

void ostiary_verifier_unref(ostiary_verifier* verifier) { capi::drop_reference(verifier); }

ostiary_reason ostiary_verifier_verify(const ostiary_verifier* verifier, ostiary_bytes token, int64_t now_s,
                                       ostiary_identity* identity, ostiary_error* error) {
  if (identity == nullptr) return capi::refuse_argument(error, "identity is NULL");
  capi::clear(*identity);
  std::string_view text;
  if (verifier == nullptr) return capi::refuse_argument(error, "verifier is NULL");
  if (!capi::to_view(token, text)) return capi::refuse_argument(error, "token is {NULL, n > 0}");
  return capi::verify(*verifier, text, {.now_s = now_s}, *identity, error);
}

ostiary_reason ostiary_verifier_verify_with(const ostiary_verifier* verifier, ostiary_bytes token,
                                            const ostiary_token_facts* facts, ostiary_identity* identity,
                                            ostiary_error* error) {
  if (identity == nullptr) return capi::refuse_argument(error, "identity is NULL");
  capi::clear(*identity);
  std::string_view text;
  if (verifier == nullptr) return capi::refuse_argument(error, "verifier is NULL");
  if (!capi::to_view(token, text)) return capi::refuse_argument(error, "token is {NULL, n > 0}");
  ostiary::TokenFacts read;
  const ostiary_reason outcome = capi::read_facts(facts, read, error);
  return outcome == OSTIARY_OK ? capi::verify(*verifier, text, read, *identity, error) : outcome;
}

ostiary_reason ostiary_verifier_explain(const ostiary_verifier* verifier, ostiary_bytes token,
                                        const ostiary_token_facts* facts, ostiary_token_fault* faults, size_t capacity,
                                        size_t* count, ostiary_explanation* explanation, ostiary_error* error) {
  if (count == nullptr) return capi::refuse_argument(error, "count is NULL");
  *count = 0;
  if (verifier == nullptr) return capi::refuse_argument(error, "verifier is NULL");
  if (faults == nullptr && capacity != 0) return capi::refuse_argument(error, "faults is {NULL, n > 0}");
  return capi::guarded(error, [&] {
    std::string_view text;
    if (!capi::to_view(token, text)) return capi::refuse_argument(error, "token is {NULL, n > 0}");
    ostiary::TokenFacts read;
    if (const ostiary_reason outcome = capi::read_facts(facts, read, error); outcome != OSTIARY_OK) return outcome;
    read.revoked = verifier->verifier->revoked();
    const ostiary::TokenExplanation found =
        ostiary::explain_token(text, verifier->verifier->issuers(), read, capi::kLimits);
    if (explanation != nullptr) {
      const ostiary_explanation known{sizeof(ostiary_explanation), given_issuer(*verifier, found.issuer),
                                      found.is_complete ? 1U : 0U, found.is_signature_checked ? 1U : 0U};
      if (capi::fill_struct(known, explanation) != OSTIARY_OK) {
        return capi::report(error, {Reason::kUsageStructSize, 0});
      }
    }
    *count = found.faults.size();
    for (std::size_t i = 0; i < std::min(*count, capacity); ++i) {
      faults[i] = {capi::to_c(found.faults[i].reason), found.faults[i].offset};
    }
    return OSTIARY_OK;
  });
}

}  // extern "C"
