#include "coord/ingest/alert_queue.hpp"

namespace cresset::coord::ingest {
namespace {

constexpr std::chrono::milliseconds idle_wait{100};

std::size_t alerts_in(const queued_run& queued) {
  return queued.run.entries.size();
}

} // namespace

/// A sensor that keeps to its window never meets its share; one that does not meets nothing else.
bool alert_queue::has_room(const load& of_sensor, std::size_t alerts,
                           std::size_t bytes) const noexcept {
  const auto share = [&](std::size_t limit) { return limit * limits_.sensor_share_percent / 100; };
  if (alerts_ + alerts > limits_.alerts || bytes_ + bytes > limits_.bytes)
    return alerts_ == 0;
  return of_sensor.alerts == 0 || (of_sensor.alerts + alerts <= share(limits_.alerts) &&
                                   of_sensor.bytes + bytes <= share(limits_.bytes));
}

bool alert_queue::try_push(queued_run run) {
  {
    const std::lock_guard lock{mutex_};
    const auto of = by_sensor_.find(run.run.sensor.value);
    if (closed_ ||
        !has_room(of == by_sensor_.end() ? load{} : of->second, alerts_in(run), run.bytes))
      return false;
    alerts_ += alerts_in(run);
    bytes_ += run.bytes;
    auto& own = by_sensor_[run.run.sensor.value];
    own.alerts += alerts_in(run);
    own.bytes += run.bytes;
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
      const auto own = by_sensor_.find(run.run.sensor.value);
      own->second.alerts -= alerts_in(run);
      own->second.bytes -= run.bytes;
      if (own->second.alerts == 0)
        by_sensor_.erase(own);
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
    by_sensor_.clear();
    alerts_ = bytes_ = hellos_ = 0;
  }
  arrived_.notify_all();
}

bool alert_queue::is_closed() const {
  const std::lock_guard lock{mutex_};
  return closed_;
}

std::size_t alert_queue::bytes() const {
  const std::lock_guard lock{mutex_};
  return bytes_;
}

std::size_t alert_queue::alerts() const {
  const std::lock_guard lock{mutex_};
  return alerts_;
}

} // namespace cresset::coord::ingest
