#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace cresset::detect::proto::dnp3 {

/// The head of a link frame (IEEE 1815 9.2.4).
struct link_header {
  static constexpr std::size_t size = 10; ///< with its checksum
  std::uint8_t length = 0; ///< control, both addresses and user bytes, without checksums
  std::uint8_t control = 0;
  std::uint16_t destination = 0;
  std::uint16_t source = 0;

  static constexpr std::uint8_t length_least = 5;
  bool from_master() const noexcept { return (control & 0x80U) != 0; }
  bool is_primary() const noexcept { return (control & 0x40U) != 0; }
  std::uint8_t function() const noexcept { return control & 0x0fU; }
  /// Confirmed or unconfirmed user bytes.
  bool carries_user_bytes() const noexcept {
    return is_primary() && (function() == 3 || function() == 4);
  }
  std::size_t user_bytes() const noexcept { return length < length_least ? 0U : length - 5U; }
  /// Bytes of the whole frame: every block of up to 16 user bytes has a checksum of two.
  std::size_t frame_size() const noexcept {
    return size + user_bytes() + (user_bytes() + 15) / 16 * 2;
  }
};

/// Reads the head; nothing when it does not begin with 05 64. Precondition: 10 bytes.
std::optional<link_header> read_link_header(byte_view bytes) noexcept;
/// The checksum of DNP3 (polynomial 0x3d65, reflected, inverted).
std::uint16_t checksum(byte_view bytes) noexcept;
/// Whether the head's own checksum fits. Precondition: 10 bytes.
bool header_is_intact(byte_view bytes) noexcept;
/// Appends the user bytes of the blocks behind the head; false when a block's checksum does not
/// fit.
bool append_user_bytes(byte_view blocks, std::vector<std::byte>& to);

} // namespace cresset::detect::proto::dnp3
