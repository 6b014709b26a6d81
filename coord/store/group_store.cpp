#include "coord/store/group_store.hpp"

#include "coord/store/connection_pool.hpp"
#include "coord/store/decision_rows.hpp"
#include "coord/store/group_rows.hpp"
#include "coord/store/sql_text.hpp"
#include "coord/store/stored_alert_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store {
using namespace incident;
namespace {

int bounded(int limit) {
  return std::clamp(limit, 1, page_limit);
}

evidence evidence_of_row(const pqxx::row& row) {
  evidence one;
  one.alert = {row[0].as<std::int64_t>()};
  one.kind = row[1].c_str();
  one.link_type = row[2].as<std::int32_t>();
  one.captured = capture_time_of(row[3]);
  one.bytes = bytes_of(row[4]);
  const auto hash = bytes_of(row[5]);
  std::copy_n(hash.begin(), std::min(hash.size(), one.hash.size()), one.hash.begin());
  return one;
}

} // namespace

/// The queue's order runs along the index only within one state, and a page that begins in the
/// middle consists of what follows in its severity and of the severities behind it. So each of
/// these parts is read from the index by itself, at most a page long, and the page is the best of
/// them: the cost is the page's, however long the queue is and however deep the page lies.
result<std::vector<alert_group>> group_store::queue(const queue_query& query) {
  const auto states = query.state ? fmt::format("{}", static_cast<int>(*query.state))
                                  : std::string{"0),(1),(2),(3"};
  const auto part = [](std::string_view where) {
    return fmt::format("(SELECT * FROM alert_group WHERE exercise = $1 AND state = s.state {} "
                       "ORDER BY severity, last_received DESC, id DESC LIMIT $2)",
                       where);
  };
  const auto parts =
      query.after ? part("AND severity = $3 AND (last_received, id) < ($4::timestamptz, $5)") +
                        " UNION ALL " + part("AND severity > $3")
                  : part("");
  const auto text = fmt::format("SELECT {} FROM (VALUES ({})) s(state) CROSS JOIN LATERAL ({}) g "
                                "ORDER BY g.severity, g.last_received DESC, g.id DESC LIMIT $2",
                                group_columns, states, parts);
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<alert_group>> {
    const auto rows =
        query.after
            ? t.exec_params(text, query.exercise, bounded(query.limit), query.after->severity,
                            sql_time(query.after->last_received), query.after->id.value)
            : t.exec_params(text, query.exercise, bounded(query.limit));
    std::vector<alert_group> groups;
    for (const auto& row : rows)
      groups.push_back(group_of(row));
    return groups;
  });
}

result<alert_group> group_store::group(group_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<alert_group> {
    const auto rows = t.exec_params(
        fmt::format("SELECT {} FROM alert_group g WHERE g.id = $1", group_columns), id.value);
    if (rows.empty())
      return unexpected{
          store_error{store_errc::not_found, fmt::format("there is no group {}", id.value)}};
    return group_of(rows[0]);
  });
}

result<std::vector<stored_alert>> group_store::alerts_of_group(group_id id, alert_position before,
                                                               int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<stored_alert>> {
    return newest_alerts(t, {id.value}, before.value, bounded(limit));
  });
}

result<std::vector<evidence>> group_store::evidence_of(alert_position alert) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<evidence>> {
    const auto rows = t.exec_params(
        "SELECT position, kind, link_type, captured_ns, bytes, hash "
        "FROM kept_evidence WHERE position = $1 AND bytes IS NOT NULL "
        "UNION SELECT e.position, k.kind, e.link_type, e.captured_ns, "
        "k.bytes, sha256(k.bytes) FROM alert_evidence e "
        "CROSS JOIN LATERAL (VALUES ('packet', e.packet), ('payload', "
        "e.payload)) AS k(kind, bytes) "
        "WHERE e.position = $1 AND k.bytes IS NOT NULL AND NOT EXISTS (SELECT FROM kept_evidence x "
        "WHERE x.position = e.position AND x.kind = k.kind) ORDER BY kind",
        alert.value);
    std::vector<evidence> found;
    for (const auto& row : rows)
      found.push_back(evidence_of_row(row));
    return found;
  });
}

result<decision> group_store::decide(const decision_request& request) {
  return pool_.transact([&](pqxx::work& t) -> result<decision> {
    const auto at = std::chrono::floor<std::chrono::microseconds>(now());
    return request.kind == decision_kind::undo ? undo(t, request, at)
                                               : record(t, request, classes_, at);
  });
}

result<std::vector<decision>> group_store::decisions_of_group(group_id id, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<decision>> {
    return decisions_of(t.exec_params(std::string{decision_select} +
                                          "WHERE d.group_id = $1 ORDER BY d.id DESC LIMIT $2",
                                      id.value, bounded(limit)));
  });
}

result<std::vector<decision>> group_store::standing_dismissals(int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<decision>> {
    return decisions_of(
        t.exec_params(std::string{decision_select} +
                          "WHERE s.active AND s.expires > now() ORDER BY s.expires, d.id LIMIT $1",
                      bounded(limit)));
  });
}

} // namespace cresset::coord::store
