#pragma once

#include "capture/base/byte_order.hpp"

#include <optional>
#include <utility>

namespace cresset {

/// Reads a run of bytes from front to back and never past its end. It owns nothing; the bytes must
/// outlive it. A read that does not fit answers nullopt and leaves the position where it was.
class byte_reader {
public:
  explicit constexpr byte_reader(byte_view bytes) noexcept : bytes_{bytes} {}

  constexpr std::size_t position() const noexcept { return position_; }
  constexpr std::size_t remaining() const noexcept { return bytes_.size() - position_; }
  constexpr bool empty() const noexcept { return remaining() == 0; }
  /// What is left, without moving.
  constexpr byte_view rest() const noexcept { return bytes_.subspan(position_); }

  constexpr std::optional<std::uint8_t> u8() noexcept {
    if (remaining() < 1)
      return std::nullopt;
    return std::to_integer<std::uint8_t>(bytes_[position_++]);
  }
  constexpr std::optional<std::uint16_t> be16() noexcept { return number<2>(load_be16); }
  constexpr std::optional<std::uint32_t> be32() noexcept { return number<4>(load_be32); }
  constexpr std::optional<std::uint64_t> be64() noexcept { return number<8>(load_be64); }
  constexpr std::optional<std::uint16_t> le16() noexcept { return number<2>(load_le16); }
  constexpr std::optional<std::uint32_t> le32() noexcept { return number<4>(load_le32); }
  constexpr std::optional<std::uint64_t> le64() noexcept { return number<8>(load_le64); }
  constexpr std::optional<std::uint32_t> be24() noexcept {
    if (remaining() < 3)
      return std::nullopt;
    const auto high = *u8();
    return static_cast<std::uint32_t>(high) << 16 | *be16();
  }

  constexpr std::optional<byte_view> take(std::size_t size) noexcept {
    if (remaining() < size)
      return std::nullopt;
    const auto taken = bytes_.subspan(position_, size);
    position_ += size;
    return taken;
  }
  constexpr bool skip(std::size_t size) noexcept { return take(size).has_value(); }

private:
  template <std::size_t Size, typename Load>
  constexpr auto number(Load load) noexcept
      -> std::optional<decltype(load(std::declval<std::span<const std::byte, Size>>()))> {
    if (remaining() < Size)
      return std::nullopt;
    const auto value = load(bytes_.subspan(position_).template first<Size>());
    position_ += Size;
    return value;
  }

  byte_view bytes_;
  std::size_t position_ = 0;
};

} // namespace cresset
