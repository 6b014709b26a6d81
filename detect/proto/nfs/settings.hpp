#pragma once

#include <cstddef>

namespace cresset::detect::proto::nfs {

/// Choices for NFS (`app-layer.protocols.nfs`).
struct settings {
  std::size_t limit_live = 1024; ///< `max-tx`: transactions kept at once
};

} // namespace cresset::detect::proto::nfs
