#include "detect/sensor/sensor.hpp"

#include "capture/base/log.hpp"

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

} // namespace

sensor::sensor(const sensor_config& config, loaded_rules rules,
               const std::filesystem::path& log_folder, alert_sink sink, double load_cpu_s)
    : config_{config}, rules_{std::move(rules)}, log_{log_folder}, sink_{std::move(sink)},
      protocols_{with_frames(config.protocols, *rules_.image, config.events.wants("frame"))} {
  cost_.load_cpu_s = load_cpu_s;
}

void sensor::write_stats(const worker& of, const capture::source::packet_source& source,
                         bool at_end) {
  if (config_.events.wants("stats")) {
    const std::lock_guard lock{log_mutex_};
    log_.write(make_stats(of, source, rules_, cost_, now()));
    log_.flush();
  }
  if (!at_end)
    return;
  const auto& l = of.accounts();
  log(log_level::info, "sensor",
      "{}: {} packets received = {} inspected + {} shunted + {} dropped; {} alerts; {:.2f} s CPU",
      source.name(), l.received.value(), l.inspected.value(), l.shunted.value(), l.all_dropped(),
      of.rules().counters().alerts.value(), cost_.packet_cpu_s);
  if (log_.lost_events() != 0)
    log(log_level::error, "sensor", "{} events could not be written", log_.lost_events());
}

int sensor::run(capture::source::packet_source& source, bool is_live,
                const std::atomic<bool>& stop) {
  const shared_parts shared{config_, *rules_.image, protocols_, state_};
  event_writer events{config_, rules_.classes, rules_.references, log_, log_mutex_, sink_};
  worker one{shared, events, source.interface_name(), is_live};
  capture::source::packet_batch batch;
  const double cpu_before = thread_cpu_s();
  const auto begun = now();
  auto stats_due = begun + std::chrono::seconds{config_.stats_interval_s};
  auto status = capture::source::read_status::idle;
  while (!stop.load(std::memory_order_relaxed)) {
    status = source.read(batch);
    if (status == capture::source::read_status::end ||
        status == capture::source::read_status::failed)
      break;
    one.process(batch);
    if (is_live && now() >= stats_due) {
      cost_.packet_cpu_s = thread_cpu_s() - cpu_before;
      cost_.uptime_s = std::chrono::duration<double>(now() - begun).count();
      write_stats(one, source, false);
      stats_due += std::chrono::seconds{config_.stats_interval_s};
    }
  }
  one.finish();
  for (const auto& wrong : rules_.image->lists().save())
    log(log_level::warning, "sensor", "{}", wrong);
  cost_.packet_cpu_s = thread_cpu_s() - cpu_before;
  cost_.uptime_s = std::chrono::duration<double>(now() - begun).count();
  write_stats(one, source, true);
  if (!source.failure().empty())
    log(log_level::warning, "sensor", "{}", source.failure());
  return status == capture::source::read_status::failed || log_.lost_events() != 0 ? 1 : 0;
}

} // namespace cresset::detect::sensor
