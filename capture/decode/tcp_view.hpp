#pragma once

#include "capture/decode/bytes_at.hpp"

#include <optional>

namespace cresset::capture::decode {

/// A window on the fixed part of a TCP header (RFC 9293 3.1). The header length it claims is for
/// the caller to hold against the bytes. They belong to the packet and must outlive the view.
class tcp_view {
public:
  static constexpr std::size_t header_size = 20;

  static std::optional<tcp_view> from(byte_view bytes) noexcept {
    if (bytes.size() < header_size)
      return std::nullopt;
    return tcp_view{bytes};
  }

  std::uint16_t source_port() const noexcept { return be16_at(bytes_, 0); }
  std::uint16_t destination_port() const noexcept { return be16_at(bytes_, 2); }
  std::uint32_t sequence() const noexcept { return be32_at(bytes_, 4); }
  std::uint32_t acknowledgement() const noexcept { return be32_at(bytes_, 8); }
  std::size_t header_length() const noexcept { return (u8_at(bytes_, 12) >> 4) * std::size_t{4}; }
  std::uint8_t reserved_bits() const noexcept { return u8_at(bytes_, 12) & 0x0fU; }
  std::uint8_t flags() const noexcept { return u8_at(bytes_, 13); }
  std::uint16_t window() const noexcept { return be16_at(bytes_, 14); }
  std::uint16_t checksum() const noexcept { return be16_at(bytes_, 16); }
  std::uint16_t urgent_pointer() const noexcept { return be16_at(bytes_, 18); }

private:
  explicit tcp_view(byte_view bytes) noexcept : bytes_{bytes} {}
  byte_view bytes_;
};

} // namespace cresset::capture::decode
