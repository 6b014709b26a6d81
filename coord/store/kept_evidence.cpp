#include "coord/store/kept_evidence.hpp"

#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

namespace cresset::coord::store {
namespace {

constexpr const char* samples_of = "unnest(g.samples || g.telling || g.recent)";

/// From (position, group_id) of `wanted` and their evidence in `evidence`; $1 is when.
std::string keeping(const std::string& wanted, const std::string& evidence) {
  return fmt::format(
      "INSERT INTO kept_evidence (position, kind, link_type, captured_ns, bytes, hash, kept, "
      "group_id) SELECT e.position, k.kind, e.link_type, e.captured_ns, k.bytes, sha256(k.bytes), "
      "$1::timestamptz, w.group_id FROM ({}) w {} "
      "CROSS JOIN LATERAL (VALUES ('packet', e.packet), ('payload', e.payload)) AS k(kind, bytes) "
      "WHERE k.bytes IS NOT NULL ORDER BY e.position, k.kind ON CONFLICT (position, kind) DO "
      "NOTHING",
      wanted, evidence);
}

std::string list_of(const std::vector<std::int64_t>& groups) {
  array_text wanted;
  for (const auto id : groups)
    wanted.add(id);
  return wanted.str();
}

/// One index look-up an alert, in the partitions from the group's first day on.
constexpr const char* looked_up =
    "CROSS JOIN LATERAL (SELECT * FROM alert_evidence x WHERE x.position = w.position "
    "AND x.received >= w.since LIMIT 1) e";

} // namespace

std::int64_t keep_samples(pqxx::work& t, const std::vector<std::int64_t>& groups, timestamp at) {
  const auto wanted = fmt::format("SELECT DISTINCT p AS position, g.id AS group_id, "
                                  "g.first_received AS since FROM alert_group g, {} p "
                                  "WHERE g.id = ANY ($2::bigint[]) AND p > 0",
                                  samples_of);
  return static_cast<std::int64_t>(
      t.exec_params(keeping(wanted, looked_up), sql_time(at), list_of(groups)).affected_rows());
}

std::int64_t keep_all(pqxx::work& t, const std::vector<std::int64_t>& groups, timestamp at) {
  const std::string wanted =
      "SELECT a.position, a.group_id, a.received AS since FROM unnest($2::bigint[]) AS h(id) "
      "CROSS JOIN LATERAL (SELECT * FROM alert x WHERE x.group_id = h.id "
      "ORDER BY x.position DESC LIMIT $3) a";
  return static_cast<std::int64_t>(
      t.exec_params(keeping(wanted, looked_up), sql_time(at), list_of(groups), held_alerts_limit)
          .affected_rows());
}

std::int64_t keep_of_evidence_day(pqxx::work& t, const std::string& partition, timestamp at) {
  const auto whole_day = fmt::format("JOIN {} e ON e.position = w.position", partition);
  const auto span = t.exec1(fmt::format(
      "SELECT coalesce(min(position), 0), coalesce(max(position), 0) FROM {}", partition));
  const auto samples =
      fmt::format("SELECT DISTINCT ON (p) p AS position, g.id AS group_id FROM alert_group g, {} p "
                  "WHERE g.last_alert >= $2 AND g.first_alert <= $3 AND p BETWEEN $2 AND $3",
                  samples_of);
  const auto held = std::string{"SELECT a.position, a.group_id FROM held_group h JOIN alert a ON "
                                "a.group_id = h.group_id AND a.position BETWEEN $2 AND $3"};
  std::int64_t kept = 0;
  for (const auto& wanted : {samples, held})
    kept += static_cast<std::int64_t>(t.exec_params(keeping(wanted, whole_day), sql_time(at),
                                                    span[0].as<std::int64_t>(),
                                                    span[1].as<std::int64_t>())
                                          .affected_rows());
  return kept;
}

std::int64_t keep_of_alert_day(pqxx::work& t, const std::string& partition) {
  return static_cast<std::int64_t>(
      t.exec(fmt::format("INSERT INTO kept_alert SELECT a.* FROM held_group h JOIN {} a ON "
                         "a.group_id = h.group_id ON CONFLICT (position) DO NOTHING",
                         partition))
          .affected_rows());
}

} // namespace cresset::coord::store
