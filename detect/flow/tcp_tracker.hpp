#pragma once

#include "detect/flow/flow.hpp"

namespace cresset::detect::flow {

struct tcp_tracker_settings {
  tcp_settings tcp;
  std::size_t limit_sessions = 262'144;
  /// `stream.reassembly.memcap`: bytes of streams, all flows of the worker together.
  std::size_t limit_stream_bytes = 256 * 1024 * 1024;
};

/// What all sessions of a worker have seen. One thread raises, any thread reads.
struct tcp_counters {
  counter sessions;
  counter midstream_pickups;
  counter one_sided;
  counter segments;
  counter stream_bytes; ///< of payload, new to their streams
  counter retransmissions, keep_alives;
  counter syn, syn_ack, rst;
  counter gaps;
  counter stream_bytes_refused; ///< no memory, or over a direction's limit
  std::array<counter, tcp_refusal_count> refused;
  std::array<counter, tcp_event_count> by_event;
};

/// The TCP of one worker: gives flows their sessions, feeds them, and keeps the flow in step with
/// its session. Must outlive every flow it has touched. One thread.
class tcp_tracker {
public:
  explicit tcp_tracker(const tcp_tracker_settings& settings);
  tcp_tracker(const tcp_tracker&) = delete;
  tcp_tracker& operator=(const tcp_tracker&) = delete;

  /// Takes the next segment of the flow. `way` is turned round when the session finds out that
  /// client and server were taken wrongly (the flow is swapped then, and `outcome.reversed` says
  /// so). After `outcome.state_changed` call `flow_table::state_changed`. Precondition:
  /// `packet.is_tcp()`.
  tcp_outcome process(flow& of, const capture::decode::decoded_packet& packet,
                      proto::direction& way) noexcept;

  const tcp_counters& counters() const noexcept { return counters_; }
  const buffer_pool& buffers() const noexcept { return buffers_; }
  const tcp_session_pool& sessions() const noexcept { return sessions_; }

private:
  bool opens_session(const tcp_segment& segment) const noexcept;
  static tcp_outcome refuse_without_session(const tcp_segment& segment) noexcept;
  void count(const tcp_segment& segment, const tcp_outcome& outcome) noexcept;

  tcp_tracker_settings settings_;
  buffer_pool buffers_;
  tcp_session_pool sessions_;
  tcp_counters counters_;
};

} // namespace cresset::detect::flow
