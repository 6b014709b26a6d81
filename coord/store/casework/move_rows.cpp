// Merging and splitting are the same thing: groups, tasks, happenings, impacts, attachments,
// watchers and reports change the incident they belong to, and `incident_move` remembers which, so
// that taking it back moves exactly those that are still there. Nothing is copied and nothing is
// deleted. The evidence of a group hangs on its alerts and goes along. Markings only become
// stricter: an undone merge leaves the target as strict as its source was.
#include "coord/store/casework/move_rows.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/casework/relation_rows.hpp"
#include "coord/store/casework/work_rows.hpp"
#include "coord/store/incident_changes.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::casework {
using namespace coord::casework;
using incident::group_state;
using incident::incident_id;
using incident::incident_state;
using incident::store_errc;
using incident::store_error;
using incident::user_id;
namespace {

constexpr int moves_shown = 100;

constexpr const char* move_columns =
    "id, kind, source, target, groups, micros(at), by_name, micros(undone), undone_by ";

incident_move move_of(const pqxx::row& row) {
  incident_move one;
  one.id = {row[0].as<std::int64_t>()};
  one.kind = std::string_view{row[1].c_str()} == "merge" ? move_kind::merge : move_kind::split;
  one.source = {row[2].as<std::int64_t>()};
  one.target = {row[3].as<std::int64_t>()};
  for (const auto id : numbers_of(row[4]))
    one.groups.push_back({id});
  one.at = time_of(row[5]);
  one.by = row[6].c_str();
  if (!row[7].is_null())
    one.undone = time_of(row[7]);
  one.undone_by = row[8].c_str();
  return one;
}

incident_move read_move(pqxx::work& t, move_id id) {
  return move_of(t.exec_params1(
      fmt::format("SELECT {} FROM incident_move WHERE id = $1", move_columns), id.value));
}

std::string numbers(const std::vector<std::int64_t>& values) {
  array_text list;
  for (const auto value : values)
    list.add(value);
  return list.str();
}

/// The groups of both, then both, in the order of their ids (docs/database.md, rule 2).
void lock_both(pqxx::work& t, incident_id a, incident_id b) {
  t.exec_params("SELECT 1 FROM alert_group g JOIN incident_group l ON l.group_id = g.id WHERE "
                "l.incident IN ($1, $2) ORDER BY g.id FOR UPDATE OF g",
                a.value, b.value);
  t.exec_params("SELECT 1 FROM incident WHERE id IN ($1, $2) ORDER BY id FOR UPDATE", a.value,
                b.value);
}

result<incident::incident> seen(pqxx::work& t, incident_id id, std::int64_t version) {
  auto found = read_incident(t, id);
  if (found && found->version != version)
    return unexpected{store_error{store_errc::stale,
                                  fmt::format("incident {} is at version {} by now: read it again",
                                              found->name, found->version)}};
  return found;
}

/// Rows of `table` that go; all of the source when `wanted` is empty.
std::vector<std::int64_t> take_along(pqxx::work& t, const char* table, incident_id source,
                                     incident_id target,
                                     const std::optional<std::vector<std::int64_t>>& wanted) {
  std::vector<std::int64_t> moved;
  for (const auto& row : t.exec_params(
           fmt::format("UPDATE {} SET incident = $2 WHERE incident = $1 AND ($3::bigint[] IS NULL "
                       "OR id = ANY ($3)) RETURNING id",
                       table),
           source.value, target.value, wanted ? std::optional{numbers(*wanted)} : std::nullopt))
    moved.push_back(row[0].as<std::int64_t>());
  return moved;
}

void move_groups(pqxx::work& t, const std::vector<std::int64_t>& groups, incident_id source,
                 incident_id target, timestamp at) {
  const auto list = numbers(groups);
  t.exec_params("INSERT INTO incident_group (incident, group_id, added) SELECT $2, group_id, $4 "
                "FROM incident_group WHERE incident = $1 AND group_id = ANY ($3::bigint[]) ON "
                "CONFLICT DO NOTHING",
                source.value, target.value, list, sql_time(at));
  t.exec_params("DELETE FROM incident_group WHERE incident = $1 AND group_id = ANY ($2::bigint[])",
                source.value, list);
  // Of a closed incident the groups stand alone, acknowledged: they come along all the same.
  t.exec_params("UPDATE alert_group SET incident = $1, state = $2, reopened = '' WHERE id = ANY "
                "($3::bigint[]) AND (incident IS NULL OR incident = $4)",
                target.value, static_cast<int>(group_state::in_incident), list, source.value);
}

std::vector<std::int64_t> groups_of(pqxx::work& t, incident_id id) {
  std::vector<std::int64_t> all;
  for (const auto& row : t.exec_params(
           "SELECT group_id FROM incident_group WHERE incident = $1 ORDER BY group_id", id.value))
    all.push_back(row[0].as<std::int64_t>());
  return all;
}

std::vector<std::int64_t> move_watchers(pqxx::work& t, incident_id source, incident_id target) {
  std::vector<std::int64_t> added;
  for (const auto& row :
       t.exec_params("INSERT INTO incident_watcher (incident, user_id, since) SELECT $2, user_id, "
                     "since FROM incident_watcher WHERE incident = $1 ON CONFLICT DO NOTHING "
                     "RETURNING user_id",
                     source.value, target.value))
    added.push_back(row[0].as<std::int64_t>());
  return added;
}

struct moved_rows {
  std::vector<std::int64_t> groups, tasks, happenings, impacts, attachments, watchers, reports;
};

move_id remember(pqxx::work& t, move_kind kind, incident_id source, incident_id target,
                 const moved_rows& moved, incident_state before, const std::string& by,
                 timestamp at) {
  return {t.exec_params1("INSERT INTO incident_move (kind, source, target, groups, tasks, "
                         "happenings, impacts, attachments, watchers, reports, state_before, at, "
                         "by_name) VALUES ($1, $2, $3, $4::bigint[], $5::bigint[], $6::bigint[], "
                         "$7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11, $12, $13) "
                         "RETURNING id",
                         std::string{to_string(kind)}, source.value, target.value,
                         numbers(moved.groups), numbers(moved.tasks), numbers(moved.happenings),
                         numbers(moved.impacts), numbers(moved.attachments),
                         numbers(moved.watchers), numbers(moved.reports), static_cast<int>(before),
                         sql_time(at), by)[0]
              .as<std::int64_t>()};
}

void tell_both(pqxx::work& t, std::string_view kind, const incident_move& what,
               const std::string& by, const std::string& text, timestamp at) {
  for (const auto id : {what.source, what.target}) {
    note said{kind, id, by, text, {}};
    json_writer json{said.detail};
    json.member("move", what.id.value)
        .member("source", what.source.value)
        .member("target", what.target.value)
        .key("groups")
        .begin_array();
    for (const auto group : what.groups)
      json.number(group.value);
    json.end_array();
    record(t, said, at);
  }
}

/// The target becomes as strict as the source, and knows what the source knew.
void inherit(pqxx::work& t, incident_id source, incident_id target) {
  t.exec_params(
      "UPDATE incident x SET tlp = greatest(x.tlp, s.tlp), pap = greatest(x.pap, s.pap), "
      "personal_data = x.personal_data OR s.personal_data, criticality = greatest(x.criticality, "
      "s.criticality), techniques = (ARRAY(SELECT DISTINCT v FROM unnest(x.techniques || "
      "s.techniques) v ORDER BY v))[1:100], cves = (ARRAY(SELECT DISTINCT v FROM unnest(x.cves || "
      "s.cves) v ORDER BY v))[1:100] FROM incident s WHERE s.id = $1 AND x.id = $2",
      source.value, target.value);
}

void close_as_duplicate(pqxx::work& t, incident_id id, incident_id of, const std::string& note) {
  t.exec_params("UPDATE incident SET state = $2, closed_as = $3, close_note = $4, merged_into = $5 "
                "WHERE id = $1",
                id.value, static_cast<int>(incident_state::closed),
                static_cast<int>(incident::close_reason::duplicate), note, of.value);
}

std::string objection(const incident::incident& source, const incident::incident& target) {
  if (source.id == target.id)
    return "an incident is not merged with itself";
  if (source.merged_into)
    return fmt::format("{} was merged already", source.name);
  if (target.state == incident_state::closed)
    return fmt::format("{} is closed: reopen it first", target.name);
  if (source.exercise != target.exercise)
    return "an exercise and a real matter never share an incident";
  return {};
}

} // namespace

