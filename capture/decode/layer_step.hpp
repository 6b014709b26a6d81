#pragma once

#include "capture/base/byte_order.hpp"

namespace cresset::capture::decode {

/// What kind of header comes next.
enum class layer : std::uint8_t {
  end, ///< reading stopped; the packet's status says why
  ethernet,
  by_ethertype, ///< `type` of the step says what
  mpls,
  ppp,
  raw_ip, ///< IPv4 or IPv6, whichever the first nibble says
  ipv4,
  ipv6,
};

/// From one header to the next: what it is, and the bytes from its first to the last known of the
/// packet.
struct layer_step {
  layer next = layer::end;
  /// An EtherType (IANA "IEEE 802 Numbers") for `by_ethertype`; for `ipv4` `vj_uncompressed` when
  /// the protocol byte is a slot number and TCP is meant; else 0.
  std::uint16_t type = 0;
  byte_view bytes;
};

/// The PPP protocol number of RFC 1144 3.2.2.
inline constexpr std::uint16_t vj_uncompressed = 0x002f;

/// The EtherTypes that are read or at least known.
namespace ethertype {
inline constexpr std::uint16_t ipv4 = 0x0800;
inline constexpr std::uint16_t arp = 0x0806;
inline constexpr std::uint16_t transparent_ethernet = 0x6558;
inline constexpr std::uint16_t vlan = 0x8100;
inline constexpr std::uint16_t ipv6 = 0x86dd;
inline constexpr std::uint16_t mac_control = 0x8808;
inline constexpr std::uint16_t slow_protocols = 0x8809;
inline constexpr std::uint16_t ppp = 0x880b;
inline constexpr std::uint16_t mpls = 0x8847;
inline constexpr std::uint16_t mpls_multicast = 0x8848;
inline constexpr std::uint16_t pppoe_discovery = 0x8863;
inline constexpr std::uint16_t pppoe_session = 0x8864;
inline constexpr std::uint16_t eapol = 0x888e;
inline constexpr std::uint16_t provider_bridge = 0x88a8;
inline constexpr std::uint16_t erspan = 0x88be;
inline constexpr std::uint16_t erspan_iii = 0x22eb;
inline constexpr std::uint16_t lldp = 0x88cc;
inline constexpr std::uint16_t macsec = 0x88e5;
inline constexpr std::uint16_t backbone_bridge = 0x88e7;
inline constexpr std::uint16_t ptp = 0x88f7;
inline constexpr std::uint16_t fabric_path = 0x8903;
inline constexpr std::uint16_t vntag = 0x8926;
inline constexpr std::uint16_t nsh = 0x894f;
inline constexpr std::uint16_t loop_test = 0x9000;
inline constexpr std::uint16_t qinq_old = 0x9100;
/// Below this the field is the length of an IEEE 802.3 frame.
inline constexpr std::uint16_t least = 0x0600;
} // namespace ethertype

} // namespace cresset::capture::decode
