#pragma once

#include "detect/proto/dcerpc/call.hpp"
#include "detect/proto/event_list.hpp"
#include "detect/proto/shared_file.hpp"
#include "detect/proto/smb/credentials.hpp"
#include "detect/proto/smb/text.hpp"
#include "detect/proto/stream_parser.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cresset::detect::proto::smb {

/// Buffers and numbers of SMB and of DCE/RPC in it, for rules.
extern const protocol_description description;

enum class exchange_progress : progress { begun = 1, complete = progress_done };

/// Indexes of the tables in exchange.cpp, in their order.
enum class buffer_index : buffer_id {
  named_pipe,
  share,
  ntlmssp_user,
  ntlmssp_domain,
  stub_ts,
  stub_tc,
  interface_ts,
  interface_tc,
  file_data_ts,
  file_data_tc,
  file_name_ts,
  file_name_tc,
};
enum class field_index : field_id { version_ts, version_tc, operation_ts, operation_tc };

// What the kinds of exchange carry beside their command.

struct negotiation {
  std::vector<std::string> client_dialects;
  std::optional<guid> client_guid;
  std::optional<guid> server_guid;
  std::optional<std::uint32_t> max_read_size;
  std::optional<std::uint32_t> max_write_size;
};
struct session_setup {
  credentials who;
  bool has_native_request = false, has_native_response = false; ///< SMB1 only
  std::string request_os, request_lm, response_os, response_lm;
};
struct tree_connect {
  std::string share;
  std::string service_request, service_response; ///< SMB1: "?????", "IPC", "A:"
  std::string_view type;                         ///< "FILE", "PIPE", "PRINT"; empty: not known
  bool is_pipe = false;
};
struct opening {
  std::string name;
  std::uint32_t disposition = 0;
  bool is_directory = false;
  bool deletes_on_close = false;
  std::uint64_t created = 0, accessed = 0, modified = 0, changed = 0, size = 0;
  std::string handle; ///< "fuid", when it was granted
  std::string service;
};
struct control {
  std::uint32_t function = 0;
  std::optional<std::string> dfs_path; ///< of a referral request
  std::optional<std::uint16_t> dfs_level;
};
struct renaming {
  std::string from, to, handle;
};
struct attribute_setting {
  std::string kind, level, name, handle;
  std::optional<bool> deletes;
};
struct file_transfer {
  direction way{};
  shared_file file;
  std::string share;
  std::string handle;
};
struct pipe_call {
  dcerpc::call what;
  std::string handle;
};

/// One request and its answer; or one file's way over the wire; or one call over a named pipe.
class exchange final : public transaction {
public:
  using detail = std::variant<std::monostate, negotiation, session_setup, tree_connect, opening,
                              control, renaming, attribute_setting, file_transfer, pipe_call>;

  /// `dialect` is the connection's and outlives the exchange.
  exchange(std::uint64_t number, int version, std::uint16_t command,
           const std::string& dialect) noexcept
      : transaction{number}, version_{version}, command_{command}, dialect_{dialect} {}

  detail carries;
  std::uint64_t session_id = 0;
  std::uint32_t tree_id = 0;

  template <typename Kind>
  Kind* get() noexcept {
    return std::get_if<Kind>(&carries);
  }
  template <typename Kind>
  const Kind* get() const noexcept {
    return std::get_if<Kind>(&carries);
  }
  std::uint16_t command() const noexcept { return command_; }
  void set_status(std::uint32_t status) noexcept { status_ = status; }
  void set_dos_error(std::uint8_t error_class, std::uint16_t code) noexcept {
    dos_error_ = {error_class, code};
  }
  void raise(std::string_view event) noexcept { events_.raise(event); }
  void begin(direction way) noexcept {
    advance(way, static_cast<progress>(exchange_progress::begun));
  }
  void complete(direction way) noexcept { advance(way, progress_done); }
  void complete() noexcept {
    complete(direction::to_server);
    complete(direction::to_client);
  }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  body_view body(buffer_id id) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::size_t files(direction way) const noexcept override;
  file_view file(direction way, std::size_t i) const noexcept override;
  bool numbers_are_little_endian() const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  std::optional<byte_view> bytes_of(buffer_index which) const noexcept;
  const file_transfer* file_of(direction way) const noexcept;

  int version_;
  std::uint16_t command_;
  const std::string& dialect_;
  std::optional<std::uint32_t> status_;
  std::optional<std::pair<std::uint8_t, std::uint16_t>> dos_error_;
  event_list events_;
};

/// Writes what an exchange carries; in event_log.cpp.
void write_detail(const exchange::detail& carries, json_writer& json);

} // namespace cresset::detect::proto::smb
