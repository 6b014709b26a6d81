#pragma once

#include "coord/clock/deadlines.hpp"
#include "coord/incident/repository.hpp"

namespace cresset::coord::clock {

/// A version of the table, as it was put in force.
struct table_version {
  std::int64_t version = 0;
  std::string text;
  timestamp at;
  std::string by;
};

/// A deadline as it is stored, with the version of the table it was counted by.
struct kept_deadline {
  incident::incident_id incident;
  std::string incident_name;
  std::int64_t table_version = 0;
  deadline what;
  bool exercise = false;
};

struct deadline_key {
  timestamp due;
  incident::incident_id incident;
  std::string regime;
  clock_kind clock = clock_kind::detected;
};

struct deadline_query {
  /// Due before this moment (all that run: a moment far ahead).
  timestamp before;
  bool exercise = false;
  std::optional<deadline_key> after;
  int limit = 50;
};

/// Clocks, deadlines and the table they come from. Any thread.
class clock_repository {
public:
  virtual ~clock_repository() = default;

  /// The version in force. `not_found` before the first.
  virtual incident::result<table_version> table() = 0;
  virtual incident::result<table_version> table(std::int64_t version) = 0;
  /// Puts a new version in force; `stale` unless `seen` is the one in force (0 for none). The text
  /// was read by `parse_deadline_table` before.
  virtual incident::result<table_version> put_table(std::int64_t seen, const std::string& text,
                                                    std::string_view by, timestamp at) = 0;

  /// Reads the journal behind what was read last and brings clocks and deadlines up to it, in one
  /// transaction; gives how many entries were read. Two servers take turns.
  virtual incident::result<int> read_journal(const deadline_table& table, std::int64_t version,
                                             int limit) = 0;
  /// Raises what is due at this moment: warnings, alarms; each once, journalled. Gives how many.
  virtual incident::result<int> raise_due(timestamp at, int limit) = 0;

  virtual incident::result<clock_times> clocks_of(incident::incident_id id) = 0;
  virtual incident::result<std::vector<kept_deadline>> deadlines_of(incident::incident_id id) = 0;
  /// Those not met, soonest first.
  virtual incident::result<std::vector<kept_deadline>> running(const deadline_query& query) = 0;
  /// An analyst stops a clock by hand ("told the owner by telephone at 10:15"): `refused` when it
  /// has stopped, or `at` lies ahead of now or before the incident.
  virtual incident::result<void> stop_clock(incident::incident_id id, clock_kind clock,
                                            timestamp at, const std::string& note,
                                            incident::user_id by) = 0;
};

} // namespace cresset::coord::clock
