#include "coord/store/partitions.hpp"

#include "coord/store/connection_pool.hpp"
#include "coord/store/kept_evidence.hpp"

#include <fmt/format.h>

namespace cresset::coord::store {
namespace {

// Two servers that start at once would both find a partition missing.
constexpr int advisory_lock = 0x70617274;

std::string compact(day of) {
  const std::chrono::year_month_day d{of};
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(d.year()),
                     static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

} // namespace

std::string partition_name(const std::string& table, day of) {
  return table + "_" + compact(of);
}

expected<void, incident::store_error> make_partitions(connection_pool& pool, day today) {
  return pool.transact([&](pqxx::work& t) -> expected<void, store_error> {
    t.exec_params("SELECT pg_advisory_xact_lock($1)", advisory_lock);
    for (const auto* const table : {"alert", "alert_evidence"})
      for (day of = today; of <= today + partitions_ahead; of += std::chrono::days{1})
        t.exec(fmt::format(
            "CREATE TABLE IF NOT EXISTS {} PARTITION OF {} FOR VALUES FROM ('{} 00:00:00+00') TO "
            "('{} 00:00:00+00')",
            partition_name(table, of), table, compact(of), compact(of + std::chrono::days{1})));
    return {};
  });
}

expected<int, incident::store_error> expire_partitions(connection_pool& pool, timestamp now,
                                                       partition_retention keep) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const auto at = now;
  return pool.transact([&](pqxx::work& t) -> expected<int, store_error> {
    // The lock on the parent is held for a moment only; when ingest has it for longer, the next
    // hour tries again.
    t.exec("SET LOCAL lock_timeout = '3s'");
    t.exec_params("SELECT pg_advisory_xact_lock($1)", advisory_lock);
    int dropped = 0;
    // Evidence first: what held groups have in it is found through their alerts.
    const std::pair<std::string, day> oldest_kept[] = {{"alert_evidence", today - keep.evidence},
                                                       {"alert", today - keep.alerts}};
    for (const auto& [table, oldest] : oldest_kept) {
      const auto found =
          t.exec_params("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                        "WHERE i.inhparent = $1::regclass AND c.relname < $2 ORDER BY 1",
                        table, partition_name(table, oldest));
      for (const auto& row : found) {
        const auto name = t.quote_name(row[0].as<std::string>());
        if (table == "alert")
          keep_of_alert_day(t, name);
        else
          keep_of_evidence_day(t, name, at);
        t.exec("ALTER TABLE " + table + " DETACH PARTITION " + name);
        t.exec("DROP TABLE " + name);
        ++dropped;
      }
    }
    return dropped;
  });
}

} // namespace cresset::coord::store
