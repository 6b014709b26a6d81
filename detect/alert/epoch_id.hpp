#pragma once

#include "capture/base/byte_order.hpp"

#include <array>
#include <compare>
#include <string>

namespace cresset::detect::alert {

/// Names one numbering of a sensor's alerts: 128 random bits, made with the spool and kept across
/// restarts. Sequences count within an epoch and begin at 1. All zero means "none".
struct epoch_id {
  std::array<std::byte, 16> bytes{};

  /// 32 hexadecimal digits, lower case.
  std::string to_string() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
      text += digits[std::to_integer<unsigned>(byte) >> 4];
      text += digits[std::to_integer<unsigned>(byte) & 0xfU];
    }
    return text;
  }
  bool is_none() const noexcept { return *this == epoch_id{}; }
  friend auto operator<=>(const epoch_id&, const epoch_id&) noexcept = default;
};

} // namespace cresset::detect::alert
