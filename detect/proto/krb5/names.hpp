#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cresset::detect::proto::krb5 {

/// Message types (RFC 4120 7.5.7), which are also their APPLICATION tags.
enum class message_type : std::uint8_t {
  none = 0,
  as_req = 10,
  as_rep = 11,
  tgs_req = 12,
  tgs_rep = 13,
  ap_req = 14,
  ap_rep = 15,
  safe = 20,
  priv = 21,
  cred = 22,
  error = 30,
};

/// "KRB_AS_REQ"; "UNKNOWN" for none.
std::string_view name_of(message_type type) noexcept;
/// "aes256-cts-hmac-sha1-96" (IANA "Kerberos Encryption Type Numbers"); the number where it has no
/// name.
std::string encryption_name(std::int32_t type);
/// All but the four of AES (RFC 3962, RFC 8009).
bool is_weak(std::int32_t encryption_type) noexcept;
/// "KDC_ERR_PREAUTH_REQUIRED" (RFC 4120 7.5.9); the number where it has no name.
std::string error_name(std::int32_t code);

} // namespace cresset::detect::proto::krb5
