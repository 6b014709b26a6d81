#include "coord/store/clock/clock_rows.hpp"

#include "coord/incident/incident_state.hpp"
#include "coord/store/alarm/alarm_rows.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::clock {
using namespace coord::clock;
using incident::incident_id;
namespace {

struct subject_row {
  clock_subject what;
  std::string name;
  bool is_closed = false;
  /// Closed as something that nobody has to be told of.
  bool is_moot = false;
};

subject_row read_subject(pqxx::work& t, incident_id id) {
  const auto row = t.exec_params1(
      "SELECT severity, sector, rsit_class, exercise, name, state, closed_as FROM incident WHERE "
      "id = $1",
      id.value);
  subject_row one;
  one.what = {row[0].as<int>(), row[1].c_str(), row[2].c_str(), row[3].as<bool>()};
  one.name = row[4].c_str();
  one.is_closed = row[5].as<int>() == static_cast<int>(incident::incident_state::closed);
  using incident::close_reason;
  const auto reason = static_cast<close_reason>(row[6].is_null() ? 0 : row[6].as<int>());
  one.is_moot =
      one.is_closed && reason != close_reason::resolved && reason != close_reason::no_answer;
  return one;
}

/// What an alarm of this deadline is called: stable while the deadline lives.
std::string alarm_subject(std::string_view name, std::string_view regime, clock_kind clock) {
  return fmt::format("{} {} {}", name, regime, to_string(clock));
}

void clear_alarms(pqxx::work& t, const std::string& subject, timestamp at) {
  alarm::clear_alarm(t, coord::alarm::alarm_kind::deadline_warning, subject, at);
  alarm::clear_alarm(t, coord::alarm::alarm_kind::deadline_missed, subject, at);
}

void upsert(pqxx::work& t, incident_id id, const deadline& one, std::int64_t version) {
  // A deadline that has run out stays as it was counted: that is what the proof is about.
  t.exec_params(
      "INSERT INTO deadline (incident, regime, clock, counted_from, table_version, due, warn, met) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (incident, regime, clock) DO UPDATE SET "
      "counted_from = CASE WHEN deadline.missed THEN deadline.counted_from ELSE "
      "excluded.counted_from END, "
      "table_version = CASE WHEN deadline.missed THEN deadline.table_version ELSE "
      "excluded.table_version END, "
      "due = CASE WHEN deadline.missed THEN deadline.due ELSE excluded.due END, "
      "warn = CASE WHEN deadline.missed THEN deadline.warn ELSE excluded.warn END, "
      "met = excluded.met, cancelled = false",
      id.value, one.regime, static_cast<int>(one.clock), static_cast<int>(one.from), version,
      sql_time(one.due), one.warn ? std::optional{sql_time(*one.warn)} : std::nullopt,
      one.met ? std::optional{sql_time(*one.met)} : std::nullopt);
}

} // namespace

clock_times read_clocks(pqxx::work& t, incident_id id) {
  clock_times times;
  for (const auto& row :
       t.exec_params("SELECT clock, at_ns FROM incident_clock WHERE incident = $1", id.value))
    if (const auto clock = row[0].as<std::size_t>(); clock < clock_count)
      times.at[clock] = capture_time_of(row[1]);
  return times;
}

void write_clocks(pqxx::work& t, incident_id id, const clock_times& times) {
  for (std::size_t clock = 0; clock < clock_count; ++clock)
    if (times.at[clock])
      t.exec_params("INSERT INTO incident_clock (incident, clock, at_ns) VALUES ($1, $2, $3) ON "
                    "CONFLICT (incident, clock) DO UPDATE SET at_ns = excluded.at_ns",
                    id.value, static_cast<int>(clock), to_ns(*times.at[clock]));
    else
      t.exec_params("DELETE FROM incident_clock WHERE incident = $1 AND clock = $2", id.value,
                    static_cast<int>(clock));
}

void settle_deadlines(pqxx::work& t, incident_id id, const deadline_table& table,
                      std::int64_t version, timestamp at) {
  const auto subject = read_subject(t, id);
  const auto wanted = subject.is_moot ? std::vector<deadline>{}
                                      : deadlines_of(table, subject.what, read_clocks(t, id));
  const auto known = t.exec_params(
      "SELECT regime, clock FROM deadline WHERE incident = $1 AND met IS NULL AND NOT cancelled",
      id.value);
  for (const auto& row : known) {
    const auto clock = static_cast<clock_kind>(row[1].as<int>());
    const bool stays = std::ranges::any_of(wanted, [&](const deadline& one) {
      return one.regime == row[0].c_str() && one.clock == clock && !one.met;
    });
    if (stays)
      continue;
    clear_alarms(t, alarm_subject(subject.name, row[0].c_str(), clock), at);
    t.exec_params("UPDATE deadline SET cancelled = true WHERE incident = $1 AND regime = $2 AND "
                  "clock = $3",
                  id.value, row[0].c_str(), row[1].as<int>());
  }
  for (const auto& one : wanted)
    upsert(t, id, one, version);
}

int raise_deadlines(pqxx::work& t, timestamp at, int limit) {
  const auto due = t.exec_params(
      "SELECT d.incident, d.regime, d.clock, micros(d.due), d.due <= $1, d.table_version, i.name, "
      "i.exercise FROM deadline d JOIN incident i ON i.id = d.incident WHERE d.met IS NULL AND NOT "
      "d.cancelled AND ((d.due <= $1 AND NOT d.missed) OR (d.warn <= $1 AND NOT d.warned)) "
      "ORDER BY d.due LIMIT $2 FOR UPDATE OF d",
      sql_time(at), limit);
  t.exec_params(
      "SELECT 1 FROM alarm a WHERE cleared IS NULL AND kind = $1 AND incident IN (SELECT incident "
      "FROM deadline "
      "WHERE met IS NULL AND NOT cancelled AND due <= $2 AND NOT missed) ORDER BY id FOR UPDATE",
      static_cast<int>(coord::alarm::alarm_kind::deadline_warning), sql_time(at));
  for (const auto& row : due) {
    const auto clock = static_cast<clock_kind>(row[2].as<int>());
    const bool missed = row[4].as<bool>();
    const auto subject = alarm_subject(row[6].c_str(), row[1].c_str(), clock);
    using coord::alarm::alarm_kind;
    if (missed)
      alarm::clear_alarm(t, alarm_kind::deadline_warning, subject, at);
    alarm::raise_alarm(t,
                       {missed ? alarm_kind::deadline_missed : alarm_kind::deadline_warning,
                        subject,
                        fmt::format("{}: {} was due at {} by {} (table version {})", row[6].c_str(),
                                    to_string(clock), to_rfc3339_ms(time_of(row[3])),
                                    row[1].c_str(), row[5].as<std::int64_t>()),
                        incident_id{row[0].as<std::int64_t>()}, row[7].as<bool>()},
                       at);
    t.exec_params("UPDATE deadline SET warned = true, missed = missed OR $4 WHERE incident = $1 "
                  "AND regime = $2 AND clock = $3",
                  row[0].as<std::int64_t>(), row[1].c_str(), row[2].as<int>(), missed);
  }
  return static_cast<int>(due.size());
}

} // namespace cresset::coord::store::clock
