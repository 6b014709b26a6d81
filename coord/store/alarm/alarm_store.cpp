#include "coord/store/alarm/alarm_store.hpp"

#include "coord/store/alarm/alarm_rows.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::alarm {
using namespace coord::alarm;
using incident::result;
namespace {

constexpr const char* columns =
    "id, kind, subject, text, incident, exercise, micros(raised), micros(acknowledged), "
    "acknowledged_by, micros(cleared), steps_done";

std::optional<timestamp> moment_of(const pqxx::field& micros) {
  return micros.is_null() ? std::nullopt : std::optional{time_of(micros)};
}

coord::alarm::alarm alarm_of(const pqxx::row& row) {
  coord::alarm::alarm one;
  one.id = {row[0].as<std::int64_t>()};
  one.cause = {static_cast<alarm_kind>(row[1].as<int>()), row[2].c_str(), row[3].c_str(),
               id_of<incident::incident_id>(row[4]), row[5].as<bool>()};
  one.raised = time_of(row[6]);
  one.acknowledged = moment_of(row[7]);
  one.acknowledged_by = row[8].c_str();
  one.cleared = moment_of(row[9]);
  one.steps_done = row[10].as<int>();
  return one;
}

std::vector<coord::alarm::alarm> alarms_of(const pqxx::result& rows) {
  std::vector<coord::alarm::alarm> all;
  for (const auto& row : rows)
    all.push_back(alarm_of(row));
  return all;
}

int bounded(int limit) {
  return std::clamp(limit, 1, incident::page_limit);
}

} // namespace

result<alarm_repository::raised_alarm> alarm_store::raise(const alarm_cause& cause, timestamp at) {
  return pool_.transact(
      [&](pqxx::work& t) -> result<raised_alarm> { return raise_alarm(t, cause, at); });
}

result<void> alarm_store::clear(alarm_kind kind, const std::string& subject, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    clear_alarm(t, kind, subject, at);
    return {};
  });
}

result<std::vector<coord::alarm::alarm>> alarm_store::alarms(const alarm_query& query) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<coord::alarm::alarm>> {
    return alarms_of(t.exec_params(
        fmt::format("SELECT {} FROM alarm WHERE ($1::bigint IS NULL OR id < $1) {} ORDER BY id "
                    "DESC LIMIT $2",
                    columns, query.open_only ? "AND cleared IS NULL AND acknowledged IS NULL" : ""),
        nullable(query.after), bounded(query.limit)));
  });
}

result<coord::alarm::alarm> alarm_store::acknowledge(alarm_id id, incident::user_id by,
                                                     timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<coord::alarm::alarm> {
    const auto rows = t.exec_params(
        fmt::format("SELECT {} FROM alarm WHERE id = $1 FOR UPDATE", columns), id.value);
    if (rows.empty())
      return unexpected{
          store_error{store_errc::not_found, fmt::format("there is no alarm {}", id.value)}};
    auto one = alarm_of(rows[0]);
    if (one.acknowledged)
      return unexpected{store_error{
          store_errc::refused, fmt::format("{} acknowledged it already", one.acknowledged_by)}};
    one.acknowledged = at;
    one.acknowledged_by = login_of(t, by);
    t.exec_params("UPDATE alarm SET acknowledged = $2, acknowledged_by = $3 WHERE id = $1",
                  id.value, sql_time(at), one.acknowledged_by);
    journal::event what;
    what.kind = journal::kind::alarm_acknowledged;
    what.at = at;
    what.incident = one.cause.incident.value_or(incident::incident_id{});
    what.by = one.acknowledged_by;
    what.text = "acknowledged: " + one.cause.text;
    append(t, what);
    return one;
  });
}

result<std::vector<coord::alarm::alarm>> alarm_store::waiting(int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<coord::alarm::alarm>> {
    return alarms_of(t.exec_params(
        fmt::format("SELECT {} FROM alarm WHERE cleared IS NULL AND acknowledged IS NULL AND NOT "
                    "exercise ORDER BY id LIMIT $1",
                    columns),
        bounded(limit)));
  });
}

result<void> alarm_store::called(alarm_id id, int step, const std::vector<call>& calls) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    t.exec_params("UPDATE alarm SET steps_done = greatest(steps_done, $2) WHERE id = $1", id.value,
                  step + 1);
    for (const auto& one : calls)
      t.exec_params("INSERT INTO alarm_call (alarm, step, channel, address, at, failure) VALUES "
                    "($1, $2, $3, $4, $5, $6)",
                    id.value, step, one.channel, one.address, sql_time(one.at), one.failure);
    return {};
  });
}

result<std::vector<call>> alarm_store::calls_of(alarm_id id, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<call>> {
    std::vector<call> calls;
    for (const auto& row :
         t.exec_params("SELECT step, channel, address, micros(at), failure FROM alarm_call WHERE "
                       "alarm = $1 ORDER BY at, step LIMIT $2",
                       id.value, bounded(limit)))
      calls.push_back(
          {id, row[0].as<int>(), row[1].c_str(), row[2].c_str(), time_of(row[3]), row[4].c_str()});
    return calls;
  });
}

} // namespace cresset::coord::store::alarm
