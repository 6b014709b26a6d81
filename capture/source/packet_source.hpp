#pragma once

#include "capture/source/packet_batch.hpp"

#include <optional>
#include <string>

namespace cresset::capture::source {

/// What one call of `read` brought.
enum class read_status {
  packets, ///< the batch holds at least one packet
  idle,    ///< nothing now, ask again; the source has waited already if waiting is its way
  end,     ///< nothing more will come, all that there was has been given out
  failed,  ///< the source broke and gives nothing more; `failure` says why
};

/// What a source knows about what it saw and lost. A number it cannot know is absent, never 0.
struct source_counters {
  std::uint64_t received_packets = 0;
  std::uint64_t received_bytes = 0;
  /// Lost before the sensor could take them: the kernel's ring or the port's queue was full.
  std::optional<std::uint64_t> dropped_packets;
  /// Lost by the interface itself, where the driver tells.
  std::optional<std::uint64_t> interface_dropped_packets;
  /// Taken in but refused, because no packet of that size or shape is handled.
  std::uint64_t refused_packets = 0;
};

/// Where packets come from: a file, a live interface, a DPDK queue. One virtual call a burst, never
/// one a packet. A source belongs to one thread.
class packet_source {
public:
  virtual ~packet_source() = default;

  /// Releases the last batch, empties `batch` and fills it with what there is now; waits at most
  /// `longest_wait_ms`. After `end` or `failed` it answers the same for ever.
  virtual read_status read(packet_batch& batch) noexcept = 0;
  /// Gives the batch's bytes back before the next `read`: for a worker about to be busy with
  /// something else.
  virtual void release(packet_batch& batch) noexcept { batch.clear(); }

  virtual source_counters counters() const noexcept = 0;
  /// What an operator would call it: "file http.pcap", "interface eth0", "dpdk net_pcap0 queue 0".
  virtual const std::string& name() const noexcept = 0;
  /// The interface or port, for `in_iface` of the event log; empty for a file.
  virtual const std::string& interface_name() const noexcept = 0;
  /// One line about what broke or what was cut off; empty as long as all is well. A file that ends
  /// in the middle of a packet answers `end` and says here after which packet that was.
  virtual const std::string& failure() const noexcept = 0;

  static constexpr int longest_wait_ms = 10;

protected:
  packet_source() = default;
  packet_source(const packet_source&) = delete;
  packet_source& operator=(const packet_source&) = delete;
};

} // namespace cresset::capture::source
