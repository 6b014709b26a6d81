#pragma once

#include "capture/base/ip_address.hpp"
#include "detect/proto/event_list.hpp"
#include "detect/proto/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::ftp {

/// How far one direction has come: the command is read; its last reply is.
enum class command_progress : progress { line = progress_done };
enum class reply_progress : progress { first = 1, last = progress_done };

/// Indexes of the tables in parser.cpp, in their order.
enum class buffer_index : buffer_id {
  command,
  command_data,
  mode_ts,
  mode_tc,
  reply,
  completion_code
};
enum class field_index : field_id { dynamic_port_ts, dynamic_port_tc, reply_received, bounce };

/// One command and its replies; the welcome is replies without a command.
class exchange final : public transaction {
public:
  static constexpr std::size_t replies_limit = 64;

  /// `client` is the address the commands come from, where it is known.
  explicit exchange(std::uint64_t number, std::optional<ip_address> client = std::nullopt) noexcept
      : transaction{number}, client_{client} {}

  /// "RETR index.html"; `is_cut` when the line went over the limit.
  void set_command(std::string_view line, bool is_cut);
  /// One line of a reply. Gives whether it was the last.
  bool add_reply(std::string_view line, bool is_cut);
  void complete(direction way) { advance(way, progress_done); }
  void raise(std::string_view event) noexcept { events_.raise(event); }

  std::string_view command() const noexcept { return command_; }
  std::string_view command_data() const noexcept { return data_; }
  /// The port of the data connection that PORT, EPRT, PASV or EPSV names.
  std::optional<std::uint16_t> dynamic_port() const noexcept { return dynamic_port_; }
  bool is_passive() const noexcept { return is_passive_; }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  std::string_view mode() const noexcept;
  bool is_bounce() const noexcept;

  std::optional<ip_address> client_;
  std::optional<ip_address> named_; ///< by PORT or EPRT
  std::string command_;             ///< in upper case
  std::string data_;
  std::vector<std::string> replies_;
  std::vector<std::string> codes_;
  std::string open_code_; ///< of a reply of several lines
  std::optional<std::uint16_t> dynamic_port_;
  bool is_passive_ = false;
  bool command_is_cut_ = false;
  bool reply_is_cut_ = false;
  event_list events_;
};

} // namespace cresset::detect::proto::ftp
