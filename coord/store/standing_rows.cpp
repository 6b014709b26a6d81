#include "coord/store/standing_rows.hpp"

#include "coord/incident/dismissal.hpp"
#include "coord/store/group_rows.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

namespace cresset::coord::store {
using namespace incident;
namespace {

/// The live groups of a scope: $1 to $8 are the key it was made on.
std::string condition_of(dismissal_scope scope) {
  const std::string rule =
      "g.live AND g.gid = $1 AND g.sid = $2 AND g.direction % 2 = $3 % 2 AND g.exercise = $4";
  const std::string victim = " AND g.victim = $5";
  const std::string attacker = " AND g.attacker = $6 AND g.attacker_level = $7";
  switch (scope) {
  case dismissal_scope::group: return rule + victim + attacker;
  case dismissal_scope::rule_victim: return rule + victim;
  case dismissal_scope::rule_attacker: return rule + attacker;
  case dismissal_scope::rule: break;
  }
  return rule;
}

template <typename... More>
pqxx::result ask(pqxx::work& t, const std::string& query, const group_key& key) {
  // PostgreSQL wants to know the type of each parameter, also of those that a scope leaves out.
  const std::string typed = "WITH p AS (SELECT $5::inet, $6::inet, $7::smallint) ";
  return t.exec_params(typed + query, std::int64_t{key.gid}, std::int64_t{key.sid},
                       direction_code(key.direction, key.way), key.exercise, key.victim.to_string(),
                       key.attacker.to_string(), static_cast<int>(key.level));
}

} // namespace

namespace {

struct scope_row {
  group_key key;
  dismissal_scope scope = dismissal_scope::group;
};

std::optional<scope_row> active_scope(pqxx::work& t, decision_id decision) {
  const auto rows = t.exec_params(
      "SELECT gid, sid, victim, attacker, attacker_level, direction, exercise, scope FROM "
      "standing_dismissal WHERE decision = $1 AND active",
      decision.value);
  if (rows.empty())
    return std::nullopt;
  return scope_row{key_of(rows[0], 0), static_cast<dismissal_scope>(rows[0][7].as<int>())};
}

} // namespace

void lock_covered(pqxx::work& t, decision_id decision) {
  if (const auto of = active_scope(t, decision))
    ask(t,
        "SELECT 1 FROM alert_group g WHERE " + condition_of(of->scope) +
            " ORDER BY g.id FOR UPDATE OF g",
        of->key);
}

void open_covered(pqxx::work& t, decision_id decision) {
  if (const auto of = active_scope(t, decision))
    ask(t,
        "UPDATE alert_group g SET state = 0, reopened = 'undone' WHERE " + condition_of(of->scope) +
            " AND g.state IN (1, 2) AND g.muted > 0 AND g.last_alert > g.handled",
        of->key);
}

result<void> insert_standing(pqxx::work& t, decision_id decision, const alert_group& group,
                             const standing& how, timestamp at) {
  const auto& key = group.key;
  const auto condition = condition_of(how.scope);
  const auto facts =
      ask(t,
          "SELECT min(g.severity), sum(g.alerts)::bigint, micros(min(g.first_received)), "
          "micros(max(g.last_received)) FROM alert_group g WHERE " +
              condition,
          key)[0];
  if (facts[0].is_null())
    return unexpected{store_error{
        store_errc::refused, "the group's generation has ended: there is nothing to stand on"}};
  const auto victims =
      ask(t,
          fmt::format("SELECT DISTINCT g.victim FROM alert_group g WHERE {} LIMIT {}", condition,
                      standing_victims_limit + 1),
          key);
  if (victims.size() > standing_victims_limit)
    return unexpected{
        store_error{store_errc::refused,
                    fmt::format("the scope has more than {} victims: choose a narrower one",
                                standing_victims_limit)}};
  t.exec_params("INSERT INTO standing_dismissal (decision, gid, sid, scope, victim, attacker, "
                "attacker_level, direction, "
                "exercise, severity, hourly_rate, expires, hour) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                decision.value, std::int64_t{key.gid}, std::int64_t{key.sid},
                static_cast<int>(how.scope), key.victim.to_string(), key.attacker.to_string(),
                static_cast<int>(key.level), direction_code(key.direction, key.way), key.exercise,
                facts[0].as<int>(),
                hourly_rate(facts[1].as<std::int64_t>(), time_of(facts[2]), time_of(facts[3])),
                sql_time(how.expires), sql_time(at));
  for (const auto& row : victims)
    t.exec_params("INSERT INTO standing_victim (decision, victim) VALUES ($1, $2)", decision.value,
                  row[0].as<std::string>());
  return {};
}

} // namespace cresset::coord::store
