#include "coord/store/casework/relation_rows.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/casework/work_rows.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::casework {
using namespace coord::casework;
using incident::incident_id;
using incident::user_id;

std::vector<watcher> watchers_of(pqxx::work& t, incident_id id) {
  std::vector<watcher> all;
  for (const auto& row : t.exec_params(
           "SELECT w.user_id, u.login, micros(w.since) FROM incident_watcher w JOIN app_user u ON "
           "u.id = w.user_id WHERE w.incident = $1 ORDER BY u.login LIMIT $2",
           id.value, watchers_limit))
    all.push_back({{row[0].as<std::int64_t>()}, row[1].c_str(), time_of(row[2])});
  return all;
}

// Who looks on changes nothing of the matter itself, so the version stays.
result<void> set_watching(pqxx::work& t, incident_id id, user_id user, bool on, timestamp at) {
  if (const auto there = lock_incident(t, id); !there)
    return unexpected{there.error()};
  if (on && count_of(t, "incident_watcher", id) >= watchers_limit)
    return refuse(fmt::format("an incident has at most {} watchers", watchers_limit));
  const auto changed =
      on ? t.exec_params("INSERT INTO incident_watcher (incident, user_id, since) VALUES ($1, $2, "
                         "$3) ON CONFLICT DO NOTHING",
                         id.value, user.value, sql_time(at))
               .affected_rows()
         : t.exec_params("DELETE FROM incident_watcher WHERE incident = $1 AND user_id = $2",
                         id.value, user.value)
               .affected_rows();
  if (changed == 0)
    return {};
  journal::event event;
  event.kind = journal::kind::incident_watcher;
  event.at = at;
  event.incident = id;
  event.by = login_of(t, user);
  event.text = on ? "watches" : "watches no more";
  json_writer{event.detail}.member("on", on);
  append(t, event);
  return {};
}

std::vector<incident_id> watched_by(pqxx::work& t, user_id user, std::int64_t before, int limit) {
  std::vector<incident_id> all;
  for (const auto& row :
       t.exec_params("SELECT incident FROM incident_watcher WHERE user_id = $1 AND ($2::bigint = 0 "
                     "OR incident < $2) ORDER BY incident DESC LIMIT $3",
                     user.value, before, limit))
    all.push_back({row[0].as<std::int64_t>()});
  return all;
}

std::vector<comment> comments_of(pqxx::work& t, incident_id id, std::int64_t after, int limit) {
  std::vector<comment> all;
  for (const auto& row : t.exec_params(
           "SELECT sequence, at_ns, convert_from(body, 'UTF8')::jsonb ->> 'by', "
           "convert_from(body, 'UTF8')::jsonb ->> 'text' FROM journal WHERE incident = $1 AND "
           "incident <> 0 AND kind = $2 AND body IS NOT NULL AND sequence > $3 ORDER BY sequence "
           "LIMIT $4",
           id.value, std::string{journal::kind::incident_note}, after, limit))
    all.push_back(
        {row[0].as<std::int64_t>(), capture_time_of(row[1]), row[2].c_str(), row[3].c_str()});
  return all;
}

std::vector<incident_link> links_of(pqxx::work& t, incident_id id) {
  std::vector<incident_link> all;
  for (const auto& row : t.exec_params(
           "SELECT l.a, a.name, l.b, b.name, l.kind, micros(l.made), l.made_by FROM (SELECT * FROM "
           "incident_link WHERE a = $1 UNION SELECT * FROM incident_link WHERE b = $1) l JOIN "
           "incident a ON a.id = l.a JOIN incident b ON b.id = l.b ORDER BY l.made, l.a, l.b LIMIT "
           "$2",
           id.value, 2 * links_limit))
    all.push_back({{row[0].as<std::int64_t>()},
                   row[1].c_str(),
                   {row[2].as<std::int64_t>()},
                   row[3].c_str(),
                   row[4].c_str(),
                   time_of(row[5]),
                   row[6].c_str()});
  return all;
}

void write_link(pqxx::work& t, incident_id from, incident_id to, std::string_view kind,
                const std::string& by, timestamp at) {
  t.exec_params("INSERT INTO incident_link (a, b, kind, made, made_by) VALUES ($1, $2, $3, $4, $5) "
                "ON CONFLICT DO NOTHING",
                from.value, to.value, std::string{kind}, sql_time(at), by);
}

void drop_link(pqxx::work& t, incident_id from, incident_id to, std::string_view kind) {
  t.exec_params("DELETE FROM incident_link WHERE a = $1 AND b = $2 AND kind = $3", from.value,
                to.value, std::string{kind});
}

result<void> set_link(pqxx::work& t, const incident_link& what, bool on, user_id by, timestamp at) {
  if (!is_link_kind(what.kind) || what.kind == "merged" || what.kind == "split")
    return refuse(
        "a link is related, duplicate, led-to or same-campaign; merged and split are made "
        "by merging and splitting");
  if (what.from == what.to)
    return refuse("an incident is not linked with itself");
  bool exercise[2] = {};
  const auto [low, high] = std::minmax(what.from, what.to);
  const incident_id in_order[2] = {low, high};
  for (int i = 0; i < 2; ++i) {
    const auto there = lock_incident(t, in_order[i]);
    if (!there)
      return unexpected{there.error()};
    exercise[i] = *there;
  }
  if (exercise[0] != exercise[1])
    return refuse("an exercise and a real matter are never linked");
  if (on && count_of(t, "(SELECT a AS incident FROM incident_link) l", what.from) >= links_limit)
    return refuse(fmt::format("an incident has at most {} links", links_limit));
  const auto name = login_of(t, by);
  if (on)
    write_link(t, what.from, what.to, what.kind, name, at);
  else
    drop_link(t, what.from, what.to, what.kind);
  for (const auto id : in_order) {
    note said{journal::kind::incident_link,
              id,
              name,
              fmt::format("{} {} {} {}", on ? "linked" : "unlinked", what.from.value, what.kind,
                          what.to.value),
              {}};
    json_writer{said.detail}
        .member("from", what.from.value)
        .member("to", what.to.value)
        .member("kind", what.kind)
        .member("on", on);
    record(t, said, at);
  }
  return {};
}

} // namespace cresset::coord::store::casework
