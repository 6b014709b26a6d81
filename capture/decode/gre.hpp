#pragma once

#include "capture/decode/tunnel.hpp"

namespace cresset::capture::decode {

/// Finds what a GRE header carries, version 0 (RFC 2784, 2890, 1701) or 1 (PPTP, RFC 2637).
/// `packet.payload` begins with that header. Nothing, with event and status in `packet`, when it is
/// damaged or carries what is not read here.
std::optional<tunnel_content> find_in_gre(decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
