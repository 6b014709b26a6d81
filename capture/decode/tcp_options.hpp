#pragma once

#include "capture/decode/decoded_packet.hpp"

namespace cresset::capture::decode {

/// Reads the options of a TCP header (RFC 9293 3.1, 3.2) into `packet.tcp`, which must be there.
/// What is wrong becomes an event and ends reading; what was read before stays, and so does the
/// packet.
void read_tcp_options(byte_view options, decoded_packet& packet) noexcept;

} // namespace cresset::capture::decode
