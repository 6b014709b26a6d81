#pragma once

#include "coord/alarm/alarm.hpp"
#include "coord/incident/repository.hpp"

#include <vector>

namespace cresset::coord::alarm {

struct alarm_query {
  /// Neither acknowledged nor cleared.
  bool open_only = true;
  /// The id of the last row of the page before.
  std::optional<alarm_id> after;
  int limit = 50;
};

/// One attempt to tell somebody, kept as proof.
struct call {
  alarm_id alarm;
  int step = 0;
  /// "mail" or "webhook", and whom.
  std::string channel;
  std::string address;
  timestamp at;
  /// Empty when it was taken, else why not.
  std::string failure;
};

/// Alarms and who was called about them. Any thread.
class alarm_repository {
public:
  virtual ~alarm_repository() = default;

  /// The id of the alarm, and whether it is new: while one of the same kind and subject is not
  /// cleared, there is no second.
  struct raised_alarm {
    alarm_id id;
    bool is_new = false;
  };
  virtual incident::result<raised_alarm> raise(const alarm_cause& cause, timestamp at) = 0;
  /// The cause went away; nothing happens when there is no such alarm.
  virtual incident::result<void> clear(alarm_kind kind, const std::string& subject,
                                       timestamp at) = 0;
  /// Newest first.
  virtual incident::result<std::vector<alarm>> alarms(const alarm_query& query) = 0;
  /// `refused` when somebody did already.
  virtual incident::result<alarm> acknowledge(alarm_id id, incident::user_id by, timestamp at) = 0;
  /// Open alarms that are no exercise, oldest first: what the call-out looks at.
  virtual incident::result<std::vector<alarm>> waiting(int limit) = 0;
  /// Notes the calls of one step and moves the alarm behind it, in one transaction.
  virtual incident::result<void> called(alarm_id id, int step, const std::vector<call>& calls) = 0;
  virtual incident::result<std::vector<call>> calls_of(alarm_id id, int limit) = 0;
};

} // namespace cresset::coord::alarm
