#pragma once

#include "coord/retention/retention_policy.hpp"
#include "coord/server/indicator_watch.hpp"
#include "coord/server/sensor_desk.hpp"
#include "coord/store/store.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

namespace cresset::coord::server {

/// The thread for what has to be done every second (sensors that were added), every minute (seals
/// over evidence) and every hour (partitions, expiry).
class housekeeping {
public:
  static constexpr std::chrono::seconds refresh_every{1};
  static constexpr std::chrono::minutes seal_every{1};
  static constexpr std::chrono::hours maintain_every{1};

  /// All outlive it. `state`: where published checkpoints lie.
  housekeeping(store::store& store, sensor_desk& sensors, indicator_watch& watch,
               retention::retention_policy keep, std::filesystem::path state);
  ~housekeeping();
  housekeeping(const housekeeping&) = delete;
  housekeeping& operator=(const housekeeping&) = delete;

private:
  void run();
  void publish();
  incident::result<void> seal();
  incident::result<void> maintain();

  store::store& store_;
  sensor_desk& sensors_;
  indicator_watch& watch_;
  const retention::retention_policy keep_;
  const std::filesystem::path state_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace cresset::coord::server
