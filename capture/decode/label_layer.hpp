#pragma once

#include "capture/decode/decoded_packet.hpp"
#include "capture/decode/layer_step.hpp"

namespace cresset::capture::decode {

/// Labels and tags that networks put before a frame. Each reader takes the bytes behind the
/// EtherType that announced it and answers the next step, or `layer::end` with event and status in
/// `packet`.

/// A stack of MPLS labels (RFC 3032). What lies behind it is not named: labels 0 and 2 say IPv4 and
/// IPv6, else the first nibble is taken for the IP version, and a 0 there for the control word of a
/// pseudowire (RFC 4385).
layer_step read_mpls(byte_view bytes, decoded_packet& packet) noexcept;

/// A provider backbone bridge's I-tag (IEEE 802.1Q 9.7): 4 bytes of tag, then the customer's own
/// Ethernet header.
layer_step read_backbone_bridge(byte_view bytes, decoded_packet& packet) noexcept;

/// A VN-Tag (Cisco, 802.1Qbh draft): 4 bytes, then the EtherType of what follows.
layer_step read_vntag(byte_view bytes, decoded_packet& packet) noexcept;

/// A network service header (RFC 8300).
layer_step read_nsh(byte_view bytes, decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
