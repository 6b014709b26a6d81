#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cresset::capture::decode {

/// How an inner packet was carried.
enum class tunnel_kind : std::uint8_t {
  none,
  gre,
  ip_in_ip,    ///< IPv4 in IPv4 (RFC 2003)
  six_in_four, ///< IPv6 in IPv4 (RFC 4213)
  four_in_six, ///< IPv4 in IPv6 (RFC 2473)
  six_in_six,  ///< IPv6 in IPv6 (RFC 2473)
  vxlan,       ///< RFC 7348
  geneve,      ///< RFC 8926
  teredo,      ///< RFC 4380
  erspan,      ///< type I, II
};

inline constexpr std::size_t tunnel_kind_count = static_cast<std::size_t>(tunnel_kind::erspan) + 1;

constexpr std::string_view to_string(tunnel_kind kind) noexcept {
  switch (kind) {
  case tunnel_kind::none: return "none";
  case tunnel_kind::gre: return "gre";
  case tunnel_kind::ip_in_ip: return "ip_in_ip";
  case tunnel_kind::six_in_four: return "6in4";
  case tunnel_kind::four_in_six: return "4in6";
  case tunnel_kind::six_in_six: return "6in6";
  case tunnel_kind::vxlan: return "vxlan";
  case tunnel_kind::geneve: return "geneve";
  case tunnel_kind::teredo: return "teredo";
  case tunnel_kind::erspan: return "erspan";
  }
  return "unknown";
}

} // namespace cresset::capture::decode
