#pragma once

#include "capture/base/bounded_queue.hpp"
#include "capture/base/counter.hpp"
#include "detect/uplink/outbox_ledger.hpp"
#include "detect/uplink/spool.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cresset::detect::uplink {

struct outbox_options {
  std::size_t queue_limit_alerts = 65536;
  std::size_t commit_limit_alerts = 2000;
  std::chrono::milliseconds commit_after{2}; ///< an alert waits at most this long for company
  std::chrono::milliseconds retry_after{
      500}; ///< pause after a write that did not happen (disk full)
  std::chrono::milliseconds stop_patience{
      3000}; ///< how long stop() goes on trying to write what is left
};

/// Where packet threads put alerts: a bounded queue, and one thread that writes it to the spool in
/// groups. An alert counts once its spool commit returned: raised = spooled + refused + waiting at
/// any moment.
class outbox {
public:
  /// `spooled` is called on the writing thread after each commit, to wake who sends; it must not
  /// wait.
  /// The counts are kept in `ledger`, so that the next run knows what a kill of this one lost.
  outbox(spool& to, outbox_options options, std::function<void()> spooled = {},
         outbox_ledger ledger = outbox_ledger::in_memory());
  /// Stops.
  ~outbox();
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  /// Takes the alert, or counts it as refused when the queue is full (the disk cannot keep up, or
  /// is full). Never waits for the disk; any thread.
  bool offer(alert::alert alert);

  /// Writes what is in the queue and ends the thread. Alerts that the disk would not take within
  /// the patience are counted as refused.
  void stop();

  std::uint64_t raised() const noexcept { return raised_.load(); }
  std::uint64_t spooled() const noexcept { return spooled_.load(); }
  std::uint64_t refused() const noexcept { return refused_.load(); }
  kill_losses losses() const noexcept { return ledger_.losses(); }
  /// Raised and neither spooled nor refused yet: what a kill -9 now would lose.
  std::uint64_t waiting() const noexcept;

private:
  void run();
  std::vector<alert::alert> gather();
  void write(std::vector<alert::alert> group);
  bool may_try_again();

  spool& spool_;
  const outbox_options options_;
  const std::function<void()> on_spooled_;
  bounded_queue<alert::alert> queue_;
  outbox_ledger ledger_;
  outbox_ledger::count& raised_; // in the ledger
  outbox_ledger::count& spooled_;
  outbox_ledger::count& refused_;
  std::mutex stop_mutex_;
  std::condition_variable stop_asked_;
  std::optional<std::chrono::steady_clock::time_point> give_up_at_; // set by stop()
  std::thread thread_;
};

} // namespace cresset::detect::uplink
