#include "coord/server/postgres_keeper.hpp"

#include "capture/base/log.hpp"

#include <algorithm>

namespace cresset::coord::server {

postgres_keeper::postgres_keeper(store::embedded_postgres::options how)
    : url_{store::embedded_postgres::url_in(how.folder)} {
  how.given_up = [this] {
    const std::lock_guard lock{mutex_};
    return stopping_;
  };
  thread_ = std::thread{[this, how = std::move(how)]() mutable { run(std::move(how)); }};
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return started_ || failure_; });
  if (!failure_)
    return;
  lock.unlock();
  thread_.join();
  std::rethrow_exception(failure_);
}

postgres_keeper::~postgres_keeper() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::string postgres_keeper::trouble() const {
  const std::lock_guard lock{mutex_};
  return trouble_;
}

void postgres_keeper::run(store::embedded_postgres::options how) {
  try {
    store::embedded_postgres cluster{std::move(how)};
    {
      const std::lock_guard lock{mutex_};
      started_ = true;
    }
    changed_.notify_all();
    keep(cluster);
  } catch (...) {
    {
      const std::lock_guard lock{mutex_};
      failure_ = std::current_exception();
    }
    changed_.notify_all();
  }
}

void postgres_keeper::keep(store::embedded_postgres& cluster) {
  while (wait(watch_every)) {
    if (cluster.is_running())
      continue;
    ends_.add();
    tell("the private database ended and is started again");
    log(log_level::error, "database",
        "the private database ended without being asked to; starting it again");
    bring_back(cluster);
  }
}

void postgres_keeper::bring_back(store::embedded_postgres& cluster) {
  const auto began = std::chrono::steady_clock::now();
  auto pause = retry_first;
  std::string told;
  do {
    try {
      cluster.start_again();
      tell({});
      log(log_level::info, "database", "the private database answers again after {} ms",
          std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began)
              .count());
      return;
    } catch (const std::exception& e) {
      failed_starts_.add();
      tell(e.what());
      if (told != e.what())
        log(log_level::error, "database", "{}; trying on", e.what());
      told = e.what();
    }
    pause = std::min(pause * 2, retry_last);
  } while (wait(pause));
}

/// False when it is time to stop.
bool postgres_keeper::wait(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  return !changed_.wait_for(lock, time, [this] { return stopping_; });
}

void postgres_keeper::tell(std::string trouble) {
  const std::lock_guard lock{mutex_};
  trouble_ = std::move(trouble);
}

} // namespace cresset::coord::server
