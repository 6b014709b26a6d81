#pragma once

#include <compare>
#include <cstdint>

namespace cresset::coord::ingest {

/// The number under which the store keeps a sensor. Given by the store when the sensor is
/// registered, never reused.
struct sensor_id {
  std::int64_t value = 0;
  friend auto operator<=>(sensor_id, sensor_id) noexcept = default;
};

} // namespace cresset::coord::ingest
