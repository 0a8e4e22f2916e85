#include "adapt/crypto.hpp"

#include "adapt/openssl_handles.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <new>
#include <utility>

namespace ostiary::adapt {

namespace {

using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD, Releaser<EVP_MD_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC, Releaser<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Releaser<EVP_MAC_CTX_free>>;
using NumberContext = std::unique_ptr<BN_CTX, Releaser<BN_CTX_free>>;
using Group = std::unique_ptr<EC_GROUP, Releaser<EC_GROUP_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Releaser<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Releaser<OSSL_PARAM_free>>;

// --- what there is ----------------------------------------------------------------------------------------------

struct HashTraits {
  const char* name;
  std::uint32_t size;
};

constexpr std::array<HashTraits, 3> kHashes{{{"SHA256", 32}, {"SHA384", 48}, {"SHA512", 64}}};
constexpr std::size_t kHashSizeMax = 64;

constexpr std::size_t index_of(HashFunction hash) noexcept { return static_cast<std::size_t>(hash); }

enum class Method : std::uint8_t {
  kNone,
  kRsaPkcs1,
  kRsaPss,
  kEcdsa,
  kEdwards,  ///< signs the message itself, as kMlDsa does
  kMlDsa,
};

/// Zeros stand for what the modulus of each RSA key decides.
struct SchemeTraits {
  SignatureScheme scheme;
  Method method;
  HashFunction hash;   ///< of the message, where the method wants it hashed
  const char* name;    ///< key type, or curve for kEcdsa, as OpenSSL calls it
  std::uint32_t size;  ///< bytes of a coordinate or of the key
  std::uint32_t bits;
  std::uint32_t signature_size;  ///< RFC 7518 §3.4, RFC 8032 §5.1.6 and §5.2.6, FIPS 204 table 2
};

constexpr std::array<SchemeTraits, 16> kSchemes{{
    {SignatureScheme::kNone, Method::kNone, HashFunction::kSha256, "", 0, 0, 0},
    {SignatureScheme::kRsaPkcs1Sha256, Method::kRsaPkcs1, HashFunction::kSha256, "RSA", 0, 0, 0},
    {SignatureScheme::kRsaPkcs1Sha384, Method::kRsaPkcs1, HashFunction::kSha384, "RSA", 0, 0, 0},
    {SignatureScheme::kRsaPkcs1Sha512, Method::kRsaPkcs1, HashFunction::kSha512, "RSA", 0, 0, 0},
    {SignatureScheme::kRsaPssSha256, Method::kRsaPss, HashFunction::kSha256, "RSA", 0, 0, 0},
    {SignatureScheme::kRsaPssSha384, Method::kRsaPss, HashFunction::kSha384, "RSA", 0, 0, 0},
    {SignatureScheme::kRsaPssSha512, Method::kRsaPss, HashFunction::kSha512, "RSA", 0, 0, 0},
    {SignatureScheme::kEcdsaP256Sha256, Method::kEcdsa, HashFunction::kSha256, "prime256v1", 32, 256, 64},
    {SignatureScheme::kEcdsaP384Sha384, Method::kEcdsa, HashFunction::kSha384, "secp384r1", 48, 384, 96},
    {SignatureScheme::kEcdsaP521Sha512, Method::kEcdsa, HashFunction::kSha512, "secp521r1", 66, 521, 132},
    {SignatureScheme::kEcdsaK256Sha256, Method::kEcdsa, HashFunction::kSha256, "secp256k1", 32, 256, 64},
    {SignatureScheme::kEd25519, Method::kEdwards, HashFunction::kSha512, "ED25519", 32, 255, 64},
    {SignatureScheme::kEd448, Method::kEdwards, HashFunction::kSha512, "ED448", 57, 448, 114},
    {SignatureScheme::kMlDsa44, Method::kMlDsa, HashFunction::kSha512, "ML-DSA-44", 1312, 10496, 2420},
    {SignatureScheme::kMlDsa65, Method::kMlDsa, HashFunction::kSha512, "ML-DSA-65", 1952, 15616, 3309},
    {SignatureScheme::kMlDsa87, Method::kMlDsa, HashFunction::kSha512, "ML-DSA-87", 2592, 20736, 4627},
}};

consteval bool schemes_stand_in_order() {
  for (std::size_t i = 0; i < kSchemes.size(); ++i) {
    if (static_cast<std::size_t>(kSchemes[i].scheme) != i) return false;
  }
  return true;
}
static_assert(schemes_stand_in_order());

constexpr const SchemeTraits& traits_of(SignatureScheme scheme) noexcept {
  return kSchemes[static_cast<std::size_t>(scheme)];
}

// --- keys -------------------------------------------------------------------------------------------------------

Number number_of(std::string_view big_endian) noexcept {
  return Number(BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

Number number_of_hex(const char* digits) noexcept {
  BIGNUM* number = nullptr;
  return Number(BN_hex2bn(&number, digits) != 0 ? number : nullptr);
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

Key raw_key(const SchemeTraits& traits, std::string_view bytes) noexcept {
  return Key(EVP_PKEY_new_raw_public_key_ex(nullptr, traits.name, nullptr, bytes_of(bytes), bytes.size()));
}

// RFC 8725 §3.4: the point must be checked before it is used. On curves of cofactor 1, as all of these are, being on
// the curve and not at infinity is all there is to check (SP 800-56A §5.6.2.3.4).
bool passes_public_check(EVP_PKEY* key) noexcept {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context && EVP_PKEY_public_check_quick(context.get()) > 0;
}

bool has_key_type(const char* name) noexcept {
  return KeyManagement(EVP_KEYMGMT_fetch(nullptr, name, nullptr)) != nullptr;
}

bool has_curve(const char* name) noexcept { return Group(EC_GROUP_new_by_curve_name(OBJ_sn2nid(name))) != nullptr; }

// --- Edwards curves ---------------------------------------------------------------------------------------------

/// a x^2 + y^2 = 1 + d x^2 y^2 modulo a prime (RFC 8032 §5.1, §5.2).
struct EdwardsCurve {
  std::string_view name;
  const char* prime;
  const char* d;
  bool minus_one;                      ///< a is -1, not 1
  std::array<const char*, 2> small_y;  ///< of the points whose order divides the cofactor, besides -1, 0 and 1
};

constexpr EdwardsCurve kEdwards25519{
    "ED25519",
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
    "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3",
    true,
    {"7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
     "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"},
};

// The prime is 2^448 - 2^224 - 1, and d is the prime less 39081.
constexpr EdwardsCurve kEdwards448{
    "ED448",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffffffffffffffffff6756",
    false,
    {nullptr, nullptr},
};

bool is_small(const BIGNUM* y, const BIGNUM* prime, const EdwardsCurve& curve) noexcept {
  const Number next(BN_dup(y));
  if (!next || BN_add_word(next.get(), 1) != 1) return true;
  if (BN_is_zero(y) || BN_is_one(y) || BN_cmp(next.get(), prime) == 0) return true;
  for (const char* digits : curve.small_y) {
    if (digits == nullptr) continue;
    const Number small = number_of_hex(digits);
    if (!small || BN_cmp(y, small.get()) == 0) return true;
  }
  return false;
}

/// Whether some x goes with y, which is to say that (1 - y^2) (a - d y^2) is a square.
bool has_x(const BIGNUM* y, const BIGNUM* prime, const EdwardsCurve& curve) noexcept {
  const NumberContext context(BN_CTX_new());
  const Number d = number_of_hex(curve.d);
  const Number square(BN_new());
  const Number left(BN_new());
  const Number right(BN_new());
  const Number a(BN_dup(BN_value_one()));
  if (!context || !d || !square || !left || !right || !a) return false;
  if (curve.minus_one) BN_set_negative(a.get(), 1);
  return BN_mod_sqr(square.get(), y, prime, context.get()) == 1 &&
         BN_mod_sub(left.get(), BN_value_one(), square.get(), prime, context.get()) == 1 &&
         BN_mod_mul(right.get(), d.get(), square.get(), prime, context.get()) == 1 &&
         BN_mod_sub(right.get(), a.get(), right.get(), prime, context.get()) == 1 &&
         BN_mod_mul(left.get(), left.get(), right.get(), prime, context.get()) == 1 &&
         BN_kronecker(left.get(), prime, context.get()) >= 0;
}

/// Little-endian y with the sign of x in the topmost bit (RFC 8032 §5.1.2, §5.2.2).
bool is_edwards_point(std::string_view encoded, const EdwardsCurve& curve) noexcept {
  std::array<unsigned char, 57> y{};
  std::copy_n(bytes_of(encoded), encoded.size(), y.begin());
  y[encoded.size() - 1] &= 0x7fU;
  const Number number(BN_lebin2bn(y.data(), static_cast<int>(encoded.size()), nullptr));
  const Number prime = number_of_hex(curve.prime);
  return number && prime && BN_cmp(number.get(), prime.get()) < 0 && !is_small(number.get(), prime.get(), curve) &&
         has_x(number.get(), prime.get(), curve);
}

// --- signatures -------------------------------------------------------------------------------------------------

// SEQUENCE { INTEGER r, INTEGER s }, what OpenSSL takes for ECDSA: RFC 7518 §3.4 has the numbers side by side.
constexpr std::size_t kEcdsaDerSizeMax = 3 + 2 * (3 + kCoordinateSizeMax);

unsigned char* write_integer(std::string_view big_endian, unsigned char* out) noexcept {
  while (big_endian.size() > 1 && big_endian.front() == '\0') big_endian.remove_prefix(1);
  const bool sign = (static_cast<unsigned char>(big_endian.front()) & 0x80U) != 0;
  *out++ = 0x02;
  *out++ = static_cast<unsigned char>(big_endian.size() + (sign ? 1 : 0));
  if (sign) *out++ = 0;
  return std::copy_n(bytes_of(big_endian), big_endian.size(), out);
}

std::size_t write_ecdsa_der(std::string_view signature, std::array<unsigned char, kEcdsaDerSizeMax>& out) noexcept {
  std::array<unsigned char, kEcdsaDerSizeMax> numbers{};
  unsigned char* end = write_integer(signature.substr(0, signature.size() / 2), numbers.data());
  end = write_integer(signature.substr(signature.size() / 2), end);
  const auto size = static_cast<std::size_t>(end - numbers.data());
  unsigned char* place = out.data();
  *place++ = 0x30;
  if (size >= 0x80) *place++ = 0x81;
  *place++ = static_cast<unsigned char>(size);
  place = std::copy_n(numbers.data(), size, place);
  return static_cast<std::size_t>(place - out.data());
}

}  // namespace

// --- PublicKey --------------------------------------------------------------------------------------------------

/// Turns OpenSSL's keys into ours. The handle of a PublicKey is an EVP_PKEY, so that making one takes no memory of
/// ours.
class PublicKeyMaker {
 public:
  using Handle = PublicKey::Handle;

  [[nodiscard]] static PublicKey make(const SchemeTraits& traits, Key key) noexcept {
    PublicKey made;
    made.handle_.reset(reinterpret_cast<Handle*>(key.release()));
    made.scheme_ = traits.scheme;
    made.bits_ = traits.bits;
    made.signature_size_ = traits.signature_size;
    return made;
  }

  [[nodiscard]] static PublicKey make_rsa(const SchemeTraits& traits, Key key, const BIGNUM* modulus) noexcept {
    PublicKey made = make(traits, std::move(key));
    made.bits_ = static_cast<std::uint32_t>(BN_num_bits(modulus));
    made.signature_size_ = (made.bits_ + 7) / 8;
    return made;
  }

  [[nodiscard]] static EVP_PKEY* key_of(const Handle* handle) noexcept {
    // EVP_PKEY_verify and its kin take a key that may be shared, by a pointer that is not const.
    return reinterpret_cast<EVP_PKEY*>(const_cast<Handle*>(handle));
  }
};

void PublicKey::HandleRelease::operator()(Handle* handle) const noexcept {
  EVP_PKEY_free(PublicKeyMaker::key_of(handle));
}

PublicKey::PublicKey() noexcept = default;
PublicKey::~PublicKey() = default;
PublicKey::PublicKey(PublicKey&&) noexcept = default;
PublicKey& PublicKey::operator=(PublicKey&&) noexcept = default;

PublicKey PublicKey::share() const noexcept {
  PublicKey same;
  if (!handle_ || EVP_PKEY_up_ref(reinterpret_cast<EVP_PKEY*>(handle_.get())) != 1) return same;
  same.handle_.reset(handle_.get());
  same.scheme_ = scheme_;
  same.bits_ = bits_;
  same.signature_size_ = signature_size_;
  return same;
}

Result<PublicKey> PublicKey::rsa(SignatureScheme scheme, std::string_view modulus, std::string_view exponent) noexcept {
  const SchemeTraits& traits = traits_of(scheme);
  if (traits.method != Method::kRsaPkcs1 && traits.method != Method::kRsaPss) return Reason::kInternal;
  const ErrorMark mark;
  const Number n = number_of(modulus);
  const Number e = number_of(exponent);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 0 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 0) {
    return Reason::kNoMemory;
  }
  Key key = key_from(traits.name, builder.get());
  if (!key) return Reason::kKeyMember;
  return PublicKeyMaker::make_rsa(traits, std::move(key), n.get());
}

Result<PublicKey> PublicKey::ecdsa(SignatureScheme scheme, std::string_view x, std::string_view y) noexcept {
  const SchemeTraits& traits = traits_of(scheme);
  if (traits.method != Method::kEcdsa) return Reason::kInternal;
  if (x.size() != traits.size || y.size() != traits.size) return Reason::kKeyPoint;
  const ErrorMark mark;
  std::array<unsigned char, 1 + 2 * kCoordinateSizeMax> point{POINT_CONVERSION_UNCOMPRESSED};
  std::copy_n(bytes_of(x), x.size(), point.data() + 1);
  std::copy_n(bytes_of(y), y.size(), point.data() + 1 + x.size());
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, traits.name, 0) == 0 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), 1 + 2 * x.size()) == 0) {
    return Reason::kNoMemory;
  }
  Key key = key_from("EC", builder.get());
  if (!key && !has_curve(traits.name)) return Reason::kKeyUnsupported;
  if (!key || !passes_public_check(key.get())) return Reason::kKeyPoint;
  return PublicKeyMaker::make(traits, std::move(key));
}

