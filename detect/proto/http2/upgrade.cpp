#include "detect/proto/http2/upgrade.hpp"

namespace cresset::detect::proto::http2 {
namespace {

constexpr std::size_t header_limit = 1024;
constexpr std::size_t setting_size = 6;

int digit_of(char c) noexcept {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == '-' || c == '+')
    return 62;
  return c == '_' || c == '/' ? 63 : -1;
}

} // namespace

std::optional<std::vector<std::byte>> decode_http2_settings(std::string_view header) {
  while (header.ends_with('='))
    header.remove_suffix(1);
  if (header.size() > header_limit)
    return std::nullopt;
  std::vector<std::byte> bytes;
  unsigned bits = 0, count = 0;
  for (const char c : header) {
    const int digit = digit_of(c);
    if (digit < 0)
      return std::nullopt;
    bits = (bits << 6U | static_cast<unsigned>(digit)) & 0xffffU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<std::byte>(bits >> count & 0xffU));
    }
  }
  return bytes.size() % setting_size == 0 ? std::optional{bytes} : std::nullopt;
}

} // namespace cresset::detect::proto::http2
