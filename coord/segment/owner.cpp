#include "coord/segment/owner.hpp"

#include "coord/incident/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cresset::coord::segment {
namespace {

using incident::words;
constexpr words<record_kind, 5> kinds{{"owner", "contact", "prefix", "as_number", "domain"}};
constexpr words<delivery, 3> deliveries{{"instant", "digest", "download"}};
constexpr words<layer, 4> layers{{"delegated", "listed", "imported", "manual"}};

bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

template <typename Number>
std::optional<Number> number(std::string_view text) noexcept {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::optional<std::uint32_t> one_as(std::string_view text) noexcept {
  if (text.size() > 2 && (text[0] | 0x20) == 'a' && (text[1] | 0x20) == 's')
    text.remove_prefix(2);
  return number<std::uint32_t>(text);
}

/// Text for people: no control characters, so that it can stand in a header and on a line.
bool is_line(std::string_view text) noexcept {
  return text.size() <= text_limit_bytes && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

std::optional<std::string> settle_key(record& r) {
  switch (r.kind) {
  case record_kind::owner:
    if (!is_owner_key(r.key))
      return "key: an owner's key has 1 to 64 of a-z, 0-9, '.', '-', '_'";
    return std::nullopt;
  case record_kind::contact:
    if (r.email.empty() && r.phone.empty())
      return "email: a contact has a mail address or a phone number";
    r.key = fmt::format("{}/{}", r.owner, r.email.empty() ? r.phone : r.email);
    return std::nullopt;
  case record_kind::prefix: {
    const auto read = network::parse(r.key);
    if (!read)
      return fmt::format("key: '{}' is no prefix, or has bits behind its length", r.key);
    r.key = read->to_string();
    return std::nullopt;
  }
  case record_kind::as_number: {
    const auto read = as_range::parse(r.key);
    if (!read)
      return fmt::format("key: '{}' is no AS number and no range of them", r.key);
    r.key = read->to_string();
    return std::nullopt;
  }
  case record_kind::domain: {
    const auto read = canonical_domain(r.key);
    if (!read)
      return fmt::format("key: '{}' is no domain name", r.key);
    r.key = *read;
    return std::nullopt;
  }
  }
  return "kind: not known";
}

} // namespace

std::optional<network> network::parse(std::string_view text) {
  const auto slash = std::min(text.find('/'), text.size());
  const auto address = ip_address::parse(text.substr(0, slash));
  if (!address)
    return std::nullopt;
  const auto bits = slash == text.size() ? std::optional{address->width_bits()}
                                         : number<unsigned>(text.substr(slash + 1));
  if (!bits || *bits > address->width_bits() || address->prefix(*bits) != *address)
    return std::nullopt;
  return network{*address, *bits};
}

std::string network::to_string() const {
  return fmt::format("{}/{}", first.to_string(), bits);
}

std::optional<as_range> as_range::parse(std::string_view text) {
  const auto dash = std::min(text.find('-'), text.size());
  const auto first = one_as(text.substr(0, dash));
  const auto last = dash == text.size() ? first : one_as(text.substr(dash + 1));
  if (!first || !last || *last < *first)
    return std::nullopt;
  return as_range{*first, *last};
}

std::string as_range::to_string() const {
  return first == last ? fmt::format("AS{}", first) : fmt::format("AS{}-AS{}", first, last);
}

std::optional<std::string> canonical_domain(std::string_view text) {
  if (text.ends_with('.'))
    text.remove_suffix(1);
  if (text.empty() || text.size() > 253)
    return std::nullopt;
  std::string name{text};
  std::size_t label = 0;
  for (auto& c : name) {
    if (is_upper(c))
      c = static_cast<char>(c + 32);
    if (c == '.' ? label == 0 : !(is_lower(c) || is_digit(c) || c == '-' || c == '_'))
      return std::nullopt;
    label = c == '.' ? 0 : label + 1;
    if (label > 63)
      return std::nullopt;
  }
  return name;
}

bool is_owner_key(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 && (is_lower(text[0]) || is_digit(text[0])) &&
         std::ranges::all_of(text, [](char c) {
           return is_lower(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
         });
}

bool is_mail_address(std::string_view text) noexcept {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254)
    return false;
  const bool plain = std::ranges::all_of(text.substr(0, at), [](char c) {
    return is_lower(c) || is_upper(c) || is_digit(c) ||
           std::string_view{"!#$%&'*+-/=?^_`{|}~."}.find(c) != std::string_view::npos;
  });
  return plain && canonical_domain(text.substr(at + 1)).has_value();
}

bool is_country(std::string_view text) noexcept {
  return text.size() == 2 && is_upper(text[0]) && is_upper(text[1]);
}

std::optional<day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  const auto year = number<unsigned>(text.substr(0, 4));
  const auto month = number<unsigned>(text.substr(5, 2));
  const auto of_month = number<unsigned>(text.substr(8));
  if (!year || !month || !of_month)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                         std::chrono::month{*month}, std::chrono::day{*of_month}};
  if (!date.ok() || *year == 0)
    return std::nullopt;
  return day{date};
}

std::string to_string(day d) {
  const std::chrono::year_month_day date{d};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string_view to_string(record_kind kind) noexcept {
  return kinds.word(kind);
}
std::string_view to_string(delivery how) noexcept {
  return deliveries.word(how);
}
std::string_view to_string(layer weight) noexcept {
  return layers.word(weight);
}
std::optional<record_kind> record_kind_from(std::string_view word) noexcept {
  return kinds.value(word);
}
std::optional<delivery> delivery_from(std::string_view word) noexcept {
  return deliveries.value(word);
}

std::optional<std::string> settle(record& r) {
  for (const auto& [name, text] : {std::pair{"name", &r.name}, std::pair{"sector", &r.sector},
                                   std::pair{"phone", &r.phone}, std::pair{"role", &r.role}})
    if (!is_line(*text))
      return fmt::format("{}: longer than {} bytes or with control characters", name,
                         text_limit_bytes);
  if (!r.owner.empty() && (r.kind == record_kind::owner || !is_owner_key(r.owner)))
    return "owner: names an owner by its key (a-z, 0-9, '.', '-', '_'), not for an owner itself";
  if (r.kind == record_kind::contact && r.owner.empty())
    return "owner: a contact belongs to an owner";
  if (r.criticality < 0 || r.criticality > 5)
    return "criticality: 0 (not said) to 5 (vital)";
  if (!r.country.empty() && !is_country(r.country))
    return "country: two upper-case letters (ISO 3166)";
  if (!r.email.empty() && (r.kind != record_kind::contact || !is_mail_address(r.email)))
    return "email: no mail address, or not of a contact";
  const bool language =
      r.language.size() == 2 && is_lower(r.language[0]) && is_lower(r.language[1]);
  if (!r.language.empty() && !language)
    return "language: two lower-case letters (ISO 639)";
  if (r.valid.from && r.valid.to && *r.valid.to < *r.valid.from)
    return "valid_to: lies before valid_from";
  return settle_key(r);
}

} // namespace cresset::coord::segment
