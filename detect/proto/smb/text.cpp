#include "detect/proto/smb/text.hpp"

#include <algorithm>

namespace cresset::detect::proto::smb {
namespace {

std::uint16_t unit_at(byte_view bytes, std::size_t i) noexcept {
  return load_le16(bytes.subspan(2 * i).first<2>());
}

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0U | c >> 6);
    out += static_cast<char>(0x80U | (c & 0x3fU));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0U | c >> 12);
    out += static_cast<char>(0x80U | (c >> 6 & 0x3fU));
    out += static_cast<char>(0x80U | (c & 0x3fU));
  } else {
    out += static_cast<char>(0xf0U | c >> 18);
    out += static_cast<char>(0x80U | (c >> 12 & 0x3fU));
    out += static_cast<char>(0x80U | (c >> 6 & 0x3fU));
    out += static_cast<char>(0x80U | (c & 0x3fU));
  }
}

bool is_high(std::uint32_t unit) noexcept {
  return unit >= 0xd800 && unit < 0xdc00;
}
bool is_low(std::uint32_t unit) noexcept {
  return unit >= 0xdc00 && unit < 0xe000;
}

} // namespace

std::string from_utf16(byte_view bytes) {
  bytes = bytes.first(std::min(bytes.size(), limit_name_bytes));
  std::size_t count = bytes.size() / 2;
  while (count > 0 && unit_at(bytes, count - 1) == 0)
    --count;
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t unit = unit_at(bytes, i);
    if (is_high(unit) && i + 1 < count && is_low(unit_at(bytes, i + 1))) {
      append_utf8(out, 0x10000 + ((unit - 0xd800) << 10) + (unit_at(bytes, i + 1) - 0xdc00U));
      ++i;
    } else if (is_high(unit) || is_low(unit)) {
      out += '?';
    } else {
      append_utf8(out, unit);
    }
  }
  return out;
}

terminated read_terminated(byte_view bytes, bool unicode) {
  if (!unicode) {
    const auto end = std::find(bytes.begin(), bytes.end(), std::byte{0});
    const auto size = static_cast<std::size_t>(end - bytes.begin());
    return {std::string{as_text(bytes.first(std::min(size, limit_name_bytes)))},
            std::min(size + 1, bytes.size())};
  }
  std::size_t units = 0;
  while (2 * units + 1 < bytes.size() && unit_at(bytes, units) != 0)
    ++units;
  return {from_utf16(bytes.first(2 * units)), std::min(2 * units + 2, bytes.size())};
}

std::string to_text(const guid& id) {
  constexpr std::array<std::uint8_t, 16> order{3, 2, 1,  0,  5,  4,  7,  6,
                                               9, 8, 10, 11, 12, 13, 14, 15};
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      text += '-';
    const auto byte = std::to_integer<std::size_t>(id[order[i]]);
    text += digits[byte >> 4];
    text += digits[byte & 0xfU];
  }
  return text;
}

std::uint64_t unix_seconds(std::uint64_t filetime) noexcept {
  constexpr std::uint64_t ticks_a_second = 10'000'000;
  constexpr std::uint64_t epoch = 11'644'473'600; // from 1601 to 1970
  const auto seconds = filetime / ticks_a_second;
  return seconds > epoch ? seconds - epoch : 0;
}

} // namespace cresset::detect::proto::smb
