#pragma once

#include "coord/casework/repository.hpp"
#include "coord/effect/repository.hpp"
#include "coord/incident/change_feed.hpp"
#include "coord/server/sharing.hpp"
#include "coord/store/store.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <thread>

namespace cresset::coord::server {

/// The thread that releases what the policy lets go without an analyst: follows the journal, asks
/// the gate for each incident that changed, and hands what may leave to the effects. What the
/// policy lets go by itself is held no time: nobody decided it, so there is nothing to undo. A
/// version is released once; later versions of an incident go out at most every `again`, so that an
/// incident that grows does not become a flood of objects.
class release_loop {
public:
  static constexpr std::chrono::seconds again{30};
  /// Pause before what was allowed and could not be put into a stream is tried again.
  static constexpr std::chrono::seconds retry{5};
  static constexpr std::chrono::milliseconds wait_limit{500};

  /// All outlive the loop; `feed` is used by its thread alone.
  release_loop(store::store& store, casework::repository& work, effect::repository& effects,
               sharing& with, std::unique_ptr<incident::change_feed> feed);
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
  bool was_taken_back(const incident::incident& told);
  bool hold(const incident::incident& told, const federation::release_wish& wish,
            const std::string& partner);

  store::store& store_;
  casework::repository& work_;
  effect::repository& effects_;
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
