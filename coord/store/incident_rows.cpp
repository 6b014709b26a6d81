#include "coord/store/incident_rows.hpp"

#include "coord/incident/rule_facts.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/kept_evidence.hpp"
#include "coord/store/sql_text.hpp"

#include "capture/base/json_writer.hpp"

#include <fmt/format.h>

namespace cresset::coord::store {
using namespace incident;
namespace {

journal::event event_of(std::string_view kind, incident_id id, timestamp at, std::string by,
                        std::string text) {
  journal::event what;
  what.kind = kind;
  what.at = at;
  what.incident = id;
  what.by = std::move(by);
  what.text = std::move(text);
  return what;
}

} // namespace

std::optional<incident_id> incident_of_correlation(pqxx::work& t, const std::string& correlation) {
  // Merges are followed, each one once; a circle cannot be made, and could not hold us here.
  const auto found = t.exec_params(
      "WITH RECURSIVE chain (id, next, depth) AS ("
      "SELECT id, merged_into, 0 FROM incident WHERE correlation = $1 UNION ALL "
      "SELECT i.id, i.merged_into, c.depth + 1 FROM chain c JOIN incident i ON i.id = c.next "
      "WHERE c.depth < 32) SELECT id FROM chain ORDER BY depth DESC LIMIT 1",
      correlation);
  return found.empty() ? std::nullopt : std::optional{incident_id{found[0][0].as<std::int64_t>()}};
}

std::optional<incident_id> insert_incident(pqxx::work& t, const incident_seed& seed, timestamp at) {
  const auto words = render(seed.why, language::en);
  const auto victim = seed.victim.value_or(asset{});
  const auto made = t.exec_params(
      "INSERT INTO incident (title, why, rule, correlation, severity, rsit_class, rsit_type, tlp, "
      "pap, exercise, opened, changed, reasons, sector, constituent, criticality, personal_data) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12::jsonb, $13, $14, $15, $16) "
      "ON CONFLICT (correlation) DO NOTHING RETURNING id",
      seed.title, words, seed.rule, seed.correlation, seed.severity, seed.classified.classification,
      seed.classified.type, static_cast<int>(seed.label), static_cast<int>(seed.actions),
      seed.exercise, sql_time(at), to_json(seed.why), victim.sector, victim.owner,
      victim.criticality, seed.personal_data);
  if (made.empty())
    return std::nullopt;
  const incident_id id{made[0][0].as<std::int64_t>()};
  const auto name = incident_name(id, at);
  t.exec_params("UPDATE incident SET name = $2 WHERE id = $1", id.value, name);
  auto what = event_of(journal::kind::incident_opened, id, at, seed.by, words);
  json_writer json{what.detail};
  json.member("name", name)
      .member("rule", seed.rule)
      .member("class", seed.classified.classification)
      .member("severity", seed.severity)
      .member("exercise", seed.exercise)
      .key("reasons")
      .raw(to_json(seed.why));
  append(t, what);
  return id;
}

void link_group(pqxx::work& t, const group_link& link, timestamp at) {
  t.exec_params("INSERT INTO incident_group (incident, group_id, added) VALUES ($1, $2, $3) ON "
                "CONFLICT DO NOTHING",
                link.incident.value, link.group.value, sql_time(at));
  t.exec_params("UPDATE alert_group SET state = $3, incident = $2, reopened = '' WHERE id = $1",
                link.group.value, link.incident.value, static_cast<int>(group_state::in_incident));
  // Samples outlive their partitions with the incident.
  keep_samples(t, {link.group.value}, at);
  // Only what this group's rule adds: an incident of a thousand groups is not read anew for each.
  t.exec_params("UPDATE incident i SET techniques = (ARRAY(SELECT DISTINCT x FROM unnest("
                "i.techniques || r.techniques) x ORDER BY x))[1:$3], cves = (ARRAY(SELECT DISTINCT "
                "x FROM unnest(i.cves || r.cves) x ORDER BY x))[1:$3] FROM alert_group g JOIN "
                "known_rule r ON r.sid = g.sid AND r.gid = g.gid WHERE i.id = $1 AND g.id = $2 AND "
                "NOT (i.techniques @> r.techniques AND i.cves @> r.cves)",
                link.incident.value, link.group.value, static_cast<int>(incident_values_limit));
  touch_incident(t, link.incident, at);
  auto what = event_of(journal::kind::incident_group_added, link.incident, at, link.by, link.why);
  what.group = link.group;
  if (!link.reasons.empty())
    json_writer{what.detail}.key("reasons").raw(to_json(link.reasons));
  append(t, what);
}

void unlink_group(pqxx::work& t, const group_link& link, timestamp at) {
  t.exec_params("DELETE FROM incident_group WHERE incident = $1 AND group_id = $2",
                link.incident.value, link.group.value);
  touch_incident(t, link.incident, at);
  auto what = event_of(journal::kind::incident_group_removed, link.incident, at, link.by, link.why);
  what.group = link.group;
  append(t, what);
}

void close_incident(pqxx::work& t, const closing& what, timestamp at) {
  t.exec_params("UPDATE incident SET state = $2, closed_as = $3, close_note = $4 WHERE id = $1",
                what.incident.value, static_cast<int>(incident_state::closed),
                static_cast<int>(what.reason), what.note);
  t.exec_params("UPDATE alert_group SET state = $2, handled = last_alert, incident = NULL WHERE "
                "incident = $1",
                what.incident.value, static_cast<int>(group_state::acknowledged));
  touch_incident(t, what.incident, at);
  auto event = event_of(journal::kind::incident_state, what.incident, at, what.by,
                        fmt::format("closed as {}{}{}", to_string(what.reason),
                                    what.note.empty() ? "" : ": ", what.note));
  json_writer{event.detail}.member("to", "closed");
  append(t, event);
}

void reclaim_groups(pqxx::work& t, incident_id id) {
  t.exec_params(
      "UPDATE alert_group g SET state = $2, incident = $1, reopened = '' FROM incident_group l "
      "WHERE l.incident = $1 AND g.id = l.group_id AND g.incident IS NULL",
      id.value, static_cast<int>(group_state::in_incident));
}

void touch_incident(pqxx::work& t, incident_id id, timestamp at) {
  t.exec_params(
      "UPDATE incident SET version = version + 1, changed = greatest(changed, $2) WHERE id = $1",
      id.value, sql_time(at));
}

const char* const incident_select =
    "SELECT i.id, i.name, i.title, i.why, i.rule, i.state, i.closed_as, i.close_note, i.severity, "
    "i.rsit_class, "
    "i.rsit_type, i.tlp, i.pap, i.legal_basis, i.sector, i.exercise, i.owner, coalesce(u.login, "
    "''), "
    "micros(i.opened), micros(i.changed), i.version, i.released_version, a.alerts, a.first_seen, "
    "a.last_seen, "
    "a.groups, a.victims, a.attackers, i.reasons, i.constituent, i.criticality, i.personal_data, "
    "micros(i.retain_until), i.determination, i.recoverability, i.techniques, i.cves, "
    "i.merged_into "
    "FROM incident i LEFT JOIN app_user u ON u.id = i.owner CROSS JOIN LATERAL ("
    "SELECT coalesce(sum(g.alerts), 0)::bigint AS alerts, coalesce(min(g.first_seen_ns), 0) AS "
    "first_seen, "
    "coalesce(max(g.last_seen_ns), 0) AS last_seen, coalesce(array_agg(g.id ORDER BY g.id), '{}') "
    "AS groups, "
    "(array_agg(DISTINCT host(g.victim)))[1:100] AS victims, "
    "(array_agg(DISTINCT host(g.attacker)) FILTER (WHERE g.attacker_level = 0))[1:100] AS "
    "attackers "
    "FROM incident_group l JOIN alert_group g ON g.id = l.group_id WHERE l.incident = i.id) a ";

incident::incident incident_of(const pqxx::row& row) {
  incident::incident one;
  one.id = {row[0].as<std::int64_t>()};
  one.name = row[1].c_str();
  one.title = row[2].c_str();
  one.why = row[3].c_str();
  one.rule = row[4].c_str();
  one.state = static_cast<incident_state>(row[5].as<int>());
  if (!row[6].is_null())
    one.closed_as = static_cast<close_reason>(row[6].as<int>());
  one.close_note = row[7].c_str();
  one.severity = row[8].as<int>();
  one.classified = {row[9].c_str(), row[10].c_str()};
  one.label = static_cast<tlp>(row[11].as<int>());
  one.actions = static_cast<pap>(row[12].as<int>());
  one.legal_basis = row[13].c_str();
  one.sector = row[14].c_str();
  one.exercise = row[15].as<bool>();
  one.owner = id_of<user_id>(row[16]);
  one.owner_name = row[17].c_str();
  one.opened = time_of(row[18]);
  one.changed = time_of(row[19]);
  one.version = row[20].as<std::int64_t>();
  one.released_version = row[21].as<std::int64_t>();
  one.alerts = row[22].as<std::int64_t>();
  one.first_seen = capture_time_of(row[23]);
  one.last_seen = capture_time_of(row[24]);
  for (const auto id : numbers_of(row[25]))
    one.groups.push_back({id});
  for (const auto& text : texts_of(row[26]))
    one.victims.push_back(ip_address::parse(text).value_or(ip_address{}));
  for (const auto& text : texts_of(row[27]))
    one.attackers.push_back(ip_address::parse(text).value_or(ip_address{}));
  one.reasons = explanation_from(row[28].c_str()).value_or(explanation{});
  one.constituent = row[29].c_str();
  one.criticality = row[30].as<int>();
  one.personal_data = row[31].as<bool>();
  if (!row[32].is_null())
    one.retain_until = time_of(row[32]);
  one.determination = row[33].c_str();
  one.recoverability = row[34].c_str();
  one.techniques = texts_of(row[35]);
  one.cves = texts_of(row[36]);
  one.merged_into = id_of<incident_id>(row[37]);
  return one;
}

std::string login_of(pqxx::work& t, user_id id) {
  const auto found = t.exec_params("SELECT login FROM app_user WHERE id = $1", id.value);
  return found.empty() ? "unknown" : found[0][0].as<std::string>();
}

} // namespace cresset::coord::store
