#pragma once

#include "capture/base/bounded_queue.hpp"
#include "detect/sensor/dealer.hpp"
#include "detect/sensor/turn.hpp"
#include "detect/sensor/worker.hpp"
#include "detect/sensor/worker_totals.hpp"

#include <map>
#include <memory>
#include <thread>

namespace cresset::detect::sensor {

/// Several workers, each on a thread, behind one reader that deals them its packets. Alerts, their
/// counts and the order of all events are those of one worker; what is not is said in the room's
/// README.
class crew {
public:
  /// Bursts waiting for one worker; the reader waits when there are more.
  static constexpr std::size_t limit_bursts = 256;

  crew(const shared_parts& shared, const event_writer& events, event_log& log,
       std::mutex& log_mutex, const std::string& interface_name, bool is_live);
  ~crew();
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;

  /// Deals a burst; waits while a worker is far behind. The burst's bytes are free behind it.
  void process(const capture::source::packet_batch& burst);
  /// Waits for the workers and ends all flows, in the order one worker would.
  void finish();

  void add_to(worker_totals& sums) const noexcept;
  double cpu_s() const noexcept;

private:
  struct member {
    member(const shared_parts& shared, const event_writer& events, std::string interface_name,
           bool is_live, worker_share share);
    bounded_queue<dealt_batch> hand{limit_bursts};
    event_writer events;
    worker one;
    std::atomic<double> cpu_s{0};
    std::thread thread;
  };
  void work(std::uint32_t number);
  void deliver(std::uint32_t number, std::uint64_t burst);

  event_log& log_;
  std::mutex& log_mutex_;
  turns turns_;
  dealer dealer_;
  std::vector<std::unique_ptr<member>> members_;
  bool finished_ = false;
  /// Events of bursts that not all workers have come to the end of; under log_mutex_.
  struct gathered {
    std::uint32_t parts = 0;
    std::vector<held_event> events;
  };
  std::map<std::uint64_t, gathered> waiting_;
};

} // namespace cresset::detect::sensor
