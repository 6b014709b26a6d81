#pragma once

#include <cstddef>
#include <cstdint>

namespace cresset::detect::proto::websocket {

/// Limits for WebSocket, with the field's defaults (`app-layer.protocols.websocket`).
struct settings {
  std::size_t payload_limit = 64 * 1024; ///< bytes retained of one message (`max-payload-size`)
  std::size_t transaction_limit = 1024;  ///< live frames of one flow
  std::uint64_t bomb_ratio = 2048;       ///< most times a packed message may grow
};

} // namespace cresset::detect::proto::websocket
