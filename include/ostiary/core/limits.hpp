// Every hard limit, in one place. The defaults are safe; each has a test on both sides.
#pragma once

#include <cstdint>

namespace ostiary {

/// Upper bounds. A value that reaches the bound passes, one more is refused. Sizes are bytes.
struct Limits {
  // http
  std::uint32_t head_size_max = 64 * 1024;
  std::uint32_t field_count_max = 128;
  std::uint32_t target_size_max = 8 * 1024;
  std::uint32_t range_count_max = 16;       ///< ranges in a Range field
  std::uint32_t entity_tag_count_max = 64;  ///< members of If-Match or If-None-Match
  std::uint32_t connection_option_count_max = 32;
  std::uint32_t cookie_count_max = 256;
  std::uint32_t parameter_count_max = 256;             ///< of a query
  std::uint32_t forwarded_hop_count_max = 64;          ///< that are looked at, from the right
  std::uint32_t structured_member_count_max = 1024;    ///< of a list, an inner list or a dictionary (RFC 9651 §3.1)
  std::uint32_t structured_parameter_count_max = 256;  ///< of one item or inner list (RFC 9651 §3.1.2)

  // token
  std::uint32_t token_size_max = 8 * 1024;
  std::uint32_t token_header_size_max = 1024;  ///< decoded JOSE header
  std::uint32_t key_id_size_max = 128;
  std::uint32_t token_json_depth_max = 8;
  std::uint32_t token_json_values_max = 512;   ///< values in the payload, containers included
  std::uint32_t token_header_values_max = 64;  ///< values in the header, containers included
  std::uint32_t token_audiences_max = 16;
  std::uint32_t proof_id_size_max = 256;  ///< jti of a DPoP proof

  // key sets
  std::uint32_t key_set_size_max = 256 * 1024;
  std::uint32_t key_count_max = 64;
  std::uint32_t key_set_json_depth_max = 8;
  std::uint32_t key_set_json_values_max = 8 * 1024;
  std::uint32_t rsa_bits_min = 2048;
  std::uint32_t rsa_bits_max = 8192;
  std::uint32_t pem_size_max = 32 * 1024;  ///< of one block; a certificate for ML-DSA-87 has some 10 KiB
  std::uint32_t secret_size_max = 1024;    ///< of one HMAC key, before it is hashed down
  std::uint32_t discovery_size_max = 64 * 1024;
  std::uint32_t discovery_json_depth_max = 8;
  std::uint32_t discovery_json_values_max = 4 * 1024;
  std::uint32_t fetch_uri_size_max = 2048;  ///< of an issuer, of where keys are and of what is fetched

  // revocation lists
  std::uint32_t revocation_size_max = 4 * 1024 * 1024;
  std::uint32_t revocation_count_max = 64 * 1024;  ///< entries

  // gate
  std::uint32_t gate_size_max = 16 * 1024 * 1024;
  std::uint32_t gate_json_depth_max = 16;
  std::uint32_t gate_json_values_max = 1024 * 1024;
  std::uint32_t gate_image_size_max = 64 * 1024 * 1024;  ///< that is written
  std::uint32_t path_segments_max = 16;                  ///< of a route's pattern
  std::uint32_t clock_skew_s_max = 300;
  std::uint32_t identity_header_count_max = 16;
  std::uint32_t identity_header_size_max = 4096;  ///< one value sent to the origin
};

}  // namespace ostiary
