#pragma once

#include <cstdint>

namespace cresset::detect::flow {

/// How far `a` lies behind `b` on the circle of 2^32 sequence numbers (RFC 9293 section 3.4);
/// negative when before.
constexpr std::int32_t sequence_distance(std::uint32_t a, std::uint32_t b) noexcept {
  return static_cast<std::int32_t>(a - b);
}
constexpr bool sequence_before(std::uint32_t a, std::uint32_t b) noexcept {
  return sequence_distance(a, b) < 0;
}
constexpr bool sequence_after(std::uint32_t a, std::uint32_t b) noexcept {
  return sequence_distance(a, b) > 0;
}
constexpr std::uint32_t later_sequence(std::uint32_t a, std::uint32_t b) noexcept {
  return sequence_after(a, b) ? a : b;
}

} // namespace cresset::detect::flow
