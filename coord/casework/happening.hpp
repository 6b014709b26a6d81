#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::casework {

using happening_id = incident::number_id<struct happening_tag>;

/// One thing that happened in the course of an incident, at the attacker's or the victim's (STIX
/// event); what we did ourselves is a task.
struct happening {
  happening_id id;
  incident::incident_id incident;
  /// A word of `is_happening_status`.
  std::string status;
  /// What it was, in a short word of the analyst's choice: "lateral-movement".
  std::string kind;
  std::string description;
  std::optional<timestamp> begun;
  std::optional<timestamp> ended;
  timestamp made;
  std::string made_by;
};

inline constexpr std::int64_t happenings_limit = 500;

/// not-occurred, ongoing, occurred, pending, undetermined.
bool is_happening_status(std::string_view word) noexcept;
/// Lower-case letters, digits and '-', 1 to 64.
bool is_happening_kind(std::string_view word) noexcept;

} // namespace cresset::coord::casework
