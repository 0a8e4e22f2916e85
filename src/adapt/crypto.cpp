#include "adapt/crypto.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <utility>

namespace ostiary::adapt {

namespace {

constexpr std::size_t kFieldSize = 32;  // bytes of a P-256 or Ed25519 field element

template <auto release>
struct Releaser {
  template <typename T>
  void operator()(T* object) const noexcept {
    release(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD, Releaser<EVP_MD_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Releaser<BN_free>>;
using NumberContext = std::unique_ptr<BN_CTX, Releaser<BN_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Releaser<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Releaser<OSSL_PARAM_free>>;

/// Drops the errors OpenSSL queues while it lives and leaves the host's own in place.
class ErrorMark {
 public:
  ErrorMark() noexcept { ERR_set_mark(); }
  ~ErrorMark() { ERR_pop_to_mark(); }
  ErrorMark(const ErrorMark&) = delete;
  ErrorMark& operator=(const ErrorMark&) = delete;
};

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number_of(std::string_view big_endian) noexcept {
  return Number(BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

Key key_from(const char* type, OSSL_PARAM_BLD* builder) noexcept {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) <= 0) {
    return nullptr;
  }
  return Key(key);
}

// RFC 8725 §3.4: the point must be checked before it is used.
bool passes_public_check(EVP_PKEY* key) noexcept {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context && EVP_PKEY_public_check(context.get()) > 0;
}

// y of the points whose order divides 8 (the cofactor, RFC 8032 §5.1), little-endian, without the sign of x.
constexpr unsigned char kSmallOrder[5][kFieldSize] = {
    {0x01},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0x00},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
};

/// y is reduced and some x satisfies -x^2 + y^2 = 1 + d x^2 y^2, which is to say that
/// (y^2 - 1)(d y^2 + 1) is a square modulo 2^255 - 19 (RFC 8032 §5.1.3).
bool is_edwards_y(const BIGNUM* y) noexcept {
  const NumberContext context(BN_CTX_new());
  BIGNUM* prime = nullptr;
  BIGNUM* d = nullptr;
  const bool constants = BN_hex2bn(&prime, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed") != 0 &&
                         BN_hex2bn(&d, "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3") != 0;
  const Number owned_prime(prime);
  const Number owned_d(d);
  const Number square(BN_new());
  const Number product(BN_new());
  if (!constants || !context || !square || !product || BN_cmp(y, prime) >= 0) return false;
  return BN_mod_sqr(square.get(), y, prime, context.get()) == 1 &&
         BN_mod_mul(product.get(), square.get(), d, prime, context.get()) == 1 && BN_add_word(product.get(), 1) == 1 &&
         BN_mod_sub(square.get(), square.get(), BN_value_one(), prime, context.get()) == 1 &&
         BN_mod_mul(product.get(), product.get(), square.get(), prime, context.get()) == 1 &&
         BN_kronecker(product.get(), prime, context.get()) >= 0;
}

bool is_edwards_point(std::string_view encoded) noexcept {
  std::array<unsigned char, kFieldSize> y{};
  std::copy_n(bytes_of(encoded), kFieldSize, y.begin());
  y.back() &= 0x7fU;  // the sign of x
  for (const auto& small : kSmallOrder) {
    if (std::equal(y.begin(), y.end(), std::begin(small))) return false;
  }
  const Number number(BN_lebin2bn(y.data(), static_cast<int>(y.size()), nullptr));
  return number && is_edwards_y(number.get());
}

}  // namespace

struct PublicKey::Handle {
  Key key;
};

PublicKey::PublicKey() noexcept = default;
PublicKey::~PublicKey() = default;
PublicKey::PublicKey(PublicKey&&) noexcept = default;
PublicKey& PublicKey::operator=(PublicKey&&) noexcept = default;

Result<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) noexcept {
  const ErrorMark mark;
  const Number n = number_of(modulus);
  const Number e = number_of(exponent);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 0 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 0) {
    return Reason::kNoMemory;
  }
  PublicKey made;
  made.handle_.reset(new (std::nothrow) Handle{key_from("RSA", builder.get())});
  if (!made.handle_) return Reason::kNoMemory;
  if (!made.handle_->key) return Reason::kKeyMember;
  made.scheme_ = SignatureScheme::kRsaPkcs1Sha256;
  made.bits_ = static_cast<std::uint32_t>(BN_num_bits(n.get()));
  made.signature_size_ = (made.bits_ + 7) / 8;
  return made;
}

Result<PublicKey> PublicKey::p256(std::string_view x, std::string_view y) noexcept {
  if (x.size() != kFieldSize || y.size() != kFieldSize) return Reason::kKeyPoint;
  const ErrorMark mark;
  std::array<unsigned char, 1 + 2 * kFieldSize> point{POINT_CONVERSION_UNCOMPRESSED};
  std::copy_n(bytes_of(x), kFieldSize, point.data() + 1);
  std::copy_n(bytes_of(y), kFieldSize, point.data() + 1 + kFieldSize);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 0 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 0) {
    return Reason::kNoMemory;
  }
  PublicKey made;
  made.handle_.reset(new (std::nothrow) Handle{key_from("EC", builder.get())});
  if (!made.handle_) return Reason::kNoMemory;
  if (!made.handle_->key || !passes_public_check(made.handle_->key.get())) return Reason::kKeyPoint;
  made.scheme_ = SignatureScheme::kEcdsaP256Sha256;
  made.bits_ = 256;
  made.signature_size_ = 2 * kFieldSize;  // RFC 7518 §3.4: R and S, 32 bytes each
  return made;
}

Result<PublicKey> PublicKey::ed25519(std::string_view point) noexcept {
  const ErrorMark mark;
  if (point.size() != kFieldSize || !is_edwards_point(point)) return Reason::kKeyPoint;
  PublicKey made;
  made.handle_.reset(new (std::nothrow) Handle{
      Key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes_of(point), point.size()))});
  if (!made.handle_) return Reason::kNoMemory;
  if (!made.handle_->key) return Reason::kKeyPoint;
  made.scheme_ = SignatureScheme::kEd25519;
  made.bits_ = 255;
  made.signature_size_ = 64;  // RFC 8032 §5.1.6
  return made;
}

