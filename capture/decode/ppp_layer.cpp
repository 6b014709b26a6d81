#include "capture/decode/ppp_layer.hpp"

#include "capture/decode/bytes_at.hpp"
#include "capture/decode/ipv4_view.hpp"
#include "capture/decode/ipv6_view.hpp"

namespace cresset::capture::decode {
namespace {

layer_step refuse(decoded_packet& packet, decode_event event, decode_status status) noexcept {
  packet.add_event(event);
  packet.status = status;
  return {};
}
layer_step damaged(decoded_packet& packet, decode_event event) noexcept {
  return refuse(packet, event, decode_status::damaged_link);
}

// IANA "PPP DLL Protocol Numbers".
constexpr std::uint16_t ppp_ipv4 = 0x0021;
constexpr std::uint16_t ppp_ipv6 = 0x0057;
constexpr std::uint16_t ppp_mpls = 0x0281;
constexpr std::uint16_t ppp_mpls_multicast = 0x0283;

// Numbers from 0x8000 up are control protocols: LCP, IPCP, PAP, CHAP and their like.
constexpr bool is_control(std::uint16_t protocol) noexcept {
  return protocol >= 0x8000;
}

// Network protocols that are assigned and not read here.
constexpr bool is_known(std::uint16_t protocol) noexcept {
  switch (protocol) {
  case 0x0023:              // OSI
  case 0x0025:              // XNS IDP
  case 0x0027:              // DECnet
  case 0x0029:              // AppleTalk
  case 0x002b:              // IPX
  case 0x002d:              // Van Jacobson compressed TCP/IP
  case 0x0031:              // bridging
  case 0x0033:              // ST-II
  case 0x0035:              // Vines
  case 0x003d:              // multilink
  case 0x003f:              // NetBIOS frames
  case 0x00fd:              // compressed datagram
  case 0x00fb: return true; // single link compression
  default: return false;
  }
}

layer_step read_protocol(std::uint16_t protocol, byte_view bytes, decoded_packet& packet) noexcept {
  switch (protocol) {
  case ppp_ipv4:
    if (bytes.size() < ipv4_view::header_size)
      return damaged(packet, decode_event::ppp_ip4_pkt_too_small);
    return {layer::ipv4, 0, bytes};
  case ppp_ipv6:
    if (bytes.size() < ipv6_view::header_size)
      return damaged(packet, decode_event::ppp_ip6_pkt_too_small);
    return {layer::ipv6, 0, bytes};
  case vj_uncompressed:
    if (bytes.size() < ipv4_view::header_size)
      return damaged(packet, decode_event::ppp_vju_pkt_too_small);
    return {layer::ipv4, vj_uncompressed, bytes};
  case ppp_mpls:
  case ppp_mpls_multicast: return {layer::mpls, 0, bytes};
  default: break;
  }
  if (is_control(protocol)) {
    packet.status = decode_status::not_ip;
    return {};
  }
  return refuse(packet,
                is_known(protocol) ? decode_event::ppp_unsup_proto : decode_event::ppp_wrong_type,
                decode_status::unknown_payload);
}

constexpr std::size_t pppoe_header_size = 6;

} // namespace

layer_step read_ppp(byte_view bytes, decoded_packet& packet) noexcept {
  if (bytes.size() >= 2 && u8_at(bytes, 0) == 0xff && u8_at(bytes, 1) == 0x03)
    bytes = bytes.subspan(2);
  // The low bit of a protocol's last byte is 1 and of its first byte 0, so a first byte that is odd
  // stands alone.
  if (!bytes.empty() && (u8_at(bytes, 0) & 1U) != 0)
    return read_protocol(u8_at(bytes, 0), bytes.subspan(1), packet);
  if (bytes.size() < 2)
    return damaged(packet, decode_event::ppp_pkt_too_small);
  return read_protocol(be16_at(bytes, 0), bytes.subspan(2), packet);
}

layer_step read_pppoe_session(byte_view bytes, decoded_packet& packet) noexcept {
  if (bytes.size() < pppoe_header_size)
    return damaged(packet, decode_event::pppoe_pkt_too_small);
  if (u8_at(bytes, 1) != 0)
    return damaged(packet, decode_event::pppoe_wrong_code);
  const auto behind = bytes.subspan(pppoe_header_size);
  const std::size_t length = be16_at(bytes, 4);
  if (length > behind.size())
    return damaged(packet, decode_event::pppoe_pkt_too_small);
  return {layer::ppp, 0, behind.first(length)};
}

layer_step read_pppoe_discovery(byte_view bytes, decoded_packet& packet) noexcept {
  if (bytes.size() < pppoe_header_size)
    return damaged(packet, decode_event::pppoe_pkt_too_small);
  switch (u8_at(bytes, 1)) {
  case 0x09:        // PADI
  case 0x07:        // PADO
  case 0x19:        // PADR
  case 0x65:        // PADS
  case 0xa7: break; // PADT
  default: return damaged(packet, decode_event::pppoe_wrong_code);
  }
  auto tags = bytes.subspan(pppoe_header_size);
  const std::size_t length = be16_at(bytes, 4);
  if (length > tags.size())
    return damaged(packet, decode_event::pppoe_malformed_tags);
  tags = tags.first(length);
  while (!tags.empty()) {
    if (tags.size() < 4 || be16_at(tags, 2) > tags.size() - 4)
      return damaged(packet, decode_event::pppoe_malformed_tags);
    tags = tags.subspan(4U + be16_at(tags, 2));
  }
  packet.status = decode_status::not_ip;
  return {};
}

} // namespace cresset::capture::decode
