#pragma once

#include "coord/ingest/alert_store.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

namespace cresset::coord::ingest {

/// Whose connection and session a piece of work belongs to, so that its answer finds back.
struct session_key {
  std::string sensor; ///< name
  std::uint64_t session = 0;
  friend bool operator==(const session_key&, const session_key&) = default;
};

/// A run on its way into the store.
struct queued_run {
  session_key from;
  alert_run run;
  std::size_t bytes = 0;                           ///< what it counts against the queue's limit
  std::chrono::steady_clock::time_point arrived{}; ///< when its message came in
};

/// A hello that waits for its cursor. It stands in line behind the sensor's runs, so that the
/// cursor includes them.
struct queued_hello {
  session_key from;
  sensor_id sensor;
  detect::alert::epoch_id epoch;
};

struct queue_limits {
  std::size_t alerts = 20'000;
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t hellos = 4096;
  /// Of alerts and bytes, what one sensor may fill: the rest is there for the others, whatever it
  /// sends.
  std::size_t sensor_share_percent = 50;
};

/// What the store's thread is to do next: one transaction's worth.
struct work {
  std::vector<queued_hello> hellos; ///< stood before the runs
  std::vector<queued_run> runs;
  bool empty() const noexcept { return hellos.empty() && runs.empty(); }
};

/// The bounded queue between the socket's thread and the store's. Work comes out in the order it
/// went in.
class alert_queue {
public:
  explicit alert_queue(queue_limits limits) : limits_{limits} {}

  /// False when it is full, or the sensor has filled its share; then the sensor is told `busy`. The
  /// first run of a sensor in an empty queue always fits. Never waits.
  bool try_push(queued_run run);
  /// A hello takes the place of an older one of its sensor.
  bool try_push(queued_hello hello);

  /// Waits for the first piece of work, then up to `gather` for company; at most `most_alerts` in
  /// runs (a single longer run comes alone). A hello ends the transaction before it. Empty when
  /// closed and nothing is left, or after 100 ms without work.
  work pop(std::size_t most_alerts, std::chrono::milliseconds gather);

  /// Forgets what is inside and takes no more.
  void close();
  bool is_closed() const;
  std::size_t alerts() const;
  std::size_t bytes() const;

private:
  struct load {
    std::size_t alerts = 0;
    std::size_t bytes = 0;
  };
  using piece = std::variant<queued_hello, queued_run>;
  bool has_batch(std::size_t most_alerts) const {
    return closed_ || alerts_ >= most_alerts || hellos_ > 0;
  }

  const queue_limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  bool has_room(const load& of_sensor, std::size_t alerts, std::size_t bytes) const noexcept;

  std::deque<piece> pieces_;
  std::map<std::int64_t, load> by_sensor_; // of those that have something inside
  std::size_t alerts_ = 0;
  std::size_t bytes_ = 0;
  std::size_t hellos_ = 0;
  bool closed_ = false;
};

} // namespace cresset::coord::ingest
