#pragma once

#include "capture/base/expected.hpp"
#include "capture/base/key_file.hpp"

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace cresset::appliance::cli {

/// What `cresset keys new` is asked for.
struct new_keys_request {
  std::filesystem::path folder; ///< made if it is not there
  std::string name;             ///< of the sensor or server, and of the two files
  key_kind kind = key_kind::curve;
};

/// Makes a pair of keys and writes NAME.key (both halves, mode 0600) and NAME.pub. Answers what to
/// print, or one line why not; then neither file is there. An existing file is never written over.
expected<std::string, std::string> new_keys(const new_keys_request& request);

/// What `cresset keys show` prints: everything but the secret.
expected<std::string, std::string> show_key(const std::filesystem::path& file);

/// Adds `cresset keys`. When it is chosen and parsing is done, `exit_code` is set.
void add_keys(CLI::App& app, int& exit_code);

} // namespace cresset::appliance::cli
