#include "coord/store/clock/clock_store.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/clock/journal_line.hpp"
#include "coord/store/clock/clock_rows.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace cresset::coord::store::clock {
using namespace coord::clock;
using incident::incident_id;
using incident::result;
namespace {

constexpr std::size_t note_limit_bytes = 2000;

table_version version_of(const pqxx::row& row) {
  return {row[0].as<std::int64_t>(), row[1].c_str(), time_of(row[2]), row[3].c_str()};
}

result<table_version> read_version(pqxx::work& t, const std::string& where, std::int64_t version) {
  const auto rows = t.exec_params(
      "SELECT version, text, micros(at), by_name FROM deadline_table WHERE " + where, version);
  if (rows.empty())
    return unexpected{store_error{store_errc::not_found, "there is no such table of deadlines"}};
  return version_of(rows[0]);
}

journal_line line_of(const pqxx::row& row) {
  journal_line line;
  line.kind = row[2].c_str();
  line.at = capture_time_of(row[1]);
  line.by_person = row[3].as<bool>();
  line.to = row[4].is_null() ? "" : row[4].c_str();
  line.clock = row[5].is_null() ? "" : row[5].c_str();
  if (!row[6].is_null())
    line.clock_at = capture_time_of(row[6]);
  line.has_owner = row[7].as<bool>();
  return line;
}

/// Entries of the journal by incident, each incident's in order. An incident without entries is to
/// be settled anew.
struct journal_batch {
  std::map<std::int64_t, std::vector<journal_line>> lines;
  std::int64_t last = 0;
  timestamp until;
  int read = 0;
};

journal_batch read_batch(pqxx::work& t, std::int64_t after, int limit) {
  journal_batch batch;
  batch.last = after;
  bool new_table = false;
  const auto rows = t.exec_params(
      "SELECT j.sequence, j.at_ns, j.kind, u.id IS NOT NULL, b.body ->> 'to', b.body ->> 'clock', "
      "(b.body ->> 'clock_ns')::bigint, coalesce(i.owner IS NOT NULL, false), i.id FROM "
      "(SELECT * FROM journal WHERE sequence > $1 ORDER BY sequence LIMIT $2) j "
      "CROSS JOIN LATERAL (SELECT convert_from(j.body, 'UTF8')::jsonb AS body) b "
      "LEFT JOIN app_user u ON u.login = b.body ->> 'by' LEFT JOIN incident i ON i.id = j.incident "
      "ORDER BY j.sequence",
      after, limit);
  for (const auto& row : rows) {
    batch.last = row[0].as<std::int64_t>();
    batch.until = capture_time_of(row[1]);
    new_table = new_table || row[2].c_str() == journal::kind::deadline_table_changed;
    if (!row[8].is_null())
      batch.lines[row[8].as<std::int64_t>()].push_back(line_of(row));
  }
  batch.read = static_cast<int>(rows.size());
  if (new_table)
    for (const auto& row : t.exec("SELECT id FROM incident WHERE state < 6"))
      batch.lines[row[0].as<std::int64_t>()];
  return batch;
}

/// Where the clocks stand in the journal. Whoever holds this row is the only one who touches
/// deadlines.
std::int64_t lock_reader(pqxx::work& t) {
  return t.exec1("SELECT position FROM correlator WHERE name = 'clocks' FOR UPDATE")[0]
      .as<std::int64_t>();
}

/// Alarms that may be cleared, before the journal's head is taken: docs/database.md, rule 2.
void lock_alarms(pqxx::work& t, const std::map<std::int64_t, std::vector<journal_line>>& lines) {
  array_text ids;
  for (const auto& [id, unused] : lines)
    ids.add(id);
  t.exec_params("SELECT 1 FROM alarm WHERE incident = ANY ($1::bigint[]) AND cleared IS NULL ORDER "
                "BY id FOR UPDATE",
                ids.str());
}

/// The first alert of the incident, by the capture clock.
std::optional<timestamp> first_alert(pqxx::work& t, incident_id id) {
  const auto row = t.exec_params1(
      "SELECT min(g.first_seen_ns) FROM incident_group l JOIN alert_group g ON g.id = l.group_id "
      "WHERE l.incident = $1",
      id.value);
  return row[0].is_null() ? std::nullopt : std::optional{capture_time_of(row[0])};
}

kept_deadline deadline_of(const pqxx::row& row) {
  kept_deadline one;
  one.incident = {row[0].as<std::int64_t>()};
  one.incident_name = row[1].c_str();
  one.exercise = row[2].as<bool>();
  one.table_version = row[3].as<std::int64_t>();
  one.what.regime = row[4].c_str();
  one.what.clock = static_cast<clock_kind>(row[5].as<int>());
  one.what.from = static_cast<clock_kind>(row[6].as<int>());
  one.what.due = time_of(row[7]);
  if (!row[8].is_null())
    one.what.warn = time_of(row[8]);
  if (!row[9].is_null())
    one.what.met = time_of(row[9]);
  return one;
}

constexpr const char* deadline_select =
    "SELECT d.incident, i.name, i.exercise, d.table_version, d.regime, d.clock, d.counted_from, "
    "micros(d.due), micros(d.warn), micros(d.met) FROM deadline d JOIN incident i ON i.id = "
    "d.incident WHERE NOT d.cancelled ";

} // namespace

