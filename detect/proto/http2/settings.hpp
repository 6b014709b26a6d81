#pragma once

#include <cstddef>
#include <cstdint>

namespace cresset::detect::proto::http2 {

/// Limits for HTTP/2, with the field's defaults (`app-layer.protocols.http2`).
struct settings {
  std::uint64_t request_body_limit = 100 * 1024; ///< bytes retained and inspected; more is counted
  std::uint64_t response_body_limit = 100 * 1024;
  std::size_t stream_limit = 4096;        ///< live streams of one flow (`max-streams`)
  std::uint64_t bomb_limit = 1024 * 1024; ///< output of one body from which the ratio is watched
  std::uint64_t bomb_ratio = 2048;        ///< most times a body may grow once over bomb_limit
};

} // namespace cresset::detect::proto::http2
