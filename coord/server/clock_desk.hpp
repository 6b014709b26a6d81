#pragma once

#include "coord/api/routes.hpp"
#include "coord/clock/deadline_table.hpp"
#include "coord/server/call_out.hpp"
#include "coord/server/periodic_thread.hpp"
#include "coord/store/alarm/alarm_store.hpp"
#include "coord/store/clock/clock_store.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace cresset::coord::server {

/// Keeps the clocks: reads the journal, raises what is due, and calls people out. Two threads, so
/// that a relay which does not answer holds up no clock.
class clock_desk {
public:
  static constexpr std::chrono::milliseconds tick{1000};
  static constexpr int entries_at_a_time = 500;
  static constexpr int deadlines_at_a_time = 200;

  /// `first_table` is put in force when the store has none. `mail` and `webhooks` outlive the desk,
  /// as does the pool. Throws std::runtime_error when the table cannot be read.
  clock_desk(store::connection_pool& pool, const std::string& first_table,
             delivery::mail_sender& mail, delivery::webhook_sender& webhooks);

  void install(http::router& routes);
  alarm::alarm_repository& alarms() noexcept { return alarms_; }
  clock::clock_repository& clocks() noexcept { return clocks_; }
  std::vector<api::metric> metrics() const;

private:
  using table = std::shared_ptr<const clock::deadline_table>;

  void put_first(const std::string& text);
  incident::result<void> refresh_table();
  incident::result<void> keep_time();
  void complain(std::string& told, const incident::result<void>& done);
  table current() const;

  store::clock::clock_store clocks_;
  store::alarm::alarm_store alarms_;
  call_out calls_;
  mutable std::mutex mutex_; // of table_
  table table_;
  std::int64_t version_ = 0; // of the time keeper's thread
  std::string time_trouble_; // likewise
  std::string call_trouble_; // of the caller's thread
  std::atomic<std::uint64_t> raised_{0};
  std::unique_ptr<periodic_thread> time_keeper_;
  std::unique_ptr<periodic_thread> caller_;
};

} // namespace cresset::coord::server