result<incident_move> merge_incidents(pqxx::work& t, const merge_request& request, timestamp at) {
  lock_both(t, request.source, request.target);
  const auto source = seen(t, request.source, request.source_version);
  if (!source)
    return unexpected{source.error()};
  const auto target = seen(t, request.target, request.target_version);
  if (!target)
    return unexpected{target.error()};
  if (const auto no = objection(*source, *target); !no.empty())
    return refuse(no);
  const auto by = login_of(t, request.by);
  moved_rows moved;
  moved.groups = groups_of(t, source->id);
  move_groups(t, moved.groups, source->id, target->id, at);
  moved.tasks = take_along(t, "incident_task", source->id, target->id, {});
  moved.happenings = take_along(t, "incident_happening", source->id, target->id, {});
  moved.impacts = take_along(t, "incident_impact", source->id, target->id, {});
  moved.attachments = take_along(t, "incident_attachment", source->id, target->id, {});
  moved.reports = take_along(t, "report", source->id, target->id, {});
  moved.watchers = move_watchers(t, source->id, target->id);
  inherit(t, source->id, target->id);
  close_as_duplicate(t, source->id, target->id, "merged into " + target->name);
  write_link(t, source->id, target->id, "merged", by, at);
  const auto made = read_move(
      t, remember(t, move_kind::merge, source->id, target->id, moved, source->state, by, at));
  tell_both(t, journal::kind::incident_merged, made, by,
            fmt::format("{} merged into {}", source->name, target->name), at);
  return made;
}

