#pragma once

#include "detect/proto/dcerpc/call.hpp"
#include "detect/proto/event_list.hpp"
#include "detect/proto/stream_parser.hpp"

namespace cresset::detect::proto::dcerpc {

/// How far one side of a call has come: its first fragment is read, it is over.
enum class call_progress : progress { begun = 1, complete = progress_done };

/// Indexes of the table in exchange.cpp, in its order.
enum class buffer_index : buffer_id { stub_ts, stub_tc, interface_ts, interface_tc };
enum class field_index : field_id { operation_ts, operation_tc };

/// Buffers and numbers of DCE/RPC for rules.
extern const protocol_description description;

/// One call as a transaction.
class exchange final : public transaction {
public:
  exchange(std::uint64_t number, std::uint32_t call_id) noexcept
      : transaction{number}, what{call_id} {}

  call what;
  /// Of a datagram call: whose it is, and its place in that.
  std::optional<uuid> activity;
  std::uint8_t minor_version = 0; ///< of version 5

  /// Brings the progress to where the call stands.
  void note_progress() noexcept;
  /// Nothing more will come.
  void complete(direction way) noexcept;
  void raise(std::string_view event) noexcept { events_.raise(event); }

  bool concerns(direction way) const noexcept override;
  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::size_t field_instances(field_id) const noexcept override;
  std::optional<std::uint64_t> field(field_id id, std::size_t instance) const noexcept override;
  bool numbers_are_little_endian() const noexcept override { return what.is_little_endian(); }
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  event_list events_;
};

} // namespace cresset::detect::proto::dcerpc
