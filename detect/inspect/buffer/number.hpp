#pragma once

#include "capture/base/byte_order.hpp"
#include "detect/rule/payload/operand.hpp"

#include <bit>
#include <optional>

namespace cresset::detect::inspect::buffer {

/// A number taken out of bytes, and how many bytes it took (text may end early).
struct taken_number {
  std::uint64_t value = 0;
  std::size_t size_bytes = 0;
};

/// Reads a binary number of 1 to 8 bytes, all of `bytes`.
std::optional<taken_number> read_binary(byte_view bytes, rule::payload::byte_order order) noexcept;
/// Reads a number written as text in the base of `text`, from all of `bytes` (at most 23), with
/// leading blanks and a sign or 0x as strtoull takes them; it ends at the first byte that is no
/// digit. Nothing when there is no digit, or when it overflows.
std::optional<taken_number> read_text(byte_view bytes, rule::payload::number_text text) noexcept;

/// `value` with `mask` applied and shifted right by the mask's trailing zeros; unchanged when the
/// mask is 0.
constexpr std::uint64_t masked(std::uint64_t value, std::uint32_t mask) noexcept {
  return mask == 0 ? value : (value & mask) >> std::countr_zero(mask);
}

} // namespace cresset::detect::inspect::buffer
