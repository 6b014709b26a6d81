#pragma once

#include "capture/decode/decoded_packet.hpp"
#include "capture/decode/layer_step.hpp"

namespace cresset::capture::decode {

/// Reads an IPv4 header with its options (RFC 791) into `packet`. True when `packet.payload` begins
/// with the header that `packet.tuple.protocol` names; false for a fragment or a damaged header,
/// with the status set. A packet cut short behind its header keeps what the header says and has no
/// payload.
bool read_ipv4(layer_step step, decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