Result<PublicKey> PublicKey::edwards(SignatureScheme scheme, std::string_view point) noexcept {
  const SchemeTraits& traits = traits_of(scheme);
  if (traits.method != Method::kEdwards) return Reason::kInternal;
  const ErrorMark mark;
  const EdwardsCurve& curve = scheme == SignatureScheme::kEd25519 ? kEdwards25519 : kEdwards448;
  if (point.size() != traits.size || !is_edwards_point(point, curve)) return Reason::kKeyPoint;
  Key key = raw_key(traits, point);
  if (!key) return has_key_type(traits.name) ? Reason::kKeyPoint : Reason::kKeyUnsupported;
  return PublicKeyMaker::make(traits, std::move(key));
}

Result<PublicKey> PublicKey::ml_dsa(SignatureScheme scheme, std::string_view bytes) noexcept {
  const SchemeTraits& traits = traits_of(scheme);
  if (traits.method != Method::kMlDsa) return Reason::kInternal;
  if (bytes.size() != traits.size) return Reason::kKeyMember;
  const ErrorMark mark;
  Key key = raw_key(traits, bytes);
  if (!key) return has_key_type(traits.name) ? Reason::kKeyMember : Reason::kKeyUnsupported;
  return PublicKeyMaker::make(traits, std::move(key));
}

