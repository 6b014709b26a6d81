#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace cresset {

/// Bytes owned by somebody else; who, and until when, is said where one is handed out.
using byte_view = std::span<const std::byte>;

/// Reads a big-endian number (network order) from exactly as many bytes as it has. No alignment is
/// needed.
constexpr std::uint16_t load_be16(std::span<const std::byte, 2> b) noexcept {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(b[0]) << 8 |
                                    std::to_integer<unsigned>(b[1]));
}
constexpr std::uint32_t load_be32(std::span<const std::byte, 4> b) noexcept {
  return static_cast<std::uint32_t>(load_be16(b.first<2>())) << 16 | load_be16(b.last<2>());
}
constexpr std::uint64_t load_be64(std::span<const std::byte, 8> b) noexcept {
  return static_cast<std::uint64_t>(load_be32(b.first<4>())) << 32 | load_be32(b.last<4>());
}
/// The same, little-endian.
constexpr std::uint16_t load_le16(std::span<const std::byte, 2> b) noexcept {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(b[1]) << 8 |
                                    std::to_integer<unsigned>(b[0]));
}
constexpr std::uint32_t load_le32(std::span<const std::byte, 4> b) noexcept {
  return static_cast<std::uint32_t>(load_le16(b.last<2>())) << 16 | load_le16(b.first<2>());
}
constexpr std::uint64_t load_le64(std::span<const std::byte, 8> b) noexcept {
  return static_cast<std::uint64_t>(load_le32(b.last<4>())) << 32 | load_le32(b.first<4>());
}

constexpr void store_be16(std::span<std::byte, 2> to, std::uint16_t value) noexcept {
  to[0] = static_cast<std::byte>(value >> 8);
  to[1] = static_cast<std::byte>(value & 0xffU);
}
constexpr void store_be32(std::span<std::byte, 4> to, std::uint32_t value) noexcept {
  store_be16(to.first<2>(), static_cast<std::uint16_t>(value >> 16));
  store_be16(to.last<2>(), static_cast<std::uint16_t>(value & 0xffffU));
}

/// The characters of `text` as bytes; the bytes are those of `text` and live as long.
inline byte_view as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
/// The bytes as characters, for formats that are text.
inline std::string_view as_text(byte_view bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace cresset
