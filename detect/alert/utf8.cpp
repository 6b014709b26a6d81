#include "detect/alert/utf8.hpp"

#include <algorithm>

namespace cresset::detect::alert {

std::size_t utf8_length(std::string_view text) noexcept {
  if (text.empty())
    return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80)
    return 1;
  const std::size_t size = lead < 0xc2   ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  if (size == 0 || text.size() < size)
    return 0;
  for (std::size_t i = 1; i < size; ++i) {
    // the second byte rules out overlong forms, surrogates and what is above U+10FFFF
    const unsigned char least = i > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned char most = i > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < least || byte > most)
      return 0;
  }
  return size;
}

bool is_clean_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0 || text[0] == '\0')
      return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string to_clean_utf8(std::string_view text, std::size_t limit_bytes) {
  std::string clean;
  clean.reserve(std::min(text.size(), limit_bytes));
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (clean.size() + std::max<std::size_t>(length, 1) > limit_bytes)
      break;
    if (length == 0 || text[0] == '\0')
      clean += '?';
    else
      clean.append(text, 0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

} // namespace cresset::detect::alert
