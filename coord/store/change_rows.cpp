#include "coord/store/change_rows.hpp"

#include "coord/indicator/indicator.hpp"
#include "coord/store/group_rows.hpp"
#include "coord/store/sql_text.hpp"

namespace cresset::coord::store {
using namespace incident;
namespace {

std::vector<indicator_hit> hits_of(const pqxx::row& row, int first_column) {
  std::vector<indicator_hit> hits;
  if (row[first_column].is_null())
    return hits;
  const auto ids = numbers_of(row[first_column]);
  const auto kinds = numbers_of(row[first_column + 1]);
  const auto values = texts_of(row[first_column + 2]);
  const auto sources = texts_of(row[first_column + 3]);
  const auto confidence = numbers_of(row[first_column + 4]);
  for (std::size_t i = 0; i < ids.size(); ++i)
    hits.push_back({{ids[i]},
                    std::string{to_string(static_cast<indicator::indicator_kind>(kinds[i]))},
                    values[i],
                    sources[i],
                    static_cast<int>(confidence[i])});
  return hits;
}

} // namespace

std::vector<group_change> read_changes(pqxx::work& t, std::int64_t after, int limit) {
  std::vector<group_change> changes;
  for (const auto& row : t.exec_params(
           "SELECT c.position, c.group_id, g.generation, c.is_new, c.severity, g.message, "
           "g.category, c.added, c.alerts, "
           "c.last_alert, c.first_seen_ns, c.last_seen_ns, micros(c.received), c.muted, "
           "c.incident, g.owner, g.sector, g.criticality, g.victim_country, g.attacker_country, "
           "g.gid, g.sid, g.victim, g.attacker, g.attacker_level, g.direction, g.exercise, "
           "i.ids, i.kinds, i.named, i.sources, i.confidences "
           "FROM group_change c JOIN alert_group g ON g.id = c.group_id "
           "LEFT JOIN LATERAL (SELECT array_agg(h.id) AS ids, array_agg(h.kind::bigint) AS kinds, "
           "array_agg(h.value) AS named, array_agg(h.source) AS sources, "
           "array_agg(h.confidence::bigint) AS confidences FROM (SELECT n.* FROM group_indicator "
           "x JOIN indicator n ON n.id = x.indicator WHERE x.group_id = c.group_id AND x.position "
           "<= c.last_alert ORDER BY n.confidence DESC, n.id LIMIT $3) h) i ON true "
           "WHERE c.position > $1 ORDER BY c.position LIMIT $2",
           after, limit, change_indicators_limit)) {
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
    change.victim_asset = asset_of(place_of(row, 15));
    change.key = key_of(row, 20);
    change.indicators = hits_of(row, 27);
    changes.push_back(std::move(change));
  }
  return changes;
}

} // namespace cresset::coord::store
