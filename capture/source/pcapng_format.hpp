#pragma once

#include "capture/source/pcap_format.hpp"

#include <vector>

namespace cresset::capture::source {

/// A pcapng file (draft-ietf-opsawg-pcapng): blocks, each with its length in front and behind;
/// sections, each with its own byte order and interfaces; interfaces, each with its own link type
/// and clock. Packets of enhanced, simple and the obsolete packet blocks are read, all other blocks
/// are stepped over. Pure: it sees bytes, the file is somebody else's.
class pcapng_format {
public:
  /// More interfaces than this in one section are malformed.
  static constexpr std::size_t limit_interfaces = 1024;
  /// A block that carries no packet may be larger than memory allows for one; its bytes are stepped
  /// over.
  static constexpr std::size_t limit_block_bytes = limit_record_bytes + 64 * 1024;

  static bool is_magic(byte_view start) noexcept;

  /// Reads the block at the start of `bytes`. `skipped` with more `consumed` than `bytes` has
  /// means: step over that many bytes of the file.
  record_result read(byte_view bytes) noexcept;

private:
  struct interface {
    std::uint16_t link = 0;
    std::uint32_t snap_length_bytes = 0;
    std::uint8_t resolution = 6; ///< 10^-n seconds, or 2^-n with the high bit set
    std::int64_t offset_seconds = 0;
  };

  std::uint16_t u16(byte_view bytes, std::size_t offset) const noexcept;
  std::uint32_t u32(byte_view bytes, std::size_t offset) const noexcept;
  bool begin_section(byte_view block) noexcept;
  bool add_interface(byte_view body) noexcept;
  void read_option(interface& target, std::uint16_t code, byte_view value) const noexcept;
  bool read_enhanced(byte_view body, capture_record& record) const noexcept;
  bool read_simple(byte_view body, capture_record& record) const noexcept;
  bool read_obsolete(byte_view body, capture_record& record) const noexcept;
  bool keep(byte_view body, std::size_t header_size, std::uint32_t interface_index,
            std::uint64_t ticks, capture_record& record) const noexcept;

  bool is_big_endian_ = false;
  bool has_section_ = false;
  std::vector<interface> interfaces_;
};

} // namespace cresset::capture::source
