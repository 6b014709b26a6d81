// The list of protocols with a parser: a new one adds its line to `entries`.
#include "detect/proto/catalogue/catalogue.hpp"

#include "detect/proto/bittorrent_dht/parser.hpp"
#include "detect/proto/dcerpc/parser.hpp"
#include "detect/proto/dhcp/parser.hpp"
#include "detect/proto/dnp3/parser.hpp"
#include "detect/proto/dns/parser.hpp"
#include "detect/proto/enip/parser.hpp"
#include "detect/proto/ftp/parser.hpp"
#include "detect/proto/http2/parser.hpp"
#include "detect/proto/ike/parser.hpp"
#include "detect/proto/imap/parser.hpp"
#include "detect/proto/krb5/parser.hpp"
#include "detect/proto/ldap/parser.hpp"
#include "detect/proto/mdns/parser.hpp"
#include "detect/proto/modbus/parser.hpp"
#include "detect/proto/mqtt/parser.hpp"
#include "detect/proto/nfs/parser.hpp"
#include "detect/proto/ntp/parser.hpp"
#include "detect/proto/pgsql/parser.hpp"
#include "detect/proto/pop3/parser.hpp"
#include "detect/proto/quic/parser.hpp"
#include "detect/proto/rdp/parser.hpp"
#include "detect/proto/rfb/parser.hpp"
#include "detect/proto/sip/parser.hpp"
#include "detect/proto/smb/parser.hpp"
#include "detect/proto/smtp/parser.hpp"
#include "detect/proto/snmp/parser.hpp"
#include "detect/proto/ssh/parser.hpp"
#include "detect/proto/telnet/parser.hpp"
#include "detect/proto/tftp/parser.hpp"
#include "detect/proto/tls/parser.hpp"
#include "detect/proto/websocket/parser.hpp"
#include "detect/proto/ftp/data_parser.hpp"
#include "detect/proto/dcerpc/datagram_parser.hpp"

#include <array>
#include <utility>