// --- MacKey -----------------------------------------------------------------------------------------------------

struct MacKey::Handle {
  MacContext keyed;  ///< never used itself, only copied
};

MacKey::MacKey() noexcept = default;
MacKey::~MacKey() = default;
MacKey::MacKey(MacKey&&) noexcept = default;
MacKey& MacKey::operator=(MacKey&&) noexcept = default;

Result<MacKey> MacKey::hmac(HashFunction hash, std::string_view secret) noexcept {
  const ErrorMark mark;
  const HashTraits& traits = kHashes[index_of(hash)];
  const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  MacContext context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
  // The builder takes the name by a pointer that is not const, and reads it only.
  const std::array<OSSL_PARAM, 2> params{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(traits.name), 0),
      OSSL_PARAM_construct_end()};
  if (!context || EVP_MAC_init(context.get(), bytes_of(secret), secret.size(), params.data()) != 1) {
    return Reason::kNoMemory;
  }
  std::unique_ptr<Handle> handle(new (std::nothrow) Handle{std::move(context)});
  if (!handle) return Reason::kNoMemory;
  MacKey made;
#if defined(__cpp_exceptions)
  try {
    made.handle_ = std::move(handle);
  } catch (const std::bad_alloc&) {
    return Reason::kNoMemory;
  }
