#pragma once

#include "capture/decode/bytes_at.hpp"
#include "capture/decode/decoded_packet.hpp"

#include <algorithm>
#include <optional>

namespace cresset::capture::decode {

/// A window on an Ethernet II header (IEEE 802.3 3.2). The bytes belong to the packet and must
/// outlive the view.
class ethernet_view {
public:
  static constexpr std::size_t header_size = 14;

  static std::optional<ethernet_view> from(byte_view bytes) noexcept {
    if (bytes.size() < header_size)
      return std::nullopt;
    return ethernet_view{bytes};
  }

  mac_address destination() const noexcept { return address_at(0); }
  mac_address source() const noexcept { return address_at(6); }
  /// An EtherType, or the length of an 802.3 frame when below 0x0600.
  std::uint16_t type() const noexcept { return be16_at(frame_, 12); }
  byte_view payload() const noexcept { return frame_.subspan(header_size); }

private:
  explicit ethernet_view(byte_view frame) noexcept : frame_{frame} {}
  mac_address address_at(std::size_t offset) const noexcept {
    mac_address address;
    std::copy_n(frame_.begin() + static_cast<std::ptrdiff_t>(offset), address.size(),
                address.begin());
    return address;
  }
  byte_view frame_;
};

} // namespace cresset::capture::decode