namespace {

std::string objection(const incident::incident& source, const split_request& request) {
  if (source.state == incident_state::closed)
    return "the incident is closed: reopen it first";
  if (!is_text(request.title, 1, 300))
    return "the new incident needs a title of at most 300 bytes";
  if (request.groups.empty() || request.groups.size() >= source.groups.size())
    return "name at least one group of the incident, and not all of them";
  for (const auto group : request.groups)
    if (std::ranges::find(source.groups, group, &incident::group_id::value) == source.groups.end())
      return fmt::format("group {} is not part of the incident", group);
  return {};
}

incident_seed seed_of(const incident::incident& source, const split_request& request,
                      const std::string& by) {
  incident_seed seed;
  seed.title = request.title;
  seed.why = {{"split_from", {{"incident", source.name}, {"by", by}}}};
  seed.why.insert(seed.why.end(), source.reasons.begin(), source.reasons.end());
  seed.why.resize(std::min(seed.why.size(), incident::reasons_limit));
  seed.rule = source.rule;
  seed.severity = source.severity;
  seed.classified = source.classified;
  seed.label = source.label;
  seed.actions = source.actions;
  seed.victim = incident::asset{source.constituent, source.sector, source.criticality};
  seed.personal_data = source.personal_data;
  seed.exercise = source.exercise;
  seed.by = by;
  return seed;
}

} // namespace

result<incident_move> split_incident(pqxx::work& t, const split_request& request, timestamp at) {
  const auto source = locked_incident(t, {request.source, request.source_version, request.by});
  if (!source)
    return unexpected{source.error()};
  if (const auto no = objection(*source, request); !no.empty())
    return refuse(no);
  const auto by = login_of(t, request.by);
  const auto target = *insert_incident(t, seed_of(*source, request, by), at);
  t.exec_params("UPDATE incident x SET legal_basis = s.legal_basis, retain_until = s.retain_until, "
                "owner = s.owner, state = s.state FROM incident s WHERE s.id = $1 AND x.id = $2",
                source->id.value, target.value);
  moved_rows moved;
  moved.groups = request.groups;
  move_groups(t, moved.groups, source->id, target, at);
  moved.tasks = take_along(t, "incident_task", source->id, target, request.tasks);
  moved.attachments = take_along(t, "incident_attachment", source->id, target, request.attachments);
  if (moved.tasks.size() != request.tasks.size() ||
      moved.attachments.size() != request.attachments.size())
    return refuse("a task or attachment is not of this incident, or stands twice");
  t.exec_params(
      "UPDATE incident i SET techniques = ARRAY(SELECT DISTINCT v FROM incident_group l "
      "JOIN alert_group g ON g.id = l.group_id JOIN known_rule r ON r.sid = g.sid AND "
      "r.gid = g.gid, unnest(r.techniques) v WHERE l.incident = $1 ORDER BY v LIMIT 100), "
      "cves = ARRAY(SELECT DISTINCT v FROM incident_group l JOIN alert_group g ON g.id = "
      "l.group_id JOIN known_rule r ON r.sid = g.sid AND r.gid = g.gid, unnest(r.cves) v "
      "WHERE l.incident = $1 ORDER BY v LIMIT 100) WHERE i.id = $1",
      target.value);
  write_link(t, source->id, target, "split", by, at);
  const auto made =
      read_move(t, remember(t, move_kind::split, source->id, target, moved, source->state, by, at));
  tell_both(t, journal::kind::incident_split, made, by,
            fmt::format("{} groups of {} split into incident {}", moved.groups.size(), source->name,
                        target.value),
            at);
  return made;
}

