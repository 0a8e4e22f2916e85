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

  // token
  std::uint32_t token_size_max = 8 * 1024;
  std::uint32_t token_header_size_max = 1024;  ///< decoded JOSE header
  std::uint32_t key_id_size_max = 128;
  std::uint32_t token_json_depth_max = 8;
  std::uint32_t token_json_values_max = 512;  ///< values in header or payload, containers included
  std::uint32_t token_audiences_max = 16;

  // key sets
  std::uint32_t key_set_size_max = 256 * 1024;
  std::uint32_t key_count_max = 64;
  std::uint32_t key_set_json_depth_max = 8;
  std::uint32_t key_set_json_values_max = 8 * 1024;
  std::uint32_t rsa_bits_min = 2048;
  std::uint32_t rsa_bits_max = 8192;

  // gate
  std::uint32_t gate_size_max = 16 * 1024 * 1024;
  std::uint32_t gate_json_depth_max = 16;
  std::uint32_t gate_json_values_max = 1024 * 1024;
  std::uint32_t path_segments_max = 16;  ///< of a route's pattern
  std::uint32_t clock_skew_s_max = 300;
  std::uint32_t identity_header_count_max = 16;
  std::uint32_t identity_header_size_max = 4096;  ///< one value sent to the origin
};

}  // namespace ostiary
