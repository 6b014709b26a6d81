#pragma once

#include "detect/proto/smb/connection.hpp"
#include "detect/proto/smb/message.hpp"

namespace cresset::detect::proto::smb {

/// Reads messages of SMB 1 ([MS-CIFS], [MS-SMB]) and tells the connection. Commands chained by AndX
/// are taken one after the other.
class smb1_reader {
public:
  static constexpr std::size_t header_size = 32;
  static constexpr unsigned limit_chain = 8; ///< commands in one message

  explicit smb1_reader(connection& of) noexcept : of_{of} {}

  void message(direction way, byte_view bytes);
  /// As smb2_reader::find_bulk, for WRITE_ANDX and READ_ANDX.
  std::optional<bulk> find_bulk(direction way, byte_view start, std::uint64_t size) const noexcept;
  void begin_bulk(direction way, byte_view start, const bulk& of);

private:
  struct header {
    std::uint8_t command = 0;
    std::uint32_t status = 0;
    bool has_nt_status = false, is_response = false, is_unicode = false;
    std::uint16_t tree = 0, user = 0;
    std::uint64_t key = 0; ///< process and multiplex id: what pairs answers with requests
  };
  /// One command: its words and its bytes, both within the message.
  struct block {
    std::uint8_t command = 0;
    byte_view words;
    byte_view data;
    std::size_t data_at = 0; ///< of `data`, from the message's begin
  };
  static std::optional<header> read_header(byte_view message) noexcept;
  static std::optional<block> read_block(byte_view message, std::uint8_t command,
                                         std::size_t at) noexcept;

  void request(const header& head, const block& b, byte_view m);
  void response(const header& head, const block& b, byte_view m);
  exchange* begin(const header& head, std::uint8_t command);
  exchange* begin_waiting(const header& head, const block& b);
  void fail(const header& head, std::uint8_t command, std::string_view event);
  void set_status(const header& head, exchange& one) const;
  waiting_request& wait(const header& head, const block& b, const exchange* one);

  bool negotiate_request(const header& head, const block& b);
  bool session_request(const header& head, const block& b);
  bool tree_request(const header& head, const block& b);
  bool create_request(const header& head, const block& b);
  bool open_request(const header& head, const block& b);
  bool close_request(const header& head, const block& b);
  bool read_request(const header& head, const block& b);
  bool write_request(const header& head, const block& b, byte_view m);
  bool rename_request(const header& head, const block& b);
  bool trans_request(const header& head, const block& b, byte_view m);
  bool trans2_request(const header& head, const block& b, byte_view m);

  bool negotiate_response(exchange* one, const block& b);
  bool session_response(const header& head, exchange* one, const block& b);
  bool tree_response(const header& head, exchange* one, const block& b);
  bool create_response(const header& head, const waiting_request& asked, exchange* one,
                       const block& b);
  bool read_response(const header& head, const waiting_request& asked, const block& b, byte_view m);
  bool trans_response(const header& head, const waiting_request& asked, const block& b,
                      byte_view m);

  std::string name_in(const header& head, const block& b, std::size_t at) const;
  connection::place place_of(const header& head, std::uint8_t command, const handle& file,
                             std::uint64_t offset) const noexcept;

  connection& of_;
};

} // namespace cresset::detect::proto::smb
