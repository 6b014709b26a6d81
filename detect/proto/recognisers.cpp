// The list: one line a protocol. Text and other strong marks first, asked on every flow; then what
// is asked only on its port, because its marks are weak.
#include "detect/proto/recognise.hpp"

#include <array>

namespace cresset::detect::proto {
namespace {

using namespace recognise;
using enum app_protocol;
using ports = std::span<const std::uint16_t>;
constexpr auto tcp = transport::tcp;
constexpr auto udp = transport::udp;

constexpr std::array<std::uint16_t, 1> dns_ports{53};
constexpr std::array<std::uint16_t, 1> mdns_ports{5353};
constexpr std::array<std::uint16_t, 1> krb5_ports{88};
constexpr std::array<std::uint16_t, 4> ldap_ports{389, 3268, 636, 3269};
constexpr std::array<std::uint16_t, 2> snmp_ports{161, 162};
constexpr std::array<std::uint16_t, 1> ntp_ports{123};
constexpr std::array<std::uint16_t, 2> dhcp_ports{67, 68};
constexpr std::array<std::uint16_t, 1> tftp_ports{69};
constexpr std::array<std::uint16_t, 2> ike_ports{500, 4500};
constexpr std::array<std::uint16_t, 1> pgsql_ports{5432};
constexpr std::array<std::uint16_t, 1> modbus_ports{502};
constexpr std::array<std::uint16_t, 1> dnp3_ports{20000};
constexpr std::array<std::uint16_t, 2> enip_ports{44818, 2222};
constexpr std::array<std::uint16_t, 2> telnet_ports{23, 2323};
constexpr std::array<std::uint16_t, 1> nfs_ports{2049};
constexpr std::array<std::uint16_t, 2> quic_ports{443, 80};

constexpr std::array list{
    recogniser{http2, tcp, ports{}, http2_preface, http2_settings},
    recogniser{sip, udp, ports{}, sip_request, sip_response},
    recogniser{sip, tcp, ports{}, sip_request, sip_response},
    recogniser{http, tcp, ports{}, http_request, http_response},
    recogniser{tls, tcp, ports{}, tls_client, tls_server},
    recogniser{ssh, tcp, ports{}, ssh_banner, ssh_banner},
    recogniser{smb, tcp, ports{}, smb_client, smb_server},
    recogniser{smtp, tcp, ports{}, smtp_command, smtp_greeting},
    recogniser{ftp, tcp, ports{}, ftp_command, ftp_greeting},
    recogniser{pop3, tcp, ports{}, pop3_command, pop3_greeting},
    recogniser{imap, tcp, ports{}, imap_command, imap_greeting},
    recogniser{rfb, tcp, ports{}, rfb_version, rfb_version},
    recogniser{mqtt, tcp, ports{}, mqtt_connect, mqtt_connack},
    recogniser{rdp, tcp, ports{}, recognise::rdp, recognise::rdp},
    recogniser{dcerpc, tcp, ports{}, dcerpc_client, dcerpc_server},
    recogniser{bittorrent_dht, udp, ports{}, recognise::bittorrent_dht, recognise::bittorrent_dht},
    recogniser{dns, udp, dns_ports, dns_datagram, dns_response_datagram},
    recogniser{dns, tcp, dns_ports, dns_stream, dns_response_stream},
    recogniser{mdns, udp, mdns_ports, dns_datagram, dns_response_datagram},
    recogniser{dhcp, udp, dhcp_ports, recognise::dhcp, recognise::dhcp},
    recogniser{krb5, tcp, krb5_ports, krb5_stream, krb5_stream},
    recogniser{krb5, udp, krb5_ports, krb5_datagram, krb5_datagram},
    recogniser{ldap, tcp, ldap_ports, recognise::ldap, recognise::ldap},
    recogniser{ldap, udp, ldap_ports, recognise::ldap, recognise::ldap},
    recogniser{snmp, udp, snmp_ports, recognise::snmp, recognise::snmp},
    recogniser{ike, udp, ike_ports, recognise::ike, recognise::ike},
    recogniser{quic, udp, quic_ports, recognise::quic, recognise::quic},
    recogniser{ntp, udp, ntp_ports, recognise::ntp, recognise::ntp},
    recogniser{tftp, udp, tftp_ports, recognise::tftp, nullptr},
    recogniser{nfs, tcp, nfs_ports, nfs_call, nfs_reply},
    recogniser{nfs, udp, nfs_ports, nfs_datagram, nullptr},
    recogniser{pgsql, tcp, pgsql_ports, pgsql_startup, pgsql_answer},
    recogniser{modbus, tcp, modbus_ports, modbus_request, modbus_response},
    recogniser{dnp3, tcp, dnp3_ports, dnp3_master, dnp3_outstation},
    recogniser{dnp3, udp, dnp3_ports, dnp3_master, dnp3_outstation},
    recogniser{enip, tcp, enip_ports, recognise::enip, recognise::enip},
    recogniser{enip, udp, enip_ports, recognise::enip, recognise::enip},
    recogniser{telnet, tcp, telnet_ports, recognise::telnet, recognise::telnet},
    recogniser{dcerpc, udp, ports{}, dcerpc_datagram, dcerpc_datagram},
};

} // namespace

std::span<const recogniser> recognisers() noexcept {
  return list;
}

} // namespace cresset::detect::proto
