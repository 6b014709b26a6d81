#pragma once

#include "capture/decode/decoder.hpp"
#include "capture/source/packet_batch.hpp"
#include "detect/flow/flow_table.hpp"
#include "detect/flow/ip_reassembly.hpp"
#include "detect/flow/tcp_tracker.hpp"
#include "detect/inspect/inspector.hpp"
#include "detect/sensor/config.hpp"
#include "detect/sensor/event_writer.hpp"
#include "detect/sensor/ledger.hpp"
#include "detect/sensor/stream_feed.hpp"

namespace cresset::detect::sensor {

/// What all workers share; immutable, or with a lock of its own. It outlives them.
struct shared_parts {
  const sensor_config& config;
  const inspect::image& rules;
  const proto::catalogue::parser_maker& protocols;
  inspect::shared_state& state;
};

class turns;

/// Which packets are one worker's, where several share a capture.
struct worker_share {
  std::uint32_t number = 0;
  std::uint32_t of = 1;
  turns* order = nullptr; ///< what is touched by all is touched in this order; null for one alone
};

/// One thread's whole route of a packet: decode, put fragments together, find the flow, follow TCP,
/// feed the parser, inspect, write. Owns all of its flows; shares nothing it writes. worker.cpp is
/// the packet's route.
class worker {
public:
  worker(const shared_parts& shared, event_writer& events, std::string interface_name, bool is_live,
         worker_share share = {});

  /// Looks at what of a burst is this worker's. The burst ended at `until` with packet `last`,
  /// whosever that was.
  void process(std::span<const capture::source::packet> burst, timestamp until, std::uint64_t last);
  /// Ends all flows: the capture is over.
  void finish();
  /// The same one by one, where the flows of several workers are to end in one order: no other
  /// thread may work any more.
  std::vector<flow::flow*> open_flows() { return flows_.oldest_first(); }
  void end(flow::flow& one);

  const ledger& accounts() const noexcept { return ledger_; }
  const capture::decode::decoder_counters& decoder_counters() const noexcept {
    return decoder_.counters();
  }
  const flow::flow_table_counters& flow_counters() const noexcept { return flows_.counters(); }
  const flow::tcp_counters& tcp_counters() const noexcept { return tcp_.counters(); }
  const inspect::inspector& rules() const noexcept { return inspector_; }

private:
  using decoded_packet = capture::decode::decoded_packet;
  /// What the outermost packet of a frame came to, for the ledger.
  enum class outcome : std::uint8_t { inspected, shunted, dropped };

  /// A frame on its way through the burst: decoded, its flow asked for, its payload scanned.
  struct frame {
    std::array<decoded_packet, capture::decode::decoder::limit_packets> packets;
    std::size_t count = 0;
    bool is_mine = false;   ///< the first packet has a flow at this worker
    flow::keyed_packet key; ///< of the first packet
    inspect::payload_hits hits;
  };

  void read(std::span<const capture::source::packet> raw);
  void look_ahead(frame& next);
  void take(const capture::source::packet& raw, const frame& seen);
  void reach(std::uint64_t moment) noexcept;
  static flow::flow_table_settings part_of(flow::flow_table_settings whole, worker_share share);
  void route(const decoded_packet& packet, unsigned depth);
  void route_fragment(const decoded_packet& packet, unsigned depth);
  void without_flow(const decoded_packet& packet);
  void in_flow(const decoded_packet& packet);
  void follow_tcp(const decoded_packet& packet, flow::flow& of, inspect::subject& on);
  void feed(flow::flow& of, proto::direction way, inspect::subject& on);
  void change_protocol(flow::flow& of, inspect::subject& on);
  void inspect(inspect::subject& on);
  void finish_protocol(flow::flow& ended, inspect::flow_record& record);
  static bool is_quiet_answer(const proto::transaction& tx, inspect::flow_record& record) noexcept;
  void tell_frames(flow::flow& of, inspect::subject& on);
  void note_ends(flow::flow& of, inspect::subject& on);
  void finish_transactions(flow::flow& of, inspect::subject& on, bool all);
  void flow_ended(flow::flow& ended, flow::flow_end why);
  void note_drop(drop_reason reason) noexcept;
  inspect::flow_record& record_of(flow::flow& of);

  static constexpr unsigned limit_reassemblies = 3; ///< fragments within tunnels within fragments

  const shared_parts& shared_;
  event_writer& events_;
  const std::string interface_name_;
  const bool is_live_;
  const worker_share share_;
  capture::decode::decoder decoder_;
  flow::ip_reassembly fragments_;
  flow::tcp_tracker tcp_;
  stream_feed feed_;
  inspect::inspector inspector_;
  ledger ledger_;
  static constexpr std::size_t frames_at_once = 32;
  std::array<frame, frames_at_once> frames_;
  std::array<std::array<decoded_packet, capture::decode::decoder::limit_packets>,
             limit_reassemblies>
      reassembled_;
  flow::tcp_event_list tcp_events_; ///< of the packet at hand
  timestamp now_{};
  std::uint64_t number_ = 0;
  outcome outcome_ = outcome::inspected;
  drop_reason reason_{};
  bool outcome_set_ = false;
  flow::flow_table flows_; // last: ending its flows uses the parts above
};

} // namespace cresset::detect::sensor
