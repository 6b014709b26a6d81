#pragma once

#include "capture/base/byte_order.hpp"

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::signed_ {

/// A SHA-256.
struct digest {
  std::array<std::byte, 32> bytes{};

  static digest of(std::string_view text);
  /// Exactly 64 lower-case hex digits; nothing for any other text.
  static std::optional<digest> parse(std::string_view hex) noexcept;
  std::string hex() const;

  friend auto operator<=>(const digest&, const digest&) noexcept = default;
};

/// Lower-case hex of any bytes.
std::string to_hex(byte_view bytes);
/// Fills `out` from exactly twice as many lower-case hex digits; false for any other text.
bool from_hex(std::string_view hex, std::span<std::byte> out) noexcept;

} // namespace cresset::coord::signed_
