#include "coord/store/casework/work_rows.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"
#include "detect/alert/utf8.hpp"

#include <fmt/format.h>

namespace cresset::coord::store::casework {
using namespace coord::casework;
using incident::incident_id;
using incident::store_errc;
using incident::store_error;
using incident::user_id;
namespace {

constexpr const char* task_columns =
    "k.id, k.incident, k.title, k.kind, k.outcome, k.priority, k.assignee, coalesce(u.login, ''), "
    "k.asked_of, k.note, micros(k.due), micros(k.made), micros(k.changed), k.made_by, k.version "
    "FROM incident_task k LEFT JOIN app_user u ON u.id = k.assignee ";

std::optional<timestamp> time_or_none(const pqxx::field& micros) {
  return micros.is_null() ? std::nullopt : std::optional{time_of(micros)};
}

std::optional<std::string> sql_time_or_null(const std::optional<timestamp>& at) {
  return at && to_ns(*at) != 0 ? std::optional{sql_time(*at)} : std::nullopt;
}

task task_of(const pqxx::row& row) {
  task one;
  one.id = {row[0].as<std::int64_t>()};
  one.incident = {row[1].as<std::int64_t>()};
  one.title = row[2].c_str();
  one.kind = row[3].c_str();
  one.outcome = row[4].c_str();
  one.priority = row[5].as<int>();
  one.assignee = id_of<user_id>(row[6]);
  one.assignee_name = row[7].c_str();
  one.asked_of = row[8].c_str();
  one.note = row[9].c_str();
  one.due = time_or_none(row[10]);
  one.made = time_of(row[11]);
  one.changed = time_of(row[12]);
  one.made_by = row[13].c_str();
  one.version = row[14].as<std::int64_t>();
  return one;
}

std::vector<task> tasks_from(const pqxx::result& rows) {
  std::vector<task> all;
  for (const auto& row : rows)
    all.push_back(task_of(row));
  return all;
}

result<task> read_task(pqxx::work& t, task_id id) {
  const auto rows = t.exec_params(fmt::format("SELECT {} WHERE k.id = $1", task_columns), id.value);
  if (rows.empty())
    return not_found(fmt::format("there is no task {}", id.value));
  return task_of(rows[0]);
}

/// Nothing for nobody, an error for somebody who is not there.
result<void> known_user(pqxx::work& t, const std::optional<user_id>& user) {
  if (user && user->value != 0 && login_of(t, *user) == "unknown")
    return refuse("the assignee is no user of this server");
  return {};
}

std::string objection(const task& what) {
  if (!is_text(what.title, 1, 300))
    return "a task's title has 1 to 300 bytes of text";
  if (!is_task_kind(what.kind))
    return "the kind is not a task type of the incident suite";
  if (!is_task_outcome(what.outcome))
    return "the outcome is not one of the incident suite";
  if (what.priority < 0 || what.priority > 100)
    return "a priority is 0 to 100";
  if (!is_text(what.asked_of, 0, 300) || !is_text(what.note, 0, 10'000))
    return "whom it was asked of, or the note, is too long or not plain text";
  return {};
}

} // namespace

unexpected<store_error> refuse(std::string text) {
  return unexpected{store_error{store_errc::refused, std::move(text)}};
}

unexpected<store_error> not_found(std::string text) {
  return unexpected{store_error{store_errc::not_found, std::move(text)}};
}

bool is_text(const std::string& text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most && detect::alert::is_clean_utf8(text);
}

result<bool> lock_incident(pqxx::work& t, incident_id id) {
  const auto rows =
      t.exec_params("SELECT exercise FROM incident WHERE id = $1 FOR UPDATE", id.value);
  if (rows.empty())
    return not_found(fmt::format("there is no incident {}", id.value));
  return rows[0][0].as<bool>();
}

void record(pqxx::work& t, const note& what, timestamp at) {
  touch_incident(t, what.incident, at);
  journal::event event;
  event.kind = what.kind;
  event.at = at;
  event.incident = what.incident;
  event.by = what.by;
  event.text = what.text;
  event.detail = what.detail;
  append(t, event);
}

std::int64_t count_of(pqxx::work& t, const char* table, incident_id id) {
  return t
      .exec_params1(fmt::format("SELECT count(*) FROM {} WHERE incident = $1", table), id.value)[0]
      .as<std::int64_t>();
}

result<task> add_task(pqxx::work& t, const task& what, user_id by, timestamp at) {
  if (const auto no = objection(what); !no.empty())
    return refuse(no);
  if (const auto there = lock_incident(t, what.incident); !there)
    return unexpected{there.error()};
  if (const auto known = known_user(t, what.assignee); !known)
    return unexpected{known.error()};
  if (count_of(t, "incident_task", what.incident) >= tasks_limit)
    return refuse(fmt::format("an incident has at most {} tasks", tasks_limit));
  const auto name = login_of(t, by);
  const task_id id{
      t.exec_params1(
           "INSERT INTO incident_task (incident, title, kind, outcome, priority, assignee, "
           "asked_of, note, due, made, changed, made_by) VALUES ($1, $2, $3, $4, $5, "
           "$6, $7, $8, $9, $10, $10, $11) RETURNING id",
           what.incident.value, what.title, what.kind, what.outcome, what.priority,
           nullable(what.assignee), what.asked_of, what.note, sql_time_or_null(what.due),
           sql_time(at), name)[0]
          .as<std::int64_t>()};
  note said{journal::kind::incident_task,
            what.incident,
            name,
            fmt::format("task {} ({}): {}", id.value, what.kind, what.title),
            {}};
  json_writer{said.detail}
      .member("task", id.value)
      .member("kind", what.kind)
      .member("outcome", what.outcome);
  record(t, said, at);
  return read_task(t, id);
}

result<task> edit_task(pqxx::work& t, task_id id, std::int64_t seen_version, const task_edit& edit,
                       user_id by, timestamp at) {
  auto before = read_task(t, id);
  if (!before)
    return before;
  if (const auto there = lock_incident(t, before->incident); !there)
    return unexpected{there.error()};
  before = read_task(t, id); // nobody changes it behind the incident's lock
  if (before->version != seen_version)
    return unexpected{store_error{
        store_errc::stale,
        fmt::format("the task is at version {} by now: read it again", before->version)}};
  auto after = *before;
  after.title = edit.title.value_or(after.title);
  after.outcome = edit.outcome.value_or(after.outcome);
  after.priority = edit.priority.value_or(after.priority);
  after.asked_of = edit.asked_of.value_or(after.asked_of);
  after.note = edit.note.value_or(after.note);
  if (edit.due)
    after.due = edit.due;
  if (edit.assignee)
    after.assignee = edit.assignee->value == 0 ? std::nullopt : edit.assignee;
  if (const auto no = objection(after); !no.empty())
    return refuse(no);
  if (const auto known = known_user(t, after.assignee); !known)
    return unexpected{known.error()};
  t.exec_params(
      "UPDATE incident_task SET title = $2, outcome = $3, priority = $4, assignee = $5, "
      "asked_of = $6, note = $7, due = $8, changed = $9, version = version + 1 WHERE id = "
      "$1",
      id.value, after.title, after.outcome, after.priority, nullable(after.assignee),
      after.asked_of, after.note, sql_time_or_null(after.due), sql_time(at));
  note said{journal::kind::incident_task,
            before->incident,
            login_of(t, by),
            fmt::format("task {} ({}): {}", id.value, after.title, after.outcome),
            {}};
  json_writer{said.detail}
      .member("task", id.value)
      .member("from", before->outcome)
      .member("outcome", after.outcome);
  record(t, said, at);
  return read_task(t, id);
}

std::vector<task> tasks_of_incident(pqxx::work& t, incident_id id, std::int64_t after, int limit) {
  return tasks_from(
      t.exec_params(fmt::format("SELECT {} WHERE k.incident = $1 AND k.id > $2 ORDER BY k.id LIMIT "
                                "$3",
                                task_columns),
                    id.value, after, limit));
}

std::vector<task> tasks_of_user(pqxx::work& t, user_id user, std::int64_t after, int limit) {
  return tasks_from(t.exec_params(
      fmt::format("SELECT {} WHERE k.assignee = $1 AND k.id > $2 AND k.outcome IN ('pending', "
                  "'ongoing') ORDER BY k.id LIMIT $3",
                  task_columns),
      user.value, after, limit));
}

result<happening> add_happening(pqxx::work& t, const happening& what, user_id by, timestamp at) {
  if (!is_happening_status(what.status) || !is_happening_kind(what.kind))
    return refuse("the status is not one of the incident suite, or the kind is no short word");
  if (!is_text(what.description, 1, 10'000))
    return refuse("a description has 1 to 10000 bytes of text");
  if (what.begun && what.ended && *what.ended < *what.begun)
    return refuse("it ends before it begins");
  if (const auto there = lock_incident(t, what.incident); !there)
    return unexpected{there.error()};
  if (count_of(t, "incident_happening", what.incident) >= happenings_limit)
    return refuse(fmt::format("an incident has at most {} happenings", happenings_limit));
  auto made = what;
  made.made = at;
  made.made_by = login_of(t, by);
  made.id = {t.exec_params1("INSERT INTO incident_happening (incident, status, kind, description, "
                            "begun, ended, made, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                            "RETURNING id",
                            what.incident.value, what.status, what.kind, what.description,
                            sql_time_or_null(what.begun), sql_time_or_null(what.ended),
                            sql_time(at), made.made_by)[0]
                 .as<std::int64_t>()};
  note said{journal::kind::incident_happening,
            what.incident,
            made.made_by,
            fmt::format("{} ({}): {}", what.kind, what.status, what.description),
            {}};
  json_writer{said.detail}.member("happening", made.id.value).member("status", what.status);
  record(t, said, at);
  return made;
}

std::vector<happening> happenings_of(pqxx::work& t, incident_id id, std::int64_t after, int limit) {
  std::vector<happening> all;
  for (const auto& row : t.exec_params(
           "SELECT id, incident, status, kind, description, micros(begun), micros(ended), "
           "micros(made), made_by FROM incident_happening WHERE incident = $1 AND id > $2 ORDER BY "
           "id LIMIT $3",
           id.value, after, limit))
    all.push_back({{row[0].as<std::int64_t>()},
                   {row[1].as<std::int64_t>()},
                   row[2].c_str(),
                   row[3].c_str(),
                   row[4].c_str(),
                   time_or_none(row[5]),
                   time_or_none(row[6]),
                   time_of(row[7]),
                   row[8].c_str()});
  return all;
}

namespace {

std::string objection(const impact& what) {
  if (!is_impact_category(what.category))
    return "the category is not one of the incident suite";
  if (what.criticality < 0 || what.criticality > 100 || what.entities < 0)
    return "a criticality is 0 to 100, and a count is not negative";
  if (!is_text(what.description, 1, 10'000) || !is_text(what.entity, 0, 64))
    return "a description has 1 to 10000 bytes of text, an entity at most 64";
  if (!what.recoverability.empty() && !incident::is_recoverability(what.recoverability))
    return "the recoverability is no word of the incident core";
  return {};
}

} // namespace

result<impact> add_impact(pqxx::work& t, const impact& what, std::optional<impact_id> supersedes,
                          user_id by, timestamp at) {
  if (const auto no = objection(what); !no.empty())
    return refuse(no);
  if (const auto there = lock_incident(t, what.incident); !there)
    return unexpected{there.error()};
  if (count_of(t, "incident_impact", what.incident) >= impacts_limit)
    return refuse(fmt::format("an incident has at most {} impacts", impacts_limit));
  auto made = what;
  made.made = at;
  made.made_by = login_of(t, by);
  made.id = {t.exec_params1("INSERT INTO incident_impact (incident, category, criticality, "
                            "description, entity, entities, recoverability, made, made_by) VALUES "
                            "($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
                            what.incident.value, what.category, what.criticality, what.description,
                            what.entity, what.entities, what.recoverability, sql_time(at),
                            made.made_by)[0]
                 .as<std::int64_t>()};
  if (supersedes &&
      t.exec_params("UPDATE incident_impact SET superseded_by = $2 WHERE id = $1 AND incident = $3 "
                    "AND superseded_by IS NULL",
                    supersedes->value, made.id.value, what.incident.value)
              .affected_rows() != 1)
    return refuse("the estimate to be superseded is not one of this incident in force");
  note said{journal::kind::incident_impact,
            what.incident,
            made.made_by,
            fmt::format("impact on {} ({}): {}", what.category, what.criticality, what.description),
            {}};
  json_writer{said.detail}
      .member("impact", made.id.value)
      .member("category", what.category)
      .member("criticality", what.criticality);
  record(t, said, at);
  return made;
}

std::vector<impact> impacts_of(pqxx::work& t, incident_id id, std::int64_t after, int limit) {
  std::vector<impact> all;
  for (const auto& row : t.exec_params(
           "SELECT id, incident, category, criticality, description, entity, entities, "
           "recoverability, superseded_by, micros(made), made_by FROM incident_impact WHERE "
           "incident = $1 AND id > $2 ORDER BY id LIMIT $3",
           id.value, after, limit))
    all.push_back({{row[0].as<std::int64_t>()},
                   {row[1].as<std::int64_t>()},
                   row[2].c_str(),
                   row[3].as<int>(),
                   row[4].c_str(),
                   row[5].c_str(),
                   row[6].as<std::int64_t>(),
                   row[7].c_str(),
                   id_of<impact_id>(row[8]),
                   time_of(row[9]),
                   row[10].c_str()});
  return all;
}

} // namespace cresset::coord::store::casework
