#pragma once

#include "capture/source/dpdk_port.hpp"
#include "capture/source/packet_source.hpp"

#include <array>
#include <chrono>
#include <vector>

struct rte_mbuf;

namespace cresset::capture::source {

/// One receive queue of a DPDK port. A batch points into the port's buffers, which go back to their
/// pool with the next `read`; a frame spread over several buffers is put together in the queue's
/// own. It never waits: a worker that finds it idle comes again.
class dpdk_queue : public packet_source {
public:
  /// A frame of more bytes than this is refused and counted: no network carries one.
  static constexpr std::size_t limit_frame_bytes = 65536;

  /// With `end_after_idle` the source ends when nothing has come for that long: for a port that
  /// plays a capture file, which cannot say that it is at its end. `port` outlives the queue.
  /// Throws std::runtime_error when the port has no such queue.
  dpdk_queue(const dpdk_port& port, std::uint16_t queue,
             std::optional<std::chrono::milliseconds> end_after_idle = {});
  ~dpdk_queue() override;

  read_status read(packet_batch& batch) noexcept override;
  void release(packet_batch& batch) noexcept override;
  source_counters counters() const noexcept override;
  const std::string& name() const noexcept override { return name_; }
  const std::string& interface_name() const noexcept override { return port_.name(); }
  const std::string& failure() const noexcept override { return failure_; }

private:
  void give_back() noexcept;
  bool is_over() noexcept;
  std::optional<byte_view> whole_frame(const rte_mbuf& first) noexcept;
  timestamp moment_of(const rte_mbuf& buffer, timestamp otherwise) const noexcept;

  const dpdk_port& port_;
  std::uint16_t queue_;
  std::optional<std::chrono::milliseconds> end_after_idle_;
  std::optional<std::chrono::steady_clock::time_point> idle_since_;
  bool is_over_ = false;
  int timestamp_offset_ = -1;
  std::uint64_t timestamp_flag_ = 0;
  std::string name_;
  std::string failure_;
  std::array<rte_mbuf*, packet_batch::limit_packets> held_{};
  std::uint16_t held_count_ = 0;
  std::vector<std::byte> joined_;
  std::size_t joined_used_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t refused_packets_ = 0;
};

} // namespace cresset::capture::source
