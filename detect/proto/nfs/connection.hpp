#pragma once

#include "detect/proto/nfs/exchange.hpp"
#include "detect/proto/nfs/message.hpp"
#include "detect/proto/nfs/settings.hpp"
#include "detect/proto/recent_map.hpp"
#include "detect/proto/transaction_list.hpp"

#include <array>
#include <string>

namespace cresset::detect::proto::nfs {

/// What both transports share: calls that wait for their replies, names of handles, exchanges and
/// files.
class connection {
public:
  static constexpr std::size_t limit_waiting = 256;      ///< calls without a reply
  static constexpr std::size_t limit_names = 1024;       ///< of handles
  static constexpr std::size_t limit_open = 256;         ///< files that cross the wire
  static constexpr std::size_t limit_name_bytes = 255;   ///< RFC 1813 knows no longer ones in use
  static constexpr std::size_t limit_handle_bytes = 128; ///< RFC 7530 2.1
  static constexpr std::uint64_t limit_queued_bytes = 4U << 20; ///< of one file, as SMB has it
  static constexpr std::size_t limit_queued_chunks = 64;

  connection(const settings& wanted, const file_settings& files) noexcept
      : settings_{wanted}, files_{files} {}

  /// A whole RPC message, or the begin of one that was cut. False for bytes that are none.
  bool message(direction way, byte_view message, bool is_cut);
  /// The direction is over: what can no longer be answered or go on is complete.
  void end(direction way);

  transaction_list<exchange> live;
  void release(std::uint64_t number) noexcept;

private:
  /// What is remembered of an operation until its reply.
  struct asked {
    operation what; ///< its views are not used
    std::string handle, name;
  };
  struct waiting_call {
    std::uint32_t version = 0;
    protection kept = protection::none;
    credentials who;
    std::vector<asked> operations;
    std::optional<std::uint64_t> exchange{}; ///< its number, where the call has one of its own
  };
  using transfers = std::array<std::optional<std::uint64_t>, 2>; ///< numbers, by direction

  bool on_call(const rpc_call& call, bool is_cut);
  bool on_reply(const rpc_reply& reply, bool is_cut);
  void on_malformed(direction way, std::uint32_t version, std::uint32_t operation);
  void on_outcomes(const rpc_reply& reply, waiting_call& call, std::uint32_t status,
                   const std::vector<outcome>& outcomes);
  void on_outcome(const rpc_reply& reply, const waiting_call& call, const asked& what,
                  const outcome& said);
  void on_write(const rpc_call& call, const operation& what);
  void on_read(const rpc_reply& reply, const waiting_call& call, const asked& what,
               const outcome& said);
  exchange* begin(std::uint32_t version, std::uint32_t operation);
  exchange* begin_call(const rpc_call& call, const operation& main);
  exchange* transfer(direction way, std::uint32_t version, std::uint32_t operation,
                     const std::string& handle);
  void close(direction way, const std::string& handle);
  void learn(byte_view handle, std::string_view name);
  std::string name_of(byte_view handle);

  settings settings_;
  const file_settings& files_;
  recent_map<std::uint32_t, waiting_call, limit_waiting> waiting_;
  recent_map<std::string, std::string, limit_names> names_;
  recent_map<std::string, transfers, limit_open> open_;
  std::size_t live_files_ = 0;
  bool has_told_of_limit_ = false; ///< the event is raised once a flow
};

} // namespace cresset::detect::proto::nfs
