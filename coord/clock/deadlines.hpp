#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/clock/deadline_table.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::clock {

/// When each clock of an incident stopped; nothing where it has not yet.
struct clock_times {
  std::array<std::optional<timestamp>, clock_count> at;

  std::optional<timestamp>& operator[](clock_kind kind) noexcept {
    return at[static_cast<std::size_t>(kind)];
  }
  const std::optional<timestamp>& operator[](clock_kind kind) const noexcept {
    return at[static_cast<std::size_t>(kind)];
  }
};

/// What of an incident decides which regimes speak of it.
struct clock_subject {
  int severity = 0;
  std::string sector;
  std::string classification;
  bool exercise = false;
};

/// One deadline of one incident.
struct deadline {
  std::string regime;
  clock_kind clock = clock_kind::acknowledged;
  clock_kind from = clock_kind::aware;
  timestamp due;
  /// When to warn; nothing when the rule asks for no warning.
  std::optional<timestamp> warn;
  /// When the clock stopped; later than `due` it was missed.
  std::optional<timestamp> met;

  friend bool operator==(const deadline&, const deadline&) = default;
};

/// Whether the regime speaks of such an incident.
bool speaks_of(const regime& law, const clock_subject& what) noexcept;

/// The deadlines the table sets an incident, those counted from a clock that has not begun left
/// out. Order of the table.
std::vector<deadline> deadlines_of(const deadline_table& table, const clock_subject& what,
                                   const clock_times& times);

/// How a deadline stands at a moment.
enum class deadline_state : std::uint8_t { running = 0, warned = 1, missed = 2, met = 3, late = 4 };
std::string_view to_string(deadline_state state) noexcept;
/// `late`: met, but after it was due.
deadline_state state_of(const deadline& one, timestamp at) noexcept;

} // namespace cresset::coord::clock
