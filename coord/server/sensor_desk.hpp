#pragma once

#include "coord/api/sensor_board.hpp"
#include "coord/ingest/ingest_loop.hpp"
#include "coord/store/sensor_store.hpp"

namespace cresset::coord::server {

/// Keeps the registry of sensors in step with the store, and tells the API how they do. Any thread.
class sensor_desk final : public api::sensor_board {
public:
  /// Both outlive the desk.
  sensor_desk(store::sensor_store& store, ingest::sensor_registry& registry)
      : store_{store}, registry_{registry} {}

  /// Once the loop runs; before that nobody is connected. The loop outlives its use here.
  void watch(const ingest::ingest_loop& loop) noexcept { loop_ = &loop; }
  /// Reads the registered sensors anew, so that one that was added or disabled while the server
  /// runs is known in a moment.
  incident::result<void> refresh();

  incident::result<api::sensor_overview> sensors() override;

private:
  store::sensor_store& store_;
  ingest::sensor_registry& registry_;
  const ingest::ingest_loop* loop_ = nullptr;
};

} // namespace cresset::coord::server
