#include "coord/ingest/alert_queue.hpp"

namespace cresset::coord::ingest {
namespace {

constexpr std::chrono::milliseconds idle_wait{100};

std::size_t alerts_in(const queued_run& queued) {
  return queued.run.entries.size();
}

} // namespace

bool alert_queue::try_push(queued_run run) {
  {
    const std::lock_guard lock{mutex_};
    const bool is_alone = alerts_ == 0;
    if (closed_ || (!is_alone && (alerts_ + alerts_in(run) > limits_.alerts ||
                                  bytes_ + run.bytes > limits_.bytes)))
      return false;
    alerts_ += alerts_in(run);
    bytes_ += run.bytes;
    pieces_.push_back(std::move(run));
  }
  arrived_.notify_one();
  return true;
}

bool alert_queue::try_push(queued_hello hello) {
  {
    const std::lock_guard lock{mutex_};
    if (closed_)
      return false;
    for (auto& waiting : pieces_)
      if (auto* older = std::get_if<queued_hello>(&waiting);
          older && older->from.sensor == hello.from.sensor) {
        // its session is over; it was never welcomed, so no run of it stands behind
        *older = std::move(hello);
        return true;
      }
    if (hellos_ >= limits_.hellos)
      return false;
    ++hellos_;
    pieces_.push_back(std::move(hello));
  }
  arrived_.notify_one();
  return true;
}

work alert_queue::pop(std::size_t most_alerts, std::chrono::milliseconds gather) {
  std::unique_lock lock{mutex_};
  arrived_.wait_for(lock, idle_wait, [&] { return closed_ || !pieces_.empty(); });
  if (!pieces_.empty())
    arrived_.wait_for(lock, gather, [&] { return has_batch(most_alerts); });
  work taken;
  std::size_t count = 0;
  while (!pieces_.empty()) {
    if (auto* hello = std::get_if<queued_hello>(&pieces_.front())) {
      if (!taken.runs.empty())
        break;
      taken.hellos.push_back(std::move(*hello));
      --hellos_;
    } else {
      auto& run = std::get<queued_run>(pieces_.front());
      if (count > 0 && count + alerts_in(run) > most_alerts)
        break;
      count += alerts_in(run);
      alerts_ -= alerts_in(run);
      bytes_ -= run.bytes;
      taken.runs.push_back(std::move(run));
    }
    pieces_.pop_front();
  }
  return taken;
}

void alert_queue::close() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    pieces_.clear();
    alerts_ = bytes_ = hellos_ = 0;
  }
  arrived_.notify_all();
}

bool alert_queue::is_closed() const {
  const std::lock_guard lock{mutex_};
  return closed_;
}

std::size_t alert_queue::alerts() const {
  const std::lock_guard lock{mutex_};
  return alerts_;
}

} // namespace cresset::coord::ingest
