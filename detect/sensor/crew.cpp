// A burst's way: reader → dealer → one queue a worker → worker → its events, held → when the last
// worker has come to the burst's end, all its events in the order of their packets → log.
#include "detect/sensor/crew.hpp"

#include <algorithm>
#include <ctime>

namespace cresset::detect::sensor {
namespace {

double thread_cpu_s() noexcept {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

} // namespace

crew::member::member(const shared_parts& shared, const event_writer& events_of_all,
                     std::string interface_name, bool is_live, worker_share share)
    : events{events_of_all}, one{shared, events, std::move(interface_name), is_live, share} {
  events.hold(true);
}

crew::crew(const shared_parts& shared, const event_writer& events, event_log& log,
           std::mutex& log_mutex, const std::string& interface_name, bool is_live)
    : log_{log}, log_mutex_{log_mutex}, turns_{shared.config.workers}, dealer_{
                                                                           shared.config.decoder,
                                                                           shared.config.workers} {
  for (std::uint32_t i = 0; i < shared.config.workers; ++i)
    members_.push_back(std::make_unique<member>(shared, events, interface_name, is_live,
                                                worker_share{i, shared.config.workers, &turns_}));
  for (std::uint32_t i = 0; i < members_.size(); ++i)
    members_[i]->thread = std::thread{[this, i] { work(i); }};
}

crew::~crew() {
  for (auto& m : members_)
    m->hand.close();
  for (auto& m : members_)
    if (m->thread.joinable())
      m->thread.join();
}

void crew::process(const capture::source::packet_batch& burst) {
  if (burst.empty())
    return;
  auto hands = dealer_.deal(burst);
  for (std::size_t i = 0; i < members_.size(); ++i)
    members_[i]->hand.push(std::move(hands[i]));
}

void crew::work(std::uint32_t number) {
  auto& me = *members_[number];
  const double before = thread_cpu_s();
  for (std::uint64_t burst = 0;;) {
    auto dealt = me.hand.pop(std::chrono::milliseconds{200});
    if (!dealt && me.hand.closed() && me.hand.size() == 0)
      break;
    if (!dealt)
      continue;
    me.one.process(dealt->packets, dealt->until, dealt->last);
    turns_.reach(number, turns::of_packet(dealt->last + 1));
    deliver(number, burst++);
    me.cpu_s.store(thread_cpu_s() - before, std::memory_order_relaxed);
  }
  turns_.reach(number, turns::over);
}

/// The last worker to come to a burst's end writes the events of all.
void crew::deliver(std::uint32_t number, std::uint64_t burst) {
  auto events = members_[number]->events.take_held();
  const std::lock_guard lock{log_mutex_};
  auto& of_burst = waiting_[burst];
  std::move(events.begin(), events.end(), std::back_inserter(of_burst.events));
  if (++of_burst.parts < members_.size())
    return;
  std::stable_sort(of_burst.events.begin(), of_burst.events.end(),
                   [](const held_event& a, const held_event& b) {
                     return std::pair{a.moment, a.worker} < std::pair{b.moment, b.worker};
                   });
  for (const auto& event : of_burst.events)
    log_.write(event.json);
  waiting_.erase(burst);
}

void crew::finish() {
  if (std::exchange(finished_, true))
    return;
  for (auto& m : members_)
    m->hand.close();
  for (auto& m : members_)
    m->thread.join();
  struct open_flow {
    flow::flow* one;
    worker* of;
  };
  std::vector<open_flow> open;
  for (auto& m : members_) {
    m->events.hold(false);
    for (auto* one : m->one.open_flows())
      open.push_back({one, &m->one});
  }
  std::sort(open.begin(), open.end(), [](const open_flow& a, const open_flow& b) {
    return std::pair{a.one->first_seen(), a.one->id()} <
           std::pair{b.one->first_seen(), b.one->id()};
  });
  for (const auto& flow : open)
    flow.of->end(*flow.one);
}

void crew::add_to(worker_totals& sums) const noexcept {
  for (const auto& m : members_)
    sums.add(m->one);
}

double crew::cpu_s() const noexcept {
  double sum = 0;
  for (const auto& m : members_)
    sum += m->cpu_s.load(std::memory_order_relaxed);
  return sum;
}

} // namespace cresset::detect::sensor
