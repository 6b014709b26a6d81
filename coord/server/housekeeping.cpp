#include "coord/server/housekeeping.hpp"

#include "capture/base/log.hpp"
#include "coord/server/checkpoints.hpp"
#include "coord/store/operation/operation_store.hpp"

namespace cresset::coord::server {

housekeeping::housekeeping(store::store& store, sensor_desk& sensors, indicator_watch& watch,
                           store::retention keep, std::filesystem::path state)
    : store_{store}, sensors_{sensors}, watch_{watch}, keep_{keep}, state_{std::move(state)},
      thread_{[this] { run(); }} {}

housekeeping::~housekeeping() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void housekeeping::run() {
  auto maintained = std::chrono::steady_clock::time_point{};
  std::string told;
  std::unique_lock lock{mutex_};
  while (!stop_.wait_for(lock, refresh_every, [this] { return stopping_; })) {
    lock.unlock();
    auto done = sensors_.refresh();
    if (done)
      done = watch_.refresh(now());
    if (done && std::chrono::steady_clock::now() - maintained > maintain_every) {
      done = store_.maintain(now(), keep_);
      publish();
      maintained = std::chrono::steady_clock::now();
    }
    if (!done && done.error().text != told)
      log(log_level::warning, "housekeeping", "{}", done.error().text);
    told = done ? std::string{} : done.error().text;
    lock.lock();
  }
}

/// Where the journal ends, for whoever keeps it elsewhere.
void housekeeping::publish() {
  const auto end = store::operation::operation_store{store_.pool()}.journal_end();
  if (end && *end && !publish_checkpoint(state_, **end, now()))
    log(log_level::warning, "housekeeping", "cannot write {}",
        (state_ / checkpoints_file).string());
}

} // namespace cresset::coord::server
