#pragma once

#include "capture/base/byte_order.hpp"
#include "capture/base/link_type.hpp"
#include "capture/base/timestamp.hpp"

namespace cresset::capture::source {

/// One captured frame. It owns nothing: the bytes belong to the source and live until it is asked
/// for the next batch or told to release this one.
struct packet {
  /// What was captured, from the link layer's first byte on; may be shorter than what was on the
  /// wire.
  byte_view bytes;
  /// The moment of capture as the source tells it, in UTC.
  timestamp captured_at;
  /// Counts the packets of one source from 1 on; `pcap_cnt` in the event log.
  std::uint64_t number = 0;
  /// Length on the wire; never below `bytes.size()`.
  std::uint32_t wire_length_bytes = 0;
  /// Which interface of the source it came from: the index in a pcapng section, else 0.
  std::uint32_t interface_index = 0;
  link_type link = link_type::ethernet;
};

} // namespace cresset::capture::source
