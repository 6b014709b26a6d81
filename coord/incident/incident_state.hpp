#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cresset::coord::incident {

/// Where an incident stands: new → triaged → in progress → contained → eradicated → recovered →
/// closed. Steps may be skipped forwards; `closed` needs a reason; any state may be reopened to
/// `triaged` or `in_progress`.
enum class incident_state : std::uint8_t {
  fresh = 0, ///< written "new"
  triaged = 1,
  in_progress = 2,
  contained = 3,
  eradicated = 4,
  recovered = 5,
  closed = 6,
};

/// Why an incident was closed.
enum class close_reason : std::uint8_t {
  resolved = 0,
  false_positive = 1,
  duplicate = 2,
  not_ours = 3,
  no_answer = 4
};

/// Whether an incident may go from one state to the other: forwards, or back to `triaged` or
/// `in_progress`.
bool may_follow(incident_state from, incident_state to) noexcept;

std::string_view to_string(incident_state state) noexcept;
std::string_view to_string(close_reason reason) noexcept;
std::optional<incident_state> incident_state_from(std::string_view word) noexcept;
std::optional<close_reason> close_reason_from(std::string_view word) noexcept;

} // namespace cresset::coord::incident
