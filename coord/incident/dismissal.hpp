#pragma once

#include "coord/incident/alert_group.hpp"
#include "coord/incident/decision.hpp"

#include <set>
#include <string_view>

namespace cresset::coord::incident {

/// A standing dismissal as the store keeps it, with the victims it knows among those asked about.
struct standing_dismissal {
  decision_id decision;
  dismissal_scope scope = dismissal_scope::group;
  /// The group it was made on.
  group_key made_on;
  /// The most urgent severity and the alerts an hour when it was made.
  int severity = 3;
  double hourly_rate = 0;
  timestamp expires;
  std::set<ip_address> victims;

  std::int64_t matched = 0;
  timestamp hour;
  std::int64_t hour_alerts = 0;
  bool active = true;
  /// Why it ended: "expired", "higher_severity", "tenfold_rate", "undone"; empty while active.
  std::string ended;
};

/// Alerts an hour below which a rate is never called tenfold.
inline constexpr std::int64_t rate_floor = 10;

enum class coverage : std::uint8_t {
  outside,         ///< not its business
  covered,         ///< counted and kept out of the queue
  higher_severity, ///< ends the dismissal
  new_victim,      ///< this victim only: the dismissal goes on for the others
  tenfold_rate,    ///< ends the dismissal
  expired,         ///< ends the dismissal
};

/// Whether alerts with this key are within the scope, whatever the victim's being known.
bool is_in_scope(const standing_dismissal& dismissal, const group_key& key) noexcept;
/// Weighs `alerts` new alerts of one group received at `now` and counts them in the dismissal.
coverage weigh(standing_dismissal& dismissal, const group_key& key, int severity,
               std::int64_t alerts, timestamp now);
/// The word for `alert_group::reopened`; empty for `outside` and `covered`.
std::string_view reopening_word(coverage verdict) noexcept;

/// Alerts an hour over the time from the first to the last alert, which counts as at least an hour.
double hourly_rate(std::int64_t alerts, timestamp first, timestamp last) noexcept;

} // namespace cresset::coord::incident
