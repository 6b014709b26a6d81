#include "capture/decode/checksum.hpp"

#include "capture/decode/bytes_at.hpp"
#include "capture/decode/ipv4_view.hpp"
#include "capture/decode/udp_view.hpp"

#include <bit>

// One's complement addition does not care about byte order (RFC 1071 2.B), so words are added as
// the machine reads them and the sum is turned round at the end. Eight bytes at a time, with the
// carries gathered in the upper half: 1,460 bytes take about a hundred nanoseconds.

namespace cresset::capture::decode {
namespace {

std::uint32_t native_u32(const std::byte* from) noexcept {
  std::uint32_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// What TCP, UDP and ICMPv6 are summed with: both addresses, the length, the protocol.
std::uint64_t pseudo_header(const decoded_packet& packet, std::size_t length) noexcept {
  std::array<std::byte, 8> tail{};
  store_be32(std::span{tail}.first<4>(), static_cast<std::uint32_t>(length));
  tail[7] = static_cast<std::byte>(packet.tuple.protocol);
  auto sum = add_to_checksum(packet.tuple.source.bytes(), 0);
  sum = add_to_checksum(packet.tuple.destination.bytes(), sum);
  return add_to_checksum(tail, sum);
}

} // namespace

std::uint64_t add_to_checksum(byte_view bytes, std::uint64_t sum) noexcept {
  static_assert(std::endian::native == std::endian::little,
                "the last byte would be the other half of its word");
  const auto* at = bytes.data();
  auto left = bytes.size();
  for (; left >= 8; left -= 8, at += 8)
    sum += std::uint64_t{native_u32(at)} + native_u32(at + 4);
  if (left >= 4) {
    sum += native_u32(at);
    at += 4;
    left -= 4;
  }
  if (left >= 2) {
    std::uint16_t word;
    std::memcpy(&word, at, sizeof word);
    sum += word;
    at += 2;
    left -= 2;
  }
  if (left == 1)
    sum += std::to_integer<std::uint64_t>(*at);
  return sum;
}

std::uint16_t fold_checksum(std::uint64_t sum) noexcept {
  while (sum > 0xffffU)
    sum = (sum & 0xffffU) + (sum >> 16);
  const auto folded = static_cast<std::uint16_t>(sum);
  return static_cast<std::uint16_t>(folded << 8 | folded >> 8);
}

checksum_state ipv4_header_checksum(const decoded_packet& packet) noexcept {
  if (packet.ip_version != 4 || packet.network_header.size() < ipv4_view::header_size)
    return checksum_state::absent;
  const auto sum = fold_checksum(add_to_checksum(packet.network_header, 0));
  return sum == 0xffff ? checksum_state::ok : checksum_state::wrong;
}

checksum_state transport_checksum(const decoded_packet& packet) noexcept {
  if (packet.transport_header.empty() || packet.is_fragment || packet.has_stations_left)
    return checksum_state::absent;
  // Header and payload lie behind each other in the datagram.
  const byte_view message{packet.transport_header.data(),
                          packet.transport_header.size() + packet.payload.size()};
  std::uint64_t sum = 0;
  switch (packet.tuple.protocol) {
  case ip_protocol::udp:
    if (udp_view::from(packet.transport_header)->checksum() == 0)
      return packet.ip_version == 4 || packet.carries_inner ? checksum_state::absent
                                                            : checksum_state::wrong;
    [[fallthrough]];
  case ip_protocol::tcp:
  case ip_protocol::icmpv6: sum = pseudo_header(packet, message.size()); break;
  case ip_protocol::icmp: break;
  default: return checksum_state::absent;
  }
  return fold_checksum(add_to_checksum(message, sum)) == 0xffff ? checksum_state::ok
                                                                : checksum_state::wrong;
}

} // namespace cresset::capture::decode
