#pragma once

#include "coord/server/config.hpp"

namespace cresset::coord::server {

/// Runs a command other than `run`: "sensor add", "sensor list", "journal verify", "journal
/// checkpoint". Gives the exit code; throws `config_error` for words and options it does not know
/// and std::runtime_error for what failed.
int run_command(const command_line& line);

} // namespace cresset::coord::server
