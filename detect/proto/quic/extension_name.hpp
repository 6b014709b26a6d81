#pragma once

#include <cstdint>
#include <string_view>

namespace cresset::detect::proto::quic {

/// The name of a TLS extension (IANA, "TLS ExtensionType Values"); empty for one we have none for.
constexpr std::string_view extension_name(std::uint16_t type) noexcept {
  switch (type) {
  case 0: return "server_name";
  case 1: return "max_fragment_length";
  case 5: return "status_request";
  case 10: return "supported_groups";
  case 11: return "ec_point_formats";
  case 13: return "signature_algorithms";
  case 14: return "use_srtp";
  case 15: return "heartbeat";
  case 16: return "alpn";
  case 17: return "status_request_v2";
  case 18: return "signed_certificate_timestamp";
  case 19: return "client_certificate_type";
  case 20: return "server_certificate_type";
  case 21: return "padding";
  case 22: return "encrypt_then_mac";
  case 23: return "extended_master_secret";
  case 24: return "token_binding";
  case 25: return "cached_info";
  case 27: return "compress_certificate";
  case 28: return "record_size_limit";
  case 34: return "delegated_credentials";
  case 35: return "session_ticket";
  case 41: return "pre_shared_key";
  case 42: return "early_data";
  case 43: return "supported_versions";
  case 44: return "cookie";
  case 45: return "psk_key_exchange_modes";
  case 47: return "certificate_authorities";
  case 48: return "oid_filters";
  case 49: return "post_handshake_auth";
  case 50: return "signature_algorithms_cert";
  case 51: return "key_share";
  case 57: return "quic_transport_parameters";
  case 65037: return "encrypted_client_hello";
  case 65281: return "renegotiation_info";
  default: return {};
  }
}

} // namespace cresset::detect::proto::quic