struct SignatureContext::Impl {
  /// A context prepared for one key. It holds a reference to the key, so the address cannot come to
  /// mean another key while the slot lives.
  struct Slot {
    const EVP_PKEY* key = nullptr;
    KeyContext context;
  };

  Digest sha256;
  DigestContext digest;
  DigestContext one_shot;
  std::array<Slot, 8> slots;
  std::size_t next_slot = 0;

  [[nodiscard]] EVP_PKEY_CTX* prepared(const PublicKey& key, EVP_PKEY* raw) noexcept;
  [[nodiscard]] bool verify_digest(const PublicKey& key, EVP_PKEY* raw, std::string_view message,
                                   const unsigned char* signature, std::size_t size) noexcept;
  [[nodiscard]] bool verify_ecdsa(const PublicKey& key, EVP_PKEY* raw, std::string_view message,
                                  std::string_view signature) noexcept;
  [[nodiscard]] bool verify_ed25519(EVP_PKEY* raw, std::string_view message, std::string_view signature) noexcept;
};

EVP_PKEY_CTX* SignatureContext::Impl::prepared(const PublicKey& key, EVP_PKEY* raw) noexcept {
  for (const Slot& slot : slots) {
    if (slot.key == raw) return slot.context.get();
  }
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, raw, nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) <= 0 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), sha256.get()) <= 0) {
    return nullptr;
  }
  if (key.scheme() == SignatureScheme::kRsaPkcs1Sha256 &&
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) <= 0) {
    return nullptr;
  }
  Slot& slot = slots[next_slot];
  next_slot = (next_slot + 1) % slots.size();
  slot.key = raw;
  slot.context = std::move(context);
  return slot.context.get();
}