#else
  made.handle_ = std::move(handle);
#endif
  made.tag_size_ = traits.size;
  return made;
}

// --- SignatureContext -------------------------------------------------------------------------------------------

struct SignatureContext::Impl {
  /// What was prepared for one key. The slot owns a reference, so that the address cannot come to mean another
  /// key while the slot lives, and a key that its set has dropped stays whole.
  struct Slot {
    Key key;
    KeyContext hashed;      ///< RSA and ECDSA: takes the hash of the message
    DigestContext message;  ///< the others: takes the message
  };

  struct MacSlot {
    std::shared_ptr<const MacKey::Handle> key;
    MacContext context;
  };

  struct Hash {
    Digest digest;
    DigestContext context;
  };

  std::array<Hash, kHashes.size()> hashes;
  std::array<Slot, 8> slots;
  std::array<MacSlot, 8> mac_slots;
  std::size_t next_slot = 0;
  std::size_t next_mac_slot = 0;

  [[nodiscard]] bool fetch() noexcept;
  [[nodiscard]] bool hash(HashFunction function, std::string_view message, unsigned char* out) noexcept;
  [[nodiscard]] bool prepare(Slot& slot, const SchemeTraits& traits, EVP_PKEY* key) const noexcept;
  [[nodiscard]] Slot* slot_of(const SchemeTraits& traits, EVP_PKEY* key) noexcept;
  [[nodiscard]] EVP_MAC_CTX* context_of(const std::shared_ptr<const MacKey::Handle>& key) noexcept;
  [[nodiscard]] bool verify_hashed(const SchemeTraits& traits, EVP_PKEY_CTX* context, std::string_view message,
                                   const unsigned char* signature, std::size_t size) noexcept;
  [[nodiscard]] bool verify(const SchemeTraits& traits, EVP_PKEY* key, std::string_view message,
                            std::string_view signature) noexcept;
};

