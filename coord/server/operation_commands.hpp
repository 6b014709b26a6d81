#pragma once

#include "coord/server/config.hpp"

namespace cresset::coord::server {

/// "journal export": every entry as a line of JSON (coord/journal/export_line) on standard output,
/// for `cresset audit verify` and for archives.
int export_journal(const command_line& line);
/// "journal publish": the journal's end as a line of STATE/published and on standard output.
int publish_journal(const command_line& line);
/// "doctor": what is wrong with this server's part of the machine, one JSON object a finding; the
/// operator's command `cresset doctor` shows it. Exit code 0 when nothing is at fault.
int examine_server(const command_line& line);

} // namespace cresset::coord::server
