#pragma once

#include "capture/source/dpdk_eal.hpp"
#include "capture/source/dpdk_port.hpp"
#include "capture/source/packet_source.hpp"
#include "detect/sensor/options.hpp"
#include "detect/sensor/settings.hpp"

#include <memory>

namespace cresset::detect::sensor {

/// The source the command line asks for, with what it needs to live, in the order of its parts.
struct capture_choice {
  std::unique_ptr<capture::source::dpdk_eal> eal;
  std::unique_ptr<capture::source::dpdk_port> port;
  std::unique_ptr<capture::source::packet_source> source;
  bool is_live = false; ///< packets have no number in a capture
};

/// Opens it. Throws with one clear line when there is no such file, interface or port.
capture_choice open_capture(const command_line& wanted, const settings& from);

} // namespace cresset::detect::sensor
