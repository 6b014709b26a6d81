#pragma once

#include "capture/base/ip_address.hpp"

#include <cstdint>

namespace cresset {

/// IANA protocol numbers that the sensor knows by name; any other value of 0..255 is allowed as
/// well.
enum class ip_protocol : std::uint8_t {
  hop_by_hop = 0,
  icmp = 1,
  igmp = 2,
  ip_in_ip = 4,
  tcp = 6,
  udp = 17,
  ipv6 = 41,
  ipv6_routing = 43,
  ipv6_fragment = 44,
  gre = 47,
  esp = 50,
  ah = 51,
  icmpv6 = 58,
  ipv6_no_next = 59,
  ipv6_destination = 60,
  sctp = 132,
};

/// Who talks to whom. Ports are 0 for protocols without any; for ICMP they hold type and code.
struct five_tuple {
  ip_address source;
  ip_address destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  ip_protocol protocol{};

  /// The same conversation seen from the other end.
  constexpr five_tuple reversed() const noexcept {
    return {destination, source, destination_port, source_port, protocol};
  }
  friend constexpr bool operator==(const five_tuple&, const five_tuple&) noexcept = default;
};

} // namespace cresset
