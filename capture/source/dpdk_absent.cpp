// Stands for the DPDK sources when CRESSET_DPDK is off: whoever asks for one is told, and nothing
// else needs to know.
#include "capture/source/dpdk_queue.hpp"

#include <stdexcept>

namespace cresset::capture::source {

dpdk_eal::dpdk_eal(const std::vector<std::string>&) {
  throw std::runtime_error{
      "dpdk: this sensor was built without DPDK (configure with -DCRESSET_DPDK=ON)"};
}
dpdk_eal::~dpdk_eal() = default;
std::vector<std::string> dpdk_eal::port_names() const {
  return {};
}

void dpdk_port::pool_closer::operator()(rte_mempool*) const noexcept {}
dpdk_port::dpdk_port(const dpdk_eal&, std::string, const dpdk_port_settings&) {
  throw std::runtime_error{"dpdk: this sensor was built without DPDK"};
}
dpdk_port::~dpdk_port() = default;
std::optional<std::uint64_t> dpdk_port::dropped_packets() const noexcept {
  return std::nullopt;
}

// No port can be made, so no queue either; the linker still wants them.
dpdk_queue::dpdk_queue(const dpdk_port& port, std::uint16_t queue,
                       std::optional<std::chrono::milliseconds>)
    : port_{port}, queue_{queue} {}
dpdk_queue::~dpdk_queue() = default;
read_status dpdk_queue::read(packet_batch& batch) noexcept {
  batch.clear();
  return read_status::failed;
}
void dpdk_queue::release(packet_batch& batch) noexcept {
  batch.clear();
}
source_counters dpdk_queue::counters() const noexcept {
  return {};
}

} // namespace cresset::capture::source
