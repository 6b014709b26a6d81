#include "coord/store/quality_rows.hpp"

#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

namespace cresset::coord::store {
using namespace incident;
namespace {

/// The column a decision counts in; nullptr for one that says nothing of the rule.
const char* column_of(decision_kind kind, std::optional<reason_code> code) {
  switch (kind) {
  case decision_kind::acknowledge: return "acknowledged";
  case decision_kind::raise: return "raised";
  case decision_kind::undo: return nullptr;
  case decision_kind::dismiss: break;
  }
  if (!code)
    return nullptr;
  switch (*code) {
  case reason_code::false_positive: return "false_positive";
  case reason_code::benign: return "benign";
  case reason_code::duplicate: return "duplicate";
  case reason_code::out_of_scope: return "out_of_scope";
  case reason_code::known_activity: return "known_activity";
  }
  return nullptr;
}

} // namespace

void count_decision(pqxx::work& t, const group_key& key, decision_kind kind,
                    std::optional<reason_code> code, int times, timestamp at) {
  const auto* const column = column_of(kind, code);
  if (column == nullptr || key.exercise)
    return;
  t.exec_params(
      fmt::format("INSERT INTO rule_quality AS q (gid, sid, {0}, changed) VALUES ($1, $2, "
                  "greatest($3::bigint, 0), $4) ON CONFLICT (sid, gid) DO UPDATE SET {0} "
                  "= greatest(q.{0} + $3, 0), changed = excluded.changed",
                  column),
      std::int64_t{key.gid}, std::int64_t{key.sid}, times, sql_time(at));
}

void count_false_incident(pqxx::work& t, incident_id id, int times, timestamp at) {
  t.exec_params(
      "INSERT INTO rule_quality AS q (gid, sid, false_positive, changed) SELECT DISTINCT g.gid, "
      "g.sid, greatest($2::bigint, 0), $3::timestamptz FROM incident_group l JOIN alert_group g ON "
      "g.id = l.group_id WHERE l.incident = $1 AND NOT g.exercise ORDER BY g.sid, g.gid ON "
      "CONFLICT "
      "(sid, gid) DO UPDATE SET false_positive = greatest(q.false_positive + $2, 0), changed = "
      "excluded.changed",
      id.value, times, sql_time(at));
}

} // namespace cresset::coord::store
