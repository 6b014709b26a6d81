#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/five_tuple.hpp"
#include "capture/base/link_type.hpp"
#include "capture/decode/decode_event.hpp"
#include "capture/decode/decode_status.hpp"
#include "capture/decode/tunnel_kind.hpp"

#include <array>
#include <optional>
#include <span>

namespace cresset::capture::decode {

using mac_address = std::array<std::byte, 6>;

/// The flag bits of a TCP header as they stand in its byte 13, with ECN (RFC 9293 3.1, RFC 3168).
enum tcp_flag : std::uint8_t {
  tcp_fin = 0x01,
  tcp_syn = 0x02,
  tcp_rst = 0x04,
  tcp_psh = 0x08,
  tcp_ack = 0x10,
  tcp_urg = 0x20,
  tcp_ece = 0x40,
  tcp_cwr = 0x80,
};

/// The TCP options that mean something to a sensor; each absent unless it was there and well
/// formed.
struct tcp_options {
  std::optional<std::uint16_t> mss;
  std::optional<std::uint8_t> window_scale;
  std::optional<std::uint32_t> timestamp_value;
  std::optional<std::uint32_t> timestamp_echo;
  bool sack_permitted = false;
  /// Blocks of a SACK option; the option itself may be there and empty, then `has_sack` is set and
  /// this is 0.
  bool has_sack = false;
  std::uint8_t sack_blocks = 0;
  /// Fast open (RFC 7413): the cookie's length, 0 when it asks for one.
  std::optional<std::uint8_t> fast_open_cookie_bytes;
};

struct tcp_fields {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint16_t window = 0;
  std::uint16_t urgent_pointer = 0;
  std::uint8_t flags = 0;
  std::uint8_t reserved_bits = 0;
  tcp_options options;

  bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
};

struct icmp_fields {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  /// Of echo and its like; absent for types that have none.
  std::optional<std::uint16_t> id;
  std::optional<std::uint16_t> sequence;
  /// For ICMPv6 "packet too big" and ICMPv4 "fragmentation needed".
  std::optional<std::uint32_t> mtu;
  /// The packet an error message speaks of, as its sender sent it.
  std::optional<five_tuple> original;
};

/// One IPv4 option: where in the header its type byte stands and how long it is with type and
/// length.
struct ipv4_option {
  std::uint8_t type;
  std::uint8_t offset;
  std::uint8_t size_bytes;
};

/// IPv6 extension headers, as bits of `ipv6_extensions`.
enum ipv6_extension : std::uint8_t {
  ipv6_has_hop_by_hop = 0x01,
  ipv6_has_routing = 0x02,
  ipv6_has_fragment = 0x04,
  ipv6_has_destination = 0x08,
  ipv6_has_authentication = 0x10,
  ipv6_has_esp = 0x20,
  ipv6_has_no_next = 0x40,
};

/// What one packet says of itself, down to its transport header. Views point into the bytes given
/// to the decoder and live as long as those; nothing is copied. A packet inside a tunnel is a
/// decoded_packet of its own.
struct decoded_packet {
  static constexpr std::size_t limit_vlans = 3;
  static constexpr std::size_t limit_ipv4_options = 16;
  static constexpr std::size_t limit_events = 8;

  // Written out, so that making one leaves the lists beyond their counts as they are: decode_bench.
  decoded_packet() noexcept {}

  // The layer below IP. For an inner packet the Ethernet frame the tunnel carried, or the IP packet
  // itself.
  byte_view frame;
  /// Of a tunnel's header that stands before the frame and counts to the packet, as ERSPAN's does.
  std::uint8_t carrier_bytes = 0;
  link_type link = link_type::ethernet;
  bool has_ethernet = false;
  mac_address ethernet_source{};
  mac_address ethernet_destination{};
  /// The type behind all VLAN tags; 0 when there is none.
  std::uint16_t ethertype = 0;
  /// From the outside in; an inner packet that has none of its own carries those of its tunnel.
  std::array<std::uint16_t, limit_vlans> vlan_ids{};
  std::uint8_t vlan_count = 0;

