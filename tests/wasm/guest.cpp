// The core as a WebAssembly reactor without imports: inspection, routing and rules, but no cryptography, no heap and no
// clock. Its host verifies tokens and says what came of it. README.md describes the exports.
#include <ostiary/policy/decide_request.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__cpp_exceptions) || defined(__cpp_rtti) || defined(_REENTRANT)
#error "the core is built for WebAssembly without exceptions, RTTI and threads"
#endif

namespace ostiary {
namespace {

static_assert(sizeof(void*) == 4);

constexpr Limits kLimits;

/// One more than the limit, so that the inspector is the one to refuse what is longer.
constexpr std::size_t kHeadRoom = kLimits.head_size_max + 1;
constexpr std::size_t kFieldsMax = kLimits.field_count_max + 1;
/// Method, authority and target, then a name and a value for each field.
constexpr std::size_t kSpansRoom = (3 + 2 * kFieldsMax) * sizeof(Span);
/// The largest Identity image that the verifier makes of a token within the default limits takes 46 KB.
constexpr std::size_t kIdentityRoom = std::size_t{48} * 1024;
constexpr std::size_t kPeerRoom = 64;
constexpr std::size_t kAlignment = 8;

alignas(kAlignment) std::array<char, kHeadRoom + kSpansRoom + kIdentityRoom + kPeerRoom + 4 * kAlignment> input;
std::size_t input_used = 0;

std::array<std::byte, decide_request_scratch_size(kLimits)> scratch_memory;
std::array<std::byte, std::size_t{32} * 1024> image_memory;
std::array<FieldView, kFieldsMax> field_views;

constinit Gate gate;
constinit InspectOptions options;

/// What the host's verifier said about the request's token.
struct Verdict {
  std::string_view identity;  ///< image; empty when there is none
  Reason refusal;             ///< kOk when it was not refused
  std::uint32_t offset;       ///< byte of the token
};

/// Fails closed: a host that said nothing about a token has not verified it, and no refusal reads like a success.
Result<Identity> answer(const Verdict& verdict) noexcept {
  if (verdict.refusal == Reason::kOk) return Identity::load(verdict.identity);
  const bool refuses = is_registered(verdict.refusal) && http_status_of(verdict.refusal) >= 400;
  return Error{refuses ? verdict.refusal : Reason::kInternal, verdict.offset};
}

/// The image's first byte, or nullptr when it does not fit; the host must take that for a denial.
const char* encoded(const Decision& decision) noexcept {
  Arena memory(image_memory);
  return encode_decision(decision, memory).data();
}

const char* decide_inspected(const Inspection& inspection, Arena& scratch, std::string_view peer,
                             const Verdict& verdict) noexcept {
  const auto verify = [&verdict](const Request&, const Credential&) noexcept { return answer(verdict); };
  return encoded(decide_request(gate, inspection, Facts{0, peer}, verify, scratch, kLimits));
}

/// The pieces of a head: spans of one text.
class Pieces {
 public:
  Pieces(std::string_view text, const char* spans, std::size_t count) noexcept
      : text_(text), spans_(spans), count_(count) {}

  [[nodiscard]] bool well_formed() const noexcept {
    if (count_ < 3 || count_ % 2 == 0) return false;
    for (std::size_t i = 0; i < count_; ++i) {
      const Span span = at(i);
      const bool inside = span.offset <= text_.size() && span.length <= text_.size() - span.offset;
      if (span.present() && !inside) return false;
    }
    return true;
  }

  [[nodiscard]] ParsedHead head() const noexcept {
    const std::size_t sent = (count_ - 3) / 2;
    const std::size_t fields = sent < kFieldsMax ? sent : kFieldsMax;
    for (std::size_t i = 0; i < fields; ++i) field_views[i] = {at(3 + 2 * i).in(text_), at(4 + 2 * i).in(text_)};
    return {at(0).in(text_), at(1).in(text_), at(2).in(text_), {field_views.data(), fields}};
  }

 private:
  [[nodiscard]] Span at(std::size_t index) const noexcept {
    Span span;
    std::memcpy(&span, spans_ + index * sizeof(Span), sizeof(Span));
    return span;
  }

  std::string_view text_;
  const char* spans_;
  std::size_t count_;
};

}  // namespace
}  // namespace ostiary

/// libc++'s range checks end here. Its own version prints, and so would import a file system; nothing on this path is
/// ever out of range, and if it were, a trap is what the sandbox is for.
void std::__libcpp_verbose_abort(const char* /*format*/, ...) { __builtin_trap(); }

using ostiary::Arena;
using ostiary::Reason;

extern "C" {

[[clang::export_name("reset")]] void guest_reset() { ostiary::input_used = 0; }

[[clang::export_name("alloc")]] char* guest_alloc(std::size_t size) {
  const std::size_t room = ostiary::input.size() - ostiary::input_used;
  if (size > room) return nullptr;
  char* const first = ostiary::input.data() + ostiary::input_used;
  const std::size_t padding = (ostiary::kAlignment - size % ostiary::kAlignment) % ostiary::kAlignment;
  ostiary::input_used += padding < room - size ? size + padding : room;
  return first;
}

[[clang::export_name("load_gate")]] Reason guest_load_gate(const char* image, std::size_t size) {
  const ostiary::Result<ostiary::Gate> loaded = ostiary::Gate::load({image, size});
  if (loaded) {
    ostiary::gate = *loaded;
    ostiary::options = ostiary::inspect_options_of(ostiary::gate, ostiary::Facts{}, ostiary::kLimits);
  }
  return loaded.reason();
}

[[clang::export_name("decide_bytes")]] const char* guest_decide_bytes(const char* head, std::size_t head_size,
                                                                      const char* peer, std::size_t peer_size,
                                                                      const char* identity, std::size_t identity_size,
                                                                      Reason refusal, std::uint32_t offset) {
  Arena scratch(ostiary::scratch_memory);
  const ostiary::Inspection inspection = ostiary::inspect_bytes({head, head_size}, scratch, ostiary::options);
  return ostiary::decide_inspected(inspection, scratch, {peer, peer_size},
                                   {{identity, identity_size}, refusal, offset});
}

[[clang::export_name("decide_fields")]] const char* guest_decide_fields(const char* text, std::size_t text_size,
                                                                        const char* spans, std::size_t span_count,
                                                                        const char* peer, std::size_t peer_size,
                                                                        const char* identity, std::size_t identity_size,
                                                                        Reason refusal, std::uint32_t offset) {
  const ostiary::Pieces pieces({text, text_size}, spans, span_count);
  if (!pieces.well_formed()) return ostiary::encoded(ostiary::detail::denied(Reason::kUsageArgument, 0));
  Arena scratch(ostiary::scratch_memory);
  const ostiary::Inspection inspection = ostiary::inspect_fields(pieces.head(), scratch, ostiary::options);
  return ostiary::decide_inspected(inspection, scratch, {peer, peer_size},
                                   {{identity, identity_size}, refusal, offset});
}

}  // extern "C"
