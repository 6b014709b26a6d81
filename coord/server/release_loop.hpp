#pragma once

#include "coord/incident/change_feed.hpp"
#include "coord/server/sharing.hpp"
#include "coord/store/store.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <thread>

namespace cresset::coord::server {

/// The thread that releases what the policy lets go without an analyst: follows the journal, asks
/// the gate for each incident that changed, and puts what may leave into the partners' streams. A
/// version is released once; later versions of an incident go out at most every `again`, so that an
/// incident that grows does not become a flood of objects.
class release_loop {
public:
  static constexpr std::chrono::seconds again{30};
  /// Pause before what was allowed and could not be put into a stream is tried again.
  static constexpr std::chrono::seconds retry{5};
  static constexpr std::chrono::milliseconds wait_limit{500};

  /// All outlive the loop; `feed` is used by its thread alone.
  release_loop(store::store& store, sharing& with, std::unique_ptr<incident::change_feed> feed);
  ~release_loop();
  release_loop(const release_loop&) = delete;
  release_loop& operator=(const release_loop&) = delete;

private:
  using clock = std::chrono::steady_clock;

  void run();
  void read_open();
  void read_journal();
  void consider_waiting();
  void consider(incident::incident_id id);

  store::store& store_;
  sharing& with_;
  std::unique_ptr<incident::change_feed> feed_;
  std::int64_t journal_ = 0;
  /// Incidents to look at, and when.
  std::map<incident::incident_id, clock::time_point> waiting_;
  std::map<incident::incident_id, clock::time_point> released_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace cresset::coord::server
