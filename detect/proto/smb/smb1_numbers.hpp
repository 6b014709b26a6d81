#pragma once

#include "detect/proto/smb/connection.hpp"
#include "detect/proto/smb/message.hpp"

/// Numbers of SMB 1 ([MS-CIFS] 2.2.2) that its readers share, and the two commands that carry
/// content.
namespace cresset::detect::proto::smb::numbers1 {

enum command : std::uint8_t {
  create_directory = 0x00,
  delete_directory = 0x01,
  open_old = 0x02,
  close = 0x04,
  delete_file = 0x06,
  rename = 0x07,
  write_old = 0x0b,
  trans = 0x25,
  trans_secondary = 0x26,
  echo = 0x2b,
  write_and_close = 0x2c,
  open_andx = 0x2d,
  read_andx = 0x2e,
  write_andx = 0x2f,
  trans2 = 0x32,
  trans2_secondary = 0x33,
  tree_disconnect = 0x71,
  negotiate = 0x72,
  session_setup_andx = 0x73,
  logoff_andx = 0x74,
  tree_connect_andx = 0x75,
  nt_trans_secondary = 0xa1,
  nt_create_andx = 0xa2,
  no_further_command = 0xff,
};
constexpr std::uint32_t status_success = 0;
constexpr std::uint32_t status_more_processing = 0xc0000016;
constexpr std::uint32_t status_buffer_overflow = 0x80000005;
constexpr std::uint16_t trans_transact_pipe = 0x26;
constexpr std::uint16_t trans_is_pipe_call = 1; ///< waiting_request::detail
constexpr std::uint16_t set_path_information = 6, rename_level = 0x3f2, set_file_information = 8,
                        get_dfs_referral = 0x10;

inline handle handle_of(std::uint16_t id) noexcept {
  handle file{};
  file[0] = static_cast<std::byte>(id & 0xffU);
  file[1] = static_cast<std::byte>(id >> 8);
  return file;
}

/// What a write of any form says of its content.
struct written {
  std::uint16_t file = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::size_t at = 0; ///< in the message
};

/// words: andx 4 | fid 2 | offset 4 | timeout 4 | mode 2 | remaining 2 | size (high) 2 | size 2 |
/// at 2 | offset (high) 4
inline std::optional<written> read_write_andx(byte_view words) noexcept {
  const auto at = u16_at(words, 22);
  if (!at)
    return std::nullopt;
  return written{*u16_at(words, 4),
                 std::uint64_t{u32_at(words, 24).value_or(0)} << 32 | *u32_at(words, 6),
                 std::uint64_t{*u16_at(words, 18)} << 16 | *u16_at(words, 20), *at};
}

/// words: andx 4 | available 2 | compaction 2 | reserved 2 | size 2 | at 2 | size (high) 4 | …
inline std::optional<written> read_read_andx(byte_view words) noexcept {
  const auto high = u16_at(words, 14);
  if (!high)
    return std::nullopt;
  return written{0, 0, std::uint64_t{*high} << 16 | *u16_at(words, 10), *u16_at(words, 12)};
}

} // namespace cresset::detect::proto::smb::numbers1
