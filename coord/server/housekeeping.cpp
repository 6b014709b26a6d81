#include "coord/server/housekeeping.hpp"

#include "capture/base/log.hpp"
#include "coord/retention/custody.hpp"
#include "coord/server/checkpoints.hpp"
#include "coord/store/operation/operation_store.hpp"
#include "coord/store/retention/evidence_seal.hpp"
#include "coord/store/retention/expiry.hpp"

namespace cresset::coord::server {

housekeeping::housekeeping(store::store& store, sensor_desk& sensors, indicator_watch& watch,
                           retention::retention_policy keep, std::filesystem::path state)
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
  using clock = std::chrono::steady_clock;
  auto maintained = clock::time_point{};
  auto sealed = clock::now();
  std::string told;
  std::unique_lock lock{mutex_};
  while (!stop_.wait_for(lock, refresh_every, [this] { return stopping_; })) {
    lock.unlock();
    auto done = sensors_.refresh();
    if (done)
      done = watch_.refresh(now());
    if (done && clock::now() - sealed > seal_every) {
      done = seal();
      sealed = clock::now();
    }
    if (done && clock::now() - maintained > maintain_every) {
      done = maintain();
      publish();
      maintained = clock::now();
    }
    if (!done && done.error().text != told)
      log(log_level::warning, "housekeeping", "{}", done.error().text);
    told = done ? std::string{} : done.error().text;
    lock.lock();
  }
}

incident::result<void> housekeeping::seal() {
  for (;;) {
    const auto sealed = store::retention::seal_evidence(store_.pool(), now());
    if (!sealed)
      return unexpected{sealed.error()};
    if (*sealed < retention::seal_items_limit)
      return {};
  }
}

/// Personal data first: what the policy names is taken before anything else is tidied.
incident::result<void> housekeeping::maintain() {
  using retention::data_class;
  if (auto done = store::retention::apply_retention(store_.pool(), keep_, now()); !done)
    return done;
  return store_.maintain(now(), {keep_.of(data_class::alerts), keep_.of(data_class::evidence)});
}

/// Where the journal ends, for whoever keeps it elsewhere.
void housekeeping::publish() {
  const auto end = store::operation::operation_store{store_.pool()}.journal_end();
  if (end && *end && !publish_checkpoint(state_, **end, now()))
    log(log_level::warning, "housekeeping", "cannot write {}",
        (state_ / checkpoints_file).string());
}

} // namespace cresset::coord::server
