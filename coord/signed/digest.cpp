#include "coord/signed/digest.hpp"

#include <sodium.h>

namespace cresset::coord::signed_ {

digest digest::of(std::string_view text) {
  digest made;
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(made.bytes.data()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return made;
}

std::optional<digest> digest::parse(std::string_view hex) noexcept {
  digest read;
  if (!from_hex(hex, read.bytes))
    return std::nullopt;
  return read;
}

std::string digest::hex() const {
  return to_hex(bytes);
}

std::string to_hex(byte_view bytes) {
  static constexpr std::string_view letters = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    out += letters[std::to_integer<unsigned>(byte) >> 4];
    out += letters[std::to_integer<unsigned>(byte) & 15U];
  }
  return out;
}

bool from_hex(std::string_view hex, std::span<std::byte> out) noexcept {
  if (hex.size() != out.size() * 2)
    return false;
  const auto nibble = [](char c) -> unsigned {
    if (c >= '0' && c <= '9')
      return static_cast<unsigned>(c - '0');
    return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10 : 16;
  };
  for (std::size_t i = 0; i < out.size(); ++i) {
    const unsigned high = nibble(hex[2 * i]);
    const unsigned low = nibble(hex[2 * i + 1]);
    if (high > 15 || low > 15)
      return false;
    out[i] = static_cast<std::byte>(high << 4 | low);
  }
  return true;
}

} // namespace cresset::coord::signed_
