#pragma once

#include "coord/incident/change_feed.hpp"
#include "coord/incident/correlator_log.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace cresset::coord::server {

/// The thread that leads the correlator: reads changes of groups behind the stored position, lets
/// the correlator decide and stores what follows together with the new position. While another
/// server leads it waits. A new leader replays the last window first, without storing, so that its
/// correlator stands where the old one stood.
class correlation_loop {
public:
  static constexpr int batch_limit = 2000;
  static constexpr std::chrono::milliseconds wait_limit{500};

  /// All outlive the loop; `feed` is used by its thread alone. `holder` names this server among
  /// others on the database.
  correlation_loop(incident::correlator_log& log, std::unique_ptr<incident::change_feed> feed,
                   std::vector<incident::correlation_rule> rules, std::string holder,
                   incident::rsit_map classes = incident::rsit_map::built_in());
  ~correlation_loop();

  /// What the correlator did since this server began to lead; any thread.
  incident::correlator::counters count() const;
  correlation_loop(const correlation_loop&) = delete;
  correlation_loop& operator=(const correlation_loop&) = delete;

private:
  void run();
  incident::result<void> lead();
  incident::result<void> replay();
  incident::result<void> replay_until(incident::change_position stored);
  incident::result<void> disown_missing(std::span<const incident::correlator_action> replayed);
  void disown(const std::vector<std::string>& missing);
  void publish_count();
  /// True when there may be more behind the batch.
  incident::result<bool> step();
  void pause(std::chrono::milliseconds time);

  incident::correlator_log& log_;
  std::unique_ptr<incident::change_feed> feed_;
  const std::vector<incident::correlation_rule> rules_;
  const std::string holder_;
  const incident::rsit_map classes_;
  std::int64_t term_ = 0; // 0: not leading
  std::chrono::steady_clock::time_point renewed_{};
  incident::change_position position_;
  std::unique_ptr<incident::correlator> correlator_;
  mutable std::mutex count_mutex_;
  incident::correlator::counters count_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

} // namespace cresset::coord::server
