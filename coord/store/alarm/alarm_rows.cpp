#include "coord/store/alarm/alarm_rows.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/alarm/alarm_store.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

namespace cresset::coord::store::alarm {
using namespace coord::alarm;
namespace {

void write(pqxx::work& t, std::string_view kind, const alarm_cause& cause, alarm_id id,
           timestamp at) {
  journal::event what;
  what.kind = kind;
  what.at = at;
  what.incident = cause.incident.value_or(incident::incident_id{});
  what.by = "alarms";
  what.text = cause.text;
  json_writer{what.detail}
      .member("alarm", id.value)
      .member("alarm_kind", to_string(cause.kind))
      .member("subject", cause.subject);
  append(t, what);
}

} // namespace

alarm_repository::raised_alarm raise_alarm(pqxx::work& t, const alarm_cause& given, timestamp at) {
  auto cause = given;
  cause.subject.resize(std::min(cause.subject.size(), alarm_store::subject_limit_bytes));
  cause.text.resize(std::min(cause.text.size(), alarm_store::text_limit_bytes));
  const auto made = t.exec_params(
      "INSERT INTO alarm (kind, subject, text, incident, exercise, raised) VALUES ($1, $2, $3, $4, "
      "$5, $6) ON CONFLICT (kind, subject) WHERE cleared IS NULL DO NOTHING RETURNING id",
      static_cast<int>(cause.kind), cause.subject, cause.text, nullable(cause.incident),
      cause.exercise, sql_time(at));
  if (!made.empty()) {
    const alarm_id id{made[0][0].as<std::int64_t>()};
    write(t, journal::kind::alarm_raised, cause, id, at);
    return {id, true};
  }
  const auto standing =
      t.exec_params1("SELECT id FROM alarm WHERE kind = $1 AND subject = $2 AND cleared IS NULL",
                     static_cast<int>(cause.kind), cause.subject);
  return {{standing[0].as<std::int64_t>()}, false};
}

void clear_alarm(pqxx::work& t, alarm_kind kind, const std::string& subject, timestamp at) {
  const auto cleared = t.exec_params(
      "UPDATE alarm SET cleared = $3 WHERE kind = $1 AND subject = $2 AND cleared IS NULL "
      "RETURNING id, text, incident",
      static_cast<int>(kind), subject, sql_time(at));
  for (const auto& row : cleared)
    write(t, journal::kind::alarm_cleared,
          {kind, subject, row[1].c_str(), id_of<incident::incident_id>(row[2]), false},
          {row[0].as<std::int64_t>()}, at);
}

} // namespace cresset::coord::store::alarm
