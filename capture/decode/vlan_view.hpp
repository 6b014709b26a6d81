#pragma once

#include "capture/decode/bytes_at.hpp"

#include <optional>

namespace cresset::capture::decode {

/// A window on one VLAN tag, behind the EtherType that announced it (IEEE 802.1Q 9.6): priority,
/// drop eligibility, 12 bits of id, and the type of what follows. The bytes belong to the packet
/// and must outlive the view.
class vlan_view {
public:
  static constexpr std::size_t header_size = 4;

  static std::optional<vlan_view> from(byte_view bytes) noexcept {
    if (bytes.size() < header_size)
      return std::nullopt;
    return vlan_view{bytes};
  }

  std::uint16_t id() const noexcept { return be16_at(tag_, 0) & 0x0fffU; }
  std::uint8_t priority() const noexcept { return u8_at(tag_, 0) >> 5; }
  std::uint16_t type() const noexcept { return be16_at(tag_, 2); }
  byte_view payload() const noexcept { return tag_.subspan(header_size); }

private:
  explicit vlan_view(byte_view tag) noexcept : tag_{tag} {}
  byte_view tag_;
};

} // namespace cresset::capture::decode
