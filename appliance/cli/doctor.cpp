#include "appliance/cli/doctor.hpp"

#include "appliance/cli/sibling.hpp"
#include "capture/base/json_writer.hpp"
#include "coord/signed/canonical_json.hpp"
#include "detect/sensor/settings.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

namespace cresset::appliance::cli {
namespace fs = std::filesystem;
namespace {

using findings = std::vector<doctor_finding>;

constexpr rlim_t least_open_files = 4096;
constexpr std::array<std::string_view, 3> states{"ok", "warning", "fault"};

std::string text_of(const fs::path& file) {
  std::ifstream in{file};
  std::stringstream read;
  read << in.rdbuf();
  return read.str();
}

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  const auto at = text.rfind('\n');
  return at == std::string::npos ? text : text.substr(at + 1);
}

void add(findings& to, std::string_view part, findings more) {
  for (auto& one : more) {
    one.part = part;
    to.push_back(std::move(one));
  }
}

doctor_finding examine_interface(const std::string& name) {
  const auto folder = fs::path{"/sys/class/net"} / name;
  std::error_code error;
  if (!fs::exists(folder, error))
    return {{},
            "interface",
            health::fault,
            fmt::format("there is no interface {}", name),
            "name one of those that 'ip link' shows"};
  if (text_of(folder / "operstate").starts_with("down"))
    return {{},
            "interface",
            health::warning,
            fmt::format("{} is down", name),
            fmt::format("ip link set {} up", name)};
  return {{}, "interface", health::ok, fmt::format("{} is there", name), {}};
}

findings examine_sensor(const fs::path& configuration) {
  findings all;
  const auto tried = ask_sibling("cresset-sensor", {"-T", "-c", configuration.string()});
  if (!tried.succeeded)
    all.push_back({{},
                   "configuration",
                   health::fault,
                   last_line(tried.errors),
                   "correct what the line names"});
  else
    all.push_back({{}, "configuration", health::ok, configuration.string() + " is usable", {}});
  try {
    const auto from = detect::sensor::settings::from_file(configuration);
    if (!from.text("coordinator.address", "").empty()) {
      all.push_back(examine_secret(from.text("coordinator.key", "")));
      all.push_back(
          examine_folder("spool", from.text("coordinator.spool", "/var/lib/cresset/spool"),
                         from.size_bytes("coordinator.spool-limit", std::uint64_t{1} << 30)));
    } else {
      all.push_back({{},
                     "coordinator",
                     health::warning,
                     "alerts go to no server",
                     "give coordinator.address, unless the event log is all you want"});
    }
    if (const auto name = from.text("interface", ""); !name.empty())
      all.push_back(examine_interface(name));
    if (from.has("dpdk"))
      all.push_back(examine_huge_pages(text_of("/proc/meminfo")));
  } catch (const std::exception& e) {
    all.push_back({{}, "configuration", health::fault, e.what(), "correct what the line names"});
  }
  return all;
}

findings examine_server(const doctor_request& request) {
  std::vector<std::string> words{"doctor"};
  if (!request.server_configuration.empty())
    words.insert(words.end(), {"--config", request.server_configuration.string()});
  if (!request.server_state.empty())
    words.insert(words.end(), {"--state", request.server_state.string()});
  const auto told = ask_sibling("cresset-coord", words);
  auto all = read_server_findings(told.output);
  if (all.empty())
    all.push_back({{},
                   "configuration",
                   health::fault,
                   last_line(told.errors),
                   "correct what the line names"});
  return all;
}

} // namespace

std::vector<doctor_finding> read_server_findings(std::string_view printed) {
  findings all;
  while (!printed.empty()) {
    const auto end = std::min(printed.find('\n'), printed.size());
    const auto read = coord::signed_::read_json(printed.substr(0, end));
    printed.remove_prefix(std::min(end + 1, printed.size()));
    if (!read)
      continue;
    const auto state = std::ranges::find(states, read->text_of("state").value_or(""));
    const auto check = read->text_of("check");
    if (state == states.end() || !check)
      continue;
    all.push_back({{},
                   std::string{*check},
                   static_cast<health>(state - states.begin()),
                   std::string{read->text_of("found").value_or("")},
                   std::string{read->text_of("remedy").value_or("")}});
  }
  return all;
}

std::vector<doctor_finding> examine_machine() {
  findings all;
  timex clock{};
  const int state = ::adjtimex(&clock);
  if (state < 0 || state == TIME_ERROR || (clock.status & STA_UNSYNC) != 0)
    all.push_back({{},
                   "clock",
                   health::warning,
                   "the kernel does not hold its clock synchronised",
                   "run an NTP client (chrony, systemd-timesyncd)"});
  else
    all.push_back({{}, "clock", health::ok, "synchronised", {}});
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_max < least_open_files)
    all.push_back({{},
                   "limits",
                   health::warning,
                   fmt::format("a process may have {} files open", files.rlim_max),
                   "LimitNOFILE=65536 in the unit"});
  else
    all.push_back({{},
                   "limits",
                   health::ok,
                   fmt::format("a process may have {} files open", files.rlim_max),
                   {}});
  all.push_back(examine_folder("shared memory", "/dev/shm", std::uint64_t{64} << 20));
  return all;
}

