#pragma once

#include "capture/base/expected.hpp"
#include "coord/incident/decision.hpp"
#include "coord/incident/evidence.hpp"
#include "coord/incident/group_change.hpp"
#include "coord/incident/incident.hpp"
#include "coord/incident/store_error.hpp"
#include "coord/incident/stored_alert.hpp"

#include <optional>
#include <span>
#include <vector>

namespace cresset::coord::incident {

template <typename T>
using result = expected<T, store_error>;

/// The most rows a page may have.
inline constexpr int page_limit = 200;

/// The last row of the page before, exactly as it was given; the next page begins behind it.
struct queue_key {
  int severity = 0;
  timestamp last_received;
  group_id id;
};

struct queue_query {
  std::optional<group_state> state = group_state::open;
  bool exercise = false;
  std::optional<queue_key> after;
  int limit = 50;
};

/// Groups of alerts and the decisions on them. All calls may come from any thread and wait for the
/// database.
class group_repository {
public:
  virtual ~group_repository() = default;

  /// The queue: gravest first (severity 1 before 2), then latest, then greatest id.
  virtual result<std::vector<alert_group>> queue(const queue_query& query) = 0;
  virtual result<alert_group> group(group_id id) = 0;
  /// The newest alerts of a group before `before` (all when 0), newest first.
  virtual result<std::vector<stored_alert>> alerts_of_group(group_id id, alert_position before,
                                                            int limit) = 0;
  virtual result<std::vector<evidence>> evidence_of(alert_position alert) = 0;
  /// Records a decision with its journal entry, in one transaction. `stale` when `seen` lies behind
  /// the newest alert of an earlier decision, `refused` with the reason when a rule of the domain
  /// forbids it.
  virtual result<decision> decide(const decision_request& request) = 0;
  /// Newest first.
  virtual result<std::vector<decision>> decisions_of_group(group_id id, int limit) = 0;
  /// Dismissals that stand at this moment, those that end first in front.
  virtual result<std::vector<decision>> standing_dismissals(int limit) = 0;
};

struct incident_key {
  int severity = 0;
  timestamp changed;
  incident_id id;
};

struct incident_query {
  /// Only those that are not closed.
  bool open_only = true;
  bool exercise = false;
  std::optional<incident_key> after;
  int limit = 50;
};

/// Incidents and their lifecycle.
class incident_repository {
public:
  virtual ~incident_repository() = default;

  /// Gravest first (100 before 0), then latest changed, then greatest id.
  virtual result<std::vector<incident>> incidents(const incident_query& query) = 0;
  virtual result<incident> one(incident_id id) = 0;
  virtual result<std::vector<alert_group>> groups_of(incident_id id, int limit) = 0;
  /// The newest alerts of all its groups before `before` (all when 0), newest first.
  virtual result<std::vector<stored_alert>> alerts_of(incident_id id, alert_position before,
                                                      int limit) = 0;
  /// Oldest first.
  virtual result<std::vector<incident_event>> history(incident_id id, int limit) = 0;

  virtual result<incident> move(const transition_request& request) = 0;
  virtual result<incident> edit(incident_id id, std::int64_t seen_version,
                                const incident_edit& edit, user_id by) = 0;
  virtual result<void> note(incident_id id, std::string text, user_id by) = 0;
  /// Marks this version as released to `partner`, with its journal entry; the object itself is
  /// federation's.
  virtual result<incident> mark_released(incident_id id, std::int64_t seen_version,
                                         std::string partner, std::string by) = 0;
};

} // namespace cresset::coord::incident
