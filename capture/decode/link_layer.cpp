#include "capture/decode/link_layer.hpp"

#include "capture/decode/ethernet_view.hpp"
#include "capture/decode/label_layer.hpp"
#include "capture/decode/ppp_layer.hpp"
#include "capture/decode/vlan_view.hpp"

#include <initializer_list>

// Below IP every header names the next by a number, most often an EtherType. So each reader takes a
// step and answers the next one, and one loop walks them: no reader calls another, and how deep
// they may nest is one limit.
//
//   ethernet ──type──▶ vlan ──type──▶ mpls ──label──▶ ethernet … ──type──▶ ipv4 | ipv6

namespace cresset::capture::decode {
namespace {

// Linux's own values of AF_INET6 and those of the BSDs (tcpdump.org/linktypes, LINKTYPE_NULL).
constexpr std::uint32_t family_inet = 2;
constexpr std::initializer_list<std::uint32_t> families_inet6 = {10, 24, 28, 30};

layer_step damaged(decoded_packet& packet, decode_event event) noexcept {
  packet.add_event(event);
  packet.status = decode_status::damaged_link;
  return {};
}

layer_step stop(decoded_packet& packet, decode_status status) noexcept {
  packet.status = status;
  return {};
}

// LINKTYPE_NULL: the address family in the byte order of whoever captured; LINKTYPE_LOOP: in
// network order.
layer_step read_null(byte_view frame, bool any_order, decoded_packet& packet) noexcept {
  if (frame.size() < 4)
    return damaged(packet, decode_event::ltnull_pkt_too_small);
  const auto matches = [&](std::uint32_t family) {
    return be32_at(frame, 0) == family || (any_order && load_le32(frame.first<4>()) == family);
  };
  if (matches(family_inet))
    return {layer::ipv4, 0, frame.subspan(4)};
  for (const auto family : families_inet6)
    if (matches(family))
      return {layer::ipv6, 0, frame.subspan(4)};
  packet.add_event(decode_event::ltnull_unsupported_type);
  return stop(packet, decode_status::unknown_payload);
}

// LINKTYPE_LINUX_SLL: packet type 2, ARPHRD 2, address length 2, address 8, protocol 2.
layer_step read_cooked(byte_view frame, decoded_packet& packet) noexcept {
  if (frame.size() < 16)
    return damaged(packet, decode_event::sll_pkt_too_small);
  return {layer::by_ethertype, be16_at(frame, 14), frame.subspan(16)};
}

// LINKTYPE_LINUX_SLL2: protocol 2, reserved 2, interface 4, ARPHRD 2, packet type 1, address length
// 1, address 8.
layer_step read_cooked_v2(byte_view frame, decoded_packet& packet) noexcept {
  if (frame.size() < 20)
    return damaged(packet, decode_event::sll2_pkt_too_small);
  return {layer::by_ethertype, be16_at(frame, 0), frame.subspan(20)};
}

// Cisco HDLC: address 1, control 1, EtherType 2.
layer_step read_cisco_hdlc(byte_view frame, decoded_packet& packet) noexcept {
  if (frame.size() < 4)
    return damaged(packet, decode_event::chdlc_pkt_too_small);
  return {layer::by_ethertype, be16_at(frame, 2), frame.subspan(4)};
}

layer_step read_ethernet(byte_view frame, decoded_packet& packet) noexcept {
  const auto ethernet = ethernet_view::from(frame);
  if (!ethernet)
    return damaged(packet, decode_event::ethernet_pkt_too_small);
  packet.has_ethernet = true;
  packet.ethernet_source = ethernet->source();
  packet.ethernet_destination = ethernet->destination();
  return {layer::by_ethertype, ethernet->type(), ethernet->payload()};
}

layer_step read_vlan(byte_view bytes, decoded_packet& packet) noexcept {
  const auto tag = vlan_view::from(bytes);
  if (!tag)
    return damaged(packet, decode_event::vlan_header_too_small);
  if (packet.vlan_count == decoded_packet::limit_vlans) {
    packet.add_event(decode_event::vlan_too_many_layers);
    return stop(packet, decode_status::too_many_layers);
  }
  packet.vlan_ids[packet.vlan_count++] = tag->id();
  return {layer::by_ethertype, tag->type(), tag->payload()};
}

// RFC 826: hardware type, protocol type, their sizes, operation, then the four addresses.
layer_step read_arp(byte_view bytes, decoded_packet& packet) noexcept {
  constexpr std::size_t size = 28;
  if (bytes.size() < size)
    return damaged(packet, decode_event::arp_pkt_too_small);
  if (be16_at(bytes, 0) != 1)
    packet.add_event(decode_event::arp_unsupported_hardware);
  if (be16_at(bytes, 2) != ethertype::ipv4)
    packet.add_event(decode_event::arp_unsupported_protocol);
  if (u8_at(bytes, 4) != 6)
    packet.add_event(decode_event::arp_invalid_hardware_size);
  if (u8_at(bytes, 5) != 4)
    packet.add_event(decode_event::arp_invalid_protocol_size);
  // Requests and replies of ARP, RARP and InARP, and the refusal of ATMARP (IANA "ARP Parameters").
  const unsigned operation = be16_at(bytes, 6);
  if (operation == 0 || operation > 10 || (operation > 4 && operation < 8))
    packet.add_event(decode_event::arp_unsupported_opcode);
  return stop(packet, decode_status::not_ip);
}

// Cisco FabricPath: a frame's addresses and type, a forwarding tag of two bytes, then the frame.
layer_step read_fabric_path(byte_view bytes, decoded_packet& packet) noexcept {
  constexpr std::size_t tag_size = 2;
  if (bytes.size() < tag_size)
    return damaged(packet, decode_event::dce_pkt_too_small);
  return {layer::ethernet, 0, bytes.subspan(tag_size)};
}

layer_step read_rarer(layer_step step, decoded_packet& packet) noexcept {
  switch (step.type) {
  case ethertype::mpls:
  case ethertype::mpls_multicast: return {layer::mpls, 0, step.bytes};
  case ethertype::pppoe_session: return read_pppoe_session(step.bytes, packet);
  case ethertype::pppoe_discovery: return read_pppoe_discovery(step.bytes, packet);
  case ethertype::transparent_ethernet: return {layer::ethernet, 0, step.bytes};
  case ethertype::ppp: return {layer::ppp, 0, step.bytes};
  case ethertype::backbone_bridge: return read_backbone_bridge(step.bytes, packet);
  case ethertype::fabric_path: return read_fabric_path(step.bytes, packet);
  case ethertype::vntag: return read_vntag(step.bytes, packet);
  case ethertype::nsh: return read_nsh(step.bytes, packet);
  case ethertype::mac_control:
  case ethertype::slow_protocols:
  case ethertype::eapol:
  case ethertype::lldp:
  case ethertype::macsec:
  case ethertype::ptp:
  case ethertype::loop_test: return stop(packet, decode_status::not_ip);
  default: break;
  }
  // 802.3 with LLC (spanning tree, IS-IS): nothing for IP rules, and odd only behind a tag.
  if (step.type < ethertype::least && packet.vlan_count == 0)
    return stop(packet, decode_status::not_ip);
  packet.add_event(packet.vlan_count != 0 ? decode_event::vlan_unknown_type
                                          : decode_event::ethernet_unknown_ethertype);
  return stop(packet, decode_status::unknown_payload);
}

layer_step read_by_ethertype(layer_step step, decoded_packet& packet) noexcept {
  packet.ethertype = step.type;
  switch (step.type) {
  case ethertype::ipv4: return {layer::ipv4, 0, step.bytes};
  case ethertype::ipv6: return {layer::ipv6, 0, step.bytes};
  case ethertype::vlan:
  case ethertype::provider_bridge:
  case ethertype::qinq_old: return read_vlan(step.bytes, packet);
  case ethertype::arp: return read_arp(step.bytes, packet);
  default: return read_rarer(step, packet);
  }
}

layer_step read_raw_ip(byte_view bytes, decoded_packet& packet) noexcept {
  const auto version = bytes.empty() ? 0 : u8_at(bytes, 0) >> 4;
  if (version == 4)
    return {layer::ipv4, 0, bytes};
  if (version == 6)
    return {layer::ipv6, 0, bytes};
  return damaged(packet, decode_event::ipraw_invalid_ip_version);
}

} // namespace

layer_step first_layer(byte_view frame, link_type link, decoded_packet& packet) noexcept {
  switch (link) {
  case link_type::ethernet: return {layer::ethernet, 0, frame};
  case link_type::null: return read_null(frame, true, packet);
  case link_type::loopback: return read_null(frame, false, packet);
  case link_type::ppp:
  case link_type::ppp_hdlc: return {layer::ppp, 0, frame};
  case link_type::cisco_hdlc: return read_cisco_hdlc(frame, packet);
  case link_type::raw:
  case link_type::raw_bsd:
  case link_type::raw_openbsd: return {layer::raw_ip, 0, frame};
  case link_type::ipv4: return {layer::ipv4, 0, frame};
  case link_type::ipv6: return {layer::ipv6, 0, frame};
  case link_type::linux_cooked: return read_cooked(frame, packet);
  case link_type::linux_cooked_v2: return read_cooked_v2(frame, packet);
  }
  return stop(packet, decode_status::unsupported_link_type);
}

layer_step read_link_layers(layer_step step, decoded_packet& packet) noexcept {
  for (unsigned layers = 0; layers < limit_link_layers; ++layers) {
    switch (step.next) {
    case layer::ipv4:
    case layer::ipv6:
    case layer::end: return step;
    case layer::ethernet: step = read_ethernet(step.bytes, packet); break;
    case layer::by_ethertype: step = read_by_ethertype(step, packet); break;
    case layer::mpls: step = read_mpls(step.bytes, packet); break;
    case layer::ppp: step = read_ppp(step.bytes, packet); break;
    case layer::raw_ip: step = read_raw_ip(step.bytes, packet); break;
    }
  }
  packet.add_event(decode_event::too_many_layers);
  return stop(packet, decode_status::too_many_layers);
}

} // namespace cresset::capture::decode
