#pragma once

#include "detect/sensor/worker.hpp"

namespace cresset::detect::sensor {

/// What workers counted, summed over all of them.
struct worker_totals {
  ledger accounts;
  capture::decode::decoder_counters decoder;
  flow::flow_table_counters flows;
  flow::tcp_counters tcp;
  inspect::inspector_counters rules;

  void add(const worker& one) noexcept;
};

} // namespace cresset::detect::sensor
