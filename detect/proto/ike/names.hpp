#pragma once

#include <cstdint>
#include <string_view>

namespace cresset::detect::proto::ike {

/// Attributes of a security association, as `ike.chosen_sa_attribute` and the event log name them.
/// Version 2 has alg_enc, alg_prf, alg_auth (integrity), alg_dh and alg_esn only.
enum class attribute_kind : std::uint8_t {
  alg_enc,
  alg_hash,
  alg_auth,
  alg_dh,
  alg_prf,
  alg_integ,
  alg_esn,
  sa_group_type,
  sa_life_type,
  sa_life_duration,
  sa_key_length,
  sa_field_size,
};
inline constexpr std::size_t attribute_kind_count = 12;

std::string_view name_of(attribute_kind kind) noexcept;
/// "EncAesCbc" (version 1, IANA "Internet Key Exchange (IKE) Attributes") or "ENCR_AES_CBC"
/// (version 2, IANA "IKEv2 Parameters"); "Unknown" where the value has no name.
std::string_view value_name(unsigned version, attribute_kind kind, std::uint64_t value) noexcept;
/// "KeyExchange"; "Unknown".
std::string_view payload_name(unsigned version, std::uint8_t type) noexcept;
/// "NAT_DETECTION_SOURCE_IP" (version 2); empty for one without a name.
std::string_view notify_name(std::uint16_t type) noexcept;

/// What RFC 8247 says MUST NOT or SHOULD NOT be used, and what rests on SHA-1 or a block of 64
/// bits.
bool is_weak(attribute_kind kind, std::uint64_t value) noexcept;
/// Ciphers that bring their own integrity (RFC 5282).
bool is_combined(std::uint64_t encryption) noexcept;

} // namespace cresset::detect::proto::ike
