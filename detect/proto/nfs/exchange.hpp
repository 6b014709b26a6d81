#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/nfs/rpc.hpp"
#include "detect/proto/shared_file.hpp"
#include "detect/proto/stream_parser.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::proto::nfs {

/// Buffers and numbers of NFS for rules.
extern const protocol_description description;

enum class exchange_progress : progress { begun = 1, complete = progress_done };

/// Indexes of the tables in exchange.cpp, in their order.
enum class buffer_index : buffer_id { file_data_ts, file_data_tc, file_name_ts, file_name_tc };
enum class field_index : field_id { procedure_ts, procedure_tc, version_ts, version_tc };

/// The content of a file that crosses the wire in one direction, in READs or WRITEs.
struct file_transfer {
  direction way{};
  shared_file file;
  std::uint64_t chunks = 0;
  std::uint32_t last_xid = 0;
  bool has_first = false; ///< of what came, one chunk was the file's first
  bool has_last = false;
};

/// A call and its reply; or one file's way over the wire.
class exchange final : public transaction {
public:
  static constexpr std::size_t limit_operations = 32;

  exchange(std::uint64_t number, std::uint32_t version, std::uint32_t operation) noexcept
      : transaction{number}, version_{version}, operation_{operation} {}

  std::string file_name;
  std::string to_name;                   ///< RENAME
  std::string handle;                    ///< of the file or directory; empty: none
  std::vector<std::uint32_t> operations; ///< version 4: all of the compound
  std::uint32_t xid = 0;
  credentials who;
  std::optional<bool> is_accepted;     ///< nothing before the reply
  std::optional<std::uint32_t> status; ///< the reply's
  std::optional<file_transfer> transfer;
  bool is_understood = true; ///< one that is not has events only

  void raise(std::string_view event) noexcept { events_.raise(event); }
  void begin(direction way) noexcept {
    advance(way, static_cast<progress>(exchange_progress::begun));
  }
  void complete(direction way) noexcept { advance(way, progress_done); }
  void complete() noexcept {
    complete(direction::to_server);
    complete(direction::to_client);
  }

  bool is_logged() const noexcept override { return is_understood; }
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  body_view body(buffer_id id) const noexcept override;
  std::size_t field_instances(field_id id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  std::size_t files(direction way) const noexcept override;
  file_view file(direction way, std::size_t i) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  /// In event_log.cpp, as the next.
  void write_members(json_writer& json) const override;
  /// "rpc": who called, and whether the call was taken.
  void write_siblings(json_writer& json) const override;

private:
  const file_transfer* transfer_of(direction way) const noexcept;

  std::uint32_t version_;
  std::uint32_t operation_;
  event_list events_;
};

} // namespace cresset::detect::proto::nfs
