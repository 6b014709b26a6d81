#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cresset::detect::proto {

/// The protocols a flow can be recognised as. The list is longer than that of the parsers: a rule's header
/// (`alert ssh …`), `app-layer-protocol` and the event log name a protocol that nobody parses yet.
enum class app_protocol : std::uint8_t {
  unknown,
  http,
  dns,
  tls,
  http2,
  smtp,
  ssh,
  ftp,
  ftp_data,
  smb,
  dcerpc,
  imap,
  pop3,
  krb5,
  ldap,
  snmp,
  tftp,
  nfs,
  rdp,
  sip,
  ike,
  dhcp,
  ntp,
  mqtt,
  rfb,
  telnet,
  websocket,
  pgsql,
  bittorrent_dht,
  modbus,
  dnp3,
  enip,
  quic,
  mdns,
};
inline constexpr std::size_t app_protocol_count = 34;

/// As the event log's `app_proto` and the rules' headers write it, by the order of the enumeration.
inline constexpr std::array<std::string_view, app_protocol_count> app_protocol_names{
    "unknown", "http", "dns",    "tls",  "http2", "smtp",      "ssh",   "ftp",            "ftp-data",
    "smb",     "dcerpc", "imap", "pop3", "krb5",  "ldap",      "snmp",  "tftp",           "nfs",
    "rdp",     "sip",  "ike",    "dhcp", "ntp",   "mqtt",      "rfb",   "telnet",         "websocket",
    "pgsql",   "bittorrent-dht", "modbus", "dnp3", "enip",     "quic",  "mdns"};

constexpr std::string_view name_of(app_protocol protocol) noexcept {
  return app_protocol_names[static_cast<std::size_t>(protocol)];
}

/// As the event log calls its events and its object: "bittorrent_dht" where app_proto is
/// "bittorrent-dht".
constexpr std::string_view event_name_of(std::string_view protocol) noexcept {
  if (protocol == "bittorrent-dht")
    return "bittorrent_dht";
  return protocol == "ftp-data" ? "ftp_data" : protocol;
}

/// The protocol of that name ("http", "smb"); nothing for a name that is none.
constexpr std::optional<app_protocol> app_protocol_from(std::string_view name) noexcept {
  for (std::size_t i = 0; i < app_protocol_names.size(); ++i)
    if (app_protocol_names[i] == name)
      return static_cast<app_protocol>(i);
  return std::nullopt;
}

} // namespace cresset::detect::proto
