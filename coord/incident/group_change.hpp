#pragma once

#include "coord/incident/alert_group.hpp"
#include "coord/incident/asset.hpp"

namespace cresset::coord::incident {

/// An indicator that an alert of the group carried.
struct indicator_hit {
  indicator_id indicator;
  /// "address", "domain", "url", "hash".
  std::string kind;
  std::string value;
  /// "analyst", or the partner's name.
  std::string source;
  /// 0 to 100.
  int confidence = 0;
};
/// Indicators a change names; the most confident ones.
inline constexpr int change_indicators_limit = 4;

/// One batch's effect on one group, as the correlator reads it. Append-only; positions follow the
/// order of commits. It carries what the correlator's rules weigh, so that replaying changes gives
/// the same incidents again.
struct group_change {
  change_position position;
  group_id group;
  group_key key;
  int generation = 1;
  /// The first change of this generation.
  bool is_new = false;
  int severity = 3;
  std::string message;
  std::string category;
  /// Alerts this change brought, and the group's total after it.
  std::int64_t added = 0;
  std::int64_t alerts = 0;
  alert_position last_alert;
  timestamp first_seen;
  timestamp last_seen;
  /// The server's clock when the batch was received.
  timestamp received;
  /// A standing dismissal covers these alerts: counted, but no reason for an incident.
  bool muted = false;
  /// The incident the group already belongs to.
  std::optional<incident_id> incident;
  /// Indicators that alerts of the group carried up to this change, the most confident first.
  std::vector<indicator_hit> indicators;
  /// Whose the victim is, and how much depends on it, as the group says.
  std::optional<asset> victim_asset;
};

} // namespace cresset::coord::incident
