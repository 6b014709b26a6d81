// cresset-sensor: reads the command line and the configuration, builds the parts by name, runs
// them.
#include "capture/base/log.hpp"
#include "capture/base/log_format.hpp"
#include "detect/sensor/capture_choice.hpp"
#include "detect/sensor/reporting.hpp"
#include "detect/sensor/sensor.hpp"

#include <csignal>
#include <ctime>
#include <iostream>

namespace {

using namespace cresset;
using namespace cresset::detect::sensor;

std::atomic<bool> stop_wanted{false}; // a signal handler reaches nothing else

double process_cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// The configuration file under what the command line sets; variables may come from a file of their
/// own.
settings read_settings(const command_line& wanted) {
  settings from = wanted.configuration ? settings::from_file(*wanted.configuration) : settings{};
  for (const auto& assignment : wanted.assignments)
    from.set(assignment);
  if (const auto more = from.text("include-variables", ""); !more.empty()) {
    const auto variables = settings::from_file(more);
    for (const auto* group : {"vars.address-groups", "vars.port-groups"})
      for (const auto& [name, value] : variables.members(group))
        from.set(fmt::format("{}.{}={}", group, name, value));
  }
  return from;
}

int run(const command_line& wanted) {
  const auto from = read_settings(wanted);
  if (from.one_of("log-format", "text", {"text", "json"}) == "json")
    set_log_format(log_format::json);
  const auto config = make_config(wanted, from);
  const auto patience = std::chrono::seconds{from.number("coordinator.finish-within", 10, 0, 3600)};
  auto rules = load_rules(config, wanted.strict_rules);
  const double load_cpu_s = process_cpu_s();
  std::unique_ptr<reporting> to_server;
  if (!config.coordinator.address.empty() && !wanted.test_only)
    to_server = std::make_unique<reporting>(config.coordinator);
  if (wanted.test_only) {
    log(log_level::info, "sensor", "configuration and rules are usable");
    return 0;
  }
  const auto capture = open_capture(wanted, from);
  for (const auto& key : from.unused())
    log(log_level::warning, "config", "setting {} is not known and has no effect", key);
  sensor one{config, std::move(rules), wanted.log_folder,
             to_server ? to_server->sink() : alert_sink{}, load_cpu_s};
  if (to_server)
    one.also_in_stats([&](json_writer& json) { to_server->write_stats(json); });
  const int answer = one.run(*capture.source, capture.is_live, stop_wanted);
  if (to_server)
    to_server->finish(patience);
  return answer;
}

} // namespace

int main(int argc, char** argv) {
  const auto read = parse_command_line(argc, argv);
  if (!read.wanted)
    return read.exit_code;
  std::signal(SIGINT, [](int) { stop_wanted = true; });
  std::signal(SIGTERM, [](int) { stop_wanted = true; });
  try {
    return run(*read.wanted);
  } catch (const std::exception& error) {
    std::cerr << "cresset-sensor: " << error.what() << '\n';
    return 1;
  }
}
