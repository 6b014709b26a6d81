#pragma once

#include "capture/base/link_type.hpp"

namespace cresset::capture::source {

/// Whether a number from a capture file or from libpcap is a link type that the sensor reads.
constexpr bool is_link_type_known(std::uint32_t number) noexcept {
  if (number > 0xffff)
    return false;
  switch (static_cast<link_type>(number)) {
  case link_type::null:
  case link_type::ethernet:
  case link_type::ppp:
  case link_type::raw_bsd:
  case link_type::raw_openbsd:
  case link_type::ppp_hdlc:
  case link_type::raw:
  case link_type::cisco_hdlc:
  case link_type::loopback:
  case link_type::linux_cooked:
  case link_type::ipv4:
  case link_type::ipv6:
  case link_type::linux_cooked_v2: return true;
  }
  return false;
}

} // namespace cresset::capture::source
