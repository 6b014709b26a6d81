#include "detect/sensor/capture_choice.hpp"

#include "capture/source/dpdk_queue.hpp"
#include "capture/source/pcap_file.hpp"
#include "capture/source/pcap_live.hpp"

#include <fmt/format.h>

namespace cresset::detect::sensor {
namespace {

namespace source = capture::source;

capture_choice open_dpdk(const std::string& arguments, const settings& from) {
  capture_choice choice;
  choice.eal = std::make_unique<source::dpdk_eal>(source::dpdk_eal::split_arguments(arguments));
  const auto ports = choice.eal->port_names();
  if (ports.empty())
    throw configuration_error{
        "--dpdk: no port: bind a NIC to DPDK, or name a virtual device with --vdev"};
  source::dpdk_port_settings settings;
  settings.buffers = static_cast<std::uint32_t>(from.number("dpdk.mbufs", 16'384, 1024, 1U << 24));
  settings.buffer_bytes = static_cast<std::uint16_t>(
      from.number("dpdk.mbuf-bytes", settings.buffer_bytes, 512, 32'768));
  settings.descriptors =
      static_cast<std::uint16_t>(from.number("dpdk.descriptors", 4096, 64, 32'768));
  choice.port = std::make_unique<source::dpdk_port>(
      *choice.eal, from.text("dpdk.port", ports.front()), settings);
  // a port that plays a capture file cannot say that it is at its end
  const auto idle_ms = from.number("dpdk.end-after-idle-ms", 0, 0, 3'600'000);
  choice.source = std::make_unique<source::dpdk_queue>(
      *choice.port, std::uint16_t{0},
      idle_ms == 0 ? std::nullopt : std::optional{std::chrono::milliseconds{idle_ms}});
  choice.is_live = true;
  return choice;
}

} // namespace

capture_choice open_capture(const command_line& wanted, const settings& from) {
  if (wanted.dpdk_arguments)
    return open_dpdk(*wanted.dpdk_arguments, from);
  capture_choice choice;
  if (wanted.interface) {
    source::live_settings live;
    live.interface_name = *wanted.interface;
    live.snap_length_bytes = static_cast<int>(from.number("pcap.snaplen", 262'144, 96, 1U << 20));
    live.ring_bytes = static_cast<int>(from.size_bytes("pcap.buffer-size", 64U << 20));
    live.promiscuous = from.flag("pcap.promisc", true);
    choice.source = std::make_unique<source::pcap_live>(live);
    choice.is_live = true;
    return choice;
  }
  choice.source = std::make_unique<source::pcap_file>(*wanted.capture_file);
  return choice;
}

} // namespace cresset::detect::sensor
