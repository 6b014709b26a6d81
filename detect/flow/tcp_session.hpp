#pragma once

#include "capture/base/timestamp.hpp"
#include "capture/decode/decoded_packet.hpp"
#include "detect/flow/tcp_event.hpp"
#include "detect/flow/tcp_reassembly.hpp"
#include "detect/flow/tcp_sequence.hpp"
#include "detect/proto/direction.hpp"

#include <array>

namespace cresset::detect::flow {

using proto::direction;

/// What may be set about following connections; one for all sessions of a worker, and it outlives
/// them.
struct tcp_settings {
  bool midstream = false; ///< `stream.midstream`: connections whose start was not seen are followed
  bool async_oneside =
      false; ///< `stream.async-oneside`: connections of which one side is never seen are followed
  /// `stream.reassembly.urgent.policy` "oob": an urgent byte is no part of the stream; with false
  /// ("inline") it is.
  bool urgent_out_of_band = true;
  reassembly_settings reassembly;
};

/// Where a connection stands, seen from the server, as the field's event log names it (RFC 9293
/// section 3.3.2).
enum class tcp_state : std::uint8_t {
  none,
  syn_sent,
  syn_recv,
  established,
  fin_wait1,
  fin_wait2,
  time_wait,
  last_ack,
  close_wait,
  closing,
  closed,
};
/// "syn_sent"
std::string_view to_string(tcp_state state) noexcept;

/// Why a segment does not belong to the connection, as counters and the ledger name it.
enum class tcp_refusal : std::uint8_t {
  none,
  no_session,    ///< nothing is open and this does not open one (`stream.midstream` is off)
  no_memory,     ///< the pool of sessions is used up
  bad_flags,     ///< a combination no end sends
  bad_handshake, ///< not what the handshake waits for
  out_of_window,
  invalid_ack,
  invalid_timestamp, ///< older than what came before (PAWS, RFC 7323 section 5)
  invalid_reset,
  after_close,
};
inline constexpr std::size_t tcp_refusal_count =
    static_cast<std::size_t>(tcp_refusal::after_close) + 1;
std::string_view to_string(tcp_refusal why) noexcept;

/// One segment as the session reads it. `payload` is owned by the packet.
struct tcp_segment {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint16_t window = 0;
  std::uint16_t urgent_pointer = 0;
  std::uint8_t flags = 0;
  std::optional<std::uint8_t> window_scale;
  std::optional<std::uint32_t> timestamp_value;
  bool fast_open = false; ///< carries a fast open cookie (RFC 7413)
  byte_view payload;

  /// Precondition: `packet.is_tcp()`.
  static tcp_segment from(const capture::decode::decoded_packet& packet) noexcept;

  bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
  /// Sequence number behind the last byte of payload, FIN and SYN not counted.
  std::uint32_t payload_end() const noexcept {
    return sequence + static_cast<std::uint32_t>(payload.size());
  }
};

/// What became of one segment.
struct tcp_outcome {
  tcp_refusal refused = tcp_refusal::none;
  bool stream_data = false;    ///< some of its payload was new to the stream
  bool retransmission = false; ///< all of its payload was there before
  bool keep_alive = false;
  bool state_changed = false;
  bool reversed = false; ///< who was taken for the client is the server: the flow must be swapped
  std::array<bool, 2> advanced{};  ///< by direction: readers of that stream have something new
  std::uint32_t stream_bytes = 0;  ///< of payload, new to the stream
  std::uint32_t refused_bytes = 0; ///< for want of memory or over a limit
  std::uint32_t gaps = 0;          ///< holes found to be gaps
  tcp_event_list events;

  bool accepted() const noexcept { return refused == tcp_refusal::none; }
};

/// One TCP connection as somebody in the middle sees it: who may send what now, and the two
/// streams. It opens with the first segment it accepts and is closed by RST or by both FINs. It
/// never allocates but through the pool of its streams, and never throws.
class tcp_session {
public:
  /// `settings` and `pool` outlive the session or its next `open`/`close`.
  void open(const tcp_settings& settings, buffer_pool& pool) noexcept;
  void close() noexcept;

  /// Takes the next segment. `way` is the direction as the flow has it; after `outcome.reversed` it
  /// is the opposite.
  tcp_outcome process(const tcp_segment& segment, direction way) noexcept;
  /// The flow is over: all that was received counts.
  void finish() noexcept;
  /// Client and server change places, when something above TCP shows that they were taken wrongly.
  void swap_sides() noexcept;

  tcp_state state() const noexcept { return state_; }
  /// Both ends have agreed, or the connection was picked up in its middle: `flow:established`.
  bool is_established() const noexcept { return was_established_; }
  /// A new SYN on the same tuple opens a new connection.
  bool is_over() const noexcept {
    return state_ == tcp_state::closed || state_ == tcp_state::time_wait ||
           state_ == tcp_state::last_ack;
  }
  bool is_midstream() const noexcept { return midstream_; }
  bool is_one_sided() const noexcept { return async_; }
  bool was_reset() const noexcept { return reset_; }