namespace cresset::detect::proto::catalogue {
namespace {

using made = std::unique_ptr<stream_parser>;
/// What a parser may need beside its bytes.
struct needs {
  const parser_settings& settings;
  const http::personality& http;
  const flow_hint& flow;
  const stream_parser* before;
  const std::shared_ptr<const announced>& by; ///< of an announced flow
};

made make_dcerpc(const needs& n) {
  if (n.flow.over == transport::udp)
    return std::make_unique<dcerpc::datagram_parser>(n.settings.dcerpc);
  return std::make_unique<dcerpc::parser>(n.settings.dcerpc);
}

struct entry {
  app_protocol protocol;
  const protocol_description* description;
  made (*make)(const needs&);
};

/// Behind an Upgrade the first stream's request was made in HTTP/1.
made make_http2(const needs& n) {
  auto parser = std::make_unique<http2::parser>(n.settings.http2);
  auto asked = n.before != nullptr ? http::upgraded_request_of(*n.before) : std::nullopt;
  if (!asked)
    return parser;
  std::vector<http2::header_field> request;
  for (auto& [name, value] : asked->headers)
    request.push_back({std::move(name), std::move(value)});
  parser->begin_upgraded(std::move(request), asked->settings);
  return parser;
}

// clang-format off
constexpr std::array entries{
    entry{app_protocol::http, &http::description, [](const needs& n) { return http::make_parser(n.http, n.flow.client_port, n.flow.server_port); }},
    entry{app_protocol::dns, &dns::description, [](const needs& n) -> made { return std::make_unique<dns::parser>(n.flow.over); }},
    entry{app_protocol::tls, &tls::description, [](const needs& n) -> made { return std::make_unique<tls::parser>(n.settings.tls, n.before != nullptr ? n.before->protocol() : std::string_view{}); }},
    entry{app_protocol::smtp, &smtp::description, [](const needs& n) -> made { return std::make_unique<smtp::parser>(n.settings.smtp, n.settings.files); }},
    entry{app_protocol::ssh, &ssh::description, [](const needs& n) -> made { return std::make_unique<ssh::parser>(n.settings.ssh); }},
    entry{app_protocol::quic, &quic::description, [](const needs& n) -> made { return std::make_unique<quic::parser>(n.settings.tls.log_ja4); }},
    entry{app_protocol::websocket, &websocket::description, [](const needs& n) -> made { return std::make_unique<websocket::parser>(n.settings.websocket); }},
    entry{app_protocol::http2, &http2::description, make_http2},
    entry{app_protocol::sip, &sip::description, [](const needs& n) -> made { return std::make_unique<sip::parser>(n.flow.over); }},
    entry{app_protocol::rdp, &rdp::description, [](const needs&) -> made { return std::make_unique<rdp::parser>(); }},
    entry{app_protocol::dhcp, &dhcp::description, [](const needs& n) -> made { return std::make_unique<dhcp::parser>(n.settings.dhcp); }},
    entry{app_protocol::ike, &ike::description, [](const needs&) -> made { return std::make_unique<ike::parser>(); }},
    entry{app_protocol::ldap, &ldap::description, [](const needs& n) -> made { return std::make_unique<ldap::parser>(n.settings.ldap, n.flow.over); }},
    entry{app_protocol::krb5, &krb5::description, [](const needs& n) -> made { return std::make_unique<krb5::parser>(n.flow.over); }},
    entry{app_protocol::snmp, &snmp::description, [](const needs&) -> made { return std::make_unique<snmp::parser>(); }},
    entry{app_protocol::mqtt, &mqtt::description, [](const needs& n) -> made { return std::make_unique<mqtt::parser>(n.settings.mqtt); }},
    entry{app_protocol::tftp, &tftp::description, [](const needs&) -> made { return std::make_unique<tftp::parser>(); }},
    entry{app_protocol::ntp, &ntp::description, [](const needs&) -> made { return std::make_unique<ntp::parser>(); }},
    entry{app_protocol::pop3, &pop3::description, [](const needs&) -> made { return std::make_unique<pop3::parser>(); }},
    entry{app_protocol::imap, &imap::description, [](const needs&) -> made { return std::make_unique<imap::parser>(); }},
    entry{app_protocol::rfb, &rfb::description, [](const needs&) -> made { return std::make_unique<rfb::parser>(); }},
    entry{app_protocol::telnet, &telnet::description, [](const needs&) -> made { return std::make_unique<telnet::parser>(); }},
    entry{app_protocol::modbus, &modbus::description, [](const needs&) -> made { return std::make_unique<modbus::parser>(); }},
    entry{app_protocol::dnp3, &dnp3::description, [](const needs& n) -> made { return std::make_unique<dnp3::parser>(n.flow.over); }},
    entry{app_protocol::enip, &enip::description, [](const needs& n) -> made { return std::make_unique<enip::parser>(n.flow.over); }},
    entry{app_protocol::dcerpc, &dcerpc::description, [](const needs& n) { return make_dcerpc(n); }},
    entry{app_protocol::smb, &smb::description, [](const needs& n) -> made { return std::make_unique<smb::parser>(n.settings.smb, n.settings.files); }},
    entry{app_protocol::nfs, &nfs::description, [](const needs& n) -> made { return std::make_unique<nfs::parser>(n.flow.over, n.settings.nfs, n.settings.files); }},
    entry{app_protocol::pgsql, &pgsql::description, [](const needs& n) -> made { return std::make_unique<pgsql::parser>(n.settings.pgsql); }},
    entry{app_protocol::bittorrent_dht, &bittorrent_dht::description, [](const needs&) -> made { return std::make_unique<bittorrent_dht::parser>(); }},
    entry{app_protocol::mdns, &mdns::description, [](const needs&) -> made { return std::make_unique<mdns::parser>(); }},
    entry{app_protocol::ftp, &ftp::description, [](const needs& n) -> made { return std::make_unique<ftp::parser>(n.flow.client); }},
    entry{app_protocol::ftp_data, &ftp::data_description, [](const needs& n) -> made { return std::make_unique<ftp::data_parser>(n.by, n.settings.files); }},
};
// clang-format on

constexpr auto protocols = [] {
  std::array<app_protocol, entries.size()> all{};
  for (std::size_t i = 0; i < entries.size(); ++i)
    all[i] = entries[i].protocol;
  return all;
}();

} // namespace

const protocol_description* describe(app_protocol protocol) noexcept {
  for (const auto& one : entries)
    if (one.protocol == protocol)
      return one.description;
  return nullptr;
}

std::span<const app_protocol> parsed() noexcept {
  return protocols;
}

parser_maker::parser_maker(const parser_settings& wanted)
    : settings_{wanted}, http_{[&] {
        auto http = wanted.http;
        http.files = wanted.files;
        return http;
      }()} {}

std::optional<std::uint64_t>
parser_maker::stream_depth_bytes(app_protocol protocol) const noexcept {
  switch (protocol) {
  case app_protocol::smb: return settings_.smb.stream_depth_bytes;
  case app_protocol::nfs: return settings_.nfs.stream_depth_bytes;
  default: return std::nullopt;
  }
}

std::unique_ptr<stream_parser> parser_maker::make(app_protocol protocol, const flow_hint& flow,
                                                  const origin& from) const {
  for (const auto& one : entries)
    if (one.protocol == protocol) {
      auto parser = one.make({settings_, http_, flow, from.before, from.by});
      if (auto* frames = parser ? parser->frames() : nullptr;
          frames != nullptr && settings_.frames.test(static_cast<std::size_t>(protocol)))
        frames->wake();
      return parser;
    }
  return nullptr;
}

} // namespace cresset::detect::proto::catalogue
