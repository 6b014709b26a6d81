#include "capture/decode/gre.hpp"

#include "capture/decode/bytes_at.hpp"

#include <algorithm>

// GRE, both versions begin alike:
//
//    0                   1                   2                   3
//   |C|R|K|S|s|Recur|A| Flags | Ver |         protocol type        |
//
// version 0:  C or R: checksum 2, offset 2 · K: key 4 · S: sequence 4 · R: source routes
// version 1:  payload length 2, call id 2 · S: sequence 4 · A: acknowledgement 4

namespace cresset::capture::decode {
namespace {

using content = std::optional<tunnel_content>;

constexpr std::size_t base_size = 4;
constexpr unsigned limit_routes = 16;

enum : std::uint8_t {
  has_checksum = 0x80,
  has_routing = 0x40,
  has_key = 0x20,
  has_sequence = 0x10,
  strict_route = 0x08,
  recursion = 0x07,
};

content damaged(decoded_packet& packet, decode_event event) noexcept {
  packet.add_event(event);
  packet.status = decode_status::damaged_transport;
  return std::nullopt;
}

// Source route entries: family 2, offset 1, length 1, then that many bytes; family and length 0 end
// them (RFC 1701).
std::optional<byte_view> skip_routes(byte_view bytes) noexcept {
  for (unsigned routes = 0; routes < limit_routes; ++routes) {
    if (bytes.size() < 4)
      return std::nullopt;
    const std::size_t length = u8_at(bytes, 3);
    const bool is_last = be16_at(bytes, 0) == 0 && length == 0;
    if (bytes.size() < 4 + length)
      return std::nullopt;
    bytes = bytes.subspan(4 + length);
    if (is_last)
      return bytes;
  }
  return std::nullopt;
}

// What ERSPAN's header says, type I having none (draft-foschiano-erspan):
//
// type II    version 4 bits (1), VLAN 12 · class, session 2 · index 4
// type III   version 4 bits (2), VLAN 12 · class, session 2 · time 4 · group 2 · flags 2, the last
//            bit of which (O) says that 8 bytes of the platform follow
content find_in_erspan(unsigned version, byte_view bytes, decoded_packet& packet) noexcept {
  std::size_t header_size = version == 1 ? 8 : 12;
  if (bytes.size() < header_size)
    return damaged(packet, decode_event::erspan_header_too_small);
  if (u8_at(bytes, 0) >> 4 != version)
    return damaged(packet, decode_event::erspan_unsupported_version);
  if (version == 2 && (u8_at(bytes, 11) & 1U) != 0)
    header_size += 8;
  if (bytes.size() < header_size)
    return damaged(packet, decode_event::erspan_header_too_small);
  tunnel_content inner{
      tunnel_kind::erspan, {layer::ethernet, 0, bytes.subspan(header_size)}, std::nullopt};
  inner.carrier_bytes = static_cast<std::uint8_t>(header_size);
  if (const std::uint16_t vlan = be16_at(bytes, 0) & 0x0fffU; vlan != 0)
    inner.vlan_id = vlan;
  return inner;
}

content find_in_version_0(byte_view bytes, decoded_packet& packet) noexcept {
  const auto flags = u8_at(bytes, 0);
  if ((flags & recursion) != 0)
    return damaged(packet, decode_event::gre_version0_recur);
  if ((u8_at(bytes, 1) & 0xf8U) != 0)
    return damaged(packet, decode_event::gre_version0_flags);
  const auto type = be16_at(bytes, 2);
  std::size_t length = base_size;
  length += (flags & (has_checksum | has_routing)) != 0 ? 4U : 0U;
  length += (flags & has_key) != 0 ? 4U : 0U;
  length += (flags & has_sequence) != 0 ? 4U : 0U;
  if (length > bytes.size())
    return damaged(packet, decode_event::gre_version0_hdr_too_big);
  auto behind = bytes.subspan(length);
  if ((flags & has_routing) != 0) {
    const auto behind_routes = skip_routes(behind);
    if (!behind_routes)
      return damaged(packet, decode_event::gre_version0_malformed_sre_hdr);
    behind = *behind_routes;
  }
  switch (type) {
  case ethertype::erspan: // type I has neither a sequence number nor a header of its own
    return (flags & has_sequence) != 0
               ? find_in_erspan(1, behind, packet)
               : tunnel_content{tunnel_kind::erspan, {layer::ethernet, 0, behind}, std::nullopt};
  case ethertype::erspan_iii: return find_in_erspan(2, behind, packet);
  case ethertype::ipv4:
  case ethertype::ipv6:
  case ethertype::transparent_ethernet:
  case ethertype::ppp:
  case ethertype::vlan:
  case ethertype::arp:
  case ethertype::mpls:
    return tunnel_content{tunnel_kind::gre, {layer::by_ethertype, type, behind}, std::nullopt};
  default: return std::nullopt;
  }
}

content find_in_version_1(byte_view bytes, decoded_packet& packet) noexcept {
  const auto flags = u8_at(bytes, 0);
  const auto more_flags = u8_at(bytes, 1);
  if ((flags & has_checksum) != 0)
    return damaged(packet, decode_event::gre_version1_chksum);
  if ((flags & has_routing) != 0)
    return damaged(packet, decode_event::gre_version1_route);
  if ((flags & strict_route) != 0)
    return damaged(packet, decode_event::gre_version1_ssr);
  if ((flags & recursion) != 0)
    return damaged(packet, decode_event::gre_version1_recur);
  if ((more_flags & 0x78U) != 0)
    return damaged(packet, decode_event::gre_version1_flags);
  if (be16_at(bytes, 2) != ethertype::ppp)
    return damaged(packet, decode_event::gre_version1_wrong_protocol);
  if ((flags & has_key) == 0)
    return damaged(packet, decode_event::gre_version1_no_key);
  std::size_t length = base_size + 4;
  length += (flags & has_sequence) != 0 ? 4U : 0U;
  length += (more_flags & 0x80U) != 0 ? 4U : 0U;
  if (length > bytes.size())
    return damaged(packet, decode_event::gre_version1_hdr_too_big);
  const std::size_t payload_length = be16_at(bytes, 4);
  const auto behind = bytes.subspan(length);
  if (payload_length == 0) // an acknowledgement alone
    return std::nullopt;
  return tunnel_content{tunnel_kind::gre,
                        {layer::ppp, 0, behind.first(std::min(payload_length, behind.size()))},
                        std::nullopt};
}

} // namespace

std::optional<tunnel_content> find_in_gre(decoded_packet& packet) noexcept {
  const auto bytes = packet.payload;
  if (bytes.size() < base_size)
    return damaged(packet, decode_event::gre_pkt_too_small);
  packet.status = decode_status::ok;
  switch (u8_at(bytes, 1) & 0x07U) {
  case 0: return find_in_version_0(bytes, packet);
  case 1: return find_in_version_1(bytes, packet);
  default: return damaged(packet, decode_event::gre_wrong_version);
  }
}

} // namespace cresset::capture::decode