  // The network layer. `ip_version` is 4, 6, or 0 when there is no IP header, and then all of this
  // is empty.
  std::uint8_t ip_version = 0;
  std::uint8_t ttl = 0;           ///< or hop limit
  std::uint8_t traffic_class = 0; ///< or TOS
  std::uint8_t ipv6_extensions = 0;
  std::uint32_t ip_id = 0; ///< of a fragment header in IPv6, else 0 there
  std::uint32_t ipv6_flow_label = 0;
  bool reserved_bit = false;
  bool dont_fragment = false;
  bool more_fragments = false;
  /// A fragment has no transport header and no ports: `payload` is the fragment's part of the
  /// datagram.
  bool is_fragment = false;
  std::uint16_t fragment_offset_bytes = 0;
  std::uint8_t ipv4_option_count = 0;
  std::array<ipv4_option, limit_ipv4_options> ipv4_option_list;
  /// From the IP header to the end its length names: padding of the link is cut.
  byte_view network;
  /// With its options, or with the extension headers of IPv6 that were read.
  byte_view network_header;
  /// A routing header with stations left to visit: `tuple.destination` is the next one, not the
  /// last.
  bool has_stations_left = false;
  /// IPv6 fragments: what precedes the fragment header, which the reassembled datagram keeps (RFC
  /// 8200 4.5).
  byte_view unfragmentable;
  /// The protocol behind all extension headers stands in `protocol`; ports are type and code for
  /// ICMP.
  five_tuple tuple;

  // The transport layer. `transport_header` is empty when there is none or when it is damaged.
  byte_view transport_header;
  /// Behind the transport header; for other protocols what follows the IP header.
  byte_view payload;
  std::optional<tcp_fields> tcp;
  std::optional<icmp_fields> icmp;
  bool has_udp = false;
  /// As a UDP header claims it; may differ from what is there.
  std::uint16_t udp_length = 0;

  // Tunnels. The outermost packet has depth 0; `carries_inner` says that the next packet of the
  // same call is inside this one or beside it.
  std::uint8_t tunnel_depth = 0;
  tunnel_kind tunnel = tunnel_kind::none;
  bool carries_inner = false;

  decode_status status = decode_status::ok;
  std::uint8_t event_count = 0;
  /// Events beyond the limit, not kept.
  std::uint8_t events_refused = 0;
  std::array<decode_event, limit_events> event_list;

  std::span<const ipv4_option> ipv4_options() const noexcept {
    return std::span{ipv4_option_list}.first(ipv4_option_count);
  }
  /// The option's bytes from its type on.
  byte_view bytes_of(ipv4_option option) const noexcept {
    return network_header.subspan(option.offset, option.size_bytes);
  }
  std::span<const std::uint16_t> vlans() const noexcept {
    return std::span{vlan_ids}.first(vlan_count);
  }
  std::span<const decode_event> events() const noexcept {
    return std::span{event_list}.first(event_count);
  }
  bool has_event(decode_event event) const noexcept {
    for (const auto seen : events())
      if (seen == event)
        return true;
    return false;
  }
  /// Keeps each event once, up to the limit.
  void add_event(decode_event event) noexcept {
    if (has_event(event))
      return;
    if (event_count == limit_events)
      ++events_refused;
    else
      event_list[event_count++] = event;
  }

  bool is_ip() const noexcept { return ip_version != 0; }
  bool is_tcp() const noexcept { return tcp.has_value(); }
  bool is_udp() const noexcept { return has_udp; }
  bool is_icmp() const noexcept { return icmp.has_value(); }
  bool is_in_tunnel() const noexcept { return tunnel_depth != 0; }
  bool is_tunnel() const noexcept { return carries_inner || is_in_tunnel(); }
};

} // namespace cresset::capture::decode
