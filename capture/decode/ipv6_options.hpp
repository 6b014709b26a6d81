#pragma once

#include "capture/decode/decoded_packet.hpp"

namespace cresset::capture::decode {

/// Checks the options of a hop-by-hop or destination header (RFC 8200 4.2) behind its first two
/// bytes. What is wrong becomes an event; the packet stands.
void check_ipv6_options(byte_view options, bool is_hop_by_hop, decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
