#pragma once

#include "capture/base/byte_order.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace cresset::detect::proto::quic {

inline constexpr std::uint32_t version_1 = 0x00000001; ///< RFC 9000
inline constexpr std::uint32_t version_2 = 0x6b3343cf; ///< RFC 9369

/// Whether the Initial packets of this version can be opened: 1, 2, the drafts from 23 on, and
/// Facebook's variants of them.
bool can_open(std::uint32_t version) noexcept;

/// The keys of one side's Initial packets. They protect nothing from who sees the first packet:
/// both sides' come from the connection id that the client chose (RFC 9001 5.2).
class initial_keys {
public:
  /// Precondition: can_open(version). Nothing when the cryptographic library refuses.
  static std::optional<initial_keys> derive(std::uint32_t version, byte_view client_connection_id,
                                            bool of_client);

  /// Opens one packet: `packet` from its first byte to its end, `number_at` where the packet number
  /// begins (RFC 9001 5.3, 5.4). Gives the frames; nothing if it was not made with these keys.
  std::optional<std::vector<std::byte>> open(byte_view packet, std::size_t number_at) const;

private:
  initial_keys() = default;

  std::array<std::uint8_t, 16> key_{};
  std::array<std::uint8_t, 12> iv_{};
  std::array<std::uint8_t, 16> header_key_{};
};

} // namespace cresset::detect::proto::quic
