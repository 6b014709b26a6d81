#pragma once

#include "capture/decode/decoded_packet.hpp"
#include "capture/decode/layer_step.hpp"

namespace cresset::capture::decode {

/// More headers below IP than this are not followed: labels, tags and tunnels of the link layer
/// count one each.
inline constexpr unsigned limit_link_layers = 16;

/// The first header of a captured frame; `layer::end` and a status in `packet` when there is no
/// reader for `link` or when the frame is too short for it.
layer_step first_layer(byte_view frame, link_type link, decoded_packet& packet) noexcept;

/// Reads everything below IP: Ethernet, VLAN tags, MPLS, PPP and PPPoE, NSH, 802.1ah, VN-Tag.
/// Answers `layer::ipv4` or `layer::ipv6` with the bytes from the IP header on, or `layer::end`
/// with the reason in `packet.status`.
layer_step read_link_layers(layer_step step, decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
