#pragma once

#include "capture/base/json_writer.hpp"
#include "capture/source/packet_source.hpp"
#include "detect/sensor/rules.hpp"
#include "detect/sensor/worker_totals.hpp"

#include <functional>
#include <optional>
#include <string>

namespace cresset::detect::sensor {

/// What a run has cost so far; CPU seconds are those of the thread that works on packets.
struct run_cost {
  double load_cpu_s = 0;
  double packet_cpu_s = 0;
  double uptime_s = 0;
};

/// Writes members of the object `stats` that another part of the program counts.
using stats_writer = std::function<void(json_writer&)>;

/// The `stats` event: the ledger first, then what the parts counted, under the names of the
/// ecosystem where it has them. Loss that the source cannot tell is "unknown", never 0.
/// `more`: writes further members of `stats`; may be empty.
std::string make_stats(const worker_totals& of, const capture::source::packet_source& source,
                       const loaded_rules& rules, const run_cost& cost, timestamp at,
                       const stats_writer& more = {});

} // namespace cresset::detect::sensor
