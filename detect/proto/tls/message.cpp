#include "detect/proto/tls/message.hpp"

#include "detect/proto/digest.hpp"
#include "detect/proto/tls/fingerprint.hpp"

#include <algorithm>

namespace cresset::detect::proto::tls {
namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;
constexpr std::size_t random_time_size = 4;

std::optional<std::string_view> unless_empty(std::string_view text) noexcept {
  return text.empty() ? std::nullopt : std::optional{text};
}
std::optional<std::string_view> at(const std::vector<std::string>& list, std::size_t i) noexcept {
  return i < list.size() ? std::optional<std::string_view>{list[i]} : std::nullopt;
}

/// SSL 2 and 3, then TLS 1.0 to 1.3, as bits from the lowest on.
std::optional<std::uint64_t> version_bit(std::uint16_t version) noexcept {
  if (version == 0x0002)
    return 1;
  if (version >= 0x0300 && version <= 0x0304)
    return 2U << (version - 0x0300U);
  return version >> 8U == 0x7f ? std::optional<std::uint64_t>{1U << 5U} : std::nullopt;
}

} // namespace

/// Fingerprints are kept from the first question on: most flows are never asked.
const std::string& handshake::fingerprint(buffer_index which) const {
  auto& known = fingerprints_[static_cast<std::size_t>(which) -
                              static_cast<std::size_t>(buffer_index::ja3_hash)];
  if (known)
    return *known;
  std::string text;
  switch (which) {
  case buffer_index::ja3_string: text = client_ ? ja3_text(*client_) : ""; break;
  case buffer_index::ja3s_string: text = server_ ? ja3s_text(*server_) : ""; break;
  case buffer_index::ja3_hash:
    text = client_ ? md5_hex(fingerprint(buffer_index::ja3_string)) : "";
    break;
  case buffer_index::ja3s_hash:
    text = server_ ? md5_hex(fingerprint(buffer_index::ja3s_string)) : "";
    break;
  case buffer_index::ja4_hash: text = client_ ? ja4_text(*client_, 't') : ""; break;
  default: break;
  }
  return known.emplace(std::move(text));
}

std::optional<std::string_view> handshake::text_of(buffer_index which, std::size_t i) const {
  using enum buffer_index;
  const std::string_view client_random =
      client_ ? std::string_view{client_->random} : std::string_view{};
  const std::string_view server_random =
      server_ ? std::string_view{server_->random} : std::string_view{};
  const auto time_of = [](std::string_view random) { return random.substr(0, random_time_size); };
  const auto bytes_of = [](std::string_view random) {
    return random.substr(std::min(random.size(), random_time_size));
  };
  switch (which) {
  case certs_ts: return at(chain(to_server).certificates, i);
  case certs_tc: return at(chain(to_client).certificates, i);
  case subjectaltname_ts: return at(chain(to_server).alternative_names, i);
  case subjectaltname_tc: return at(chain(to_client).alternative_names, i);
  case alpn_ts: return client_ ? at(client_->alpns, i) : std::nullopt;
  case alpn_tc: return server_ ? at(server_->alpns, i) : std::nullopt;
  default: break;
  }
  if (i > 0)
    return std::nullopt;
  switch (which) {
  case sni:
    return client_ && client_->sni ? std::optional<std::string_view>{*client_->sni} : std::nullopt;
  case cert_subject_ts: return unless_empty(chain(to_server).subject);
  case cert_subject_tc: return unless_empty(chain(to_client).subject);
  case cert_issuer_ts: return unless_empty(chain(to_server).issuer);
  case cert_issuer_tc: return unless_empty(chain(to_client).issuer);
  case cert_serial_ts: return unless_empty(chain(to_server).serial);
  case cert_serial_tc: return unless_empty(chain(to_client).serial);
  case cert_fingerprint_ts: return unless_empty(chain(to_server).fingerprint);
  case cert_fingerprint_tc: return unless_empty(chain(to_client).fingerprint);
  case random_ts: return unless_empty(client_random);
  case random_tc: return unless_empty(server_random);
  case random_time_ts: return unless_empty(time_of(client_random));
  case random_time_tc: return unless_empty(time_of(server_random));
  case random_bytes_ts: return unless_empty(bytes_of(client_random));
  case random_bytes_tc: return unless_empty(bytes_of(server_random));
  case ja3_hash:
  case ja3_string:
  case ja3s_hash:
  case ja3s_string: return settings_.ja3 ? unless_empty(fingerprint(which)) : std::nullopt;
  case ja4_hash: return settings_.ja4 ? unless_empty(fingerprint(which)) : std::nullopt;
  default: return std::nullopt;
  }
}

std::size_t handshake::instances(buffer_id id) const noexcept {
  const auto which = static_cast<buffer_index>(id);
  using enum buffer_index;
  switch (which) {
  case certs_ts: return chain(to_server).certificates.size();
  case certs_tc: return chain(to_client).certificates.size();
  case subjectaltname_ts: return chain(to_server).alternative_names.size();
  case subjectaltname_tc: return chain(to_client).alternative_names.size();
  case alpn_ts: return client_ ? client_->alpns.size() : 0;
  case alpn_tc: return server_ ? server_->alpns.size() : 0;
  default: return text_of(which, 0).has_value() ? 1 : 0;
  }
}

std::optional<byte_view> handshake::buffer(buffer_id id, std::size_t instance) const noexcept {
  const auto text = text_of(static_cast<buffer_index>(id), instance);
  return text ? std::optional{as_bytes(*text)} : std::nullopt;
}

std::size_t handshake::field_instances(field_id id) const noexcept {
  return field(id, 0).has_value() ? 1 : 0;
}

std::optional<std::uint64_t> handshake::field(field_id id, std::size_t instance) const noexcept {
  if (instance > 0)
    return std::nullopt;
  const auto which = static_cast<field_index>(id);
  using enum field_index;
  const auto way =
      (id & 1U) == 0 ? to_server : to_client; // each field stands once for each direction
  const auto& certificates = chain(way);
  switch (which) {
  case version_ts:
  case version_tc:
    return version(way) != 0 ? std::optional<std::uint64_t>{version(way)} : std::nullopt;
  case cert_chain_len_ts:
  case cert_chain_len_tc:
    return certificates.certificates.empty()
               ? std::nullopt
               : std::optional<std::uint64_t>{certificates.certificates.size()};
  case not_before_ts:
  case not_before_tc:
  case cert_notbefore_ts:
  case cert_notbefore_tc:
    return certificates.is_read ? std::optional<std::uint64_t>(certificates.not_before_s)
                                : std::nullopt;
  case not_after_ts:
  case not_after_tc:
  case cert_notafter_ts:
  case cert_notafter_tc:
    return certificates.is_read ? std::optional<std::uint64_t>(certificates.not_after_s)
                                : std::nullopt;
  case ssl_version_ts:
  case ssl_version_tc: return version_bit(version(way));
  case state_ts:
  case state_tc: return states_[index(way)];
  }
  return std::nullopt;
}

} // namespace cresset::detect::proto::tls
