#include "detect/sensor/options.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace cresset::detect::sensor {

parsed_command_line parse_command_line(int argc, const char* const* argv) {
  command_line wanted;
  std::string log_folder = ".";
  std::vector<std::string> rules;
  std::string capture, interface, dpdk, configuration, coordinator, checksums;
  CLI::App app{
      "Cresset's sensor: captures traffic, matches rules of the Suricata language, sends alerts to "
      "a coordination server.\nOne of -r, -i, --dpdk or -T is needed.",
      "cresset-sensor"};
  auto* file = app.add_option("-r", capture, "Read packets from a capture file (pcap, pcapng)");
  auto* live = app.add_option("-i", interface, "Capture from a network interface");
  auto* port = app.add_option("--dpdk", dpdk,
                              "Capture from a DPDK port; the arguments of its EAL as one word");
  file->excludes(live)->excludes(port);
  live->excludes(port);
  app.add_option("-S", rules, "Rule file; may be given several times")->allow_extra_args(false);
  app.add_option("-l", log_folder, "Folder of the event log eve.json")->capture_default_str();
  app.add_option("-c", configuration, "Configuration file (YAML)");
  app.add_option("-k", checksums,
                 "Wrong checksums: 'auto' keeps such packets out of streams, 'none' ignores")
      ->check(CLI::IsMember({"auto", "all", "none"}));
  app.add_option("--set", wanted.assignments, "Setting as key=value, over the configuration file")
      ->allow_extra_args(false);
  app.add_option("--coordinator", coordinator, "Coordination server, tcp://HOST:PORT");
  app.add_flag("-T", wanted.test_only, "Test configuration and rules, then exit");
  app.add_flag("--strict-rules", wanted.strict_rules, "A rule that cannot be loaded is fatal");
  app.add_flag("--exercise", wanted.exercise, "Mark every alert as part of an exercise");
  app.set_version_flag("-V,--version", "cresset-sensor 0.1.0");
  try {
    app.parse(argc, const_cast<char**>(argv));
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2};
  }
  if (!*file && !*live && !*port && !wanted.test_only) {
    std::cerr << "cresset-sensor: nothing to read: give -r FILE, -i INTERFACE or --dpdk ARGUMENTS "
                 "(--help lists the options)\n";
    return {std::nullopt, 2};
  }
  const auto given = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional{text};
  };
  if (!capture.empty())
    wanted.capture_file = capture;
  wanted.interface = given(interface);
  wanted.dpdk_arguments = given(dpdk);
  wanted.coordinator = given(coordinator);
  wanted.checksums = given(checksums);
  if (!configuration.empty())
    wanted.configuration = configuration;
  wanted.log_folder = log_folder;
  wanted.rule_files.assign(rules.begin(), rules.end());
  return {std::move(wanted), 0};
}

} // namespace cresset::detect::sensor
