#include "capture/source/dpdk_port.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <stdexcept>

namespace cresset::capture::source {
namespace {

constexpr unsigned pool_cache_buffers = 256;

// The pattern 6d5a makes a NIC's hash the same for both directions of a flow (Woo and Park, 2012;
// verified in software).
std::array<std::uint8_t, 40> symmetric_key() noexcept {
  std::array<std::uint8_t, 40> key{};
  for (std::size_t i = 0; i < key.size(); i += 2) {
    key[i] = 0x6d;
    key[i + 1] = 0x5a;
  }
  return key;
}

// Drivers that say 0 lost whatever happens: the ring of a packet socket, a tap, shared memory.
bool is_silent_about_drops(std::string_view driver) noexcept {
  return driver == "net_af_packet" || driver == "net_tap" || driver == "net_ring" ||
         driver == "net_memif";
}

} // namespace

void dpdk_port::pool_closer::operator()(rte_mempool* pool) const noexcept {
  rte_mempool_free(pool);
}

void dpdk_port::refuse(std::string_view what, int status) const {
  throw std::runtime_error{fmt::format("dpdk port {}: {}: {}", name_, what,
                                       rte_strerror(status < 0 ? -status : status))};
}

dpdk_port::dpdk_port(const dpdk_eal& eal, std::string name, const dpdk_port_settings& settings)
    : name_{std::move(name)}, queues_{settings.queues} {
  if (rte_eth_dev_get_port_by_name(name_.c_str(), &id_) != 0)
    throw std::runtime_error{fmt::format("dpdk port {}: is not there (there are: {})", name_,
                                         fmt::join(eal.port_names(), ", "))};
  const auto pool_name = fmt::format("cresset-{}", id_);
  pool_.reset(rte_pktmbuf_pool_create(pool_name.c_str(), settings.buffers, pool_cache_buffers, 0,
                                      settings.buffer_bytes, SOCKET_ID_ANY));
  if (!pool_)
    refuse(fmt::format("no memory for {} buffers (give DPDK more with -m)", settings.buffers),
           rte_errno);
  configure(settings);
}

void dpdk_port::configure(const dpdk_port_settings& settings) {
  rte_eth_dev_info device{};
  if (const int status = rte_eth_dev_info_get(id_, &device); status != 0)
    refuse("does not describe itself", status);
  const std::string_view driver{device.driver_name};
  has_utc_timestamps_ = driver == "net_pcap";
  reports_drops_ = !is_silent_about_drops(driver);

  auto key = symmetric_key();
  rte_eth_conf wanted{};
  if (queues_ > 1 && device.flow_type_rss_offloads != 0) {
    wanted.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
    wanted.rx_adv_conf.rss_conf.rss_hf =
        (RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_SCTP) &
        device.flow_type_rss_offloads;
    if (device.hash_key_size == key.size()) {
      wanted.rx_adv_conf.rss_conf.rss_key = key.data();
      wanted.rx_adv_conf.rss_conf.rss_key_len = static_cast<std::uint8_t>(key.size());
    }
  }
  wanted.rxmode.offloads = device.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER;
  if (const int status = rte_eth_dev_configure(id_, queues_, 0, &wanted); status != 0)
    refuse(fmt::format("cannot have {} queues", queues_), status);

  auto descriptors = settings.descriptors;
  std::uint16_t none = 0;
  rte_eth_dev_adjust_nb_rx_tx_desc(id_, &descriptors, &none);
  for (std::uint16_t queue = 0; queue < queues_; ++queue)
    if (const int status = rte_eth_rx_queue_setup(id_, queue, descriptors,
                                                  static_cast<unsigned>(rte_eth_dev_socket_id(id_)),
                                                  nullptr, pool_.get());
        status != 0)
      refuse(fmt::format("cannot set up queue {}", queue), status);
  if (const int status = rte_eth_dev_start(id_); status != 0)
    refuse("cannot be started", status);
  // A port that plays a file has no such mode, and none is needed there.
  if (settings.promiscuous)
    rte_eth_promiscuous_enable(id_);
}

dpdk_port::~dpdk_port() {
  rte_eth_dev_stop(id_);
  rte_eth_dev_close(id_);
}

std::optional<std::uint64_t> dpdk_port::dropped_packets() const noexcept {
  rte_eth_stats seen{};
  if (!reports_drops_ || rte_eth_stats_get(id_, &seen) != 0)
    return std::nullopt;
  return seen.imissed + seen.rx_nombuf;
}

} // namespace cresset::capture::source
