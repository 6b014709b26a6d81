#pragma once

#include "detect/proto/identify.hpp"

/// The eyes behind recognisers(): one function per protocol and, where they differ, direction. Each
/// says `no` as soon as a byte contradicts, `need_more` while none does but too few have come.
namespace cresset::detect::proto::recognise {

likeness http_request(byte_view) noexcept;
likeness http_response(byte_view) noexcept;
likeness http2_preface(byte_view) noexcept;
likeness http2_settings(byte_view) noexcept;
likeness smtp_command(byte_view) noexcept;
likeness smtp_greeting(byte_view) noexcept;
likeness ftp_command(byte_view) noexcept;
likeness ftp_greeting(byte_view) noexcept;
likeness ssh_banner(byte_view) noexcept;
likeness imap_command(byte_view) noexcept;
likeness imap_greeting(byte_view) noexcept;
likeness pop3_command(byte_view) noexcept;
likeness pop3_greeting(byte_view) noexcept;
likeness sip_request(byte_view) noexcept;
likeness sip_response(byte_view) noexcept;
likeness rfb_version(byte_view) noexcept;
likeness bittorrent_dht(byte_view) noexcept;

likeness tls_client(byte_view) noexcept;
likeness tls_server(byte_view) noexcept;
likeness dns_datagram(byte_view) noexcept;
likeness dns_response_datagram(byte_view) noexcept;
likeness dns_stream(byte_view) noexcept;
likeness dns_response_stream(byte_view) noexcept;
likeness smb_client(byte_view) noexcept;
likeness smb_server(byte_view) noexcept;
likeness dcerpc_client(byte_view) noexcept;
likeness dcerpc_server(byte_view) noexcept;
likeness dcerpc_datagram(byte_view) noexcept;
likeness rdp(byte_view) noexcept;
likeness mqtt_connect(byte_view) noexcept;
likeness mqtt_connack(byte_view) noexcept;
likeness krb5_stream(byte_view) noexcept;
likeness krb5_datagram(byte_view) noexcept;
likeness ldap(byte_view) noexcept;
likeness pgsql_startup(byte_view) noexcept;
likeness pgsql_answer(byte_view) noexcept;
likeness modbus_request(byte_view) noexcept;
likeness modbus_response(byte_view) noexcept;
likeness dnp3_master(byte_view) noexcept;
likeness dnp3_outstation(byte_view) noexcept;
likeness enip(byte_view) noexcept;
likeness telnet(byte_view) noexcept;
likeness nfs_call(byte_view) noexcept;
likeness nfs_reply(byte_view) noexcept;
likeness nfs_datagram(byte_view) noexcept;
likeness snmp(byte_view) noexcept;
likeness ntp(byte_view) noexcept;
likeness dhcp(byte_view) noexcept;
likeness tftp(byte_view) noexcept;
likeness ike(byte_view) noexcept;
likeness quic(byte_view) noexcept;

} // namespace cresset::detect::proto::recognise