bool SignatureContext::Impl::verify_digest(const PublicKey& key, EVP_PKEY* raw, std::string_view message,
                                           const unsigned char* signature, std::size_t size) noexcept {
  std::array<unsigned char, 32> hash{};
  if (EVP_DigestInit_ex2(digest.get(), sha256.get(), nullptr) != 1 ||
      EVP_DigestUpdate(digest.get(), message.data(), message.size()) != 1 ||
      EVP_DigestFinal_ex(digest.get(), hash.data(), nullptr) != 1) {
    return false;
  }
  EVP_PKEY_CTX* context = prepared(key, raw);
  return context != nullptr && EVP_PKEY_verify(context, signature, size, hash.data(), hash.size()) == 1;
}

bool SignatureContext::Impl::verify_ecdsa(const PublicKey& key, EVP_PKEY* raw, std::string_view message,
                                          std::string_view signature) noexcept {
  Number r = number_of(signature.substr(0, kFieldSize));
  Number s = number_of(signature.substr(kFieldSize));
  const EcdsaSignature pair(ECDSA_SIG_new());
  if (!r || !s || !pair || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return false;
  static_cast<void>(r.release());  // `pair` owns them now
  static_cast<void>(s.release());
  std::array<unsigned char, 80> der{};
  unsigned char* end = der.data();
  if (i2d_ECDSA_SIG(pair.get(), nullptr) > static_cast<int>(der.size())) return false;
  const int size = i2d_ECDSA_SIG(pair.get(), &end);
  return size > 0 && verify_digest(key, raw, message, der.data(), static_cast<std::size_t>(size));
}

bool SignatureContext::Impl::verify_ed25519(EVP_PKEY* raw, std::string_view message,
                                            std::string_view signature) noexcept {
  return EVP_MD_CTX_reset(one_shot.get()) == 1 &&
         EVP_DigestVerifyInit_ex(one_shot.get(), nullptr, nullptr, nullptr, nullptr, raw, nullptr) == 1 &&
         EVP_DigestVerify(one_shot.get(), bytes_of(signature), signature.size(), bytes_of(message), message.size()) ==
             1;
}

SignatureContext::SignatureContext() : impl_(new(std::nothrow) Impl) {
  if (!impl_) return;
  const ErrorMark mark;
  impl_->sha256.reset(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  impl_->digest.reset(EVP_MD_CTX_new());
  impl_->one_shot.reset(EVP_MD_CTX_new());
  if (!impl_->sha256 || !impl_->digest || !impl_->one_shot) impl_.reset();
}

SignatureContext::~SignatureContext() = default;
SignatureContext::SignatureContext(SignatureContext&&) noexcept = default;
SignatureContext& SignatureContext::operator=(SignatureContext&&) noexcept = default;

bool SignatureContext::verify(const PublicKey& key, std::string_view message, std::string_view signature) noexcept {
  if (!impl_ || !key.handle_ || signature.size() != key.signature_size()) return false;
  const ErrorMark mark;
  EVP_PKEY* raw = key.handle_->key.get();
  switch (key.scheme()) {
    case SignatureScheme::kNone: return false;
    case SignatureScheme::kRsaPkcs1Sha256:
      return impl_->verify_digest(key, raw, message, bytes_of(signature), signature.size());
    case SignatureScheme::kEcdsaP256Sha256: return impl_->verify_ecdsa(key, raw, message, signature);
    case SignatureScheme::kEd25519: return impl_->verify_ed25519(raw, message, signature);
  }
  return false;
}

std::optional<Sha256Digest> sha256(std::string_view bytes) noexcept {
  const ErrorMark mark;
  Sha256Digest digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(), digest.data(), &size) != 1 ||
      size != digest.size()) {
    return std::nullopt;
  }
  return digest;
}

}  // namespace ostiary::adapt