bool SignatureContext::Impl::fetch() noexcept {
  const ErrorMark mark;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    hashes[i].digest.reset(EVP_MD_fetch(nullptr, kHashes[i].name, nullptr));
    hashes[i].context.reset(EVP_MD_CTX_new());
    if (!hashes[i].digest || !hashes[i].context) return false;
  }
  return true;
}

bool SignatureContext::Impl::hash(HashFunction function, std::string_view message, unsigned char* out) noexcept {
  const Hash& own = hashes[index_of(function)];
  return EVP_DigestInit_ex2(own.context.get(), own.digest.get(), nullptr) == 1 &&
         EVP_DigestUpdate(own.context.get(), message.data(), message.size()) == 1 &&
         EVP_DigestFinal_ex(own.context.get(), out, nullptr) == 1;
}

bool SignatureContext::Impl::prepare(Slot& slot, const SchemeTraits& traits, EVP_PKEY* key) const noexcept {
  if (EVP_PKEY_up_ref(key) != 1) return false;
  slot.key.reset(key);
  if (traits.method == Method::kEdwards || traits.method == Method::kMlDsa) {
    slot.message.reset(EVP_MD_CTX_new());
    return slot.message &&
           EVP_DigestVerifyInit_ex(slot.message.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) == 1;
  }
  slot.hashed.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  EVP_PKEY_CTX* const context = slot.hashed.get();
  const EVP_MD* const digest = hashes[index_of(traits.hash)].digest.get();
  if (context == nullptr || EVP_PKEY_verify_init(context) <= 0) return false;
  const bool pss = traits.method == Method::kRsaPss;
  if (traits.method != Method::kEcdsa &&
      EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) <= 0) {
    return false;
  }
  if (EVP_PKEY_CTX_set_signature_md(context, digest) <= 0) return false;
  return !pss || (EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest) > 0 &&
                  EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0);
}

