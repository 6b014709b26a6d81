#pragma once

#include "capture/base/five_tuple.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace cresset::coord::incident {

/// One alert as the store gives it back: the columns people search by, and the sensor's record as
/// it came.
struct stored_alert {
  alert_position position;
  group_id group;
  std::string sensor;
  timestamp captured;
  timestamp received;
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;
  std::uint32_t revision = 0;
  int severity = 3;
  std::string message;
  std::string category;
  five_tuple tuple;
  std::string application;
  /// The wire record (docs/wire-format.md), without packet and payload: `detect::alert` reads it,
  /// and prints it as EVE.
  std::vector<std::byte> record;
};

} // namespace cresset::coord::incident
