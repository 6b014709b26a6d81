#pragma once

#include "detect/alert/uplink_message.hpp"
#include "detect/uplink/spool.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::uplink {

using instant = std::chrono::steady_clock::time_point;

struct session_options {
  std::string software = "cresset-sensor";
  std::chrono::milliseconds answer_within{10000}; ///< from hello, or the last heartbeat, to welcome
  std::chrono::milliseconds confirm_within{60000}; ///< between acks while batches are open
  std::chrono::milliseconds busy_pause_limit{5000};
};

/// Why a session is over, and how long to wait before the next one.
struct session_end {
  enum class reason : std::uint8_t {
    silent,          ///< nothing heard for three heartbeats, or no answer in time
    malformed,       ///< the server sent what is not this protocol
    rejected,        ///< the server found our message malformed
    superseded,      ///< another connection with our key took over
    version,         ///< the server does not speak our version
    unknown_session, ///< the server has forgotten us (it restarted): say hello again
    shutting_down,
  };
  reason why = reason::silent;
  std::string text; ///< one line for the log
  std::chrono::milliseconds retry_after{0};
};

/// What the caller must do after feeding the session, in this order.
struct reaction {
  std::optional<std::uint64_t> acknowledge_through; ///< tell the spool
  bool begin_epoch = false;    ///< spool older than the server's memory: renumber, then open anew
  std::vector<std::byte> send; ///< a message to send now; empty: none
  std::optional<session_end> end; ///< close the connection
};

/// Leave to send one batch.
struct send_permit {
  std::uint64_t from = 0;
  std::uint32_t round = 0;
  read_limits limits;
  std::optional<std::uint64_t>
      drop_through; ///< first declare from…this as dropped (reason acknowledged)
};

struct session_counters {
  std::uint64_t batches_sent = 0;
  std::uint64_t acks = 0;
  std::uint64_t resumes = 0;
  std::uint64_t busy = 0;
  std::uint64_t ignored = 0; ///< messages of another session, an older round or an unknown kind
};

/// The sensor's half of the uplink protocol, one connection long: pure, no socket, no clock, no
/// thread, no disk. The caller brings messages and the time, and does what the reactions say
/// (docs/wire-format.md section 2).
class session {
public:
  explicit session(session_options options) : options_{std::move(options)} {}

  /// A new connection stands. Returns the hello to send.
  /// `wall`: this machine's clock, for the server to see how far it is off.
  std::vector<std::byte> open(std::uint64_t session_id, const spool_position& held, instant now,
                              timestamp wall = {});

  /// A message came in.
  reaction receive(byte_view message, instant now);
  /// Time went by: heartbeats and time-outs. Call at least every 100 ms. `held` is the spool's
  /// position.
  reaction tick(const spool_position& held, instant now, timestamp wall = {});

  /// Whether a batch may go out now, and from where; nothing when there is nothing to send, the
  /// window is full, the server asked for a pause or has not welcomed us.
  std::optional<send_permit> may_send(const spool_position& held, instant now) const;
  /// A batch went out under the permit; `next` is the sequence behind its last.
  void sent(std::uint64_t next, instant now);

  bool is_welcome() const noexcept { return welcome_.has_value(); }
  std::uint64_t id() const noexcept { return id_; }
  /// Last sequence the server has confirmed in this session.
  std::uint64_t acknowledged() const noexcept { return acknowledged_; }
  const session_counters& counters() const noexcept { return counters_; }

private:
  reaction on(const alert::welcome_message& welcome, instant now);
  reaction on(const alert::ack_message& ack, instant now);
  reaction on(const alert::resume_message& resume, instant now);
  reaction on(const alert::busy_message& busy, instant now);
  reaction on(const alert::bye_message& bye, instant now);
  reaction on(const alert::server_heartbeat& heartbeat, instant now);
  reaction on(const alert::unknown_message& unknown, instant now);
  void go_to(std::uint64_t sequence);
  std::chrono::milliseconds patience() const;

  session_options options_;
  std::uint64_t id_ = 0;
  std::uint64_t held_next_ = 1; ///< what hello and batches have told of the spool's end
  std::optional<alert::welcome_message> welcome_;
  std::uint32_t round_ = 0;
  std::uint64_t next_to_send_ = 1;
  std::uint64_t acknowledged_ = 0;
  std::deque<std::uint64_t> open_; ///< last sequences of batches sent and not confirmed
  instant heard_{};
  instant said_{};
  instant beat_{};
  instant progress_{};
  instant paused_until_{};
  std::chrono::milliseconds busy_pause_{0};
  session_counters counters_;
};

} // namespace cresset::detect::uplink
