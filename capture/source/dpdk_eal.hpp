#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cresset::capture::source {

/// DPDK's environment. It is one a process by nature and can be started once in its life: main owns
/// it, hands it to the ports, and it outlives them. Whatever else has threads (ZeroMQ, HTTP) is
/// started before or after alike: the calling thread gets back the CPUs it was allowed, which DPDK
/// narrows to one.
class dpdk_eal {
public:
  /// Starts with the arguments of DPDK's own command line, without a program name. Throws
  /// std::runtime_error with one line when DPDK refuses them, was started before, or is not part of
  /// this build.
  explicit dpdk_eal(const std::vector<std::string>& arguments);
  ~dpdk_eal();
  dpdk_eal(const dpdk_eal&) = delete;
  dpdk_eal& operator=(const dpdk_eal&) = delete;

  /// The ports that exist now: virtual devices asked for, and NICs that were bound to DPDK.
  std::vector<std::string> port_names() const;

  /// Cuts "--no-huge -m 512" at its blanks, as `--dpdk` takes it.
  static std::vector<std::string> split_arguments(std::string_view text);
};

} // namespace cresset::capture::source
