#pragma once

#include <cstddef>
#include <cstdint>

namespace cresset::detect::proto::smb {

/// Choices for SMB (`app-layer.protocols.smb`). Sizes in bytes; 0 asks for no check of that size.
struct settings {
  std::size_t limit_live = 1024; ///< `max-tx`: transactions kept at once
  std::uint64_t max_read_size = 16U << 20;
  std::uint64_t max_write_size = 16U << 20;
  /// Data of one file that came before its place: `max-{read,write}-queue-{size,cnt}`.
  std::uint64_t max_read_queue_size = 4U << 20;
  std::uint64_t max_write_queue_size = 4U << 20;
  std::size_t max_read_queue_count = 64;
  std::size_t max_write_queue_count = 64;
  /// `stream-depth`: files are larger than what of other protocols is worth following.
  std::uint64_t stream_depth_bytes = 0;
};

} // namespace cresset::detect::proto::smb
