#pragma once

#include "capture/base/byte_order.hpp"

namespace cresset::capture::decode {

/// Reads at an offset that the caller has checked to be inside `bytes`.
constexpr std::uint8_t u8_at(byte_view bytes, std::size_t offset) noexcept {
  return std::to_integer<std::uint8_t>(bytes[offset]);
}
constexpr std::uint16_t be16_at(byte_view bytes, std::size_t offset) noexcept {
  return load_be16(bytes.subspan(offset).first<2>());
}
constexpr std::uint32_t be32_at(byte_view bytes, std::size_t offset) noexcept {
  return load_be32(bytes.subspan(offset).first<4>());
}

} // namespace cresset::capture::decode
