#pragma once

#include "coord/ingest/alert_store.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

namespace cresset::coord::ingest {

/// Keeps what is committed in memory and holds the cursor rules as the database does. It survives
/// the server, like one.
class memory_store : public alert_store {
public:
  using stream = std::pair<std::int64_t, detect::alert::epoch_id>;
  struct stored {
    std::uint64_t cursor = 0;
    std::map<std::uint64_t, std::uint32_t> sids; ///< sequence → sid
    std::vector<dropped_range> dropped;
    std::vector<refused_alert> refused;
  };

  expected<std::uint64_t, store_error> cursor(sensor_id sensor,
                                              const detect::alert::epoch_id& epoch) override {
    const std::lock_guard lock{mutex_};
    if (is_down_)
      return unexpected{store_error{store_error::code::unavailable, "down for a test"}};
    return streams_[{sensor.value, epoch}].cursor;
  }

  expected<std::vector<run_outcome>, store_error> commit(std::span<const alert_run> runs) override {
    const std::lock_guard lock{mutex_};
    if (is_down_) {
      ++failures_;
      changed_.notify_all();
      return unexpected{store_error{store_error::code::unavailable, "down for a test"}};
    }
    for (const auto& run : runs)
      if (run.sensor.value == refused_sensor_)
        return unexpected{store_error{store_error::code::refused, "refused for a test"}};
    std::vector<run_outcome> outcomes;
    for (const auto& run : runs)
      outcomes.push_back(store(run));
    changed_.notify_all();
    return outcomes;
  }

  void set_down(bool down) {
    const std::lock_guard lock{mutex_};
    is_down_ = down;
  }
  void refuse_sensor(std::int64_t sensor) {
    const std::lock_guard lock{mutex_};
    refused_sensor_ = sensor;
  }
  /// Waits until what is stored fulfils the condition; false after a minute without.
  template <typename Condition>
  bool wait_for(Condition condition) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return condition(*this); });
  }
  /// Keeps the store still while somebody looks at it.
  std::unique_lock<std::mutex> still() { return std::unique_lock{mutex_}; }
  // With still(), or in conditions.
  std::size_t alerts() const {
    std::size_t count = 0;
    for (const auto& [name, one] : streams_)
      count += one.sids.size();
    return count;
  }
  std::size_t doubled() const { return doubled_; }
  std::size_t failures() const { return failures_; }
  const std::map<stream, stored>& streams() const { return streams_; }

private:
  run_outcome store(const alert_run& run) {
    auto& of = streams_[{run.sensor.value, run.epoch}];
    if (run.first != of.cursor + 1)
      return {false, of.cursor};
    std::uint64_t next = run.first;
    for (const auto& entry : run.entries) {
      if (const auto* accepted = std::get_if<accepted_alert>(&entry)) {
        doubled_ += of.sids.emplace(next, accepted->alert.sid).second ? 0 : 1;
        ++next;
      } else if (const auto* range = std::get_if<dropped_range>(&entry)) {
        of.dropped.push_back(*range);
        next = range->last + 1;
      } else {
        of.refused.push_back(std::get<refused_alert>(entry));
        ++next;
      }
    }
    of.cursor = run.last;
    return {next == run.last + 1, of.cursor};
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<stream, stored> streams_;
  bool is_down_ = false;
  std::int64_t refused_sensor_ = -1;
  std::size_t doubled_ = 0;
  std::size_t failures_ = 0;
};

} // namespace cresset::coord::ingest
