#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace cresset::appliance::cli {

enum class health { ok, warning, fault };

/// One thing that was looked at: what was found, and what to do about it.
struct doctor_finding {
  std::string part; ///< "machine", "sensor", "server"
  std::string check;
  health state = health::ok;
  std::string found;
  std::string remedy;
};

struct doctor_request {
  std::filesystem::path server_configuration; ///< of cresset-coord; with or without `server_state`
  std::filesystem::path server_state;
  std::filesystem::path sensor_configuration;
};

/// Looks at this machine, and at the server and the sensor that the request names.
std::vector<doctor_finding> examine(const doctor_request& request);

// The parts that need no program, each for a test to call.

/// What cresset-coord's doctor printed: one finding a line; other lines are left out.
std::vector<doctor_finding> read_server_findings(std::string_view printed);
/// The clock as the kernel sees it, open files, the machine's shared memory.
std::vector<doctor_finding> examine_machine();
/// A secret that others may read is a fault; a file that is not there as well.
doctor_finding examine_secret(const std::filesystem::path& file);
/// A folder that is written into: there, writable, with at least `needed_bytes` free.
doctor_finding examine_folder(std::string_view check, const std::filesystem::path& folder,
                              std::uint64_t needed_bytes);
/// /proc/meminfo's text against a DPDK that wants huge pages.
doctor_finding examine_huge_pages(std::string_view meminfo);

std::string as_table(const std::vector<doctor_finding>& findings);
std::string as_json(const std::vector<doctor_finding>& findings);

/// Adds `cresset doctor`. `exit_code`: 0 nothing wrong, 2 warnings, 3 faults.
void add_doctor(CLI::App& app, int& exit_code);

} // namespace cresset::appliance::cli
