#pragma once

#include "capture/decode/decoded_packet.hpp"
#include "detect/flow/flow.hpp"
#include "detect/flow/tcp_session.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cresset::detect::inspect {

class flow_record;
struct shared_state;

/// Variables by their names, in the order they were set.
using named_texts = std::vector<std::pair<std::string, std::string>>;

/// What one run of inspection looks at (docs/inspection-model.md section 1): a packet with its
/// flow, or the end of a flow without a packet. Views and pointers are valid for the run.
struct subject {
  const capture::decode::decoded_packet* packet = nullptr; ///< null at a flow's end
  flow::flow* flow = nullptr;                              ///< null for packets that belong to none
  flow_record* record = nullptr; ///< what inspection keeps with the flow; null without one
  shared_state* state = nullptr; ///< what rules remember across flows; set by the inspector
  proto::direction way = proto::direction::to_server;
  five_tuple tuple{}; ///< as the packet goes, or would go
  timestamp at{};
  std::uint64_t number = 0; ///< of the packet in the capture
  std::span<const flow::tcp_event> tcp_events{};
  /// The packet's TCP payload is part of a stream, where stream rules will see it.
  bool payload_in_stream = false;
  /// The flow ends with this run: windows are due whatever their size.
  bool is_last = false;
  /// What rules took along from this packet so far (`pktvar`); set by the inspector.
  const named_texts* packet_variables = nullptr;

  /// Called before what rules remember across flows is touched: several workers give it up in the
  /// capture's order. Null or empty for none.
  const std::function<void()>* turn = nullptr;
  void wait_for_turn() const {
    if (turn != nullptr && *turn)
      (*turn)();
  }

  bool is_tcp() const noexcept { return tuple.protocol == ip_protocol::tcp; }
  byte_view payload() const noexcept { return packet != nullptr ? packet->payload : byte_view{}; }
};

} // namespace cresset::detect::inspect
