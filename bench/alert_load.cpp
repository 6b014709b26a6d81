// Sensors without packets: makes numbered alerts at a rate and brings them to a coordination
// server, for bench/ingest_bench.py and bench/burst_bench.py.
//
//   --through wire   one thread holds every sensor's session (the real link and session of
//                    detect/uplink, CURVE included) and makes records as they are sent: what is
//                    measured is the server. Latency is from a batch's sending to its
//                    acknowledgement, counted for each alert.
//   --through spool  the whole sensor side, a process's worth for each: outbox, spool, uplink.
//                    What is measured is what a burst does to it.
//
// The last line is JSON.
#include "bench/alert_mix.hpp"
#include "capture/base/json_writer.hpp"
#include "capture/base/wake_event.hpp"
#include "detect/alert/wire.hpp"
#include "detect/uplink/link.hpp"
#include "detect/uplink/outbox.hpp"
#include "detect/uplink/uplink.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <thread>

using namespace cresset;
using namespace std::chrono_literals;
using cresset::bench::alert_mix;
using clock_type = std::chrono::steady_clock;

namespace {

struct plan {
  std::string endpoint, server_key, keys, spools, through = "wire";
  std::uint32_t sensors = 4;
  double rate = 10'500;
  double seconds = 600;
  double patience = 60; // for what is still on its way at the end
  std::uint64_t spool_limit = std::uint64_t{4} << 30;
  alert_mix::options mix;
};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "alert_load: %s\n", why.c_str());
  std::exit(1);
}

template <typename Result>
auto value_of(Result&& result) {
  if (!result)
    fail(result.error().text);
  return std::move(*result);
}

key_file sensor_key(const plan& p, std::uint32_t sensor) {
  return value_of(load_key_file(p.keys + "/sensor-" + std::to_string(sensor) + ".key"));
}

double seconds_since(clock_type::time_point begun) {
  return std::chrono::duration<double>{clock_type::now() - begun}.count();
}

/// Latencies in milliseconds, one for each alert.
class latencies {
public:
  void add(clock_type::duration took, std::uint64_t alerts) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(took).count();
    counts_[static_cast<std::size_t>(std::clamp<std::int64_t>(ms, 0, last))] += alerts;
    all_ += alerts;
  }
  std::uint64_t percentile(double part) const {
    std::uint64_t seen = 0;
    for (std::size_t ms = 0; ms < counts_.size(); ++ms)
      if ((seen += counts_[ms]) >= static_cast<std::uint64_t>(part * static_cast<double>(all_)))
        return ms;
    return last;
  }
  std::uint64_t most() const {
    for (std::size_t ms = counts_.size(); ms-- > 0;)
      if (counts_[ms] > 0)
        return ms;
    return 0;
  }

private:
  static constexpr std::int64_t last = 120'000;
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(last + 1);
  std::uint64_t all_ = 0;
};

/// One sensor of the wire: a link and a session, with a list of numbers in the place of a spool.
class wire_sensor {
public:
  wire_sensor(const plan& p, zmq::context_t& context, const alert_mix& mix, std::uint32_t number)
      : mix_{mix}, number_{number}, link_{context,
                                          {p.endpoint, sensor_key(p, number),
                                           value_of(load_key_file(p.server_key)), 5000ms}},
        session_{{}} {
    std::random_device random;
    for (auto& byte : held_.epoch.bytes)
      byte = static_cast<std::byte>(random());
  }

  /// `raised`: alerts that exist by now.
  void turn(std::uint64_t raised, latencies& took) {
    held_.next = raised + 1;
    while (const auto event = link_.event()) {
      if (*event != detect::uplink::link_event::up)
        fail("sensor " + std::to_string(number_) + " lost its connection");
      if (!link_.send(session_.open(std::random_device{}(), held_, clock_type::now())))
        fail("cannot send");
      is_open_ = true;
    }
    if (!is_open_)
      return;
    while (const auto message = link_.receive())
      obey(session_.receive({message->data<std::byte>(), message->size()}, clock_type::now()),
           took);
    obey(session_.tick(held_, clock_type::now(), now()), took);
    while (const auto permit = session_.may_send(held_, clock_type::now()))
      send(*permit);
  }

