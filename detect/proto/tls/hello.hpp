#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/proto/event_list.hpp"
#include "detect/proto/tls/message.hpp"

#include <optional>

namespace cresset::detect::proto::tls {

/// Reads the body of a ClientHello (RFC 8446 4.1.2). Nothing if it is damaged; oddities in what can
/// be read become events.
std::optional<client_hello> read_client_hello(byte_view body, event_list& events);
/// The same of a ServerHello, and of one without extensions as TLS 1.2 and before may send.
std::optional<server_hello> read_server_hello(byte_view body, event_list& events);
/// A ClientHello in the form of SSL 2 (RFC 5246 E.2), from the message type on: it names ciphers,
/// and no extension.
std::optional<client_hello> read_sslv2_hello(byte_view message);

/// A value reserved so that servers learn to ignore what they do not know (RFC 8701).
constexpr bool is_grease(std::uint16_t value) noexcept {
  return (value & 0x0f0fU) == 0x0a0a && value >> 8 == (value & 0xffU);
}

} // namespace cresset::detect::proto::tls
