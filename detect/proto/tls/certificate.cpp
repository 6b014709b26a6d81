// X.509 by hand: a certificate is nested tag-length-value (X.690), and only seven of its fields are
// wanted. Reading it so costs no allocation but the texts, accepts what strict readers refuse
// (serials without sense, dates in the past of the calendar) and says which field was damaged.
//
//   SEQUENCE { SEQUENCE { [0] version, serial, algorithm, issuer, validity, subject, key, [3]
//   extensions }, … }
#include "detect/proto/tls/certificate.hpp"

#include "capture/base/byte_reader.hpp"
#include "capture/base/ip_address.hpp"
#include "detect/proto/digest.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <optional>

namespace cresset::detect::proto::tls {
namespace {

enum tag : std::uint8_t {
  integer = 0x02,
  oid = 0x06,
  utf8_string = 0x0c,
  bmp_string = 0x1e,
  sequence = 0x30,
  set = 0x31,
  utc_time = 0x17,
  generalized_time = 0x18,
  octet_string = 0x04,
  boolean = 0x01,
  version_tag = 0xa0,
  extensions_tag = 0xa3,
};
constexpr std::size_t name_limit = 4096;
constexpr std::size_t alternative_names_limit = 256;

struct element {
  std::uint8_t kind = 0;
  byte_view content;
};

/// Takes one element; nothing if its length is indefinite, over four bytes long or over what is
/// there.
std::optional<element> take(byte_reader& in) noexcept {
  const auto kind = in.u8();
  const auto first = in.u8();
  if (!first)
    return std::nullopt;
  std::size_t length = *first;
  if ((*first & 0x80U) != 0) {
    const unsigned more = *first & 0x7fU;
    if (more == 0 || more > 4)
      return std::nullopt;
    length = 0;
    for (unsigned i = 0; i < more; ++i) {
      const auto byte = in.u8();
      if (!byte)
        return std::nullopt;
      length = length << 8 | *byte;
    }
  }
  const auto content = in.take(length);
  return content ? std::optional{element{*kind, *content}} : std::nullopt;
}
std::optional<byte_view> take(byte_reader& in, std::uint8_t kind) noexcept {
  const auto one = take(in);
  return one && one->kind == kind ? std::optional{one->content} : std::nullopt;
}

struct attribute {
  std::string_view oid;
  std::string_view name;
};
using namespace std::string_view_literals;
/// Short names of attributes of names (RFC 4514 3, and what certificates of companies carry
/// beside).
constexpr std::array attributes{
    attribute{"\x55\x04\x03", "CN"},
    attribute{"\x55\x04\x04", "SN"},
    attribute{"\x55\x04\x05", "serialNumber"},
    attribute{"\x55\x04\x06", "C"},
    attribute{"\x55\x04\x07", "L"},
    attribute{"\x55\x04\x08", "ST"},
    attribute{"\x55\x04\x09", "street"},
    attribute{"\x55\x04\x0a", "O"},
    attribute{"\x55\x04\x0b", "OU"},
    attribute{"\x55\x04\x0c", "title"},
    attribute{"\x55\x04\x0d", "description"},
    attribute{"\x55\x04\x0f", "businessCategory"},
    attribute{"\x55\x04\x11", "postalCode"},
    attribute{"\x55\x04\x29", "name"},
    attribute{"\x55\x04\x2a", "givenName"},
    attribute{"\x55\x04\x2e", "dnQualifier"},
    attribute{"\x55\x04\x61", "organizationIdentifier"},
    attribute{"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "emailAddress"},
    attribute{"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02", "unstructuredName"},
    attribute{"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC"},
    attribute{"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "UID"},
    attribute{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01", "jurisdictionL"},
    attribute{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02", "jurisdictionST"},
    attribute{"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03", "jurisdictionC"}};
constexpr std::string_view alternative_name_oid = "\x55\x1d\x11";

std::string dotted(byte_view oid_bytes) {
  std::string text;
  std::uint64_t arc = 0;
  bool first = true;
  for (const auto byte : oid_bytes) {
    arc = arc << 7 | (std::to_integer<unsigned>(byte) & 0x7fU);
    if ((std::to_integer<unsigned>(byte) & 0x80U) != 0)
      continue;
    if (first)
      text = fmt::format("{}.{}", std::min<std::uint64_t>(arc / 40, 2),
                         arc - 40 * std::min<std::uint64_t>(arc / 40, 2));
    else
      fmt::format_to(std::back_inserter(text), ".{}", arc);
    first = false;
    arc = 0;
  }
  return text;
}

void append_value(std::string& text, const element& value) {
  if (value.kind != bmp_string) {
    text += as_text(value.content);
    return;
  }
  byte_reader in{value.content}; // UCS-2, written as UTF-8
  while (const auto unit = in.be16()) {
    if (*unit < 0x80) {
      text += static_cast<char>(*unit);
    } else if (*unit < 0x800) {
      text += static_cast<char>(0xc0U | *unit >> 6);
      text += static_cast<char>(0x80U | (*unit & 0x3fU));
    } else {
      text += static_cast<char>(0xe0U | *unit >> 12);
      text += static_cast<char>(0x80U | (*unit >> 6 & 0x3fU));
      text += static_cast<char>(0x80U | (*unit & 0x3fU));
    }
  }
}

/// Name ::= SEQUENCE OF SET OF SEQUENCE { type, value }, as "C=FR, O=Example, CN=host".
std::optional<std::string> read_name(byte_view name) {
  std::string text;
  byte_reader sets{name};
  while (!sets.empty() && text.size() < name_limit) {
    const auto one_set = take(sets, set);
    if (!one_set)
      return std::nullopt;
    byte_reader members{*one_set};
    bool is_first = true;
    while (!members.empty()) {
      byte_reader pair{take(members, sequence).value_or(byte_view{})};
      const auto type = take(pair, oid);
      const auto value = take(pair);
      if (!type || !value)
        return std::nullopt;
      if (!text.empty())
        text += is_first ? ", " : " + ";
      is_first = false;
      std::string_view short_name;
      for (const auto& known : attributes)
        if (known.oid == as_text(*type))
          short_name = known.name;
      text += short_name.empty() ? dotted(*type) : std::string{short_name};
      append_value(text += '=', *value);
    }
  }
  return text;
}

/// UTCTime or GeneralizedTime (RFC 5280 4.1.2.5), to the second, with Z or without.
std::optional<std::int64_t> read_time(const element& time) noexcept {
  auto text = as_text(time.content);
  if (text.ends_with('Z'))
    text.remove_suffix(1);
  const std::size_t year_digits = time.kind == generalized_time ? 4 : 2;
  if ((time.kind != utc_time && time.kind != generalized_time) || text.size() < year_digits + 8)
    return std::nullopt;
  const auto number = [&](std::size_t size) -> int {
    int value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (i >= text.size() || text[i] < '0' || text[i] > '9')
        return -1;
      value = 10 * value + (text[i] - '0');
    }
    text.remove_prefix(size);
    return value;
  };
  int year = number(year_digits);
  const int month = number(2);
  const int day = number(2);
  const int hour = number(2);
  const int minute = number(2);
  const int second = text.empty() ? 0 : number(2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 60)
    return std::nullopt;
  if (year_digits == 2)
    year += year < 50 ? 2000 : 1900;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok())
    return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  return std::int64_t{days} * 86400 + hour * 3600 + minute * 60 + second;
}

void read_alternative_names(byte_view value, std::vector<std::string>& names) {
  byte_reader outer{value};
  byte_reader in{take(outer, sequence).value_or(byte_view{})};
  while (const auto one = take(in)) {
    if (names.size() >= alternative_names_limit)
      return;
    switch (one->kind & 0x1fU) {
    case 1: // rfc822Name
    case 2: // dNSName
    case 6: // uniformResourceIdentifier
      names.emplace_back(as_text(one->content));
      break;
    case 7: // iPAddress
      if (one->content.size() == 4)
        names.push_back(ip_address::v4(one->content.first<4>()).to_string());
      else if (one->content.size() == 16)
        names.push_back(ip_address::v6(one->content.first<16>()).to_string());
      break;
    default: break;
    }
  }
}

bool read_extensions(byte_view wrapped, certificate_chain& chain) {
  byte_reader outer{wrapped};
  const auto list = take(outer, sequence);
  if (!list)
    return false;
  byte_reader in{*list};
  while (!in.empty()) {
    byte_reader one{take(in, sequence).value_or(byte_view{})};
    const auto type = take(one, oid);
    auto value = take(one);
    if (value && value->kind == boolean)
      value = take(one);
    if (!type || !value || value->kind != octet_string)
      return false;
    if (as_text(*type) == alternative_name_oid)
      read_alternative_names(value->content, chain.alternative_names);
  }
  return true;
}

std::string upper_colons(byte_view bytes) {
  std::string text;
  for (const auto byte : bytes)
    fmt::format_to(std::back_inserter(text), "{}{:02X}", text.empty() ? "" : ":",
                   std::to_integer<unsigned>(byte));
  return text;
}

void read_validity(byte_view validity, certificate_chain& chain, event_list& events) {
  byte_reader in{validity};
  const auto from = take(in);
  const auto to = take(in);
  if (!from || !to)
    return events.raise("certificate_invalid_validity");
  const auto not_before = read_time(*from);
  const auto not_after = read_time(*to);
  if (!not_before || !not_after)
    return events.raise("certificate_invalid_date");
  chain.not_before_s = *not_before;
  chain.not_after_s = *not_after;
}

void read_body(byte_reader in, certificate_chain& chain, event_list& events) {
  auto next = take(in);
  if (next && next->kind == version_tag)
    next = take(in);
  if (!next || next->kind != integer)
    return events.raise("certificate_invalid_serial");
  chain.serial = upper_colons(next->content);
  if (!take(in, sequence))
    return events.raise("certificate_invalid_algorithmidentifier");
  const auto issuer = take(in, sequence);
  const auto issuer_text = issuer ? read_name(*issuer) : std::nullopt;
  if (!issuer_text)
    return events.raise("certificate_invalid_issuer");
  chain.issuer = *issuer_text;
  const auto validity = take(in, sequence);
  if (!validity)
    return events.raise("certificate_invalid_validity");
  read_validity(*validity, chain, events);
  const auto subject = take(in, sequence);
  const auto subject_text = subject ? read_name(*subject) : std::nullopt;
  if (!subject_text)
    return events.raise("certificate_invalid_subject");
  chain.subject = *subject_text;
  chain.is_read = true;
  while (const auto rest = take(in))
    if (rest->kind == extensions_tag && !read_extensions(rest->content, chain))
      events.raise("certificate_invalid_extensions");
}

/// The event for an element that could not be taken: its length is cut short or of a form that is
/// none, or is more than there is, or the element is another than a certificate has there.
std::string_view what_is_wrong(byte_reader in) noexcept {
  const auto kind = in.u8();
  const auto first = in.u8();
  if (!first || *kind != sequence)
    return "certificate_invalid_der";
  const unsigned more = (*first & 0x80U) != 0 ? *first & 0x7fU : 0;
  if ((*first & 0x80U) != 0 && (more == 0 || more > 4 || in.remaining() < more))
    return "certificate_invalid_length";
  return "invalid_certificate";
}

} // namespace

bool read_certificate(std::string_view der, certificate_chain& chain, event_list& events) {
  chain.fingerprint = sha1_colons(der);
  byte_reader file{as_bytes(der)};
  const auto whole = take(file, sequence);
  byte_reader parts{whole.value_or(byte_view{})};
  const auto begin = parts;
  const auto body = whole ? take(parts, sequence) : std::nullopt;
  if (!body) {
    events.raise(what_is_wrong(whole ? begin : byte_reader{as_bytes(der)}));
    return false;
  }
  read_body(byte_reader{*body}, chain, events);
  return true;
}

std::string date_text(std::int64_t since_epoch_s) {
  const std::chrono::sys_seconds moment{std::chrono::seconds{since_epoch_s}};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{moment - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

} // namespace cresset::detect::proto::tls
