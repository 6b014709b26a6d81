#pragma once

#include "detect/alert/alert.hpp"

#include <string>

namespace cresset::detect::alert {

/// What an event line says beyond the alert itself; all off by default, as evidence makes lines
/// long.
struct eve_options {
  bool payload = false;           ///< "payload": base64
  bool payload_printable = false; ///< "payload_printable": bytes that cannot be printed as "."
  bool packet = false;            ///< "packet": base64, and "packet_info"
  bool sensor_name = false;       ///< "host"
};

/// The name event logs give a protocol: "TCP", "IPv6-ICMP"; three digits for one without a name.
std::string eve_protocol(ip_protocol protocol);

/// Appends the alert as one line of the event log (EVE JSON), line break included. Names and types
/// of the fields are those every reader of EVE knows; numbers that are not there are left out,
/// never null.
void append_eve(std::string& out, const alert& from, const eve_options& options = {});

/// The bytes as text, with a dot for each that is not printable.
std::string printable(byte_view bytes);

} // namespace cresset::detect::alert
