#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <optional>
#include <string>

namespace cresset::coord::retention {

using hold_id = incident::number_id<struct hold_tag>;

inline constexpr std::size_t hold_text_limit_bytes = 2000;

/// What somebody wants kept: an incident with all its groups, or one group.
struct hold_request {
  incident::incident_id incident;
  incident::group_id group;
  std::string reason;
  std::string legal_basis;
  incident::user_id by;
};

/// As long as it stands, nothing of its incident or group goes by age, and evidence of it cannot be
/// erased.
struct legal_hold {
  hold_id id;
  incident::incident_id incident;
  incident::group_id group;
  std::string reason;
  std::string legal_basis;
  timestamp placed;
  std::string placed_by;
  std::optional<timestamp> lifted;
  std::string lifted_by;
  std::string lift_reason;
};

/// Why this cannot be a hold; empty when it can.
std::string objection(const hold_request& wanted);
/// Why this cannot be a reason somebody gives; empty when it can.
std::string objection_to_reason(const std::string& reason);

} // namespace cresset::coord::retention
