#pragma once

#include "capture/decode/bytes_at.hpp"

#include <optional>

namespace cresset::capture::decode {

/// A window on a UDP header (RFC 768). The length it claims is for the caller to hold against the
/// bytes. They belong to the packet and must outlive the view.
class udp_view {
public:
  static constexpr std::size_t header_size = 8;

  static std::optional<udp_view> from(byte_view bytes) noexcept {
    if (bytes.size() < header_size)
      return std::nullopt;
    return udp_view{bytes};
  }

  std::uint16_t source_port() const noexcept { return be16_at(bytes_, 0); }
  std::uint16_t destination_port() const noexcept { return be16_at(bytes_, 2); }
  /// Header and payload, as the sender says.
  std::uint16_t length() const noexcept { return be16_at(bytes_, 4); }
  /// 0: the sender made none.
  std::uint16_t checksum() const noexcept { return be16_at(bytes_, 6); }

private:
  explicit udp_view(byte_view bytes) noexcept : bytes_{bytes} {}
  byte_view bytes_;
};

} // namespace cresset::capture::decode
