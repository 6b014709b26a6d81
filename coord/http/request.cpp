#include "coord/http/request.hpp"

#include <algorithm>
#include <array>

namespace cresset::coord::http {

namespace {

constexpr std::array<std::pair<std::string_view, method>, 6> method_names{{
    {"GET", method::get},
    {"HEAD", method::head},
    {"POST", method::post},
    {"PUT", method::put},
    {"PATCH", method::patch},
    {"DELETE", method::remove},
}};

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/// How many bytes the UTF-8 sequence at the front has (RFC 3629); 0 when it is damaged or longer
/// than the text.
std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80)
    return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80)
      return 0;
  const unsigned second = byte(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

/// Text a person could have meant: UTF-8 without control characters.
bool is_plain(std::string_view text) noexcept {
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x20 || text.front() == 0x7F)
      return false;
    const std::size_t length = utf8_length(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

/// Percent-decodes (RFC 3986 section 2.1); in a query '+' is a space as well.
std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3 || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
        return std::nullopt;
      out.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  if (!is_plain(out))
    return std::nullopt;
  return out;
}

bool read_segments(std::string_view path, std::vector<std::string>& segments) {
  path.remove_prefix(1);
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    auto part = decoded(path.substr(0, end), false);
    if (!part || *part == "." || *part == ".." || segments.size() == segment_limit)
      return false;
    segments.push_back(std::move(*part));
    if (end == path.size())
      break;
    path.remove_prefix(end + 1);
    if (path.empty())
      segments.emplace_back(); // "/a/" is not "/a"
  }
  return true;
}

bool read_query(std::string_view text, std::vector<named_value>& query) {
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty())
      continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equals), true);
    auto value = decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value || query.size() == query_limit)
      return false;
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

} // namespace

std::string_view to_string(method m) noexcept {
  for (const auto& [name, value] : method_names)
    if (value == m)
      return name;
  return "other";
}

method method_from(std::string_view name) noexcept {
  for (const auto& [text, value] : method_names)
    if (text == name)
      return value;
  return method::other;
}

std::string_view to_string(shown_by how) noexcept {
  switch (how) {
  case shown_by::session: return "session";
  case shown_by::token: return "token";
  case shown_by::certificate: return "certificate";
  }
  return "unknown";
}

bool changes_something(method m) noexcept {
  return m != method::get && m != method::head;
}

std::string_view request::header_value(std::string_view name) const noexcept {
  for (const auto& h : headers)
    if (same_name(h.name, name))
      return h.value;
  return {};
}

std::optional<std::string_view> request::cookie(std::string_view name) const noexcept {
  std::optional<std::string_view> found;
  for (const auto& h : headers) {
    if (!same_name(h.name, "cookie"))
      continue;
    std::string_view rest = h.value;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == pair.npos || pair.substr(0, equals) != name)
        continue;
      const auto value = pair.substr(equals + 1);
      if (found && *found != value)
        return std::nullopt;
      found = value;
    }
  }
  return found;
}

std::string_view request::parameter(std::string_view name) const noexcept {
  for (const auto& [key, value] : parameters)
    if (key == name)
      return value;
  return {};
}

std::optional<std::string_view> request::bearer_token() const noexcept {
  constexpr std::string_view scheme = "bearer ";
  std::optional<std::string_view> found;
  for (const auto& h : headers) {
    if (!same_name(h.name, "authorization"))
      continue;
    const std::string_view value = h.value;
    // Two of them: none is believed.
    found = !found && value.size() > scheme.size() && same_name(value.substr(0, scheme.size()), scheme)
                ? trimmed(value.substr(scheme.size()))
                : std::string_view{};
  }
  return found;
}

std::string request::path() const {
  std::string text;
  for (const auto& s : segments)
    text.append("/").append(s);
  return text.empty() ? "/" : text;
}

bool read_target(std::string_view target, request& to) {
  to.segments.clear();
  to.query.clear();
  if (target.empty() || target.front() != '/' || target.size() > target_limit_bytes ||
      target.find('#') != target.npos)
    return false;
  to.target = target;
  const auto question = std::min(target.find('?'), target.size());
  return read_segments(target.substr(0, question), to.segments) &&
         read_query(target.substr(std::min(question + 1, target.size())), to.query);
}

} // namespace cresset::coord::http
