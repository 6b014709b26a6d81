#include "capture/source/dpdk_eal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <pthread.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <sched.h>
#include <stdexcept>

namespace cresset::capture::source {

dpdk_eal::dpdk_eal(const std::vector<std::string>& arguments) {
  // DPDK keeps pointers into its arguments and may write to them.
  std::vector<std::string> kept{"cresset-sensor"};
  kept.insert(kept.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (auto& argument : kept)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);

  cpu_set_t allowed;
  const bool is_known = pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed) == 0;
  const int status = rte_eal_init(static_cast<int>(kept.size()), pointers.data());
  if (is_known)
    pthread_setaffinity_np(pthread_self(), sizeof allowed, &allowed);
  if (status < 0)
    throw std::runtime_error{fmt::format(
        "dpdk: cannot start with \"{}\": {}", fmt::join(arguments, " "),
        rte_errno == EALREADY ? "it was started before in this process" : rte_strerror(rte_errno))};
}

dpdk_eal::~dpdk_eal() {
  rte_eal_cleanup();
}

std::vector<std::string> dpdk_eal::port_names() const {
  std::vector<std::string> names;
  std::uint16_t port;
  RTE_ETH_FOREACH_DEV(port) {
    char name[RTE_ETH_NAME_MAX_LEN];
    if (rte_eth_dev_get_name_by_port(port, name) == 0)
      names.emplace_back(name);
  }
  return names;
}

} // namespace cresset::capture::source