SignatureContext::Impl::Slot* SignatureContext::Impl::slot_of(const SchemeTraits& traits, EVP_PKEY* key) noexcept {
  for (Slot& slot : slots) {
    if (slot.key.get() == key) return &slot;
  }
  Slot fresh;
  if (!prepare(fresh, traits, key)) return nullptr;
  Slot& slot = slots[next_slot];
  next_slot = (next_slot + 1) % slots.size();
  slot = std::move(fresh);
  return &slot;
}

EVP_MAC_CTX* SignatureContext::Impl::context_of(const std::shared_ptr<const MacKey::Handle>& key) noexcept {
  for (const MacSlot& slot : mac_slots) {
    if (slot.key == key) return slot.context.get();
  }
  MacContext copy(EVP_MAC_CTX_dup(key->keyed.get()));
  if (!copy) return nullptr;
  MacSlot& slot = mac_slots[next_mac_slot];
  next_mac_slot = (next_mac_slot + 1) % mac_slots.size();
  slot = {key, std::move(copy)};
  return slot.context.get();
}

bool SignatureContext::Impl::verify_hashed(const SchemeTraits& traits, EVP_PKEY_CTX* context, std::string_view message,
                                           const unsigned char* signature, std::size_t size) noexcept {
  std::array<unsigned char, kHashSizeMax> out;
  return hash(traits.hash, message, out.data()) &&
         EVP_PKEY_verify(context, signature, size, out.data(), kHashes[index_of(traits.hash)].size) == 1;
}

