#include "capture/decode/tunnel.hpp"

#include "capture/decode/ethernet_view.hpp"
#include "capture/decode/gre.hpp"
#include "capture/decode/ipv4_view.hpp"
#include "capture/decode/ipv6_view.hpp"

namespace cresset::capture::decode {
namespace {

using content = std::optional<tunnel_content>;

// Lists of ports are short: two or three at most.
bool contains(const std::vector<std::uint16_t>& ports, std::uint16_t port) noexcept {
  for (const auto listed : ports)
    if (listed == port)
      return true;
  return false;
}

content inner_ip(tunnel_kind kind, layer next, byte_view bytes) noexcept {
  return tunnel_content{kind, {next, 0, bytes}, std::nullopt};
}

// Inside IPv6 the field names what is wrong with the inner header; inside IPv4 the inner packet
// says it itself.
content find_in_ipv6(decoded_packet& packet, bool is_inner_v4) noexcept {
  const auto bytes = packet.payload;
  const auto refuse = [&](decode_event event) -> content {
    packet.add_event(event);
    packet.status = decode_status::damaged_transport;
    return std::nullopt;
  };
  if (bytes.size() < (is_inner_v4 ? ipv4_view::header_size : ipv6_view::header_size))
    return refuse(is_inner_v4 ? decode_event::ipv6_ipv4_in_ipv6_too_small
                              : decode_event::ipv6_ipv6_in_ipv6_too_small);
  if (u8_at(bytes, 0) >> 4 != (is_inner_v4 ? 4 : 6))
    return refuse(is_inner_v4 ? decode_event::ipv6_ipv4_in_ipv6_wrong_version
                              : decode_event::ipv6_ipv6_in_ipv6_wrong_version);
  packet.status = decode_status::ok;
  return is_inner_v4 ? inner_ip(tunnel_kind::four_in_six, layer::ipv4, bytes)
                     : inner_ip(tunnel_kind::six_in_six, layer::ipv6, bytes);
}

content find_in_ipv4(decoded_packet& packet, bool is_inner_v4) noexcept {
  packet.status = decode_status::ok;
  return is_inner_v4 ? inner_ip(tunnel_kind::ip_in_ip, layer::ipv4, packet.payload)
                     : inner_ip(tunnel_kind::six_in_four, layer::ipv6, packet.payload);
}

bool is_carried_type(std::uint16_t type) noexcept {
  switch (type) {
  case ethertype::ipv4:
  case ethertype::ipv6:
  case ethertype::arp:
  case ethertype::vlan:
  case ethertype::provider_bridge:
  case ethertype::qinq_old: return true;
  default: return false;
  }
}

// RFC 7348 5: flags 1 with the I bit, reserved 3, network id 3, reserved 1, then an Ethernet frame.
content find_in_vxlan(decoded_packet& packet) noexcept {
  constexpr std::size_t header_size = 8;
  const auto bytes = packet.payload;
  if (bytes.size() < header_size + ethernet_view::header_size || (u8_at(bytes, 0) & 0x08U) == 0)
    return std::nullopt; // some other protocol on that port
  const auto frame = bytes.subspan(header_size);
  const auto type = ethernet_view::from(frame)->type();
  if (!is_carried_type(type)) {
    if (type >= ethertype::least)
      packet.add_event(decode_event::vxlan_unknown_payload_type);
    return std::nullopt;
  }
  return tunnel_content{tunnel_kind::vxlan, {layer::ethernet, 0, frame}, std::nullopt};
}

// RFC 8926 3.4: version 2 bits, length of options in words 6; flags 1; protocol 2; network id 3;
// reserved 1; options.
content find_in_geneve(decoded_packet& packet) noexcept {
  const auto bytes = packet.payload;
  if (bytes.size() < 8 || u8_at(bytes, 0) >> 6 != 0)
    return std::nullopt;
  const std::size_t length = 8 + (u8_at(bytes, 0) & 0x3fU) * std::size_t{4};
  if (length > bytes.size())
    return std::nullopt;
  const auto type = be16_at(bytes, 2);
  if (type != ethertype::transparent_ethernet && !is_carried_type(type)) {
    packet.add_event(decode_event::geneve_unknown_payload_type);
    return std::nullopt;
  }
  return tunnel_content{
      tunnel_kind::geneve, {layer::by_ethertype, type, bytes.subspan(length)}, std::nullopt};
}

// RFC 4380 5.1.1: authentication, origin, both optional and in that order, then an IPv6 packet that
// fills the rest. The exact fit is what tells Teredo from anything else on that port.
content find_in_teredo(const decoded_packet& packet) noexcept {
  auto bytes = packet.payload;
  if (bytes.size() >= 13 && be16_at(bytes, 0) == 1) {
    const auto length = 13U + u8_at(bytes, 2) + u8_at(bytes, 3);
    if (length > bytes.size())
      return std::nullopt;
    bytes = bytes.subspan(length);
  }
  if (bytes.size() >= 8 && be16_at(bytes, 0) == 0)
    bytes = bytes.subspan(8);
  const auto inner = ipv6_view::from(bytes);
  if (!inner || inner->version() != 6 ||
      inner->payload_length() != bytes.size() - ipv6_view::header_size)
    return std::nullopt;
  return inner_ip(tunnel_kind::teredo, layer::ipv6, bytes);
}

content find_in_udp(decoded_packet& packet, const decoder_settings& settings) noexcept {
  const auto source = packet.tuple.source_port;
  const auto destination = packet.tuple.destination_port;
  if (settings.vxlan && contains(settings.vxlan_ports, destination))
    return find_in_vxlan(packet);
  if (settings.geneve && contains(settings.geneve_ports, destination))
    return find_in_geneve(packet);
  if (settings.teredo &&
      (settings.teredo_ports.empty() || contains(settings.teredo_ports, destination) ||
       contains(settings.teredo_ports, source)))
    return find_in_teredo(packet);
  return std::nullopt;
}

} // namespace

std::optional<tunnel_content> find_tunnel(decoded_packet& packet,
                                          const decoder_settings& settings) noexcept {
  switch (packet.tuple.protocol) {
  case ip_protocol::udp: return packet.has_udp ? find_in_udp(packet, settings) : std::nullopt;
  case ip_protocol::gre: return find_in_gre(packet);
  case ip_protocol::ip_in_ip:
  case ip_protocol::ipv6: {
    const bool is_inner_v4 = packet.tuple.protocol == ip_protocol::ip_in_ip;
    return packet.ip_version == 6 ? find_in_ipv6(packet, is_inner_v4)
                                  : find_in_ipv4(packet, is_inner_v4);
  }
  default: return std::nullopt;
  }
}

} // namespace cresset::capture::decode
