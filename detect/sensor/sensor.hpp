#pragma once

#include "capture/source/packet_source.hpp"
#include "detect/sensor/config.hpp"
#include "detect/sensor/event_log.hpp"
#include "detect/sensor/file_store.hpp"
#include "detect/sensor/rules.hpp"
#include "detect/sensor/stats_event.hpp"

#include <atomic>
#include <memory>

namespace cresset::detect::sensor {

/// The program's parts joined: rules, one worker, the event log. Runs until the source ends or
/// `stop` is set.
class sensor {
public:
  sensor(const sensor_config& config, loaded_rules rules, const std::filesystem::path& log_folder,
         alert_sink sink, double load_cpu_s);

  /// What the event `stats` tells besides; before `run`.
  void also_in_stats(stats_writer more) { more_stats_ = std::move(more); }

  /// Reads the source to its end. Answers 0, or 1 when the source broke; what it says is logged.
  int run(capture::source::packet_source& source, bool is_live, const std::atomic<bool>& stop);

private:
  /// One worker on this thread, or a crew of them behind it: both take bursts.
  template <typename Workers>
  int run_with(Workers& workers, capture::source::packet_source& source, bool is_live,
               const std::atomic<bool>& stop);
  void write_stats(const worker_totals& of, const capture::source::packet_source& source,
                   bool at_end);
  proto::parser_settings wanted_of_parsers(const std::filesystem::path& log_folder);

  const sensor_config& config_;
  loaded_rules rules_;
  event_log log_;
  std::mutex log_mutex_;
  alert_sink sink_;
  std::unique_ptr<file_store> files_; ///< null: no file is stored
  file_event_settings file_events_;
  proto::catalogue::parser_maker protocols_;
  inspect::shared_state state_;
  run_cost cost_;
  stats_writer more_stats_;
};

} // namespace cresset::detect::sensor
