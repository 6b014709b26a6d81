#pragma once

#include "coord/incident/repository.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::api {

/// A sensor as its operator wants to see it.
struct sensor_status {
  std::string name;
  bool connected = false;
  /// The last message of any kind; nothing when it was never heard since this server started.
  std::optional<timestamp> last_heard;
  /// Alerts committed, refused by the verifier or the database, and declared lost by the sensor.
  std::int64_t stored = 0;
  std::int64_t refused = 0;
  std::int64_t dropped = 0;
  /// While connected: alerts it holds back, times it was told to wait, and its clock less ours.
  std::uint64_t behind = 0;
  std::uint64_t busy = 0;
  std::optional<std::chrono::milliseconds> clock_skew;
};

/// Who watches, and a key that knocked without being known.
struct sensor_overview {
  std::vector<sensor_status> sensors;
  struct stranger {
    std::string key_z85;
    std::string address;
    std::uint64_t times = 0;
  };
  std::vector<stranger> strangers;
};

/// What the API asks of whoever runs the sensors' door. Any thread may call.
class sensor_board {
public:
  virtual ~sensor_board() = default;
  virtual incident::result<sensor_overview> sensors() = 0;
};

} // namespace cresset::coord::api
