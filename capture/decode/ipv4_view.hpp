#pragma once

#include "capture/base/five_tuple.hpp"
#include "capture/decode/bytes_at.hpp"

#include <optional>

namespace cresset::capture::decode {

/// A window on the fixed part of an IPv4 header (RFC 791 3.1). Only its 20 bytes are sure to be
/// there: what the header claims about lengths is for the caller to hold against the bytes. They
/// belong to the packet and must outlive the view.
class ipv4_view {
public:
  static constexpr std::size_t header_size = 20;

  static std::optional<ipv4_view> from(byte_view bytes) noexcept {
    if (bytes.size() < header_size)
      return std::nullopt;
    return ipv4_view{bytes};
  }

  std::uint8_t version() const noexcept { return u8_at(bytes_, 0) >> 4; }
  std::size_t header_length() const noexcept { return (u8_at(bytes_, 0) & 0x0fU) * std::size_t{4}; }
  std::uint8_t tos() const noexcept { return u8_at(bytes_, 1); }
  std::size_t total_length() const noexcept { return be16_at(bytes_, 2); }
  std::uint16_t id() const noexcept { return be16_at(bytes_, 4); }
  bool reserved_bit() const noexcept { return (u8_at(bytes_, 6) & 0x80U) != 0; }
  bool dont_fragment() const noexcept { return (u8_at(bytes_, 6) & 0x40U) != 0; }
  bool more_fragments() const noexcept { return (u8_at(bytes_, 6) & 0x20U) != 0; }
  std::uint16_t fragment_offset_bytes() const noexcept {
    return static_cast<std::uint16_t>((be16_at(bytes_, 6) & 0x1fffU) * 8U);
  }
  std::uint8_t ttl() const noexcept { return u8_at(bytes_, 8); }
  ip_protocol protocol() const noexcept { return static_cast<ip_protocol>(u8_at(bytes_, 9)); }
  std::uint16_t checksum() const noexcept { return be16_at(bytes_, 10); }
  ip_address source() const noexcept { return ip_address::v4(bytes_.subspan<12, 4>()); }
  ip_address destination() const noexcept { return ip_address::v4(bytes_.subspan<16, 4>()); }

private:
  explicit ipv4_view(byte_view bytes) noexcept : bytes_{bytes} {}
  byte_view bytes_;
};

} // namespace cresset::capture::decode
