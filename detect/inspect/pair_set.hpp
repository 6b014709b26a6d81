#pragma once

#include "capture/base/byte_order.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace cresset::detect::inspect {

/// Which two bytes stand beside one another anywhere in a block: one pass that answers for every
/// rule whose only literal is that short, where there are many of them.
class pair_set {
public:
  /// The number of a pair: how two bytes lie in memory.
  static std::uint16_t pair_at(const void* bytes) noexcept {
    std::uint16_t pair = 0;
    std::memcpy(&pair, bytes, sizeof pair);
    return pair;
  }
  /// The same for a single pair, without a set.
  static bool stands_in(byte_view bytes, std::uint16_t pair) noexcept {
    std::array<unsigned char, 2> wanted{};
    std::memcpy(wanted.data(), &pair, sizeof pair);
    for (auto left = bytes; left.size() >= 2;) {
      const auto* at =
          static_cast<const std::byte*>(std::memchr(left.data(), wanted[0], left.size() - 1));
      if (at == nullptr)
        return false;
      if (static_cast<unsigned char>(at[1]) == wanted[1])
        return true;
      left = left.subspan(static_cast<std::size_t>(at - left.data()) + 1);
    }
    return false;
  }
  void fill(byte_view bytes) noexcept {
    bits_.fill(0);
    for (std::size_t i = 0; i + 2 <= bytes.size(); ++i) {
      const auto pair = pair_at(bytes.data() + i);
      bits_[pair / 64] |= std::uint64_t{1} << (pair % 64);
    }
  }
  bool has(std::uint16_t pair) const noexcept {
    return (bits_[pair / 64] >> (pair % 64) & 1U) != 0;
  }

private:
  std::array<std::uint64_t, 1024> bits_{};
};

} // namespace cresset::detect::inspect
