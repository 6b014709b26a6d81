#pragma once

#include <cstddef>
#include <cstdint>

namespace cresset::detect::proto::nfs {

/// Choices for NFS (`app-layer.protocols.nfs`).
struct settings {
  std::size_t limit_live = 1024; ///< `max-tx`: transactions kept at once
  /// `stream-depth`: bytes of each direction that are followed, 0 for all.
  std::uint64_t stream_depth_bytes = 0;
};

} // namespace cresset::detect::proto::nfs
