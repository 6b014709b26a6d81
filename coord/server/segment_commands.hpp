#pragma once

#include "coord/server/config.hpp"

namespace cresset::coord::server {

/// "segment import --source NAME --format FORMAT --file FILE [--own-country CC] [--country CC]
/// [--owner KEY] [--note TEXT]": the file becomes all there is of its source. FILE may be "-".
int import_segment(const command_line& line);
/// "segment diff" with the same options: what the import would change.
int compare_segment(const command_line& line);
/// "segment undo --change N".
int undo_segment(const command_line& line);
/// "segment export [--source NAME]": live records as CSV, to be edited and imported again.
int export_segment(const command_line& line);
/// "segment list": the newest changes.
int list_segment(const command_line& line);

} // namespace cresset::coord::server
