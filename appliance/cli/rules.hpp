#pragma once

#include "capture/base/expected.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cresset::appliance::cli {

/// What `cresset rules check` is asked for.
struct rules_check_request {
  std::vector<std::filesystem::path> files;
  std::filesystem::path configuration; ///< the sensor's, for its variables; empty: the defaults
};

/// What a sensor would make of rule files.
struct rules_check_report {
  struct refused_rule {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t sid = 0; ///< 0: not known
    std::string reason;
  };
  /// A rule that no literal leads to.
  struct costly_rule {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t sid = 0;
    std::string message;
    std::string tried_on; ///< "every http.uri", "every TCP packet"
  };

  std::size_t loaded = 0;
  std::size_t disabled = 0;
  std::size_t literals = 0;
  std::vector<refused_rule> refused; ///< by file and line
  std::map<std::string, std::size_t> reasons;
  std::vector<std::string> unused_variables; ///< defined in the configuration, named by no rule
  std::vector<costly_rule> costly;           ///< by what they are tried on
};

/// Reads and compiles the files as a sensor does. Answers one line why not when a file or the
/// configuration cannot be read; a rule that is refused never stops the others.
expected<rules_check_report, std::string> check_rules(const rules_check_request& request);

/// The report as a table for people, and as one JSON object.
std::string as_table(const rules_check_report& report);
std::string as_json(const rules_check_report& report);

/// Adds `cresset rules`. When it is chosen and parsing is done, `exit_code` is set: 0 when all
/// rules load, 3 when some are refused, 1 when a file cannot be read.
void add_rules(CLI::App& app, int& exit_code);

} // namespace cresset::appliance::cli
