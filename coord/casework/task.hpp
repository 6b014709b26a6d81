#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::casework {

using task_id = incident::number_id<struct task_tag>;

/// Something to be done, or that was done: a measure taken or asked of somebody (STIX task).
struct task {
  task_id id;
  incident::incident_id incident;
  std::string title;
  /// A word of `is_task_kind`: "containment", "external-outreach".
  std::string kind;
  /// A word of `is_task_outcome`; "pending" when nobody has begun.
  std::string outcome = "pending";
  /// 0 to 100.
  int priority = 50;
  std::optional<incident::user_id> assignee;
  std::string assignee_name;
  /// Outside this CIRT: an owner, a provider, a partner; empty when it is ours.
  std::string asked_of;
  std::string note;
  std::optional<timestamp> due;
  timestamp made;
  timestamp changed;
  std::string made_by;
  std::int64_t version = 1;
};

/// What may be changed; an empty optional leaves it.
struct task_edit {
  std::optional<std::string> title;
  std::optional<std::string> outcome;
  std::optional<int> priority;
  /// A user, or nobody (id 0).
  std::optional<incident::user_id> assignee;
  std::optional<std::string> asked_of;
  std::optional<std::string> note;
  /// The epoch takes it away.
  std::optional<timestamp> due;
};

/// Tasks an incident may have.
inline constexpr std::int64_t tasks_limit = 500;

/// `task-type-ov` of STIX's incident suite: attributed, containment, declared, detected,
/// digital-forensics, eradication, escalated, external-intel, external-outreach,
/// external-remediation, external-support, investigation, notification, recovery, reported,
/// routine-updates, victim-notification; and `measure`, ours, for what fits none.
bool is_task_kind(std::string_view word) noexcept;
/// cancelled, failed, ongoing, pending, successful, unsuccessful.
bool is_task_outcome(std::string_view word) noexcept;
/// Whether the outcome ends the task.
bool is_final(std::string_view outcome) noexcept;

} // namespace cresset::coord::casework
