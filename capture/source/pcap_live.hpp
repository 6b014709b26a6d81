#pragma once

#include "capture/source/packet_source.hpp"

#include <memory>
#include <vector>

struct pcap; // libpcap's handle; its header stays in the source file

namespace cresset::capture::source {

/// How a live interface is opened.
struct live_settings {
  std::string interface_name;
  /// Longer packets are cut to this. Large enough for what offloading hosts glue together.
  int snap_length_bytes = 262144;
  /// The kernel's ring: what it holds while the worker is away. 64 MiB last a quarter of a second
  /// at 2 Gbit/s.
  int ring_bytes = 64 * 1024 * 1024;
  bool promiscuous = true;
  /// Sources that name the same group share the interface's packets, each flow to one of them in
  /// both directions. A group is a number of this network namespace; others on the machine must not
  /// use it.
  std::optional<std::uint16_t> fanout_group{};
};

/// A network interface through libpcap (TPACKET_V3 on Linux). A batch is copied from the kernel's
/// ring into the source's own buffer, because a ring block goes back to the kernel with its last
/// packet. Drops are the kernel's own count.
class pcap_live : public packet_source {
public:
  /// Throws std::runtime_error with one line when the interface is not there, is down, may not be
  /// opened, or is of a link type that is not known here.
  explicit pcap_live(const live_settings& settings);
  ~pcap_live() override;

  read_status read(packet_batch& batch) noexcept override;
  source_counters counters() const noexcept override;
  const std::string& name() const noexcept override { return name_; }
  const std::string& interface_name() const noexcept override { return interface_name_; }
  const std::string& failure() const noexcept override { return failure_; }

private:
  struct closer {
    void operator()(pcap* handle) const noexcept;
  };

  void join_fanout(std::uint16_t group);
  bool fill(packet_batch& batch) noexcept;
  [[noreturn]] void refuse(std::string_view why) const;

  std::string name_;
  std::string interface_name_;
  std::string failure_;
  std::unique_ptr<pcap, closer> handle_;
  link_type link_ = link_type::ethernet;
  int wait_on_ = -1;
  std::vector<std::byte> buffer_;
  std::size_t longest_packet_bytes_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t bytes_ = 0;
  // libpcap counts in 32 bits; these go on when it begins again at 0.
  mutable std::uint32_t last_dropped_ = 0;
  mutable std::uint64_t dropped_ = 0;
  mutable std::uint32_t last_interface_dropped_ = 0;
  mutable std::uint64_t interface_dropped_ = 0;
};

} // namespace cresset::capture::source
