#pragma once

#include <cstdint>

namespace cresset {

/// What stands at the front of a captured frame. The values are those of the registry of link types
/// (https://www.tcpdump.org/linktypes.html), so that a capture file's number can be cast and then
/// checked.
enum class link_type : std::uint16_t {
  null = 0,
  ethernet = 1,
  ppp = 9,
  raw_bsd = 12,
  raw_openbsd = 14,
  ppp_hdlc = 50,
  raw = 101,
  cisco_hdlc = 104,
  loopback = 108,
  linux_cooked = 113,
  ipv4 = 228,
  ipv6 = 229,
  linux_cooked_v2 = 276,
};

} // namespace cresset
