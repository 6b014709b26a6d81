#pragma once

#include "detect/proto/smb/connection.hpp"
#include "detect/proto/smb/message.hpp"

#include <algorithm>

/// Numbers of SMB 2 and 3 ([MS-SMB2] 2.2.1, [MS-ERREF], [MS-FSCC]) that its readers share.
namespace cresset::detect::proto::smb::numbers2 {

enum command : std::uint16_t {
  negotiate = 0,
  session_setup_command = 1,
  logoff = 2,
  tree_connect_command = 3,
  tree_disconnect = 4,
  create = 5,
  close = 6,
  flush = 7,
  read = 8,
  write = 9,
  ioctl = 11,
  set_info = 17,
  oplock_break = 18,
};
constexpr std::uint32_t status_success = 0;
constexpr std::uint32_t status_pending = 0x103;
constexpr std::uint32_t status_more_processing = 0xc0000016;
constexpr std::uint32_t status_buffer_overflow = 0x80000005; // a pipe has more to say
constexpr std::uint32_t pipe_transceive = 0x0011c017;
constexpr std::uint32_t dfs_get_referrals = 0x00060194;
constexpr std::uint64_t unsolicited = ~std::uint64_t{0};

inline handle handle_at(byte_view m, std::size_t at) noexcept {
  handle file{};
  if (const auto bytes = run_at(m, at, file.size()))
    std::copy(bytes->begin(), bytes->end(), file.begin());
  return file;
}
/// In a compound: the handle that the message before has opened.
inline bool is_of_compound(const handle& file) noexcept {
  return std::all_of(file.begin(), file.end(), [](std::byte b) { return b == std::byte{0xff}; });
}

} // namespace cresset::detect::proto::smb::numbers2