result<table_version> clock_store::table() {
  return pool_.transact([&](pqxx::work& t) {
    return read_version(t, "version > $1 ORDER BY version DESC LIMIT 1", 0);
  });
}

result<table_version> clock_store::table(std::int64_t version) {
  return pool_.transact([&](pqxx::work& t) { return read_version(t, "version = $1", version); });
}

result<table_version> clock_store::put_table(std::int64_t seen, const std::string& text,
                                             std::string_view by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<table_version> {
    t.exec("LOCK TABLE deadline_table IN EXCLUSIVE MODE");
    const auto last =
        t.exec1("SELECT coalesce(max(version), 0) FROM deadline_table")[0].as<std::int64_t>();
    if (last != seen)
      return unexpected{
          store_error{store_errc::stale,
                      fmt::format("the table is at version {} by now: read it again", last)}};
    const table_version made{last + 1, text, at, std::string{by}};
    t.exec_params("INSERT INTO deadline_table (version, text, at, by_name) VALUES ($1, $2, $3, $4)",
                  made.version, text, sql_time(at), made.by);
    journal::event what;
    what.kind = journal::kind::deadline_table_changed;
    what.at = at;
    what.by = by;
    what.text = fmt::format("version {} of the table of deadlines", made.version);
    json_writer{what.detail}.member("version", made.version);
    append(t, what);
    return made;
  });
}

result<int> clock_store::read_journal(const deadline_table& table, std::int64_t version,
                                      int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<int> {
    const auto batch = read_batch(t, lock_reader(t), limit);
    lock_alarms(t, batch.lines);
    for (const auto& [number, lines] : batch.lines) {
      const incident_id id{number};
      auto times = read_clocks(t, id);
      for (const auto& line : lines)
        apply(line, times);
      times[clock_kind::detected] = first_alert(t, id);
      write_clocks(t, id, times);
      settle_deadlines(t, id, table, version, batch.until);
    }
    if (batch.read > 0)
      t.exec_params("UPDATE correlator SET position = $1 WHERE name = 'clocks'", batch.last);
    return batch.read;
  });
}

result<int> clock_store::raise_due(timestamp at, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<int> {
    (void)lock_reader(t);
    return raise_deadlines(t, at, limit);
  });
}

result<clock_times> clock_store::clocks_of(incident_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<clock_times> { return read_clocks(t, id); });
}

result<std::vector<kept_deadline>> clock_store::deadlines_of(incident_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<kept_deadline>> {
    std::vector<kept_deadline> all;
    for (const auto& row : t.exec_params(
             std::string{deadline_select} + "AND d.incident = $1 ORDER BY d.due, d.regime, d.clock",
             id.value))
      all.push_back(deadline_of(row));
    return all;
  });
}

result<std::vector<kept_deadline>> clock_store::running(const deadline_query& query) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<kept_deadline>> {
    std::vector<kept_deadline> all;
    const auto& after = query.after;
    for (const auto& row : t.exec_params(
             std::string{deadline_select} +
                 "AND d.met IS NULL AND d.due < $1 AND i.exercise = $2 AND ($3::bigint IS NULL OR "
                 "(d.due, d.incident, d.regime, d.clock) > ($4::timestamptz, $3, $5::text, "
                 "$6::smallint)) ORDER BY d.due, d.incident, d.regime, d.clock LIMIT $7",
             sql_time(query.before), query.exercise,
             after ? std::optional{after->incident.value} : std::nullopt,
             sql_time(after ? after->due : timestamp{}), after ? after->regime : "",
             after ? static_cast<int>(after->clock) : 0,
             std::clamp(query.limit, 1, incident::page_limit)))
      all.push_back(deadline_of(row));
    return all;
  });
}

result<void> clock_store::stop_clock(incident_id id, clock_kind clock, timestamp at,
                                     const std::string& note, incident::user_id by) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto refuse = [](std::string text) {
      return unexpected{store_error{store_errc::refused, std::move(text)}};
    };
    const auto rows =
        t.exec_params("SELECT micros(opened) FROM incident WHERE id = $1 FOR UPDATE", id.value);
    if (rows.empty())
      return unexpected{
          store_error{store_errc::not_found, fmt::format("there is no incident {}", id.value)}};
    if (note.size() > note_limit_bytes)
      return refuse("the note is too long");
    if (clock == clock_kind::detected || clock == clock_kind::aware || clock == clock_kind::closed)
      return refuse(fmt::format("{} is not set by hand", to_string(clock)));
    const auto moment = now();
    if (at > moment || at < time_of(rows[0][0]))
      return refuse("the moment lies ahead of now or before the incident was opened");
    if (!t.exec_params("SELECT 1 FROM incident_clock WHERE incident = $1 AND clock = $2", id.value,
                       static_cast<int>(clock))
             .empty())
      return refuse(fmt::format("{} has its time already", to_string(clock)));
    journal::event what;
    what.kind = journal::kind::clock_stopped;
    what.at = moment;
    what.incident = id;
    what.by = login_of(t, by);
    what.text = fmt::format("{} at {}{}{}", to_string(clock), to_rfc3339_ms(at),
                            note.empty() ? "" : ": ", note);
    json_writer{what.detail}.member("clock", to_string(clock)).member("clock_ns", to_ns(at));
    append(t, what);
    return {};
  });
}

} // namespace cresset::coord::store::clock
