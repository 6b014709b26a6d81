#include "coord/store/statements.hpp"

namespace cresset::coord::store {

void prepare_statements(pqxx::connection_base& connection) {
  connection.prepare(
      "read_spreads",
      "SELECT k.n, s.level, s.attackers, micros(s.last_received) "
      "FROM unnest($1::bigint[], $2::bigint[], $3::inet[], $4::smallint[], $5::boolean[]) "
      "WITH ORDINALITY AS k(gid, sid, victim, direction, exercise, n) "
      "CROSS JOIN LATERAL (SELECT * FROM attacker_spread a WHERE a.sid = k.sid "
      "AND a.victim = k.victim AND a.gid = k.gid AND a.direction = k.direction "
      "AND a.exercise = k.exercise LIMIT 1) s");
  connection.prepare(
      "read_live_groups",
      "SELECT k.n, g.* FROM unnest($1::bigint[], $2::bigint[], $3::inet[], $4::inet[], "
      "$5::smallint[], $6::smallint[], $7::boolean[]) "
      "WITH ORDINALITY AS k(gid, sid, victim, attacker, level, direction, exercise, n) "
      "CROSS JOIN LATERAL (SELECT a.id, a.generation, a.severity, a.alerts, a.first_seen_ns, "
      "a.last_seen_ns, micros(a.last_received), a.state, a.incident, cardinality(a.samples) "
      "FROM alert_group a WHERE a.live AND a.sid = k.sid AND a.victim = k.victim "
      "AND a.attacker = k.attacker AND a.attacker_level = k.level AND a.gid = k.gid "
      "AND a.direction = k.direction AND a.exercise = k.exercise LIMIT 1 FOR UPDATE) g");
  connection.prepare(
      "read_dismissals",
      "SELECT d.decision, d.scope, d.severity, d.hourly_rate, micros(d.expires), d.matched, "
      "micros(d.hour), d.hour_alerts, ARRAY(SELECT host(v.victim) FROM standing_victim v "
      "WHERE v.decision = d.decision AND v.victim = ANY ($3::inet[])), "
      "d.gid, d.sid, d.victim, d.attacker, d.attacker_level, d.direction, d.exercise "
      "FROM standing_dismissal d WHERE d.active AND d.sid = ANY ($2::bigint[]) "
      "AND d.gid = ANY ($1::bigint[]) ORDER BY d.decision FOR UPDATE");
  connection.prepare("take_group_ids",
                     "SELECT nextval('alert_group_id') FROM generate_series(1, $1::bigint)");
  connection.prepare(
      "write_spreads",
      "INSERT INTO attacker_spread (gid, sid, victim, direction, exercise, level, attackers, "
      "last_received) SELECT *, $8::timestamptz FROM unnest($1::bigint[], $2::bigint[], "
      "$3::inet[], $4::smallint[], $5::boolean[], $6::smallint[], $7::integer[]) "
      "ON CONFLICT (sid, victim, gid, direction, exercise) DO UPDATE SET level = excluded.level, "
      "attackers = excluded.attackers, last_received = excluded.last_received");
  connection.prepare(
      "write_dismissals",
      "UPDATE standing_dismissal d SET matched = u.matched, hour = u.hour, "
      "hour_alerts = u.hour_alerts, active = u.active, ended = u.ended "
      "FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::boolean[], "
      "$6::text[]) AS u(decision, matched, hour, hour_alerts, active, ended) "
      "WHERE d.decision = u.decision");
  connection.prepare("write_changes",
                     "WITH head AS (UPDATE stream_head SET last = last + $12 WHERE name = "
                     "'group_change' RETURNING last - $12 AS "
                     "before) INSERT INTO group_change (position, group_id, is_new, severity, "
                     "added, alerts, last_alert, "
                     "first_seen_ns, last_seen_ns, received, muted, incident) "
                     "SELECT head.before + u.n, u.group_id, u.is_new, u.severity, u.added, "
                     "u.alerts, u.last_alert, u.first_seen, "
                     "u.last_seen, $11::timestamptz, u.muted, nullif(u.incident, 0) "
                     "FROM head, unnest($1::bigint[], $2::boolean[], $3::smallint[], $4::bigint[], "
                     "$5::bigint[], $6::bigint[], "
                     "$7::bigint[], $8::bigint[], $9::boolean[], $10::bigint[]) WITH ORDINALITY AS "
                     "u(group_id, is_new, severity, "
                     "added, alerts, last_alert, first_seen, last_seen, muted, incident, n)");
  connection.prepare("end_generations",
                     "UPDATE alert_group SET live = false WHERE id = ANY ($1::bigint[])");
  connection.prepare(
      "update_groups",
      "UPDATE alert_group g SET severity = least(g.severity, u.severity), revision = u.revision, "
      "message = u.message, category = u.category, alerts = g.alerts + u.alerts, "
      "muted = g.muted + u.muted, last_alert = u.last_alert, "
      "first_seen_ns = least(g.first_seen_ns, u.first_seen), "
      "last_seen_ns = greatest(g.last_seen_ns, u.last_seen), "
      "last_received = greatest(g.last_received, $15::timestamptz), "
      "samples = g.samples || u.samples::bigint[], "
      "sensors = CASE WHEN g.sensors @> u.sensors::bigint[] THEN g.sensors ELSE "
      "ARRAY(SELECT DISTINCT s FROM unnest(g.sensors || u.sensors::bigint[]) s ORDER BY s LIMIT "
      "16) END, "
      "state = u.state, reopened = CASE WHEN u.reopened <> '' THEN u.reopened ELSE g.reopened END, "
      "owner = u.owner, sector = u.sector, criticality = u.criticality, "
      "victim_country = u.victim_country, attacker_country = CASE WHEN g.attacker_level = 0 OR "
      "g.attacker_country = u.attacker_country THEN u.attacker_country ELSE '' END, "
      "recent = CASE WHEN cardinality(u.recent::bigint[]) >= 3 THEN u.recent::bigint[] ELSE "
      "(g.recent || u.recent::bigint[])"
      "[greatest(1, cardinality(g.recent) + cardinality(u.recent::bigint[]) - 2):] END, "
      "telling = CASE WHEN u.score > g.telling_score THEN u.telling ELSE g.telling END, "
      "telling_score = greatest(g.telling_score, u.score) "
      "FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::text[], "
      "$6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], "
      "$12::text[], $13::smallint[], $14::text[], $16::text[], $17::text[], $18::smallint[], "
      "$19::text[], $20::text[], $21::text[], $22::bigint[], $23::integer[]) "
      "AS u(id, severity, revision, message, category, alerts, muted, last_alert, first_seen, "
      "last_seen, samples, sensors, state, reopened, owner, sector, criticality, "
      "victim_country, attacker_country, recent, telling, score) WHERE g.id = u.id");
  connection.prepare(
      "insert_groups",
      "INSERT INTO alert_group (id, severity, revision, message, category, alerts, muted, "
      "first_alert, last_alert, first_seen_ns, last_seen_ns, samples, sensors, state, reopened, "
      "gid, sid, victim, attacker, attacker_level, direction, exercise, generation, "
      "first_received, last_received, owner, sector, criticality, victim_country, "
      "attacker_country, recent, telling, telling_score) "
      "SELECT u.id, u.severity, u.revision, u.message, u.category, u.alerts, u.muted, "
      "u.first_alert, u.last_alert, u.first_seen, u.last_seen, u.samples::bigint[], "
      "u.sensors::bigint[], u.state, u.reopened, u.gid, u.sid, u.victim, u.attacker, u.level, "
      "u.direction, u.exercise, u.generation, $16::timestamptz, $16::timestamptz, "
      "u.owner, u.sector, u.criticality, u.victim_country, u.attacker_country, "
      "u.recent::bigint[], u.telling, u.score "
      "FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::text[], "
      "$6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], "
      "$12::text[], $13::text[], $14::smallint[], $15::text[], $17::bigint[], $18::bigint[], "
      "$19::inet[], $20::inet[], $21::smallint[], $22::smallint[], $23::boolean[], "
      "$24::integer[], $25::text[], $26::text[], $27::smallint[], $28::text[], $29::text[], "
      "$30::text[], $31::bigint[], $32::integer[]) AS u(id, severity, revision, "
      "message, category, alerts, muted, first_alert, last_alert, first_seen, last_seen, samples, "
      "sensors, state, reopened, gid, sid, victim, attacker, level, direction, exercise, "
      "generation, owner, sector, criticality, victim_country, attacker_country, recent, telling, "
      "score)");
}

} // namespace cresset::coord::store
