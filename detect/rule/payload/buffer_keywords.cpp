// The table of buffers, grouped by protocol as in the manual; sorted by keyword once, by the
// compiler.
//
//   keyword: as rules write it        name: what the rest of the engine calls it
//   protocols: who has it; a rule for `tcp` that uses one of them is a rule for those protocols

#include "detect/rule/payload/buffer_keywords.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::rule::payload {

namespace {

using source = buffer_source;

constexpr buffer_keyword sticky(std::string_view keyword, std::string_view name,
                                std::string_view protocols) {
  return {keyword, name, protocols, source::transaction};
}
/// Has instances in one transaction.
constexpr buffer_keyword several(std::string_view keyword, std::string_view name,
                                 std::string_view protocols) {
  return {keyword, name, protocols, source::transaction, false, true};
}
/// Exists in requests and answers.
constexpr buffer_keyword both(std::string_view keyword, std::string_view name,
                              std::string_view protocols) {
  return {keyword, name, protocols, source::transaction, false, false, true};
}
constexpr buffer_keyword modifier(std::string_view keyword, std::string_view name,
                                  bool both_ways = false) {
  return {keyword, name, "http", source::transaction, true, false, both_ways};
}
constexpr buffer_keyword packet(std::string_view keyword) {
  return {keyword, keyword, "", source::packet};
}
constexpr buffer_keyword file(std::string_view keyword, std::string_view name) {
  return {keyword, name, "http ftp-data smtp smb nfs http2", source::file, false, true, true};
}

constexpr auto sorted_by_keyword(auto table) {
  std::sort(table.begin(), table.end(),
            [](const auto& a, const auto& b) { return a.keyword < b.keyword; });
  return table;
}

constexpr auto table = sorted_by_keyword(std::to_array<buffer_keyword>({
    {"pkt_data", "", "", source::payload},
    {"base64_data", "base64_data", "", source::decoded},
    {"frame", "frame", "", source::frame},
    packet("ipv4.hdr"),
    packet("ipv6.hdr"),
    packet("tcp.hdr"),
    packet("udp.hdr"),
    packet("icmpv4.hdr"),
    packet("icmpv6.hdr"),
    packet("ip.src"),
    packet("ip.dst"),

    file("file.data", "file.data"),
    file("file_data", "file.data"),
    file("file.name", "file.name"),
    file("file.magic", "file.magic"),

    modifier("http_client_body", "http.request_body"),
    modifier("http_cookie", "http.cookie", true),
    modifier("http_header", "http.header", true),
    modifier("http_host", "http.host"),
    modifier("http_method", "http.method"),
    modifier("http_raw_header", "http.header.raw", true),
    modifier("http_raw_host", "http.host.raw"),
    modifier("http_raw_uri", "http.uri.raw"),
    {"http_server_body", "file.data", "http", source::file, true, true, true},
    modifier("http_stat_code", "http.stat_code"),
    modifier("http_stat_msg", "http.stat_msg"),
    modifier("http_uri", "http.uri"),
    modifier("http_user_agent", "http.user_agent"),

    sticky("http.accept", "http.accept", "http"),
    sticky("http_accept", "http.accept", "http"),
    sticky("http.accept_enc", "http.accept_enc", "http"),
    sticky("http_accept_enc", "http.accept_enc", "http"),
    sticky("http.accept_lang", "http.accept_lang", "http"),
    sticky("http_accept_lang", "http.accept_lang", "http"),
    both("http.connection", "http.connection", "http"),
    both("http_connection", "http.connection", "http"),
    both("http.content_len", "http.content_len", "http"),
    both("http_content_len", "http.content_len", "http"),
    both("http.content_type", "http.content_type", "http"),
    both("http_content_type", "http.content_type", "http"),
    both("http.cookie", "http.cookie", "http"),
    both("http.header", "http.header", "http"),
    both("http.header.raw", "http.header.raw", "http"),
    both("http.header_names", "http.header_names", "http"),
    both("http_header_names", "http.header_names", "http"),
    sticky("http.host", "http.host", "http"),
    sticky("http.host.raw", "http.host.raw", "http"),
    sticky("http.location", "http.location", "http"),
    sticky("http.method", "http.method", "http"),
    both("http.protocol", "http.protocol", "http"),
    both("http_protocol", "http.protocol", "http"),
    sticky("http.referer", "http.referer", "http"),
    sticky("http_referer", "http.referer", "http"),
    sticky("http.request_body", "http.request_body", "http"),
    several("http.request_header", "http.request_header", "http"),
    several("http_request_header", "http.request_header", "http"),
    sticky("http.request_line", "http.request_line", "http"),
    sticky("http_request_line", "http.request_line", "http"),
    sticky("http.response_body", "http.response_body", "http"),
    several("http.response_header", "http.response_header", "http"),
    several("http_response_header", "http.response_header", "http"),
    sticky("http.response_line", "http.response_line", "http"),
    sticky("http_response_line", "http.response_line", "http"),
    sticky("http.server", "http.server", "http"),
    both("http.start", "http.start", "http"),
    both("http_start", "http.start", "http"),
    sticky("http.stat_code", "http.stat_code", "http"),
    sticky("http.stat_msg", "http.stat_msg", "http"),
    sticky("http.uri", "http.uri", "http"),
    sticky("http.uri.raw", "http.uri.raw", "http"),
    sticky("http.user_agent", "http.user_agent", "http"),
    {"http2.header_name", "http2.header_name", "http2", source::transaction, false, true, true},

    several("dns.query", "dns.query", "dns"),
    several("dns_query", "dns.query", "dns"),
    several("dns.query.name", "dns.query.name", "dns"),
    several("dns.queries.rrname", "dns.queries.rrname", "dns"),
    several("dns.answer.name", "dns.answer.name", "dns"),
    several("dns.answers.rrname", "dns.answers.rrname", "dns"),
    several("dns.additionals.rrname", "dns.additionals.rrname", "dns"),
    several("dns.authorities.rrname", "dns.authorities.rrname", "dns"),
    several("dns.response.rrname", "dns.response.rrname", "dns"),
    several("mdns.queries.rrname", "mdns.queries.rrname", "mdns"),
    several("mdns.answers.rrname", "mdns.answers.rrname", "mdns"),
    several("mdns.additionals.rrname", "mdns.additionals.rrname", "mdns"),
    several("mdns.authorities.rrname", "mdns.authorities.rrname", "mdns"),
    several("mdns.response.rrname", "mdns.response.rrname", "mdns"),

    sticky("tls.sni", "tls.sni", "tls"),
    sticky("tls_sni", "tls.sni", "tls"),
    sticky("tls.cert_subject", "tls.cert_subject", "tls"),
    sticky("tls_cert_subject", "tls.cert_subject", "tls"),
    sticky("tls.cert_issuer", "tls.cert_issuer", "tls"),
    sticky("tls_cert_issuer", "tls.cert_issuer", "tls"),
    sticky("tls.cert_serial", "tls.cert_serial", "tls"),
    sticky("tls_cert_serial", "tls.cert_serial", "tls"),
    sticky("tls.cert_fingerprint", "tls.cert_fingerprint", "tls"),
    sticky("tls_cert_fingerprint", "tls.cert_fingerprint", "tls"),
    several("tls.certs", "tls.certs", "tls"),
    {"tls.alpn", "tls.alpn", "tls", source::transaction, false, true, true},
    several("tls.subjectaltname", "tls.subjectaltname", "tls"),
    both("tls.random", "tls.random", "tls"),
    both("tls.random_time", "tls.random_time", "tls"),
    both("tls.random_bytes", "tls.random_bytes", "tls"),
    sticky("ja3.hash", "ja3.hash", "tls quic"),
    sticky("ja3_hash", "ja3.hash", "tls quic"),
    sticky("ja3.string", "ja3.string", "tls quic"),
    sticky("ja3_string", "ja3.string", "tls quic"),
    sticky("ja3s.hash", "ja3s.hash", "tls quic"),
    sticky("ja3s.string", "ja3s.string", "tls quic"),
    sticky("ja4.hash", "ja4.hash", "tls quic"),
    sticky("ja4_hash", "ja4.hash", "tls quic"),
    sticky("quic.sni", "quic.sni", "quic"),
    sticky("quic.ua", "quic.ua", "quic"),
    sticky("quic.version", "quic.version", "quic"),
    several("quic.cyu.hash", "quic.cyu.hash", "quic"),
    several("quic.cyu.string", "quic.cyu.string", "quic"),

    both("ssh.proto", "ssh.proto", "ssh"),
    both("ssh_proto", "ssh.proto", "ssh"),
    both("ssh.software", "ssh.software", "ssh"),
    both("ssh_software", "ssh.software", "ssh"),
    sticky("ssh.hassh", "ssh.hassh", "ssh"),
    sticky("ssh-hassh", "ssh.hassh", "ssh"),
    sticky("ssh.hassh.string", "ssh.hassh.string", "ssh"),
    sticky("ssh-hassh-string", "ssh.hassh.string", "ssh"),
    sticky("ssh.hassh.server", "ssh.hassh.server", "ssh"),
    sticky("ssh-hassh-server", "ssh.hassh.server", "ssh"),
    sticky("ssh.hassh.server.string", "ssh.hassh.server.string", "ssh"),
    sticky("ssh-hassh-server-string", "ssh.hassh.server.string", "ssh"),

    sticky("dcerpc.stub_data", "dcerpc.stub_data", "dcerpc smb"),
    sticky("dce_stub_data", "dcerpc.stub_data", "dcerpc smb"),
    sticky("smb.named_pipe", "smb.named_pipe", "smb"),
    sticky("smb_named_pipe", "smb.named_pipe", "smb"),
    sticky("smb.share", "smb.share", "smb"),
    sticky("smb_share", "smb.share", "smb"),
    sticky("smb.ntlmssp_user", "smb.ntlmssp_user", "smb"),
    sticky("smb_ntlmssp_user", "smb.ntlmssp_user", "smb"),
    sticky("smb.ntlmssp_domain", "smb.ntlmssp_domain", "smb"),
    sticky("smb_ntlmssp_domain", "smb.ntlmssp_domain", "smb"),
    several("krb5.cname", "krb5.cname", "krb5"),
    several("krb5_cname", "krb5.cname", "krb5"),
    several("krb5.sname", "krb5.sname", "krb5"),
    several("krb5_sname", "krb5.sname", "krb5"),

    sticky("ftp.command", "ftp.command", "ftp"),
    sticky("ftp.command_data", "ftp.command_data", "ftp"),
    several("ftp.completion_code", "ftp.completion_code", "ftp"),
    sticky("ftp.mode", "ftp.mode", "ftp"),
    several("ftp.reply", "ftp.reply", "ftp"),
    sticky("smtp.helo", "smtp.helo", "smtp"),
    sticky("smtp.mail_from", "smtp.mail_from", "smtp"),
    several("smtp.rcpt_to", "smtp.rcpt_to", "smtp"),
    sticky("email.from", "email.from", "smtp"),
    sticky("email.to", "email.to", "smtp"),
    sticky("email.cc", "email.cc", "smtp"),
    sticky("email.subject", "email.subject", "smtp"),
    sticky("email.date", "email.date", "smtp"),
    sticky("email.message_id", "email.message_id", "smtp"),
    sticky("email.x_mailer", "email.x_mailer", "smtp"),
    several("email.received", "email.received", "smtp"),
    several("email.url", "email.url", "smtp"),

    sticky("sip.method", "sip.method", "sip"),
    sticky("sip.uri", "sip.uri", "sip"),
    both("sip.protocol", "sip.protocol", "sip"),
    sticky("sip.stat_code", "sip.stat_code", "sip"),
    sticky("sip.stat_msg", "sip.stat_msg", "sip"),
    sticky("sip.request_line", "sip.request_line", "sip"),
    sticky("sip.response_line", "sip.response_line", "sip"),
    {"sip.from", "sip.from", "sip", source::transaction, false, true, true},
    {"sip.to", "sip.to", "sip", source::transaction, false, true, true},
    {"sip.via", "sip.via", "sip", source::transaction, false, true, true},
    {"sip.user_agent", "sip.user_agent", "sip", source::transaction, false, true, true},
    {"sip.content_type", "sip.content_type", "sip", source::transaction, false, true, true},
    {"sip.content_length", "sip.content_length", "sip", source::transaction, false, true, true},
    both("sdp.origin", "sdp.origin", "sip"),
    both("sdp.session_name", "sdp.session_name", "sip"),
    both("sdp.session_info", "sdp.session_info", "sip"),
    both("sdp.uri", "sdp.uri", "sip"),
    both("sdp.email", "sdp.email", "sip"),
    both("sdp.phone_number", "sdp.phone_number", "sip"),
    both("sdp.connection_data", "sdp.connection_data", "sip"),
    {"sdp.bandwidth", "sdp.bandwidth", "sip", source::transaction, false, true, true},
    {"sdp.time", "sdp.time", "sip", source::transaction, false, true, true},
    {"sdp.repeat_time", "sdp.repeat_time", "sip", source::transaction, false, true, true},
    both("sdp.timezone", "sdp.timezone", "sip"),
    both("sdp.encryption_key", "sdp.encryption_key", "sip"),
    {"sdp.attribute", "sdp.attribute", "sip", source::transaction, false, true, true},
    {"sdp.media.media", "sdp.media.media", "sip", source::transaction, false, true, true},
    {"sdp.media.media_info", "sdp.media.media_info", "sip", source::transaction, false, true, true},
    {"sdp.media.connection_data", "sdp.media.connection_data", "sip", source::transaction, false,
     true, true},
    {"sdp.media.encryption_key", "sdp.media.encryption_key", "sip", source::transaction, false,
     true, true},

    sticky("mqtt.connect.clientid", "mqtt.connect.clientid", "mqtt"),
    sticky("mqtt.connect.username", "mqtt.connect.username", "mqtt"),
    sticky("mqtt.connect.password", "mqtt.connect.password", "mqtt"),
    sticky("mqtt.connect.willtopic", "mqtt.connect.willtopic", "mqtt"),
    sticky("mqtt.connect.willmessage", "mqtt.connect.willmessage", "mqtt"),
    sticky("mqtt.connect.protocol_string", "mqtt.connect.protocol_string", "mqtt"),
    both("mqtt.publish.topic", "mqtt.publish.topic", "mqtt"),
    both("mqtt.publish.message", "mqtt.publish.message", "mqtt"),
    several("mqtt.subscribe.topic", "mqtt.subscribe.topic", "mqtt"),
    several("mqtt.unsubscribe.topic", "mqtt.unsubscribe.topic", "mqtt"),
    sticky("rfb.name", "rfb.name", "rfb"),
    sticky("snmp.community", "snmp.community", "snmp"),
    sticky("snmp.usm", "snmp.usm", "snmp"),
    both("ntp.reference_id", "ntp.reference_id", "ntp"),
    sticky("pgsql.query", "pgsql.query", "pgsql"),
    both("websocket.payload", "websocket.payload", "websocket"),
    both("dnp3.data", "dnp3.data", "dnp3"),
    both("dnp3_data", "dnp3.data", "dnp3"),
    both("enip.product_name", "enip.product_name", "enip"),
    both("enip.service_name", "enip.service_name", "enip"),
    sticky("ike.init_spi", "ike.init_spi", "ike"),
    sticky("ike.resp_spi", "ike.resp_spi", "ike"),
    several("ike.vendor", "ike.vendor", "ike"),
    both("ike.key_exchange_payload", "ike.key_exchange_payload", "ike"),
    both("ike.nonce_payload", "ike.nonce_payload", "ike"),

    sticky("ldap.request.dn", "ldap.request.dn", "ldap"),
    several("ldap.request.attribute_type", "ldap.request.attribute_type", "ldap"),
    several("ldap.responses.dn", "ldap.responses.dn", "ldap"),
    several("ldap.responses.message", "ldap.responses.message", "ldap"),
    several("ldap.responses.attribute_type", "ldap.responses.attribute_type", "ldap"),
}));

} // namespace

std::span<const buffer_keyword> buffer_keywords() noexcept {
  return table;
}

const buffer_keyword* find_buffer_keyword(std::string_view keyword) noexcept {
  const auto* found = std::lower_bound(
      table.begin(), table.end(), keyword,
      [](const auto& entry, std::string_view name) { return entry.keyword < name; });
  return found != table.end() && found->keyword == keyword ? &*found : nullptr;
}

} // namespace cresset::detect::rule::payload
