#include "coord/server/sensor_desk.hpp"

#include "capture/base/z85.hpp"

#include <algorithm>

namespace cresset::coord::server {

incident::result<void> sensor_desk::refresh() {
  const auto known = store_.enabled();
  if (!known)
    return unexpected{known.error()};
  registry_.replace(*known);
  return {};
}

incident::result<api::sensor_overview> sensor_desk::sensors() {
  const auto stored = store_.all();
  if (!stored)
    return unexpected{stored.error()};
  const auto sessions = loop_ == nullptr ? std::vector<ingest::sensor_status>{} : loop_->sessions();
  api::sensor_overview overview;
  for (const auto& one : *stored) {
    const auto session = std::ranges::find(sessions, one.sensor.name, &ingest::sensor_status::name);
    const bool connected = session != sessions.end();
    auto heard = one.last_stored;
    if (connected)
      heard = std::max(heard.value_or(session->since), session->since);
    overview.sensors.push_back(
        {one.sensor.name, connected, heard, one.stored, one.refused, one.dropped, 0, 0, {}});
    if (connected) {
      auto& shown = overview.sensors.back();
      shown.behind = session->next - std::min(session->next, session->stored_through + 1);
      shown.busy = session->busy;
      shown.clock_skew = session->clock_skew;
    }
  }
  for (const auto& stranger : registry_.refused_keys())
    overview.strangers.push_back({to_z85(stranger.key), stranger.address, stranger.times});
  return overview;
}

} // namespace cresset::coord::server
