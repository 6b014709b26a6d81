#pragma once

#include "detect/proto/file_meter.hpp"

#include <cstddef>
#include <cstdint>

namespace cresset::detect::proto::http {

/// Limits and choices for HTTP/1, with the field's defaults. Names as in `app-layer.protocols.http.libhtp.default-config`.
struct settings {
  std::uint64_t request_body_limit = 100 * 1024;  ///< bytes retained and inspected of a body; more is counted
  std::uint64_t response_body_limit = 100 * 1024;
  std::size_t field_limit = 18000;           ///< bytes of one line of the head
  std::uint32_t headers_limit = 1024;        ///< header lines of one message
  int decompression_layers = 3;              ///< encodings undone one over the other
  std::uint64_t bomb_limit = 1024 * 1024;    ///< output of one body beyond which the ratio is watched
  std::uint64_t bomb_ratio = 2048;           ///< most times a body may grow once over bomb_limit
  bool double_decode_path = false;
  bool double_decode_query = false;
  std::size_t transaction_limit = 512;       ///< live transactions of one flow
  std::size_t file_limit = 32;               ///< files of one transaction (multipart)
  file_settings files{};                     ///< what is computed of each of them
};

class personality;

} // namespace cresset::detect::proto::http
