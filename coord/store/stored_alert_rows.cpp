#include "coord/store/stored_alert_rows.hpp"

#include "coord/store/sql_text.hpp"

#include <limits>

namespace cresset::coord::store {
using namespace incident;

std::vector<stored_alert> newest_alerts(pqxx::work& t, const std::vector<std::int64_t>& groups,
                                        std::int64_t before, int limit) {
  array_text wanted;
  for (const auto id : groups)
    wanted.add(id);
  // A LIMIT for each group first: one short index scan a group, whatever the group holds.
  const auto rows = t.exec_params(
      "SELECT a.position, a.group_id, s.name, a.captured_ns, micros(a.received), a.gid, a.sid, "
      "a.revision, "
      "a.severity, g.message, g.category, host(a.source), host(a.destination), a.source_port, "
      "a.destination_port, "
      "a.protocol, a.application, a.record "
      "FROM unnest($1::bigint[]) AS w(id) JOIN alert_group g ON g.id = w.id "
      "CROSS JOIN LATERAL ((SELECT * FROM alert x WHERE x.group_id = w.id AND x.position < $2 "
      "ORDER BY x.position DESC LIMIT $3) UNION ALL "
      "(SELECT * FROM kept_alert y WHERE y.group_id = w.id AND y.position < $2 "
      "ORDER BY y.position DESC LIMIT $3)) a "
      "JOIN sensor_cursor c ON c.id = a.cursor JOIN sensor s ON s.id = c.sensor "
      "ORDER BY a.position DESC LIMIT $3",
      wanted.str(), before > 0 ? before : std::numeric_limits<std::int64_t>::max(), limit);
  std::vector<stored_alert> alerts;
  for (const auto& row : rows) {
    stored_alert alert;
    alert.position = {row[0].as<std::int64_t>()};
    alert.group = {row[1].as<std::int64_t>()};
    alert.sensor = row[2].c_str();
    alert.captured = capture_time_of(row[3]);
    alert.received = time_of(row[4]);
    alert.gid = row[5].as<std::uint32_t>();
    alert.sid = row[6].as<std::uint32_t>();
    alert.revision = row[7].as<std::uint32_t>();
    alert.severity = row[8].as<int>();
    alert.message = row[9].c_str();
    alert.category = row[10].c_str();
    alert.tuple = {
        address_of(row[11]), address_of(row[12]), static_cast<std::uint16_t>(row[13].as<int>()),
        static_cast<std::uint16_t>(row[14].as<int>()), static_cast<ip_protocol>(row[15].as<int>())};
    alert.application = row[16].c_str();
    alert.record = bytes_of(row[17]);
    alerts.push_back(std::move(alert));
  }
  return alerts;
}

} // namespace cresset::coord::store
