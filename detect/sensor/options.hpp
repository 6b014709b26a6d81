#pragma once

#include "detect/sensor/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cresset::detect::sensor {

/// What the command line says, checked for contradictions but not yet for files that are not there.
struct command_line {
  std::optional<std::filesystem::path> capture_file;  ///< -r
  std::optional<std::string> interface;               ///< -i
  std::optional<std::string> dpdk_arguments;          ///< --dpdk, as one string of EAL arguments
  std::vector<std::filesystem::path> rule_files;      ///< -S
  std::filesystem::path log_folder = ".";             ///< -l
  std::optional<std::filesystem::path> configuration; ///< -c
  std::optional<std::string> coordinator;             ///< --coordinator
  std::optional<std::string> checksums;               ///< -k
  std::vector<std::string> assignments;               ///< --set
  bool test_only = false;                             ///< -T
  bool strict_rules = false;                          ///< --strict-rules
  bool exercise = false;                              ///< --exercise
};

/// Reads the command line. Answers what to do, or the exit code when there is nothing left to do
/// (--help, or a mistake that was explained on standard error).
struct parsed_command_line {
  std::optional<command_line> wanted;
  int exit_code = 0;
};
parsed_command_line parse_command_line(int argc, const char* const* argv);

} // namespace cresset::detect::sensor