namespace {

bool verify_message(EVP_MD_CTX* context, std::string_view message, std::string_view signature) noexcept {
  // Without a key it starts again under the one it has, and looks nothing up.
  return EVP_DigestVerifyInit_ex(context, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == 1 &&
         EVP_DigestVerify(context, bytes_of(signature), signature.size(), bytes_of(message), message.size()) == 1;
}

}  // namespace

bool SignatureContext::Impl::verify(const SchemeTraits& traits, EVP_PKEY* key, std::string_view message,
                                    std::string_view signature) noexcept {
  const Slot* const slot = slot_of(traits, key);
  if (slot == nullptr) return false;
  switch (traits.method) {
    case Method::kNone: return false;
    case Method::kRsaPkcs1:
    case Method::kRsaPss:
      return verify_hashed(traits, slot->hashed.get(), message, bytes_of(signature), signature.size());
    case Method::kEcdsa: {
      std::array<unsigned char, kEcdsaDerSizeMax> der;
      const std::size_t size = write_ecdsa_der(signature, der);
      return verify_hashed(traits, slot->hashed.get(), message, der.data(), size);
    }
    case Method::kEdwards:
    case Method::kMlDsa: return verify_message(slot->message.get(), message, signature);
  }
  return false;
}

SignatureContext::SignatureContext() : impl_(new(std::nothrow) Impl) {
  if (impl_ && !impl_->fetch()) impl_.reset();
}

SignatureContext::~SignatureContext() = default;
SignatureContext::SignatureContext(SignatureContext&&) noexcept = default;
SignatureContext& SignatureContext::operator=(SignatureContext&&) noexcept = default;

bool SignatureContext::verify(const PublicKey& key, std::string_view message, std::string_view signature) noexcept {
  if (!impl_ || !key.handle_ || signature.size() != key.signature_size()) return false;
  const ErrorMark mark;
  return impl_->verify(traits_of(key.scheme()), PublicKeyMaker::key_of(key.handle_.get()), message, signature);
}

bool SignatureContext::verify(const MacKey& key, std::string_view message, std::string_view tag) noexcept {
  if (!impl_ || !key.handle_ || tag.size() != key.tag_size()) return false;
  const ErrorMark mark;
  EVP_MAC_CTX* const context = impl_->context_of(key.handle_);
  std::array<unsigned char, kHashSizeMax> right;
  std::size_t size = 0;
  // Without a key EVP_MAC_init starts again from the hashed key it has.
  const bool made = context != nullptr && EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
                    EVP_MAC_update(context, bytes_of(message), message.size()) == 1 &&
                    EVP_MAC_final(context, right.data(), &size, right.size()) == 1;
  return made && size == tag.size() && CRYPTO_memcmp(right.data(), tag.data(), size) == 0;
}

bool SignatureContext::digest(HashFunction hash, std::string_view bytes, std::span<std::uint8_t> out) noexcept {
  if (!impl_ || out.size() < kHashes[index_of(hash)].size) return false;
  const ErrorMark mark;
  return impl_->hash(hash, bytes, out.data());
}

// --- alone ------------------------------------------------------------------------------------------------------

namespace {

template <typename Out>
std::optional<Out> digest_once(HashFunction hash, std::string_view bytes) noexcept {
  const ErrorMark mark;
  Out digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, kHashes[index_of(hash)].name, nullptr, bytes.data(), bytes.size(), digest.data(), &size) !=
          1 ||
      size != digest.size()) {
    return std::nullopt;
  }
  return digest;
}

}  // namespace

std::optional<Sha256Digest> sha256(std::string_view bytes) noexcept {
  return digest_once<Sha256Digest>(HashFunction::kSha256, bytes);
}
std::optional<Sha384Digest> sha384(std::string_view bytes) noexcept {
  return digest_once<Sha384Digest>(HashFunction::kSha384, bytes);
}
std::optional<Sha512Digest> sha512(std::string_view bytes) noexcept {
  return digest_once<Sha512Digest>(HashFunction::kSha512, bytes);
}

std::optional<Sha256Digest> sha256(std::span<const std::string_view> pieces) noexcept {
  const ErrorMark mark;
  const Digest digest(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  const DigestContext context(EVP_MD_CTX_new());
  Sha256Digest out{};
  bool good = digest && context && EVP_DigestInit_ex2(context.get(), digest.get(), nullptr) == 1;
  for (const std::string_view piece : pieces) {
    good = good && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  }
  if (!good || EVP_DigestFinal_ex(context.get(), out.data(), nullptr) != 1) return std::nullopt;
  return out;
}

std::optional<Sha256Digest> hmac_sha256(std::string_view key, std::string_view message) noexcept {
  const ErrorMark mark;
  Sha256Digest out{};
  std::size_t size = 0;
  const std::string_view present = key.data() != nullptr ? key : std::string_view("");
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, present.data(), present.size(), bytes_of(message),
                message.size(), out.data(), out.size(), &size) == nullptr ||
      size != out.size()) {
    return std::nullopt;
  }
  return out;
}

bool equals_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void erase(std::span<char> secret) noexcept { OPENSSL_cleanse(secret.data(), secret.size()); }

}  // namespace ostiary::adapt
