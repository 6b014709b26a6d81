#pragma once

#include "capture/decode/decoded_packet.hpp"
#include "capture/decode/layer_step.hpp"

namespace cresset::capture::decode {

/// A PPP frame (RFC 1661 2, RFC 1662 3.1): address and control may be left out, and the protocol
/// may be one byte.
layer_step read_ppp(byte_view bytes, decoded_packet& packet) noexcept;

/// A PPPoE session frame (RFC 2516 4): a PPP frame without address and control.
layer_step read_pppoe_session(byte_view bytes, decoded_packet& packet) noexcept;

/// A PPPoE discovery frame: checked, and the end of reading.
layer_step read_pppoe_discovery(byte_view bytes, decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
