#pragma once

#include "capture/decode/decoded_packet.hpp"

namespace cresset::capture::decode {

/// Reads the header at the front of `packet.payload` that `packet.tuple.protocol` names: TCP, UDP,
/// SCTP, ICMP, ICMPv6. The payload moves behind it. A damaged header leaves the network layer as it
/// is, with the event and `damaged_transport`; a protocol without a reader gets `no_transport`.
void read_transport(decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