namespace {

/// What a move took along and is still where it went goes back.
void take_back(pqxx::work& t, const incident_move& move, timestamp at) {
  std::vector<std::int64_t> groups;
  for (const auto& row :
       t.exec_params("SELECT group_id FROM incident_group WHERE incident = $1 AND group_id = ANY "
                     "((SELECT groups FROM incident_move WHERE id = $2)::bigint[])",
                     move.target.value, move.id.value))
    groups.push_back(row[0].as<std::int64_t>());
  move_groups(t, groups, move.target, move.source, at);
  const std::pair<const char*, const char*> tables[] = {{"incident_task", "tasks"},
                                                        {"incident_happening", "happenings"},
                                                        {"incident_impact", "impacts"},
                                                        {"incident_attachment", "attachments"},
                                                        {"report", "reports"}};
  for (const auto& [table, column] : tables)
    take_along(
        t, table, move.target, move.source,
        numbers_of(t.exec_params1(fmt::format("SELECT {} FROM incident_move WHERE id = $1", column),
                                  move.id.value)[0]));
  t.exec_params("DELETE FROM incident_watcher WHERE incident = $1 AND user_id = ANY ((SELECT "
                "watchers FROM incident_move WHERE id = $2)::bigint[])",
                move.target.value, move.id.value);
}

} // namespace

result<incident_move> undo_move(pqxx::work& t, move_id id, user_id by, timestamp at) {
  const auto rows = t.exec_params(
      fmt::format("SELECT {}, state_before FROM incident_move WHERE id = $1", move_columns),
      id.value);
  if (rows.empty())
    return not_found(fmt::format("there is no merge or split {}", id.value));
  auto move = move_of(rows[0]);
  lock_both(t, move.source, move.target);
  move = read_move(t, id); // nobody undoes it behind these locks
  if (move.undone)
    return refuse("it was undone already");
  const auto newest = t.exec_params1(
      "SELECT max(id) FROM incident_move WHERE undone IS NULL AND (source IN ($1, $2) OR target IN "
      "($1, $2))",
      move.source.value, move.target.value)[0];
  if (newest.as<std::int64_t>() != id.value)
    return refuse("a later merge or split stands on this one: undo that one first");
  const auto name = login_of(t, by);
  take_back(t, move, at);
  const auto before = rows[0][9].as<int>();
  if (move.kind == move_kind::merge) {
    // A source that was closed when it was merged is closed again, as what it was is not known.
    t.exec_params("UPDATE incident SET state = $2, closed_as = CASE WHEN $2::smallint = 6 THEN "
                  "closed_as END, close_note = '', merged_into = NULL WHERE id = $1",
                  move.source.value, before);
    drop_link(t, move.source, move.target, "merged");
  } else {
    close_as_duplicate(t, move.target, move.source, "the split was undone");
  }
  t.exec_params("UPDATE incident_move SET undone = $2, undone_by = $3 WHERE id = $1", id.value,
                sql_time(at), name);
  tell_both(t, journal::kind::incident_move_undone, move, name,
            fmt::format("{} {} undone", to_string(move.kind), id.value), at);
  return read_move(t, id);
}

std::vector<incident_move> moves_of(pqxx::work& t, incident_id id) {
  std::vector<incident_move> all;
  for (const auto& row : t.exec_params(
           fmt::format("SELECT {} FROM incident_move WHERE source = $1 OR target = $1 ORDER BY id "
                       "DESC LIMIT $2",
                       move_columns),
           id.value, moves_shown))
    all.push_back(move_of(row));
  return all;
}

result<incident::incident> mark_exercise(pqxx::work& t, incident_id id, std::int64_t seen_version,
                                         bool exercise, user_id by, timestamp at) {
  const auto before = locked_incident(t, {id, seen_version, by});
  if (!before)
    return before;
  if (before->exercise == exercise)
    return refuse(exercise ? "it is an exercise already" : "it is no exercise");
  const auto linked =
      t.exec_params("SELECT 1 FROM incident_link WHERE a = $1 OR b = $1 LIMIT 1", id.value);
  if (!linked.empty())
    return refuse("it is linked with other incidents: an exercise and a real matter never are");
  t.exec_params("UPDATE incident SET exercise = $2 WHERE id = $1", id.value, exercise);
  // A group that changes sides ends its generation: alerts that come later are what their sensor
  // says they are, and begin a group of their own.
  t.exec_params("UPDATE alert_group g SET exercise = $2, live = false FROM incident_group l WHERE "
                "l.incident = $1 AND g.id = l.group_id AND g.exercise <> $2",
                id.value, exercise);
  t.exec_params("UPDATE report SET exercise = $2 WHERE incident = $1", id.value, exercise);
  note said{journal::kind::incident_exercise,
            id,
            login_of(t, by),
            exercise ? "marked as an exercise" : "the mark of an exercise was taken away",
            {}};
  json_writer{said.detail}.member("exercise", exercise);
  record(t, said, at);
  return read_incident(t, id);
}

} // namespace cresset::coord::store::casework