doctor_finding examine_secret(const fs::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0)
    return {{},
            "secrets",
            health::fault,
            fmt::format("{} is not there", file.string()),
            "make it with 'cresset keys new' and register its public half at the server"};
  if ((about.st_mode & 077) != 0)
    return {
        {},
        "secrets",
        health::fault,
        fmt::format("{} can be read by others (mode {:o})", file.string(), about.st_mode & 0777),
        fmt::format("chmod 600 {}; if others had access, make a new key", file.string())};
  return {{}, "secrets", health::ok, fmt::format("{} is its owner's alone", file.string()), {}};
}

doctor_finding examine_folder(std::string_view check, const fs::path& folder,
                              std::uint64_t needed_bytes) {
  const std::string name{check};
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return {{},
            name,
            health::fault,
            fmt::format("{} is not there", folder.string()),
            fmt::format("make {} and give it to the program's user", folder.string())};
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return {{},
            name,
            health::fault,
            fmt::format("{} cannot be written", folder.string()),
            "give it to the program's user"};
  const auto space = fs::space(folder, error);
  if (!error && space.available < needed_bytes)
    return {{},
            name,
            health::warning,
            fmt::format("{} MiB are free where {} lies, it may need {}", space.available >> 20,
                        folder.string(), needed_bytes >> 20),
            "free space, or lower its limit"};
  return {{}, name, health::ok, fmt::format("{} MiB are free", space.available >> 20), {}};
}

doctor_finding examine_huge_pages(std::string_view meminfo) {
  const auto number = [&](std::string_view name) -> std::uint64_t {
    const auto at = meminfo.find(name);
    if (at == std::string_view::npos)
      return 0;
    return std::strtoull(std::string{meminfo.substr(at + name.size(), 30)}.c_str(), nullptr, 10);
  };
  const auto free = number("HugePages_Free:");
  if (free == 0)
    return {{},
            "huge pages",
            health::fault,
            fmt::format("none of {} huge pages is free", number("HugePages_Total:")),
            "sysctl vm.nr_hugepages=1024, or start DPDK with --no-huge"};
  return {{}, "huge pages", health::ok, fmt::format("{} are free", free), {}};
}

std::vector<doctor_finding> examine(const doctor_request& request) {
  findings all;
  add(all, "machine", examine_machine());
  if (!request.sensor_configuration.empty())
    add(all, "sensor", examine_sensor(request.sensor_configuration));
  if (!request.server_configuration.empty() || !request.server_state.empty())
    add(all, "server", examine_server(request));
  return all;
}

std::string as_table(const std::vector<doctor_finding>& all) {
  std::string text;
  for (const auto& one : all) {
    text += fmt::format("{:<8} {:<8} {:<14} {}\n", states[static_cast<std::size_t>(one.state)],
                        one.part, one.check, one.found);
    if (!one.remedy.empty())
      text += fmt::format("{:<32} remedy: {}\n", "", one.remedy);
  }
  return text;
}

std::string as_json(const std::vector<doctor_finding>& all) {
  std::string text;
  json_writer json{text};
  json.begin_object().key("findings").begin_array();
  for (const auto& one : all)
    json.begin_object()
        .member("part", one.part)
        .member("check", one.check)
        .member("state", states[static_cast<std::size_t>(one.state)])
        .member("found", one.found)
        .member("remedy", one.remedy)
        .end_object();
  json.end_array().end_object();
  return text + "\n";
}

void add_doctor(CLI::App& app, int& exit_code) {
  struct texts {
    std::string server, state, sensor;
    bool json = false;
  };
  auto given = std::make_shared<texts>();
  auto* doctor = app.add_subcommand("doctor", "find what is wrong on this machine, and the remedy");
  doctor->add_option("--server", given->server, "configuration of cresset-coord");
  doctor->add_option("--state", given->state, "state folder of cresset-coord");
  doctor->add_option("--sensor", given->sensor, "configuration of cresset-sensor");
  doctor->add_flag("--json", given->json, "one JSON object instead of a table");
  doctor->callback([given, &exit_code] {
    // Without a word: what a package installs.
    if (given->server.empty() && given->state.empty() && given->sensor.empty()) {
      std::error_code error;
      if (fs::exists("/etc/cresset/coord.yaml", error))
        given->server = "/etc/cresset/coord.yaml";
      if (fs::exists("/etc/cresset/sensor.yaml", error))
        given->sensor = "/etc/cresset/sensor.yaml";
    }
    const auto all = examine({given->server, given->state, given->sensor});
    std::fputs((given->json ? as_json(all) : as_table(all)).c_str(), stdout);
    const auto worst = std::ranges::max_element(all, {}, &doctor_finding::state)->state;
    exit_code = worst == health::ok ? 0 : worst == health::warning ? 2 : 3;
  });
}

} // namespace cresset::appliance::cli
