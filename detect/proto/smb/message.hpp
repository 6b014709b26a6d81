#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdint>
#include <optional>

namespace cresset::detect::proto::smb {

/// Numbers at a place of a message; nothing where the message is too short. All of SMB is
/// little-endian.
inline std::optional<std::uint8_t> u8_at(byte_view m, std::size_t at) noexcept {
  return at < m.size() ? std::optional{std::to_integer<std::uint8_t>(m[at])} : std::nullopt;
}
inline std::optional<std::uint16_t> u16_at(byte_view m, std::size_t at) noexcept {
  return at + 2 <= m.size() ? std::optional{load_le16(m.subspan(at).first<2>())} : std::nullopt;
}
inline std::optional<std::uint32_t> u32_at(byte_view m, std::size_t at) noexcept {
  return at + 4 <= m.size() ? std::optional{load_le32(m.subspan(at).first<4>())} : std::nullopt;
}
inline std::optional<std::uint64_t> u64_at(byte_view m, std::size_t at) noexcept {
  return at + 8 <= m.size() ? std::optional{load_le64(m.subspan(at).first<8>())} : std::nullopt;
}
/// The run of `size` bytes at `at`; nothing when it does not lie within.
inline std::optional<byte_view> run_at(byte_view m, std::size_t at, std::size_t size) noexcept {
  return at <= m.size() && size <= m.size() - at ? std::optional{m.subspan(at, size)}
                                                 : std::nullopt;
}

/// Content of a file or pipe that is long enough to be taken as it comes: it stands behind `head`
/// bytes of the message.
struct bulk {
  std::size_t head = 0;
  std::uint64_t size = 0;
};

} // namespace cresset::detect::proto::smb
