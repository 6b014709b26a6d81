#pragma once

#include "capture/base/timestamp.hpp"
#include "capture/decode/decoded_packet.hpp"
#include "detect/flow/flow_table.hpp"

#include <string_view>

namespace cresset::detect::flow::test {

using namespace capture::decode;

inline ip_address address(std::string_view text) {
  return *ip_address::parse(text);
}

/// A packet as the decoder would give it, without bytes.
inline decoded_packet make_packet(ip_protocol protocol, std::string_view source,
                                  std::uint16_t source_port, std::string_view destination,
                                  std::uint16_t destination_port) {
  decoded_packet packet;
  packet.tuple = {address(source), address(destination), source_port, destination_port, protocol};
  packet.ip_version = packet.tuple.source.is_v6() ? 6 : 4;
  packet.has_udp = protocol == ip_protocol::udp;
  return packet;
}
inline decoded_packet udp(std::string_view source, std::uint16_t source_port,
                          std::string_view destination, std::uint16_t destination_port) {
  return make_packet(ip_protocol::udp, source, source_port, destination, destination_port);
}
inline decoded_packet tcp(std::string_view source, std::uint16_t source_port,
                          std::string_view destination, std::uint16_t destination_port,
                          std::uint8_t flags) {
  auto packet = make_packet(ip_protocol::tcp, source, source_port, destination, destination_port);
  packet.tcp = tcp_fields{};
  packet.tcp->flags = flags;
  packet.tcp->window = 8000;
  return packet;
}
inline decoded_packet icmp(std::string_view source, std::string_view destination, std::uint8_t type,
                           std::uint8_t code, std::uint16_t id) {
  auto packet = make_packet(ip_protocol::icmp, source, type, destination, code);
  if (packet.ip_version == 6)
    packet.tuple.protocol = ip_protocol::icmpv6;
  packet.icmp = icmp_fields{};
  packet.icmp->type = type;
  packet.icmp->code = code;
  packet.icmp->id = id;
  return packet;
}
/// The same packet the other way.
inline decoded_packet answer(decoded_packet packet) {
  packet.tuple = packet.tuple.reversed();
  return packet;
}
inline timestamp at_second(std::int64_t second) {
  return timestamp{std::chrono::seconds{1'700'000'000 + second}};
}

inline flow_table_settings table_of(std::size_t flows) {
  flow_table_settings settings;
  settings.limit_flows = flows;
  return settings;
}

} // namespace cresset::detect::flow::test
