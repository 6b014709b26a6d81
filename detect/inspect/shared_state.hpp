#pragma once

#include "detect/inspect/address_bits.hpp"
#include "detect/inspect/packet_tags.hpp"
#include "detect/inspect/threshold_table.hpp"

namespace cresset::detect::inspect {

/// What rules remember across flows, one for all workers: every part has locks of its own. It
/// outlives the inspectors, and the image too.
struct shared_state {
  threshold_table thresholds;
  address_bits bits;
  host_tags tags;
};

} // namespace cresset::detect::inspect
