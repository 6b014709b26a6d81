#pragma once

#include "capture/base/timestamp.hpp"
#include "detect/proto/event_list.hpp"
#include "detect/proto/tls/settings.hpp"
#include "detect/proto/transaction.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::tls {

/// How far one direction of the handshake has come.
enum class client_progress : progress {
  hello = 1,
  certificate = 2,
  handshake = 3,
  finished = progress_done
};
enum class server_progress : progress {
  hello = 1,
  certificate = 2,
  hello_done = 3,
  handshake = 4,
  finished = progress_done
};

/// Bits of the field `ssl_state`: the handshake messages this direction has shown.
enum class ssl_state : std::uint8_t {
  client_hello = 1,
  server_hello = 2,
  client_keyx = 4,
  server_keyx = 8,
  unknown = 16
};

/// What the ClientHello says (RFC 8446 4.1.2), as far as rules, logs and fingerprints use it.
/// GREASE values are kept.
struct client_hello {
  std::uint16_t legacy_version = 0;
  std::uint16_t version = 0; ///< the highest offered in supported_versions, else legacy_version
  std::string random;        ///< 32 bytes
  std::string session_id;    ///< at most 32 bytes
  std::optional<std::string> sni;
  std::vector<std::uint16_t> ciphers;
  std::vector<std::uint16_t> extensions;
  std::vector<std::uint16_t> groups;
  std::vector<std::uint8_t> point_formats;
  std::vector<std::uint16_t> signature_algorithms;
  std::vector<std::uint16_t> versions;
  std::vector<std::string> alpns;
  bool has_session_ticket = false;
};

/// What the ServerHello says (RFC 8446 4.1.3).
struct server_hello {
  std::uint16_t legacy_version = 0;
  std::uint16_t version = 0; ///< the one chosen in supported_versions, else legacy_version
  std::string random;
  std::string session_id;
  std::uint16_t cipher = 0;
  std::vector<std::uint16_t> extensions;
  std::vector<std::string> alpns;
};

/// A chain of certificates as one side sent it, and what the first of them says.
struct certificate_chain {
  std::vector<std::string> certificates; ///< DER, the peer's own first
  std::string subject;                   ///< "C=FR, O=Example, CN=host"
  std::string issuer;
  std::string serial;      ///< "00:97:E6"
  std::string fingerprint; ///< SHA-1, "3a:0b:…"
  std::vector<std::string> alternative_names;
  std::int64_t not_before_s = 0; ///< seconds since the epoch
  std::int64_t not_after_s = 0;
  bool is_read = false; ///< the first certificate could be read
};

/// Indexes of the tables in parser.cpp, in their order; "ts" and "tc" are the two directions of one
/// keyword.
enum class buffer_index : buffer_id {
  sni,
  certs_ts,
  certs_tc,
  cert_subject_ts,
  cert_subject_tc,
  cert_issuer_ts,
  cert_issuer_tc,
  cert_serial_ts,
  cert_serial_tc,
  cert_fingerprint_ts,
  cert_fingerprint_tc,
  subjectaltname_ts,
  subjectaltname_tc,
  alpn_ts,
  alpn_tc,
  random_ts,
  random_tc,
  random_time_ts,
  random_time_tc,
  random_bytes_ts,
  random_bytes_tc,
  ja3_hash,
  ja3_string,
  ja3s_hash,
  ja3s_string,
  ja4_hash,
};
enum class field_index : field_id {
  version_ts,
  version_tc,
  cert_chain_len_ts,
  cert_chain_len_tc,
  not_before_ts, ///< tls_cert_notbefore: seconds since the epoch
  not_before_tc,
  not_after_ts,
  not_after_tc,
  state_ts, ///< ssl_state: bits
  state_tc,
  ssl_version_ts, ///< as the bit that rules name it by
  ssl_version_tc,
  cert_notbefore_ts, ///< the same dates, under the names that rules compare them by
  cert_notbefore_tc,
  cert_notafter_ts,
  cert_notafter_tc,
};

/// "TLS 1.2", "SSLv3", "TLS 1.3 draft-18", "0x7e02": as the event log writes versions.
std::string version_text(std::uint16_t version);

/// The one transaction of a TLS flow: its handshake. Fingerprints are computed when first asked
/// for.
class handshake final : public transaction {
public:
  /// `from`: the protocol that changed to TLS, as STARTTLS does; else empty.
  handshake(std::uint64_t number, const settings& wanted, std::string_view from) noexcept
      : transaction{number}, settings_{wanted}, from_{from} {}

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

  const std::optional<client_hello>& client() const noexcept { return client_; }
  const std::optional<server_hello>& server() const noexcept { return server_; }
  const certificate_chain& chain(direction way) const noexcept { return chains_[index(way)]; }
  bool is_resumed() const noexcept { return resumed_; }
  std::uint16_t version(direction way) const noexcept { return versions_[index(way)]; }

private:
  friend class parser;
  const std::string& fingerprint(buffer_index which) const;
  std::optional<std::string_view> text_of(buffer_index which, std::size_t instance) const;

  const settings& settings_;
  std::string_view from_;
  std::optional<client_hello> client_;
  std::optional<server_hello> server_;
  std::array<certificate_chain, 2> chains_;
  std::array<std::uint16_t, 2> versions_{};
  std::array<std::uint8_t, 2> states_{};
  bool resumed_ = false;
  event_list events_;
  mutable std::array<std::optional<std::string>, 5> fingerprints_; ///< ja3_hash to ja4_hash
};

} // namespace cresset::detect::proto::tls
