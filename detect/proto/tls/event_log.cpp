// The object "tls" of the event log.
#include "detect/proto/tls/certificate.hpp"
#include "detect/proto/tls/fingerprint.hpp"
#include "detect/proto/tls/message.hpp"

#include <fmt/format.h>

namespace cresset::detect::proto::tls {
namespace {

void write_list(json_writer& json, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty())
    return;
  json.key(name).begin_array();
  for (const auto& one : texts)
    json.text(one);
  json.end_array();
}

/// What the first certificate of a chain says.
void write_certificate(json_writer& json, const certificate_chain& chain) {
  const auto member = [&](const char* name, const std::string& text) {
    if (!text.empty())
      json.member(name, text);
  };
  member("subject", chain.subject);
  member("issuerdn", chain.issuer);
  member("serial", chain.serial);
  member("fingerprint", chain.fingerprint);
}
void write_dates(json_writer& json, const certificate_chain& chain) {
  if (!chain.is_read || (chain.not_before_s == 0 && chain.not_after_s == 0))
    return;
  json.member("notbefore", date_text(chain.not_before_s));
  json.member("notafter", date_text(chain.not_after_s));
}

} // namespace

std::string version_text(std::uint16_t version) {
  switch (version) {
  case 0: return "UNDETERMINED";
  case 0x0002: return "SSLv2";
  case 0x0300: return "SSLv3";
  case 0x0301: return "TLSv1";
  case 0x0302: return "TLS 1.1";
  case 0x0303: return "TLS 1.2";
  case 0x0304: return "TLS 1.3";
  default: break;
  }
  const unsigned draft = version & 0xffU;
  if (version >> 8 == 0x7f)
    return draft < 16 ? "TLS 1.3 draft-<16" : fmt::format("TLS 1.3 draft-{}", draft);
  if (version >> 8 == 0xfb)
    return fmt::format("TLS 1.3 draft-{}-fb", draft);
  return fmt::format("0x{:04x}", version);
}

void handshake::write_members(json_writer& json) const {
  const auto& certificates = chain(direction::to_client);
  write_certificate(json, certificates);
  if (resumed_)
    json.member("session_resumed", true);
  if (!from_.empty())
    json.member("from_proto", from_);
  if (client_ && client_->sni)
    json.member("sni", *client_->sni);
  // While the server has not spoken, what the client offers is all there is.
  const auto chosen = version(direction::to_client);
  json.member("version", version_text(chosen != 0 ? chosen : version(direction::to_server)));
  write_dates(json, certificates);
  write_list(json, "subjectaltname", certificates.alternative_names);
  if (settings_.log_ja3 && client_) {
    json.key("ja3").begin_object().member("hash", fingerprint(buffer_index::ja3_hash));
    json.member("string", fingerprint(buffer_index::ja3_string)).end_object();
  }
  if (settings_.log_ja3 && server_) {
    json.key("ja3s").begin_object().member("hash", fingerprint(buffer_index::ja3s_hash));
    json.member("string", fingerprint(buffer_index::ja3s_string)).end_object();
  }
  if (settings_.log_ja4 && client_)
    json.member("ja4", fingerprint(buffer_index::ja4_hash));
  if (client_)
    write_list(json, "client_alpns", client_->alpns);
  if (server_)
    write_list(json, "server_alpns", server_->alpns);
  if (const auto& own = chain(direction::to_server); !own.certificates.empty()) {
    json.key("client").begin_object();
    write_certificate(json, own);
    write_dates(json, own);
    write_list(json, "subjectaltname", own.alternative_names);
    json.end_object();
  }
}

} // namespace cresset::detect::proto::tls