  /// The bytes that go this way.
  tcp_reassembly& stream(direction way) noexcept { return streams_[index(way)]; }
  const tcp_reassembly& stream(direction way) const noexcept { return streams_[index(way)]; }

private:
  /// What is known of one end.
  struct endpoint {
    std::uint32_t first =
        0; // sequence number of its SYN; of the byte before the first when picked up
    std::uint32_t next = 0;         // behind the last it has sent
    std::uint32_t acknowledged = 0; // the other end has everything before
    std::uint32_t may_send_to = 0;  // behind the last byte the other end's window ever allowed
    std::uint32_t window = 0;       // bytes, as it last advertised
    std::uint32_t timestamp = 0;    // TS.Recent of the other end
    std::uint8_t scale = 0;
    bool offers_scale = false;
    bool has_timestamp = false;
    bool seen = false;
    bool has_window = false; // the other end has told a window yet
    bool finned = false;
    bool fin_acknowledged = false;
    std::uint32_t fin = 0;
  };
  static constexpr std::uint8_t largest_scale = 14; // RFC 7323 section 2.3
  static constexpr std::size_t limit_other_starts = 5;
  /// How far a one-sided stream may run ahead of a hole before the hole is a gap.
  static constexpr std::uint32_t one_sided_patience_bytes = 128 * 1024;

  endpoint& end(direction way) noexcept { return ends_[index(way)]; }
  const endpoint& end(direction way) const noexcept { return ends_[index(way)]; }
  static std::size_t index(direction way) noexcept { return proto::index(way); }

  // tcp_handshake.cpp
  void begin(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void take_start(const tcp_segment& segment, direction way) noexcept;
  void take_start_payload(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void begin_with_syn(const tcp_segment& segment, tcp_outcome& outcome) noexcept;
  void begin_with_syn_ack(const tcp_segment& segment, tcp_outcome& outcome) noexcept;
  void begin_midstream(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void expect_end(const tcp_segment& segment, direction way) noexcept;
  void in_syn_sent(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void repeat_syn(const tcp_segment& segment, tcp_outcome& outcome) noexcept;
  void answer_with_syn(const tcp_segment& segment, tcp_outcome& outcome) noexcept;
  void answer_syn(const tcp_segment& segment, tcp_outcome& outcome) noexcept;
  void agree_on_windows() noexcept;
  void go_on_without_answer(const tcp_segment& segment, direction way,
                            tcp_outcome& outcome) noexcept;
  void in_syn_recv(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void repeat_syn_ack(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void split_syn_ack(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  bool completes_handshake(const tcp_segment& segment, direction way,
                           tcp_outcome& outcome) noexcept;
  bool answers_other_start(std::uint32_t ack) noexcept;
  bool remember_other_start(std::uint32_t sequence) noexcept;

  // tcp_session.cpp
  void in_connection(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void late_syn(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  bool is_keep_alive(const tcp_segment& segment, direction way) const noexcept;
  bool timestamp_fits(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  bool acknowledgement_fits(const tcp_segment& segment, direction way,
                            tcp_outcome& outcome) noexcept;
  bool sequence_fits(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void take_payload(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  insert_outcome insert_payload(const tcp_segment& segment, tcp_reassembly& stream) noexcept;
  void take_acknowledgement(const tcp_segment& segment, direction way,
                            tcp_outcome& outcome) noexcept;
  static void note_gaps(const tcp_reassembly& stream, std::uint32_t gaps_before, bool had_depth,
                        tcp_outcome& outcome) noexcept;
  void see_for_the_first_time(const tcp_segment& segment, direction way) noexcept;
  void note_advance(direction way, bool advanced, tcp_outcome& outcome) noexcept;
  void enter(tcp_state state, tcp_outcome& outcome) noexcept;

  // tcp_teardown.cpp
  bool reset_fits(const tcp_segment& segment, direction way) const noexcept;
  void take_reset(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void take_fin(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;
  void advance_teardown(tcp_outcome& outcome) noexcept;
  void after_close(const tcp_segment& segment, direction way, tcp_outcome& outcome) noexcept;

  const tcp_settings* settings_ = nullptr;
  buffer_pool* pool_ = nullptr;
  std::array<endpoint, 2> ends_;
  std::array<tcp_reassembly, 2> streams_;
  /// Starts that differ from the one taken: SYNs with their sequence, or SYN/ACKs.
  std::array<std::uint32_t, limit_other_starts> other_starts_{};
  std::uint8_t other_start_count_ = 0;
  tcp_state state_ = tcp_state::none;
  bool was_established_ = false;
  bool midstream_ = false;
  bool async_ = false;
  bool fast_open_ = false;
  bool split_handshake_ = false; // both ends sent a SYN
  bool reset_ = false;
  bool client_finned_first_ = false;
  direction reset_way_{};
};

} // namespace cresset::detect::flow
