#include "capture/decode/transport_layer.hpp"

#include "capture/decode/icmp_layer.hpp"
#include "capture/decode/tcp_options.hpp"
#include "capture/decode/tcp_view.hpp"
#include "capture/decode/udp_view.hpp"

namespace cresset::capture::decode {
namespace {

void damaged(decoded_packet& packet, decode_event event) noexcept {
  packet.add_event(event);
  packet.status = decode_status::damaged_transport;
}

void split(decoded_packet& packet, std::size_t header_length) noexcept {
  packet.transport_header = packet.payload.first(header_length);
  packet.payload = packet.payload.subspan(header_length);
}

void read_tcp(decoded_packet& packet) noexcept {
  const auto view = tcp_view::from(packet.payload);
  if (!view)
    return damaged(packet, decode_event::tcp_pkt_too_small);
  const auto header_length = view->header_length();
  if (header_length < tcp_view::header_size)
    return damaged(packet, decode_event::tcp_hlen_too_small);
  if (header_length > packet.payload.size())
    return damaged(packet, decode_event::tcp_invalid_optlen);
  packet.tuple.source_port = view->source_port();
  packet.tuple.destination_port = view->destination_port();
  auto& tcp = packet.tcp.emplace();
  tcp.sequence = view->sequence();
  tcp.acknowledgement = view->acknowledgement();
  tcp.window = view->window();
  tcp.urgent_pointer = view->urgent_pointer();
  tcp.flags = view->flags();
  tcp.reserved_bits = view->reserved_bits();
  split(packet, header_length);
  if (header_length > tcp_view::header_size)
    read_tcp_options(packet.transport_header.subspan(tcp_view::header_size), packet);
}

void read_udp(decoded_packet& packet) noexcept {
  const auto view = udp_view::from(packet.payload);
  if (!view)
    return damaged(packet, decode_event::udp_hlen_too_small);
  const auto length = view->length();
  if (length > packet.payload.size())
    return damaged(packet, decode_event::udp_pkt_too_small);
  // RFC 2675 allows 0 for datagrams that are too long for the field; nothing on today's networks
  // is.
  if (length < udp_view::header_size)
    return damaged(packet, decode_event::udp_len_invalid);
  packet.tuple.source_port = view->source_port();
  packet.tuple.destination_port = view->destination_port();
  packet.has_udp = true;
  packet.udp_length = length;
  packet.payload = packet.payload.first(length);
  split(packet, udp_view::header_size);
}

// RFC 9260 3: ports 2 and 2, verification tag 4, checksum 4, then chunks.
void read_sctp(decoded_packet& packet) noexcept {
  constexpr std::size_t header_size = 12;
  if (packet.payload.size() < header_size)
    return damaged(packet, decode_event::sctp_pkt_too_small);
  packet.tuple.source_port = be16_at(packet.payload, 0);
  packet.tuple.destination_port = be16_at(packet.payload, 2);
  split(packet, header_size);
}

// RFC 4303 2: index and sequence number; the rest is encrypted and stays the payload.
void read_esp(decoded_packet& packet) noexcept {
  if (packet.payload.size() < 8)
    return damaged(packet, decode_event::esp_pkt_too_small);
  packet.status = decode_status::no_transport;
}

bool is_wrong_family(decoded_packet& packet) noexcept {
  const bool is_v4 = packet.ip_version == 4;
  if (is_v4 != (packet.tuple.protocol == ip_protocol::icmpv6))
    return false;
  packet.add_event(is_v4 ? decode_event::ipv4_icmpv6 : decode_event::ipv6_icmpv4);
  packet.status = decode_status::no_transport;
  return true;
}

// Protocols that IPv6 names and this room leaves closed, so that only numbers nobody uses are
// called unknown.
constexpr bool is_known(ip_protocol protocol) noexcept {
  switch (static_cast<unsigned>(protocol)) {
  case 2:                // IGMP
  case 4:                // IPv4
  case 8:                // EGP
  case 41:               // IPv6
  case 46:               // RSVP
  case 47:               // GRE
  case 88:               // EIGRP
  case 89:               // OSPF
  case 94:               // IPIP
  case 97:               // EtherIP
  case 103:              // PIM
  case 108:              // IPComp
  case 112:              // VRRP
  case 115:              // L2TP
  case 135:              // mobility
  case 136:              // UDP-Lite
  case 137:              // MPLS in IP
  case 139:              // HIP
  case 140:              // Shim6
  case 143: return true; // Ethernet
  default: return false;
  }
}

} // namespace

void read_transport(decoded_packet& packet) noexcept {
  switch (packet.tuple.protocol) {
  case ip_protocol::tcp: return read_tcp(packet);
  case ip_protocol::udp: return read_udp(packet);
  case ip_protocol::icmp:
  case ip_protocol::icmpv6:
    if (!is_wrong_family(packet))
      read_icmp(packet);
    return;
  case ip_protocol::sctp: return read_sctp(packet);
  case ip_protocol::esp: return read_esp(packet);
  default: break;
  }
  if (packet.ip_version == 6 && !is_known(packet.tuple.protocol))
    packet.add_event(decode_event::ipv6_unknown_next_header);
  packet.status = decode_status::no_transport;
}

} // namespace cresset::capture::decode
