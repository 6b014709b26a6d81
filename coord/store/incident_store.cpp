#include "coord/store/incident_store.hpp"

#include "coord/store/connection_pool.hpp"
#include "coord/store/group_rows.hpp"
#include "coord/store/incident_changes.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/sql_text.hpp"
#include "coord/store/stored_alert_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store {
using namespace incident;
namespace {

// A history is read whole; an incident with more events than this has become something else.
constexpr int history_limit = 5000;

int bounded(int limit) {
  return std::clamp(limit, 1, page_limit);
}

std::vector<std::int64_t> group_ids(pqxx::work& t, incident_id id) {
  std::vector<std::int64_t> ids;
  for (const auto& row :
       t.exec_params("SELECT group_id FROM incident_group WHERE incident = $1", id.value))
    ids.push_back(row[0].as<std::int64_t>());
  return ids;
}

} // namespace

result<std::vector<incident::incident>> incident_store::incidents(const incident_query& query) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<incident::incident>> {
    const auto rows = t.exec_params(
        fmt::format("{} WHERE i.exercise = $1 {} AND ($2::bigint IS NULL OR (i.severity, "
                    "i.changed, i.id) < "
                    "($3::smallint, $4::timestamptz, $2)) ORDER BY i.severity DESC, i.changed "
                    "DESC, i.id DESC LIMIT $5",
                    incident_select, query.open_only ? "AND i.state < 6" : ""),
        query.exercise, query.after ? std::optional{query.after->id.value} : std::nullopt,
        query.after ? query.after->severity : 0,
        sql_time(query.after ? query.after->changed : timestamp{}), bounded(query.limit));
    std::vector<incident::incident> page;
    for (const auto& row : rows)
      page.push_back(incident_of(row));
    return page;
  });
}

result<incident::incident> incident_store::one(incident_id id) {
  return pool_.transact([&](pqxx::work& t) { return read_incident(t, id); });
}

result<std::vector<alert_group>> incident_store::groups_of(incident_id id, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<alert_group>> {
    std::vector<alert_group> groups;
    for (const auto& row :
         t.exec_params(fmt::format("SELECT {} FROM incident_group l JOIN alert_group g ON g.id = "
                                   "l.group_id WHERE l.incident = $1 "
                                   "ORDER BY g.severity, g.last_received DESC, g.id DESC LIMIT $2",
                                   group_columns),
                       id.value, bounded(limit)))
      groups.push_back(group_of(row));
    return groups;
  });
}

result<std::vector<stored_alert>> incident_store::alerts_of(incident_id id, alert_position before,
                                                            int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<stored_alert>> {
    return newest_alerts(t, group_ids(t, id), before.value, bounded(limit));
  });
}

result<std::vector<incident_event>> incident_store::history(incident_id id, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<incident_event>> {
    std::vector<incident_event> events;
    for (const auto& row : t.exec_params(
             "SELECT sequence, at_ns, kind, coalesce(convert_from(body, 'UTF8')::jsonb ->> 'by', "
             "''), "
             "coalesce(convert_from(body, 'UTF8')::jsonb ->> 'text', 'erased') "
             "FROM journal WHERE incident = $1 AND incident <> 0 ORDER BY sequence LIMIT $2",
             id.value, std::clamp(limit, 1, history_limit)))
      events.push_back({row[0].as<std::int64_t>(), capture_time_of(row[1]), row[2].c_str(),
                        row[3].c_str(), row[4].c_str()});
    return events;
  });
}

result<incident::incident> incident_store::move(const transition_request& request) {
  return pool_.transact([&](pqxx::work& t) {
    return move_incident(t, request, std::chrono::floor<std::chrono::microseconds>(now()));
  });
}

result<incident::incident> incident_store::edit(incident_id id, std::int64_t seen_version,
                                                const incident_edit& edit, user_id by) {
  return pool_.transact([&](pqxx::work& t) {
    return edit_incident(t, {id, seen_version, by}, edit,
                         std::chrono::floor<std::chrono::microseconds>(now()));
  });
}

result<void> incident_store::note(incident_id id, std::string text, user_id by) {
  return pool_.transact([&](pqxx::work& t) {
    return note_incident(t, id, text, by, std::chrono::floor<std::chrono::microseconds>(now()));
  });
}

result<incident::incident> incident_store::mark_released(incident_id id, std::int64_t seen_version,
                                                         std::string partner, std::string by) {
  return pool_.transact([&](pqxx::work& t) {
    return release_incident(t, {id, seen_version, {}}, partner, by);
  });
}

} // namespace cresset::coord::store
