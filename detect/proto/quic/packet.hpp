#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// What stands openly in a datagram, and the frames of a packet that was opened.
namespace cresset::detect::proto::quic {

enum class packet_type : std::uint8_t { initial, zero_rtt, handshake, retry, negotiation, unknown };

/// One packet with a long header (RFC 9000 17.2). All views point into the datagram.
struct long_packet {
  packet_type type = packet_type::unknown;
  std::uint32_t version = 0;
  byte_view destination; ///< connection ids
  byte_view source;
  byte_view bytes;           ///< the packet from its first byte to its end
  std::size_t number_at = 0; ///< where its number begins, for those with a length
};
/// Reads the packet at the begin of `datagram`, which may hold more behind it. Nothing if it has no
/// long header, or is damaged.
std::optional<long_packet> read_long_packet(byte_view datagram) noexcept;

/// A CRYPTO frame.
struct crypto_piece {
  std::uint64_t offset = 0;
  byte_view bytes;
};
/// The CRYPTO frames among the frames of an Initial packet (RFC 9000 12.4); false if a frame is
/// damaged, or none that an Initial may carry. What stood in front of it is in `out` all the same.
bool read_crypto_frames(byte_view frames, std::vector<crypto_piece>& out);

} // namespace cresset::detect::proto::quic
