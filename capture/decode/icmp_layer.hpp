#pragma once

#include "capture/decode/decoded_packet.hpp"

namespace cresset::capture::decode {

/// Reads the ICMP (RFC 792) or ICMPv6 (RFC 4443) message at the front of `packet.payload`,
/// whichever the protocol says, with the packet an error message speaks of. Type and code become
/// the ports of the five_tuple. A type or code nobody assigned and a damaged inner packet are
/// events; the message stands.
void read_icmp(decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
