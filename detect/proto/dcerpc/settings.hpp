#pragma once

#include <cstddef>

namespace cresset::detect::proto::dcerpc {

/// Choices for DCE/RPC (`app-layer.protocols.dcerpc`).
struct settings {
  std::size_t limit_live = 1024; ///< `max-tx`: calls kept at once; the oldest is then taken as over
};

} // namespace cresset::detect::proto::dcerpc
