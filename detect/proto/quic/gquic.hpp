#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cresset::detect::proto::quic {

/// What Google's own QUIC (Q039 to Q046) shows of a hello: its handshake is not TLS and not hidden.
struct gquic_hello {
  std::string version; ///< "Q046"
  std::string cyu;     ///< "46,PAD-SNI-VER-…": the version and the tags in their order
  std::optional<std::string> sni;
  std::optional<std::string> user_agent;
};
/// Reads a client's packet; nothing if it is none of these versions, or carries no CHLO.
std::optional<gquic_hello> read_gquic_hello(byte_view datagram);
/// The version of a packet of Google's QUIC that names one: four letters; else empty.
byte_view gquic_version(byte_view datagram) noexcept;

} // namespace cresset::detect::proto::quic
