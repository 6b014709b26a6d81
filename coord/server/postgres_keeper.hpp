#pragma once

#include "capture/base/counter.hpp"
#include "coord/store/embedded_postgres.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace cresset::coord::server {

/// Runs the private cluster on a thread of its own (the kernel ties the cluster to the thread that
/// started it) and starts it again whenever it ends without being asked to: killed, or stopped by
/// itself because its disk was full. Tries for ever, at first at once, then every few seconds.
class postgres_keeper {
public:
  static constexpr std::chrono::milliseconds watch_every{100};
  static constexpr std::chrono::milliseconds retry_first{200};
  static constexpr std::chrono::milliseconds retry_last{5000};

  /// Starts the cluster and waits until it answers. Throws `store::embedded_postgres_error`.
  explicit postgres_keeper(store::embedded_postgres::options how);
  /// Stops it in order.
  ~postgres_keeper();
  postgres_keeper(const postgres_keeper&) = delete;
  postgres_keeper& operator=(const postgres_keeper&) = delete;

  const std::string& url() const noexcept { return url_; }
  /// Why the cluster is down at this moment; empty when it runs.
  std::string trouble() const;
  /// Times it ended by itself, and starts of it that failed.
  const counter& ends() const noexcept { return ends_; }
  const counter& failed_starts() const noexcept { return failed_starts_; }

private:
  void run(store::embedded_postgres::options how);
  void keep(store::embedded_postgres& cluster);
  void bring_back(store::embedded_postgres& cluster);
  bool wait(std::chrono::milliseconds time);
  void tell(std::string trouble);

  const std::string url_;
  counter ends_;
  counter failed_starts_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool started_ = false;
  std::exception_ptr failure_;
  std::string trouble_;
  std::thread thread_;
};

} // namespace cresset::coord::server
