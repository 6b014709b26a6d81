#pragma once

#include "capture/base/five_tuple.hpp"
#include "capture/decode/bytes_at.hpp"

#include <optional>

namespace cresset::capture::decode {

/// A window on the fixed IPv6 header (RFC 8200 3). What it claims about lengths is for the caller
/// to hold against the bytes. They belong to the packet and must outlive the view.
class ipv6_view {
public:
  static constexpr std::size_t header_size = 40;

  static std::optional<ipv6_view> from(byte_view bytes) noexcept {
    if (bytes.size() < header_size)
      return std::nullopt;
    return ipv6_view{bytes};
  }

  std::uint8_t version() const noexcept { return u8_at(bytes_, 0) >> 4; }
  std::uint8_t traffic_class() const noexcept {
    return static_cast<std::uint8_t>((be16_at(bytes_, 0) >> 4) & 0xffU);
  }
  std::uint32_t flow_label() const noexcept { return be32_at(bytes_, 0) & 0x000fffffU; }
  std::size_t payload_length() const noexcept { return be16_at(bytes_, 4); }
  std::uint8_t next_header() const noexcept { return u8_at(bytes_, 6); }
  std::uint8_t hop_limit() const noexcept { return u8_at(bytes_, 7); }
  ip_address source() const noexcept { return ip_address::v6(bytes_.subspan<8, 16>()); }
  ip_address destination() const noexcept { return ip_address::v6(bytes_.subspan<24, 16>()); }

private:
  explicit ipv6_view(byte_view bytes) noexcept : bytes_{bytes} {}
  byte_view bytes_;
};

} // namespace cresset::capture::decode
