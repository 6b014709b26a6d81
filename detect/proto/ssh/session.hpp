#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/transaction.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::detect::proto::ssh {

/// How far one direction has come: its banner is read, its key exchange is read, its keys are
/// changed.
enum class side_progress : progress { banner = 1, key_exchange = 2, new_keys = progress_done };

/// Indexes of the table in parser.cpp, in its order.
enum class buffer_index : buffer_id {
  proto_ts,
  proto_tc,
  software_ts,
  software_tc,
  hassh,
  hassh_string,
  hassh_server,
  hassh_server_string,
};

/// What one side says before keys are in use.
struct side {
  std::string proto;    ///< "2.0"
  std::string software; ///< "OpenSSH_9.2p1"
  std::string
      algorithms; ///< what HASSH is made of: key exchange; encryption; authentication; compression
};

/// The one transaction of an SSH flow: both banners and both offers of algorithms.
class session final : public transaction {
public:
  session(std::uint64_t number, bool log_hassh) noexcept
      : transaction{number}, log_hassh_{log_hassh} {}

  const side& of(direction way) const noexcept { return sides_[index(way)]; }
  void raise(std::string_view event) noexcept { events_.raise(event); }

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  friend class parser;
  const std::string& hassh(direction way) const;
  std::string_view text_of(buffer_id id) const;

  bool log_hassh_;
  std::array<side, 2> sides_;
  event_list events_;
  mutable std::array<std::optional<std::string>, 2> hashes_;
};

} // namespace cresset::detect::proto::ssh
