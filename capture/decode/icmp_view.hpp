#pragma once

#include "capture/decode/bytes_at.hpp"

#include <optional>

namespace cresset::capture::decode {

/// A window on the first eight bytes that every ICMP (RFC 792) and ICMPv6 (RFC 4443) message has.
/// The bytes belong to the packet and must outlive the view.
class icmp_view {
public:
  static constexpr std::size_t header_size = 8;

  static std::optional<icmp_view> from(byte_view bytes) noexcept {
    if (bytes.size() < header_size)
      return std::nullopt;
    return icmp_view{bytes};
  }

  std::uint8_t type() const noexcept { return u8_at(bytes_, 0); }
  std::uint8_t code() const noexcept { return u8_at(bytes_, 1); }
  std::uint16_t checksum() const noexcept { return be16_at(bytes_, 2); }
  /// Of echo and its like.
  std::uint16_t id() const noexcept { return be16_at(bytes_, 4); }
  std::uint16_t sequence() const noexcept { return be16_at(bytes_, 6); }
  byte_view body() const noexcept { return bytes_.subspan(header_size); }

private:
  explicit icmp_view(byte_view bytes) noexcept : bytes_{bytes} {}
  byte_view bytes_;
};

} // namespace cresset::capture::decode
