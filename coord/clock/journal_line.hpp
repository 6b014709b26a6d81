#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/clock/deadlines.hpp"

#include <string>

namespace cresset::coord::clock {

/// What the clocks need of one entry of the journal.
struct journal_line {
  std::string kind;
  timestamp at;
  /// A person did it, not a part of the server.
  bool by_person = false;
  /// Member `to` of `incident_state`.
  std::string to;
  /// Member `clock` of any kind, and the moment it names (`clock_ns`) or that of the entry.
  std::string clock;
  std::optional<timestamp> clock_at;
  /// Whether the incident has an owner now.
  bool has_owner = false;
};

/// Moves an incident's clocks by one entry. Clocks stop once, but reopening starts those behind the
/// state it goes back to.
void apply(const journal_line& line, clock_times& times);

} // namespace cresset::coord::clock
