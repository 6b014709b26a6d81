#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/transaction.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::pop3 {

/// How far the response has come: its status line is read; its last line is.
enum class response_progress : progress { status = 1, complete = progress_done };

/// One command and its response.
class exchange final : public transaction {
public:
  static constexpr std::size_t arguments_limit = 16;
  static constexpr std::size_t retained_lines = 128; ///< of a response of several lines
  static constexpr std::size_t retained_bytes = 16 * 1024;

  using transaction::transaction;

  /// "TOP 1 0". Raises the events of what is wrong with it.
  void set_command(std::string_view line);
  /// "+OK 2 messages". Gives false when the line is no status line.
  bool set_status(std::string_view line);
  void add_line(std::string_view line);
  void complete(direction way) { advance(way, progress_done); }
  void raise(std::string_view event) noexcept { events_.raise(event); }

  std::string_view command() const noexcept { return command_; }
  bool is_success() const noexcept { return is_success_; }
  /// The response to this command, if it is a success, goes on until a line with a dot.
  bool wants_lines() const noexcept;
  /// AUTH with a mechanism: lines that follow are no commands until the status has come.
  bool is_authentication() const noexcept { return command_ == "AUTH" && !arguments_.empty(); }

  std::size_t instances(buffer_id) const noexcept override { return 0; }
  std::optional<byte_view> buffer(buffer_id, std::size_t) const noexcept override { return {}; }
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  std::string command_; ///< in upper case
  std::vector<std::string> arguments_;
  std::string header_; ///< what stands behind the status
  std::vector<std::string> lines_;
  std::size_t retained_ = 0;
  bool has_status_ = false;
  bool is_success_ = false;
  event_list events_;
};

} // namespace cresset::detect::proto::pop3
