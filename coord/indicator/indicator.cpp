#include "coord/indicator/indicator.hpp"

#include "capture/base/ip_address.hpp"
#include "coord/incident/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cresset::coord::indicator {
namespace {

constexpr incident::words<indicator_kind, 4> kinds{{"address", "domain", "url", "hash"}};

constexpr std::size_t domain_limit_bytes = 253;
constexpr std::size_t label_limit_bytes = 63;

unexpected<std::string> wrong(std::string text) {
  return unexpected{std::move(text)};
}

std::string lower(std::string_view text) {
  std::string made{text};
  std::ranges::transform(made, made.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return made;
}

expected<std::string, std::string> address(std::string_view value) {
  const auto slash = value.find('/');
  const auto base = ip_address::parse(value.substr(0, slash));
  if (!base)
    return wrong("is no IPv4 or IPv6 address and no prefix of one");
  if (slash == std::string_view::npos)
    return base->to_string();
  const auto length = value.substr(slash + 1);
  unsigned bits = 0;
  const auto read = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (read.ec != std::errc{} || read.ptr != length.data() + length.size() ||
      bits > base->width_bits())
    return wrong("has no valid prefix length");
  const auto least = base->is_v4() ? least_prefix_v4_bits : least_prefix_v6_bits;
  if (bits < least)
    return wrong(fmt::format("is too broad: the shortest prefix is /{}", least));
  if (bits == base->width_bits())
    return base->to_string();
  return fmt::format("{}/{}", base->prefix(bits).to_string(), bits);
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= label_limit_bytes && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

expected<std::string, std::string> domain(std::string_view value) {
  auto name = lower(value);
  if (name.starts_with("*."))
    name.erase(0, 2);
  if (name.ends_with('.'))
    name.pop_back();
  if (name.size() > domain_limit_bytes || ip_address::parse(name))
    return wrong("is no domain name");
  std::size_t labels = 0;
  for (std::size_t at = 0; at <= name.size(); ++labels) {
    const auto dot = std::min(name.find('.', at), name.size());
    if (!is_label(std::string_view{name}.substr(at, dot - at)))
      return wrong("is no domain name; write international names in their xn-- form");
    at = dot + 1;
  }
  if (labels < 2)
    return wrong("is a whole top-level domain: name at least two labels");
  return name;
}

expected<std::string, std::string> url(std::string_view value) {
  const auto scheme_end = value.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0)
    return wrong("is no URL: begin with http:// or https://");
  const auto scheme = lower(value.substr(0, scheme_end));
  if (scheme != "http" && scheme != "https" && scheme != "ftp")
    return wrong("has a scheme nobody sees on the wire: write http, https or ftp");
  auto rest = value.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto path_at = std::min(rest.find_first_of("/?"), rest.size());
  auto host = lower(rest.substr(0, path_at));
  if (host.ends_with(scheme == "https" ? ":443" : ":80"))
    host.erase(host.rfind(':'));
  const bool is_clean = std::ranges::all_of(rest, [](char c) { return c > ' ' && c < 0x7f; });
  if (host.empty() || host.find('@') != std::string::npos || !is_clean)
    return wrong("is no URL: host and path in printable ASCII, without user name");
  std::string path{rest.substr(path_at)};
  if (path.empty() || path.front() == '?')
    path.insert(0, "/");
  if (path == "/")
    return wrong("is a whole site: watch for its domain instead");
  return fmt::format("{}://{}{}", scheme, host, path);
}

expected<std::string, std::string> hash(std::string_view value) {
  auto text = lower(value);
  std::erase(text, ':');
  const bool is_hex = std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  const auto size = text.size();
  if (!is_hex || (size != 32 && size != 40 && size != 64 && size != 128))
    return wrong("is no MD5, SHA-1, SHA-256 or SHA-512 in hex");
  return text;
}

} // namespace

std::string_view to_string(indicator_kind kind) noexcept {
  return kinds.word(kind);
}

std::optional<indicator_kind> kind_from(std::string_view word) noexcept {
  return kinds.value(word);
}

expected<std::string, std::string> normalised(indicator_kind kind, std::string_view value) {
  if (value.empty() || value.size() > value_limit_bytes)
    return wrong("is empty or longer than 2048 bytes");
  switch (kind) {
  case indicator_kind::address: return address(value);
  case indicator_kind::domain: return domain(value);
  case indicator_kind::url: return url(value);
  case indicator_kind::hash: break;
  }
  return hash(value);
}

std::optional<indicator_kind> guess_kind(std::string_view value) {
  for (const auto kind :
       {indicator_kind::address, indicator_kind::hash, indicator_kind::url, indicator_kind::domain})
    if (normalised(kind, value))
      return kind;
  return std::nullopt;
}

} // namespace cresset::coord::indicator
