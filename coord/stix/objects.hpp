#pragma once

#include "capture/base/ip_address.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/signed/json_value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::stix {

inline constexpr std::string_view incident_core_extension =
    "extension-definition--ef765651-680c-498d-9894-99799f2fa126";
/// Ours; its schema is docs/stix-incident-extension.schema.json.
inline constexpr std::string_view national_extension =
    "extension-definition--7a9e1f0c-52d3-4e0b-9a57-3b8b41d2c6f4";

/// The id of a cyber-observable object: UUIDv5 of its ID contributing properties (STIX 2.1
/// section 2.9). `contributing` holds those that are present, and nothing else.
std::string observable_id(std::string_view type, const signed_::json_value& contributing);

/// "ipv4-addr--…" or "ipv6-addr--…" of an address, or of a prefix of it when `prefix_bits` is less
/// than its width.
std::string address_id(const ip_address& address);
std::string address_id(const ip_address& address, unsigned prefix_bits);
/// The address as STIX values write it: dotted quad or RFC 5952, with "/bits" for a prefix.
std::string address_text(const ip_address& address);
std::string address_text(const ip_address& address, unsigned prefix_bits);

/// Reads "2026-11-21T22:07:38.123Z" (RFC 3339 with Z, any number of fraction digits up to nine;
/// STIX 2.1 section 2.16).
std::optional<timestamp> time_from(std::string_view text) noexcept;

/// The version that follows `previous`: now, but at least a millisecond later, and in whole
/// milliseconds.
timestamp next_version(std::optional<timestamp> previous, timestamp now) noexcept;

/// `text` with bytes that are not UTF-8 shown as \xHH, cut to `limit_bytes` at a character's end.
std::string clean_text(std::string_view text, std::size_t limit_bytes);

} // namespace cresset::coord::stix
