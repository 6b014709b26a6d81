#pragma once

#include "capture/base/ip_address.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::segment {

/// What a record of the registry is about. The numbers are stored.
enum class record_kind : std::uint8_t {
  owner = 0,     ///< who answers for a part of the segment
  contact = 1,   ///< whom to tell there
  prefix = 2,    ///< addresses
  as_number = 3, ///< one autonomous system or a range of them
  domain = 4,    ///< a domain with all below it
};

/// How a contact wants to be told.
enum class delivery : std::uint8_t {
  instant = 0,  ///< a mail for each matter
  digest = 1,   ///< one mail for what a day brought
  download = 2, ///< no mail: the contact fetches it
};

/// How much a record's word on an address weighs against others'. A greater layer wins over a
/// longer prefix of a lower one: an old file of the world's delegations never says that ours is
/// not.
enum class layer : std::uint8_t {
  delegated = 0, ///< a registry's file of delegations
  listed = 1,    ///< a list of a country's prefixes
  imported = 2,  ///< the nation's own table (CSV)
  manual = 3,    ///< edited here
};

using day = std::chrono::sys_days;

/// Days on which a record holds, both ends included; without an end it holds on.
struct validity {
  std::optional<day> from;
  std::optional<day> to;

  bool covers(day today) const noexcept {
    return (!from || *from <= today) && (!to || today <= *to);
  }
  friend bool operator==(const validity&, const validity&) = default;
};

/// One line of the registry. Which members a kind uses: owner: name, sector, criticality, country,
/// language; contact: owner, name, email, phone, role, language, delivery; prefix, as_number,
/// domain: owner, sector, criticality, country, `ours`. The rest stays as it is here.
struct record {
  record_kind kind = record_kind::owner;
  /// Unique within kind and source, in one form: "kaztelecom", "kaztelecom/noc@example.kz",
  /// "192.0.2.0/24", "AS64500" or "AS64500-AS64510", "example.kz".
  std::string key;
  /// Key of the owner; empty for an owner, and where nobody is known.
  std::string owner;
  std::string name;
  std::string sector;
  int criticality = 0;
  /// ISO 3166 two letters.
  std::string country;
  bool ours = false;
  std::string email;
  std::string phone;
  std::string role;
  /// Two letters (ISO 639): of the messages to this owner or contact.
  std::string language;
  delivery how = delivery::instant;
  validity valid;
  segment::layer weight = layer::manual;

  friend bool operator==(const record&, const record&) = default;
};

/// A prefix with no bit set behind its length.
struct network {
  ip_address first;
  unsigned bits = 0;

  /// "192.0.2.0/24", "2001:db8::/32" or a lone address; nothing for any other text or when bits
  /// behind the length are set.
  static std::optional<network> parse(std::string_view text);
  /// IPv6 as `ip_address` writes it.
  std::string to_string() const;
  bool contains(const ip_address& address) const noexcept {
    return address.is_v4() == first.is_v4() && address.prefix(bits) == first;
  }
  friend bool operator==(const network&, const network&) noexcept = default;
};

/// AS numbers from `first` to `last`, both included.
struct as_range {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  /// "AS64500", "64500", "AS64500-AS64510".
  static std::optional<as_range> parse(std::string_view text);
  std::string to_string() const;
};

/// A host name in lower case without a dot at the end (RFC 1035 section 2.3.1, with names beyond
/// ASCII as they are in the DNS, "xn--…"); nothing for any other text.
std::optional<std::string> canonical_domain(std::string_view text);
/// Key of an owner: 1 to 64 lower-case letters, digits, '.', '-', '_', beginning with a letter or
/// digit.
bool is_owner_key(std::string_view text) noexcept;
/// An address one can write to and that cannot break a header: local@domain in printable ASCII of
/// at most 254 bytes.
bool is_mail_address(std::string_view text) noexcept;
/// "KZ": two upper-case letters.
bool is_country(std::string_view text) noexcept;
/// "2026-11-22"; nothing for any other text or a day that is not in the calendar.
std::optional<day> parse_day(std::string_view text);
std::string to_string(day d);

std::string_view to_string(record_kind kind) noexcept;
std::string_view to_string(delivery how) noexcept;
std::string_view to_string(layer weight) noexcept;
std::optional<record_kind> record_kind_from(std::string_view word) noexcept;
std::optional<delivery> delivery_from(std::string_view word) noexcept;

/// Brings the key into its one form and checks every member against its kind; gives what is wrong
/// in one line, naming the member, or nothing.
std::optional<std::string> settle(record& r);

/// Longest texts of a record, in bytes.
inline constexpr std::size_t text_limit_bytes = 200;
inline constexpr std::size_t key_limit_bytes = 320;

} // namespace cresset::coord::segment
