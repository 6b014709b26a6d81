#pragma once

#include "detect/proto/recent_map.hpp"
#include "detect/proto/smb/exchange.hpp"
#include "detect/proto/smb/settings.hpp"
#include "detect/proto/transaction_list.hpp"

#include <memory>
#include <optional>
#include <string>

namespace cresset::detect::proto::smb {

/// A handle of an open file or pipe: SMB2's sixteen bytes; SMB1's two, the rest zero.
using handle = guid;

/// What is known of a tree (a connected share).
struct tree {
  std::string share;
  bool is_pipe = false;
};

/// Conversation over one named pipe.
struct pipe {
  dcerpc::bindings known;
  std::array<std::vector<std::byte>, 2> open; ///< a PDU that is not whole yet
};

/// What is known of an open handle.
struct open_file {
  std::string name;
  std::string share;
  bool is_pipe = false;
  bool is_guess = false; ///< the tree is not known: the first content tells what it is
  /// The exchanges in which its content crosses the wire, by direction.
  std::array<std::optional<std::uint64_t>, 2> transfers;
  std::unique_ptr<pipe> conversation;
};

/// What waits for its answer.
struct waiting_request {
  std::uint16_t command = 0;
  std::optional<std::uint64_t> exchange{}; ///< its number, where one was begun
  handle file{};
  std::uint64_t offset = 0;
  std::string name{};
  std::uint16_t detail = 0; ///< the command's own: a subcommand, a level
};

/// The state that both generations of the protocol share: exchanges, trees, handles, content of
/// files and pipes. The readers of SMB1 and SMB2 tell it what they see. Every table is bounded and
/// forgets its oldest entry.
class connection {
public:
  static constexpr std::size_t limit_trees = 512;
  static constexpr std::size_t limit_handles = 512;
  static constexpr std::size_t limit_waiting = 1024;
  static constexpr std::size_t limit_files = 256;                ///< whose content is kept at once
  static constexpr std::uint64_t limit_queued_bytes = 16U << 20; ///< in all files' queues
  static constexpr std::size_t limit_pipe_pdu = 16 * 1024;       ///< held until it is whole

  connection(const settings& wanted, const file_settings& files) noexcept
      : settings_{wanted}, file_settings_{files} {}
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  const settings& wanted() const noexcept { return settings_; }
  std::string dialect; ///< as logged; empty: not known
  /// An SMB1 NEGOTIATE that SMB2 may answer.
  std::optional<std::uint64_t> first_negotiation;

  transaction_list<exchange> live;
  /// A new exchange; the oldest that is open counts as over when there are too many, with an event
  /// the first time. Null when twice as many wait to be released: nobody looks at them.
  exchange* begin(int version, std::uint16_t command);
  exchange* find(std::uint64_t number) noexcept { return live.find(number); }
  void release(std::uint64_t number) noexcept;
  void end(direction way);

  recent_map<std::uint64_t, waiting_request, limit_waiting> waiting;
  recent_map<std::uint32_t, tree, limit_trees> trees;
  recent_map<handle, open_file, limit_handles> handles;

  /// Where content of a handle belongs. Files and pipes that were opened before the capture began
  /// are told apart by the tree or, without it, by the first bytes of the content.
  struct place {
    int version = 2;
    std::uint16_t command = 0;
    std::uint64_t session_id = 0;
    std::uint32_t tree_id = 0;
    handle file{};
    std::uint64_t offset = 0;
  };
  /// A run of content of `size` bytes begins: a WRITE's (to the server) or a READ's. `first` shows
  /// how it begins, without being content yet; bytes or losses follow, then end_content.
  void begin_content(direction way, const place& at, std::uint64_t size, byte_view first);
  void content(direction way, byte_view bytes);
  void content_lost(direction way, std::uint64_t size);
  void end_content(direction way);
  /// The same for content that is there whole.
  void whole_content(direction way, const place& at, byte_view bytes);
  /// One message over a pipe that stands by itself (TRANS, IOCTL).
  void pipe_message(direction way, const place& at, byte_view bytes);
  /// The handle is closed: its files are complete.
  void close(const handle& file);
  /// Whether the handle is one of a pipe; nothing when it cannot be told.
  std::optional<bool> is_pipe(const handle& file, std::uint32_t tree_id) noexcept;

private:
  open_file& known(const place& at);
  void remark(exchange& on, direction way, shared_file::remark what);
  exchange* transfer(direction way, const place& at, open_file& of);
  std::uint64_t queued_bytes() noexcept;
  void pipe_bytes(direction way, const place& at, byte_view bytes);
  void on_pdu(direction way, const place& at, pipe& on, const dcerpc::pdu_header& head,
              byte_view pdu);
  exchange* find_call(const place& at, const dcerpc::pdu_header& head, bool answer) noexcept;

  /// The run of content at hand, by direction.
  struct run {
    enum class target : std::uint8_t { none, file, pipe };
    target to = target::none;
    std::uint64_t exchange = 0;
    place at;
  };

  settings settings_;
  const file_settings& file_settings_;
  std::array<run, 2> runs_;
  dcerpc::stub_budget budget_;
  bool has_told_of_limit_ = false; ///< the event is raised once a flow (conformance: bug-8629)
  std::size_t files_ = 0;          ///< live exchanges with content of files
};

/// How a handle is logged.
std::string to_text(const handle& file, int version);

} // namespace cresset::detect::proto::smb
