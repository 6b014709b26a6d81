#include "coord/stix/objects.hpp"

#include "coord/signed/canonical_json.hpp"
#include "coord/signed/json_reader.hpp"
#include "coord/stix/uuid.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace cresset::coord::stix {
namespace {

/// STIX 2.1 section 2.9: the namespace of deterministic SCO ids.
uuid observable_namespace() {
  return *uuid::parse("00abedb4-aa42-466c-9c01-fed23315a9b7");
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
  int value = 0;
  const char* from = text.data() + at;
  const auto read = std::from_chars(from, from + count, value);
  if (read.ec != std::errc{} || read.ptr != from + count || *from == '-')
    return std::nullopt;
  return value;
}

/// ".123" as nanoseconds; nothing if it is no fraction of one to nine digits.
std::optional<std::chrono::nanoseconds> fraction_from(std::string_view text) noexcept {
  if (text.empty())
    return std::chrono::nanoseconds{0};
  if (text.front() != '.' || text.size() < 2 || text.size() > 10)
    return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t i = 1; i < 10; ++i) {
    const char c = i < text.size() ? text[i] : '0';
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return std::chrono::nanoseconds{value};
}

} // namespace

std::string observable_id(std::string_view type, const signed_::json_value& contributing) {
  const auto name = signed_::write_canonical(contributing);
  assert(name.has_value());
  return std::string{type} + "--" + uuid::from_name(observable_namespace(), *name).to_string();
}

std::string address_text(const ip_address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(address.is_v4() ? AF_INET : AF_INET6, address.bytes().data(), text.data(),
              text.size());
  return text.data();
}

std::string address_text(const ip_address& address, unsigned prefix_bits) {
  if (prefix_bits >= address.width_bits())
    return address_text(address);
  return address_text(address.prefix(prefix_bits)) + "/" + std::to_string(prefix_bits);
}

std::string address_id(const ip_address& address) {
  return address_id(address, address.width_bits());
}

std::string address_id(const ip_address& address, unsigned prefix_bits) {
  return observable_id(address.is_v4() ? "ipv4-addr" : "ipv6-addr",
                       signed_::json_value::object{{"value", address_text(address, prefix_bits)}});
}

std::optional<timestamp> time_from(std::string_view text) noexcept {
  if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' ||
      text[10] != 'T' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  const auto fraction = fraction_from(text.substr(19, text.size() - 20));
  if (!year || !month || !day || !hour || !minute || !second || !fraction)
    return std::nullopt;
  // 1678 to 2262 is what nanoseconds in 64 bits can hold; a second of 60 is a leap second and read
  // as the next minute's first.
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *year < 1700 || *year > 2200 || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
         std::chrono::minutes{*minute} + std::chrono::seconds{*second} + *fraction;
}

timestamp next_version(std::optional<timestamp> previous, timestamp now) noexcept {
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(now);
  return previous ? std::max<timestamp>(whole, *previous + std::chrono::milliseconds{1})
                  : timestamp{whole};
}

std::string clean_text(std::string_view text, std::size_t limit_bytes) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = signed_::utf8_sequence_length(text);
    const std::string piece =
        length != 0 ? std::string{text.substr(0, length)}
                    : fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    if (out.size() + piece.size() > limit_bytes)
      break;
    out += piece;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

} // namespace cresset::coord::stix
