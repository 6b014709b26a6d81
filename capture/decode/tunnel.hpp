#pragma once

#include "capture/decode/decoded_packet.hpp"
#include "capture/decode/decoder_settings.hpp"
#include "capture/decode/layer_step.hpp"

namespace cresset::capture::decode {

/// The packet that another one carries.
struct tunnel_content {
  tunnel_kind kind = tunnel_kind::none;
  /// Where reading begins, and with which header.
  layer_step step;
  /// The VLAN that the tunnel's own header names, as ERSPAN does.
  std::optional<std::uint16_t> vlan_id;
  /// Bytes of that header that count to the inner packet.
  std::uint8_t carrier_bytes = 0;
};

/// Finds the packet inside a whole one: GRE, IP in IP, VXLAN, GENEVE, Teredo, ERSPAN. Nothing when
/// there is none. A tunnel header that is cut short or contradicts itself becomes an event and the
/// status of `packet`.
std::optional<tunnel_content> find_tunnel(decoded_packet& packet,
                                          const decoder_settings& settings) noexcept;

} // namespace cresset::capture::decode
