#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cresset::capture::decode {

/// How far one packet could be read: the outcome that the ledger counts.
enum class decode_status : std::uint8_t {
  ok,              ///< every layer down to the transport header was read
  fragment,        ///< an IP fragment: what it carries is read once the datagram is whole
  no_transport,    ///< an IP packet whose protocol has no view here (OSPF, ESP, no next header)
  not_ip,          ///< ARP, PPPoE discovery, a control frame: whole, but nothing for IP rules
  unknown_payload, ///< a link layer that carries a protocol not known here
  unsupported_link_type, ///< no reader for this link type
  damaged_link,          ///< a link, VLAN, MPLS or PPP header is cut short or contradicts itself
  damaged_network,       ///< the IP header is; there is no five_tuple
  damaged_transport, ///< the network layer stands, the transport header is cut short or contradicts
                     ///< itself
  too_many_layers,   ///< more headers or tunnels inside each other than are followed
};

inline constexpr std::size_t decode_status_count =
    static_cast<std::size_t>(decode_status::too_many_layers) + 1;

/// "damaged_network", as counters print it.
constexpr std::string_view to_string(decode_status status) noexcept {
  switch (status) {
  case decode_status::ok: return "ok";
  case decode_status::fragment: return "fragment";
  case decode_status::no_transport: return "no_transport";
  case decode_status::not_ip: return "not_ip";
  case decode_status::unknown_payload: return "unknown_payload";
  case decode_status::unsupported_link_type: return "unsupported_link_type";
  case decode_status::damaged_link: return "damaged_link";
  case decode_status::damaged_network: return "damaged_network";
  case decode_status::damaged_transport: return "damaged_transport";
  case decode_status::too_many_layers: return "too_many_layers";
  }
  return "unknown";
}

} // namespace cresset::capture::decode
