#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::casework {

using impact_id = incident::number_id<struct impact_tag>;

/// What an incident did to somebody (STIX impact). One is never changed: a better estimate
/// supersedes it.
struct impact {
  impact_id id;
  incident::incident_id incident;
  /// A word of `is_impact_category`.
  std::string category;
  /// 0 to 100.
  int criticality = 0;
  std::string description;
  /// What was hit and how many of them: "customer", 12000. Zero of a named kind says that none was.
  std::string entity;
  std::int64_t entities = 0;
  /// As for incidents; may be empty.
  std::string recoverability;
  std::optional<impact_id> superseded_by;
  timestamp made;
  std::string made_by;
};

inline constexpr std::int64_t impacts_limit = 200;

/// availability, confidentiality, external, integrity, monetary, physical, traceability.
bool is_impact_category(std::string_view word) noexcept;

} // namespace cresset::coord::casework