  bool is_welcome() const { return session_.is_welcome(); }
  std::uint64_t acknowledged() const { return session_.acknowledged(); }
  const detect::uplink::session_counters& counters() const { return session_.counters(); }
  void wait(const wake_event& never, std::chrono::milliseconds most) { link_.wait(never, most); }

private:
  void obey(const detect::uplink::reaction& asked, latencies& took) {
    if (asked.end)
      fail("sensor " + std::to_string(number_) + ": " + asked.end->text);
    if (!asked.send.empty())
      (void)link_.send(asked.send);
    if (!asked.acknowledge_through)
      return;
    const auto now = clock_type::now();
    while (!sent_.empty() && sent_.front().last <= *asked.acknowledge_through) {
      took.add(now - sent_.front().at, sent_.front().last - told_);
      told_ = sent_.front().last;
      sent_.pop_front();
    }
    held_.first = *asked.acknowledge_through + 1;
  }

  void send(const detect::uplink::send_permit& permit) {
    detect::alert::batch_writer batch{session_.id(), permit.round, permit.from};
    while (batch.next() < held_.next && batch.entries() < permit.limits.entries &&
           batch.size_bytes() < permit.limits.bytes - (8U << 10)) {
      auto alert = mix_.make(number_, batch.next() - 1);
      alert.epoch = held_.epoch;
      alert.sequence = batch.next();
      batch.add_record(detect::alert::encode(alert));
    }
    const auto next = batch.next();
    if (!link_.send(std::move(batch).finish()))
      fail("cannot send");
    session_.sent(next, clock_type::now());
    if (sent_.empty() || next - 1 > sent_.back().last) // sent again: the first time counts
      sent_.push_back({next - 1, clock_type::now()});
  }

  struct sent_batch {
    std::uint64_t last = 0;
    clock_type::time_point at;
  };
  const alert_mix& mix_;
  std::uint32_t number_;
  detect::uplink::link link_;
  detect::uplink::session session_;
  detect::uplink::spool_position held_;
  std::deque<sent_batch> sent_;
  std::uint64_t told_ = 0;
  bool is_open_ = false;
};

double own_cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

int over_the_wire(const plan& p) {
  const alert_mix mix{p.mix};
  zmq::context_t context{1};
  std::vector<std::unique_ptr<wire_sensor>> sensors;
  for (std::uint32_t i = 0; i < p.sensors; ++i)
    sensors.push_back(std::make_unique<wire_sensor>(p, context, mix, i));
  latencies took;
  const wake_event never;
  const auto waiting = clock_type::now();
  while (!std::ranges::all_of(sensors, [](const auto& s) { return s->is_welcome(); })) {
    if (seconds_since(waiting) > p.patience)
      fail("not every sensor was welcomed");
    for (auto& sensor : sensors)
      sensor->turn(0, took);
    std::this_thread::sleep_for(5ms);
  }
  const auto begun = clock_type::now();
  const auto total = static_cast<std::uint64_t>(p.rate * p.seconds / p.sensors);
  std::uint64_t most_behind = 0;
  double stored_in = 0;
  for (;;) {
    // A batch every 10 ms, as an uplink sends them.
    const auto turn = clock_type::now();
    const auto raised =
        std::min(total, static_cast<std::uint64_t>(p.rate * seconds_since(begun) / p.sensors));
    std::uint64_t behind = 0;
    for (auto& sensor : sensors) {
      sensor->turn(raised, took);
      behind += raised - std::min(raised, sensor->acknowledged());
    }
    most_behind = std::max(most_behind, behind);
    stored_in = seconds_since(begun);
    if (raised == total && behind == 0)
      break;
    if (stored_in > p.seconds + p.patience)
      fail(std::to_string(behind) + " alerts were not acknowledged in time");
    std::this_thread::sleep_until(turn + 10ms);
  }
  std::uint64_t busy = 0;
  std::uint64_t resumes = 0;
  for (const auto& sensor : sensors) {
    busy += sensor->counters().busy;
    resumes += sensor->counters().resumes;
  }
  std::string line;
  json_writer json{line};
  json.begin_object().member("alerts", total * p.sensors).key("seconds").real(stored_in);
  json.member("p50_ms", took.percentile(0.5)).member("p99_ms", took.percentile(0.99));
  json.member("p999_ms", took.percentile(0.999)).member("max_ms", took.most());
  json.member("most_behind", most_behind).member("busy", busy).member("resumes", resumes);
  json.key("cpu_seconds").real(own_cpu_seconds()).end_object();
  std::printf("%s\n", line.c_str());
  return 0;
}

/// One whole sensor's reporting side, and the thread that raises its alerts.
struct spool_sensor {
  spool_sensor(const plan& p, std::uint32_t number)
      : spool{value_of(
            detect::uplink::spool::open({.folder = p.spools + "/sensor-" + std::to_string(number),
                                         .limit_bytes = p.spool_limit}))},
        link{spool,
             {.endpoint = p.endpoint,
              .own = sensor_key(p, number),
              .server = value_of(load_key_file(p.server_key)),
              .session = {}}},
        outbox{spool, {}, [this] { link.wake(); }} {}

