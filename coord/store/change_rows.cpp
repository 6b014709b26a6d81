#include "coord/store/change_rows.hpp"

#include "coord/store/group_rows.hpp"
#include "coord/store/sql_text.hpp"

namespace cresset::coord::store {
using namespace incident;

std::vector<group_change> read_changes(pqxx::work& t, std::int64_t after, int limit) {
  std::vector<group_change> changes;
  for (const auto& row : t.exec_params(
           "SELECT c.position, c.group_id, g.generation, c.is_new, c.severity, g.message, "
           "g.category, c.added, c.alerts, "
           "c.last_alert, c.first_seen_ns, c.last_seen_ns, micros(c.received), c.muted, "
           "c.incident, g.owner, g.sector, g.criticality, g.victim_country, g.attacker_country, "
           "g.gid, g.sid, g.victim, g.attacker, g.attacker_level, g.direction, g.exercise "
           "FROM group_change c JOIN alert_group g ON g.id = c.group_id WHERE c.position > $1 "
           "ORDER BY c.position LIMIT $2",
           after, limit)) {
    group_change change;
    change.position = {row[0].as<std::int64_t>()};
    change.group = {row[1].as<std::int64_t>()};
    change.generation = row[2].as<int>();
    change.is_new = row[3].as<bool>();
    change.severity = row[4].as<int>();
    change.message = row[5].c_str();
    change.category = row[6].c_str();
    change.added = row[7].as<std::int64_t>();
    change.alerts = row[8].as<std::int64_t>();
    change.last_alert = {row[9].as<std::int64_t>()};
    change.first_seen = capture_time_of(row[10]);
    change.last_seen = capture_time_of(row[11]);
    change.received = time_of(row[12]);
    change.muted = row[13].as<bool>();
    change.incident = id_of<incident_id>(row[14]);
    change.place = place_of(row, 15);
    change.key = key_of(row, 20);
    changes.push_back(std::move(change));
  }
  return changes;
}

} // namespace cresset::coord::store
