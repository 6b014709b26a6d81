#include "detect/proto/dnp3/link.hpp"

#include <algorithm>
#include <array>

namespace cresset::detect::proto::dnp3 {
namespace {

constexpr std::size_t block_size = 16;
constexpr std::size_t checksum_size = 2;

constexpr auto table = [] {
  std::array<std::uint16_t, 256> made{};
  for (unsigned i = 0; i < 256; ++i) {
    unsigned value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1U) != 0 ? value >> 1 ^ 0xa6bcU : value >> 1;
    made[i] = static_cast<std::uint16_t>(value);
  }
  return made;
}();

} // namespace

std::uint16_t checksum(byte_view bytes) noexcept {
  unsigned value = 0;
  for (const auto byte : bytes)
    value = value >> 8 ^ table[(value ^ std::to_integer<unsigned>(byte)) & 0xffU];
  return static_cast<std::uint16_t>(~value);
}

std::optional<link_header> read_link_header(byte_view bytes) noexcept {
  if (load_be16(bytes.first<2>()) != 0x0564)
    return std::nullopt;
  return link_header{std::to_integer<std::uint8_t>(bytes[2]),
                     std::to_integer<std::uint8_t>(bytes[3]), load_le16(bytes.subspan<4, 2>()),
                     load_le16(bytes.subspan<6, 2>())};
}

bool header_is_intact(byte_view bytes) noexcept {
  return checksum(bytes.first(8)) == load_le16(bytes.subspan<8, 2>());
}

bool append_user_bytes(byte_view blocks, std::vector<std::byte>& to) {
  while (blocks.size() > checksum_size) {
    const auto size = std::min(block_size, blocks.size() - checksum_size);
    const auto block = blocks.first(size);
    if (checksum(block) != load_le16(blocks.subspan(size).first<2>()))
      return false;
    to.insert(to.end(), block.begin(), block.end());
    blocks = blocks.subspan(size + checksum_size);
  }
  return true;
}

} // namespace cresset::detect::proto::dnp3