  detect::uplink::spool spool;
  detect::uplink::uplink link;
  detect::uplink::outbox outbox;
};

void raise(spool_sensor& at, const plan& p, const alert_mix& mix, std::uint32_t number) {
  const auto total = static_cast<std::uint64_t>(p.rate * p.seconds / p.sensors);
  const auto begun = clock_type::now();
  for (std::uint64_t made = 0; made < total;) {
    const auto due =
        std::min(total, static_cast<std::uint64_t>(p.rate * seconds_since(begun) / p.sensors));
    for (; made < due; ++made)
      at.outbox.offer(mix.make(number, made));
    std::this_thread::sleep_for(1ms);
  }
}

int through_spools(const plan& p) {
  const alert_mix mix{p.mix};
  std::vector<std::unique_ptr<spool_sensor>> sensors;
  for (std::uint32_t i = 0; i < p.sensors; ++i)
    sensors.push_back(std::make_unique<spool_sensor>(p, i));
  const auto begun = clock_type::now();
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < p.sensors; ++i)
    threads.emplace_back([&, i] { raise(*sensors[i], p, mix, i); });
  for (auto& thread : threads)
    thread.join();
  const double raised_in = seconds_since(begun);
  const auto held = [&] {
    std::uint64_t left = 0;
    for (const auto& sensor : sensors) {
      const auto at = sensor->spool.position();
      left += at.next - at.first + sensor->outbox.waiting();
    }
    return left;
  };
  const auto behind = held();
  const auto draining = clock_type::now();
  while (held() > 0 && seconds_since(draining) < p.patience)
    std::this_thread::sleep_for(20ms);
  const double drained_in = seconds_since(draining);
  std::uint64_t raised = 0, spooled = 0, refused = 0, dropped = 0, busy = 0;
  for (const auto& sensor : sensors) {
    raised += sensor->outbox.raised();
    spooled += sensor->outbox.spooled();
    refused += sensor->outbox.refused();
    dropped += sensor->spool.counters().dropped.value();
    busy += sensor->link.counters().busy.value();
  }
  std::string line;
  json_writer json{line};
  json.begin_object().member("raised", raised).member("spooled", spooled);
  json.member("refused", refused).member("dropped", dropped).member("busy", busy);
  json.key("raised_in_s").real(raised_in).member("held_at_end_of_burst", behind);
  json.key("drained_in_s").real(drained_in).member("left", held());
  json.key("cpu_seconds").real(own_cpu_seconds()).end_object();
  std::printf("%s\n", line.c_str());
  return held() == 0 ? 0 : 1;
}

plan read_arguments(int count, char** words) {
  std::map<std::string, std::string> given;
  for (int i = 1; i + 1 < count; i += 2)
    given[words[i]] = words[i + 1];
  plan p;
  const auto take = [&](const char* name, auto& into) {
    const auto found = given.find(name);
    if (found == given.end())
      return;
    if constexpr (std::is_same_v<std::decay_t<decltype(into)>, std::string>)
      into = found->second;
    else
      into = static_cast<std::decay_t<decltype(into)>>(std::atof(found->second.c_str()));
    given.erase(found);
  };
  std::string kind = "realistic";
  double base_us = 0;
  take("--endpoint", p.endpoint);
  take("--server-key", p.server_key);
  take("--keys", p.keys);
  take("--spools", p.spools);
  take("--through", p.through);
  take("--sensors", p.sensors);
  take("--rate", p.rate);
  take("--seconds", p.seconds);
  take("--patience", p.patience);
  take("--spool-limit", p.spool_limit);
  take("--packet", p.mix.packet_bytes);
  take("--payload", p.mix.payload_bytes);
  take("--base-us", base_us);
  take("--mix", kind);
  const auto mix = bench::mix_of(kind);
  if (!given.empty() || !mix || p.endpoint.empty() || p.sensors == 0)
    fail("an option is unknown, missing or wrong: see bench/ingest_bench.py for its use");
  p.mix.kind = *mix;
  p.mix.base = timestamp{std::chrono::microseconds{static_cast<std::int64_t>(base_us)}};
  return p;
}

} // namespace

int main(int count, char** words) {
  const auto p = read_arguments(count, words);
  return p.through == "spool" ? through_spools(p) : over_the_wire(p);
}
