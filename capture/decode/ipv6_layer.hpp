#pragma once

#include "capture/decode/decoded_packet.hpp"
#include "capture/decode/layer_step.hpp"

namespace cresset::capture::decode {

/// More extension headers than this are not followed.
inline constexpr unsigned limit_ipv6_extensions = 16;

/// Reads an IPv6 header and the chain of extension headers (RFC 8200 3 and 4) into `packet`. True
/// when `packet.payload` begins with the header that `packet.tuple.protocol` names; false for a
/// fragment, for ESP and "no next header", and for a damaged chain, with the status set.
bool read_ipv6(layer_step step, decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
