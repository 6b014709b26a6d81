#pragma once

#include "capture/source/dpdk_eal.hpp"

#include <cstdint>
#include <memory>
#include <optional>

struct rte_mempool; // DPDK's names stay in the source files

namespace cresset::capture::source {

/// How a port is set up.
struct dpdk_port_settings {
  /// One a worker. Several need a NIC that spreads flows by a symmetric hash.
  std::uint16_t queues = 1;
  std::uint16_t descriptors = 4096;
  /// Buffers of the port's pool. All queues' descriptors, a batch each and some slack must fit.
  std::uint32_t buffers = 16384;
  /// Of one buffer, with 128 of headroom. What a packet socket's ring of 2,048-byte frames needs;
  /// without hugepages one takes a page of 4 KiB. With 1,792 two fit into a page and a frame of
  /// 1,664 bytes still is in one piece.
  std::uint16_t buffer_bytes = 2176;
  bool promiscuous = true;
};

/// One DPDK port, started for receiving only. Its queues are the sources.
class dpdk_port {
public:
  /// Throws std::runtime_error with one line when there is no such port or the device refuses the
  /// settings. `eal` outlives it.
  dpdk_port(const dpdk_eal& eal, std::string name, const dpdk_port_settings& settings = {});
  ~dpdk_port();
  dpdk_port(const dpdk_port&) = delete;
  dpdk_port& operator=(const dpdk_port&) = delete;

  const std::string& name() const noexcept { return name_; }
  std::uint16_t id() const noexcept { return id_; }
  std::uint16_t queues() const noexcept { return queues_; }
  /// Whether the driver marks packets with a moment in microseconds of UTC, as that of capture
  /// files does.
  bool has_utc_timestamps() const noexcept { return has_utc_timestamps_; }
  /// Packets lost before they reached a queue; nothing when the driver is known not to count them.
  std::optional<std::uint64_t> dropped_packets() const noexcept;

private:
  struct pool_closer {
    void operator()(rte_mempool* pool) const noexcept;
  };

  void configure(const dpdk_port_settings& settings);
  [[noreturn]] void refuse(std::string_view what, int status) const;

  std::string name_;
  std::uint16_t id_ = 0;
  std::uint16_t queues_ = 0;
  bool has_utc_timestamps_ = false;
  bool reports_drops_ = true;
  std::unique_ptr<rte_mempool, pool_closer> pool_;
};

} // namespace cresset::capture::source
