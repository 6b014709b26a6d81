#include "detect/sensor/sensor.hpp"

#include "capture/base/log.hpp"
#include "detect/inspect/file_condition.hpp"
#include "detect/sensor/crew.hpp"

#include <ctime>

namespace cresset::detect::sensor {
namespace {

double thread_cpu_s() noexcept {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Frames are kept where a rule looks at them, or the event log tells them.
proto::parser_settings with_frames(proto::parser_settings wanted, const inspect::image& rules,
                                   bool all) {
  for (std::size_t p = 0; p < proto::app_protocol_count; ++p)
    wanted.frames.set(p, all || !rules.frames[p].empty());
  return wanted;
}

/// The worker of a sensor that has one: no thread and no copy beside the reader's.
class lone_worker {
public:
  lone_worker(const shared_parts& shared, event_writer& events, const std::string& interface_name,
              bool is_live)
      : one_{shared, events, interface_name, is_live} {}
  void process(const capture::source::packet_batch& burst) {
    if (burst.empty())
      return;
    const auto& last = burst[burst.size() - 1];
    one_.process({burst.begin(), burst.size()}, last.captured_at, last.number);
  }
  void finish() { one_.finish(); }
  void add_to(worker_totals& sums) const noexcept { sums.add(one_); }
  double cpu_s() const noexcept { return 0; } // all of it is the reader's

private:
  worker one_;
};

} // namespace

sensor::sensor(const sensor_config& config, loaded_rules rules,
               const std::filesystem::path& log_folder, alert_sink sink, double load_cpu_s)
    : config_{config}, rules_{std::move(rules)}, log_{log_folder}, sink_{std::move(sink)},
      protocols_{wanted_of_parsers(log_folder)} {
  cost_.load_cpu_s = load_cpu_s;
}

/// The parsers compute of files what the rules or the configuration want; digests that a rule
/// compares are told as well.
proto::parser_settings sensor::wanted_of_parsers(const std::filesystem::path& log_folder) {
  const auto needs = inspect::needs_of(rules_.image->signatures());
  file_events_ = config_.files;
  file_events_.md5 |= needs.md5;
  file_events_.sha1 |= needs.sha1;
  file_events_.sha256 |= needs.sha256;
  auto wanted = with_frames(config_.protocols, *rules_.image, config_.events.wants("frame"));
  wanted.files = {
      .md5 = file_events_.md5, .sha1 = file_events_.sha1, .sha256 = file_events_.sha256};
  if (config_.file_store.is_enabled && (needs.storage || config_.file_store.stores_all)) {
    auto where = config_.file_store;
    if (where.folder.is_relative())
      where.folder = log_folder / where.folder;
    files_ = std::make_unique<file_store>(where);
    wanted.files.keeper = files_.get();
  }
  return wanted;
}

void sensor::write_stats(const worker_totals& of, const capture::source::packet_source& source,
                         bool at_end) {
  if (config_.events.wants("stats")) {
    const std::lock_guard lock{log_mutex_};
    log_.write(make_stats(of, source, rules_, cost_, now(), more_stats_));
    log_.flush();
  }
  if (!at_end)
    return;
  const auto& l = of.accounts;
  log(log_level::info, "sensor",
      "{}: {} packets received = {} inspected + {} shunted + {} dropped; {} alerts; {:.2f} s CPU",
      source.name(), l.received.value(), l.inspected.value(), l.shunted.value(), l.all_dropped(),
      of.rules.alerts.value(), cost_.packet_cpu_s);
  if (log_.lost_events() != 0)
    log(log_level::error, "sensor", "{} events could not be written", log_.lost_events());
}

template <typename Workers>
int sensor::run_with(Workers& workers, capture::source::packet_source& source, bool is_live,
                     const std::atomic<bool>& stop) {
  capture::source::packet_batch batch;
  const double cpu_before = thread_cpu_s();
  const auto begun = now();
  const auto note_cost = [&] {
    cost_.packet_cpu_s = thread_cpu_s() - cpu_before + workers.cpu_s();
    cost_.uptime_s = std::chrono::duration<double>(now() - begun).count();
  };
  const auto tell = [&](bool at_end) {
    note_cost();
    worker_totals sums;
    workers.add_to(sums);
    write_stats(sums, source, at_end);
  };
  auto stats_due = begun + std::chrono::seconds{config_.stats_interval_s};
  auto status = capture::source::read_status::idle;
  while (!stop.load(std::memory_order_relaxed)) {
    status = source.read(batch);
    if (status == capture::source::read_status::end ||
        status == capture::source::read_status::failed)
      break;
    workers.process(batch);
    if (is_live && now() >= stats_due) {
      tell(false);
      stats_due += std::chrono::seconds{config_.stats_interval_s};
    }
  }
  workers.finish();
  for (const auto& wrong : rules_.image->lists().save())
    log(log_level::warning, "sensor", "{}", wrong);
  tell(true);
  if (!source.failure().empty())
    log(log_level::warning, "sensor", "{}", source.failure());
  return status == capture::source::read_status::failed || log_.lost_events() != 0 ? 1 : 0;
}

int sensor::run(capture::source::packet_source& source, bool is_live,
                const std::atomic<bool>& stop) {
  const shared_parts shared{config_, *rules_.image, protocols_, state_};
  event_writer events{config_,    rules_.classes, rules_.references, log_,
                      log_mutex_, sink_,          file_events_,      files_.get()};
  if (config_.workers > 1) {
    crew several{shared, events, log_, log_mutex_, std::string{source.interface_name()}, is_live};
    return run_with(several, source, is_live, stop);
  }
  lone_worker one{shared, events, std::string{source.interface_name()}, is_live};
  return run_with(one, source, is_live, stop);
}

} // namespace cresset::detect::sensor
