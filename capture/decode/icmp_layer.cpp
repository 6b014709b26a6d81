#include "capture/decode/icmp_layer.hpp"

#include "capture/decode/icmp_view.hpp"
#include "capture/decode/ipv4_view.hpp"
#include "capture/decode/ipv6_view.hpp"

namespace cresset::capture::decode {
namespace {

enum : std::uint8_t {
  v4_echo_reply = 0,
  v4_unreachable = 3,
  v4_quench = 4,
  v4_redirect = 5,
  v4_echo_request = 8,
  v4_router_advertisement = 9,
  v4_router_solicitation = 10,
  v4_time_exceeded = 11,
  v4_parameter_problem = 12,
  v4_timestamp_request = 13,
  v4_address_mask_reply = 18,
  v4_photuris = 40,
  v4_extended_echo_request = 42,
  v4_extended_echo_reply = 43,
};

enum : std::uint8_t {
  v6_unreachable = 1,
  v6_too_big = 2,
  v6_time_exceeded = 3,
  v6_parameter_problem = 4,
  v6_echo_request = 128,
  v6_echo_reply = 129,
  v6_listener_query = 130,
  v6_listener_done = 132,
  v6_listener_report_v2 = 143,
};

// The highest code that is assigned for a type (IANA "ICMP Parameters"); -1 for a type that is not.
constexpr int highest_v4_code(std::uint8_t type) noexcept {
  switch (type) {
  case v4_unreachable: return 15;
  case v4_redirect: return 3;
  case v4_router_advertisement: return 16;
  case v4_time_exceeded: return 1;
  case v4_parameter_problem: return 2;
  case v4_photuris: return 5;
  case v4_extended_echo_reply: return 4;
  case v4_echo_reply:
  case v4_quench:
  case v4_echo_request:
  case v4_router_solicitation:
  case v4_extended_echo_request:
  case 6:
  case 30: return 0; // alternate host address, traceroute: deprecated, still known
  default:
    if (type >= v4_timestamp_request && type <= v4_address_mask_reply)
      return 0;
    return type >= 31 && type <= 39 ? 0 : -1;
  }
}

// The same for ICMPv6 (IANA "ICMPv6 Parameters").
constexpr int highest_v6_code(std::uint8_t type) noexcept {
  switch (type) {
  case v6_unreachable: return 8;
  case v6_time_exceeded: return 1;
  case v6_parameter_problem: return 10;
  case 138: return 255; // router renumbering: 0, 1 and 255
  case 139:
  case 140: return 2; // node information
  case 157:
  case 158: return 4; // duplicate address
  case 161: return 4; // extended echo reply
  case v6_too_big: return 0;
  default: return type >= v6_echo_request && type <= 160 ? 0 : -1;
  }
}

// Ports stand first in every transport header that has them; eight bytes of it are all that RFC 792
// promises.
void keep_ports(byte_view transport, five_tuple& tuple) noexcept {
  switch (tuple.protocol) {
  case ip_protocol::tcp:
  case ip_protocol::udp:
  case ip_protocol::sctp:
    if (transport.size() >= 4) {
      tuple.source_port = be16_at(transport, 0);
      tuple.destination_port = be16_at(transport, 2);
    }
    return;
  case ip_protocol::icmp:
  case ip_protocol::icmpv6:
    if (transport.size() >= 2) {
      tuple.source_port = u8_at(transport, 0);
      tuple.destination_port = u8_at(transport, 1);
    }
    return;
  default: return;
  }
}

void keep_original_v4(byte_view bytes, decoded_packet& packet) noexcept {
  const auto view = ipv4_view::from(bytes);
  if (!view)
    return packet.add_event(decode_event::icmpv4_ipv4_trunc_pkt);
  if (view->version() != 4)
    return packet.add_event(decode_event::icmpv4_ipv4_unknown_ver);
  const auto header_length = view->header_length();
  if (header_length < ipv4_view::header_size || header_length > bytes.size())
    return packet.add_event(decode_event::icmpv4_ipv4_trunc_pkt);
  auto& tuple = packet.icmp->original.emplace();
  tuple = {view->source(), view->destination(), 0, 0, view->protocol()};
  if (view->fragment_offset_bytes() == 0)
    keep_ports(bytes.subspan(header_length), tuple);
}

void keep_original_v6(byte_view bytes, decoded_packet& packet) noexcept {
  const auto view = ipv6_view::from(bytes);
  if (!view)
    return packet.add_event(decode_event::icmpv6_ipv6_trunc_pkt);
  if (view->version() != 6)
    return packet.add_event(decode_event::icmpv6_ipv6_unknown_version);
  auto& tuple = packet.icmp->original.emplace();
  tuple = {view->source(), view->destination(), 0, 0,
           static_cast<ip_protocol>(view->next_header())};
  keep_ports(bytes.subspan(ipv6_view::header_size), tuple);
}

void read_v4_body(const icmp_view& view, decoded_packet& packet) noexcept {
  auto& icmp = *packet.icmp;
  const auto highest = highest_v4_code(icmp.type);
  if (highest < 0)
    packet.add_event(decode_event::icmpv4_unknown_type);
  else if (icmp.code > highest)
    packet.add_event(decode_event::icmpv4_unknown_code);
  switch (icmp.type) {
  case v4_unreachable:
    if (icmp.code == 4) // fragmentation needed, RFC 1191
      icmp.mtu = view.sequence();
    return keep_original_v4(view.body(), packet);
  case v4_quench:
  case v4_redirect:
  case v4_time_exceeded:
  case v4_parameter_problem: return keep_original_v4(view.body(), packet);
  case v4_echo_reply:
  case v4_echo_request:
  case v4_extended_echo_request:
  case v4_extended_echo_reply: break;
  default:
    if (icmp.type < v4_timestamp_request || icmp.type > v4_address_mask_reply)
      return;
  }
  icmp.id = view.id();
  icmp.sequence = view.sequence();
}

void check_v6_type(decoded_packet& packet) noexcept {
  const auto& icmp = *packet.icmp;
  const auto type = icmp.type;
  if (type == 100 || type == 101 || type == 200 || type == 201)
    packet.add_event(decode_event::icmpv6_experimentation_type);
  else if (const auto highest = highest_v6_code(type); highest >= 0) {
    if (icmp.code > highest)
      packet.add_event(decode_event::icmpv6_unknown_code);
  } else if ((type > v6_parameter_problem && type < 100) || (type > 101 && type < 127) ||
             (type > 161 && type < 200))
    packet.add_event(decode_event::icmpv6_unassigned_type);
  else
    packet.add_event(decode_event::icmpv6_unknown_type);
  const bool is_listener =
      (type >= v6_listener_query && type <= v6_listener_done) || type == v6_listener_report_v2;
  if (is_listener && packet.ttl != 1) // RFC 2710 3, RFC 3810 5
    packet.add_event(decode_event::icmpv6_mld_message_with_invalid_hl);
}

void read_v6_body(const icmp_view& view, decoded_packet& packet) noexcept {
  auto& icmp = *packet.icmp;
  check_v6_type(packet);
  switch (icmp.type) {
  case v6_too_big:
    icmp.mtu = std::uint32_t{view.id()} << 16 | view.sequence();
    return keep_original_v6(view.body(), packet);
  case v6_unreachable:
  case v6_time_exceeded:
  case v6_parameter_problem: return keep_original_v6(view.body(), packet);
  case v6_echo_request:
  case v6_echo_reply:
    icmp.id = view.id();
    icmp.sequence = view.sequence();
    return;
  default: return;
  }
}

} // namespace

void read_icmp(decoded_packet& packet) noexcept {
  const bool is_v4 = packet.tuple.protocol == ip_protocol::icmp;
  const auto view = icmp_view::from(packet.payload);
  if (!view) {
    packet.add_event(is_v4 ? decode_event::icmpv4_pkt_too_small
                           : decode_event::icmpv6_pkt_too_small);
    packet.status = decode_status::damaged_transport;
    return;
  }
  auto& icmp = packet.icmp.emplace();
  icmp.type = view->type();
  icmp.code = view->code();
  packet.tuple.source_port = icmp.type;
  packet.tuple.destination_port = icmp.code;
  if (is_v4)
    read_v4_body(*view, packet);
  else
    read_v6_body(*view, packet);
  packet.transport_header = packet.payload.first(icmp_view::header_size);
  packet.payload = view->body();
}

} // namespace cresset::capture::decode
