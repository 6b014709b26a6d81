#pragma once

#include "detect/proto/smb/connection.hpp"
#include "detect/proto/smb/message.hpp"

namespace cresset::detect::proto::smb {

/// Reads messages of SMB 2 and 3 ([MS-SMB2]) and tells the connection.
class smb2_reader {
public:
  static constexpr std::size_t header_size = 64;
  static constexpr unsigned limit_compound = 64; ///< messages in one record

  explicit smb2_reader(connection& of) noexcept : of_{of} {}

  /// One record: a message, or several in a row.
  void record(direction way, byte_view bytes);
  /// Whether the record that begins so, of `size` bytes in all, is a WRITE or the answer to a READ
  /// that stands alone. `start` is at least what a head of these needs, or the whole record.
  std::optional<bulk> find_bulk(direction way, byte_view start, std::uint64_t size) const noexcept;
  /// Such a record begins; `start` has its head and the first bytes of the content.
  void begin_bulk(direction way, byte_view start, const bulk& of);

private:
  struct header {
    std::uint32_t status = 0;
    std::uint16_t command = 0;
    bool is_response = false, is_async = false, is_related = false;
    std::uint32_t next = 0;
    std::uint64_t message = 0;
    std::uint32_t tree = 0;
    std::uint64_t session = 0;
  };
  static std::optional<header> read_header(byte_view message) noexcept;

  void message(direction way, header head, byte_view message);
  void request(const header& head, byte_view m);
  void response(const header& head, byte_view m);
  exchange* begin(const header& head);
  void fail(const header& head, std::string_view event);
  void respond(const header& head, const waiting_request* asked, exchange* one, byte_view m);

  // Requests; each says false for a message that contradicts itself.
  bool negotiate_request(const header& head, byte_view m);
  bool session_request(const header& head, byte_view m);
  bool tree_request(const header& head, byte_view m);
  bool create_request(const header& head, byte_view m);
  bool close_request(const header& head, byte_view m);
  bool read_request(const header& head, byte_view m);
  bool write_request(const header& head, byte_view m);
  bool control_request(const header& head, byte_view m);
  bool set_info_request(const header& head, byte_view m);
  // Answers that succeeded.
  bool negotiate_response(exchange* one, byte_view m);
  bool session_response(exchange* one, byte_view m);
  bool tree_response(const header& head, exchange* one, byte_view m);
  bool create_response(const header& head, const waiting_request& asked, exchange* one,
                       byte_view m);
  bool read_response(const header& head, const waiting_request& asked, byte_view m);
  bool control_response(const header& head, const waiting_request& asked, byte_view m);

  std::string rename_target(byte_view information) const;
  connection::place place_of(const header& head, const handle& file,
                             std::uint64_t offset) const noexcept;

  connection& of_;
  handle created_{};               ///< by the CREATE before in this compound answer
  std::uint64_t last_session_ = 0; ///< of the message before in this compound
  std::uint32_t last_tree_ = 0;
};

} // namespace cresset::detect::proto::smb
