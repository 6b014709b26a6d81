#pragma once

#include "capture/decode/decoded_packet.hpp"

namespace cresset::capture::decode {

enum class checksum_state : std::uint8_t {
  ok,
  wrong,
  absent, ///< none was made, or it cannot be told: a fragment, a packet cut short, a header that
          ///< has none
};

/// Adds up 16-bit words in one's complement (RFC 1071) onto `sum`; an odd last byte counts as the
/// high one. Fold the result with `fold_checksum`.
std::uint64_t add_to_checksum(byte_view bytes, std::uint64_t sum) noexcept;
/// The 16-bit one's complement sum: 0xffff over bytes that carry their right checksum.
std::uint16_t fold_checksum(std::uint64_t sum) noexcept;

/// Of the IPv4 header; absent in IPv6.
checksum_state ipv4_header_checksum(const decoded_packet& packet) noexcept;

/// Of the TCP, UDP, ICMP or ICMPv6 header and payload with their pseudo header (RFC 9293 3.1, RFC
/// 768, RFC 8200 8.1). A UDP checksum of 0 is absent over IPv4 and wrong over IPv6, unless a tunnel
/// may send it so (RFC 6935).
checksum_state transport_checksum(const decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
