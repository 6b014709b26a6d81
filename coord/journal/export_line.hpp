#pragma once

#include "coord/journal/event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::journal {

/// An entry as one line of an export: a JSON object with `sequence`, `at_ns` (text: it is beyond
/// 2^53), `kind`, `incident`, `group`, `salt` and `body` (missing in a tombstone), `body_hash`,
/// `previous`, `hash` (hex), without the line break. Every hash can be computed from it again.
std::string export_line(const entry& one);
/// Nothing for a line that is none.
std::optional<entry> read_export_line(std::string_view line);

} // namespace cresset::coord::journal
