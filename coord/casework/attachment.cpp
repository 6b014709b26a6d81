#include "coord/casework/attachment.hpp"

#include <algorithm>

namespace cresset::coord::casework {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

int sextet(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

} // namespace

bool is_file_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 200 && name != "." && name != ".." &&
         std::ranges::none_of(name, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f || c == '/' || c == '\\';
         });
}

bool is_media_type(std::string_view text) noexcept {
  const auto slash = text.find('/');
  if (text.size() > 127 || slash == std::string_view::npos || slash == 0 ||
      slash + 1 == text.size() || text.find('/', slash + 1) != std::string_view::npos)
    return false;
  return std::ranges::all_of(text, [](char c) {
    return is_plain(c) || std::string_view{"/.+-_!#$&^"}.find(c) != std::string_view::npos;
  });
}

std::string header_file_name(std::string_view name) {
  std::string made;
  for (const char c : name)
    made += is_plain(c) || c == '.' || c == '-' || c == '_' ? c : '_';
  // A name that begins with a dot hides itself.
  if (made.starts_with('.'))
    made.front() = '_';
  return made.empty() ? "attachment" : made;
}

std::optional<std::vector<std::byte>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return std::nullopt;
  std::vector<std::byte> bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const bool is_last = at + 4 == text.size();
    const auto padding = !is_last || text[at + 3] != '=' ? 0U : text[at + 2] == '=' ? 2U : 1U;
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const int value = i >= 4 - padding ? 0 : sextet(text[at + i]);
      if (value < 0)
        return std::nullopt;
      word = (word << 6) | static_cast<std::uint32_t>(value);
    }
    // Bits behind the last byte are zero in the one form there is.
    if ((padding == 1 && (word & 0xff) != 0) || (padding == 2 && (word & 0xffff) != 0))
      return std::nullopt;
    for (std::size_t i = 0; i < 3 - padding; ++i)
      bytes.push_back(static_cast<std::byte>(word >> (16 - 8 * i)));
  }
  return bytes;
}

} // namespace cresset::coord::casework
