#include "coord/store/retention/hold_rows.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/journal/event.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/kept_evidence.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

namespace cresset::coord::store::retention {
using coord::retention::hold_request;
using coord::retention::legal_hold;
using incident::result;
using incident::store_errc;
using incident::store_error;
namespace {

result<legal_hold> read_hold(pqxx::work& t, std::int64_t id) {
  const auto rows = t.exec_params(std::string{hold_select} + "WHERE h.id = $1", id);
  if (rows.empty())
    return unexpected{store_error{store_errc::not_found, fmt::format("there is no hold {}", id)}};
  return hold_of(rows[0]);
}

void write(pqxx::work& t, std::string_view kind, const legal_hold& hold, std::string by,
           timestamp at) {
  journal::event what;
  what.kind = kind;
  what.at = at;
  what.incident = hold.incident;
  what.group = hold.group;
  what.by = std::move(by);
  what.text = hold.lifted ? hold.lift_reason : hold.reason;
  json_writer{what.detail}.member("hold", hold.id.value).member("legal_basis", hold.legal_basis);
  append(t, what);
}

/// Locks what is held, in the order of docs/database.md, rule 2; nothing when there is none.
std::optional<std::vector<std::int64_t>> lock_groups(pqxx::work& t, const hold_request& wanted) {
  std::vector<std::int64_t> ids;
  const auto rows =
      wanted.group
          ? t.exec_params("SELECT id FROM alert_group WHERE id = $1 FOR UPDATE", wanted.group.value)
          : t.exec_params("SELECT g.id FROM alert_group g JOIN incident_group l ON l.group_id = "
                          "g.id WHERE l.incident = $1 ORDER BY g.id FOR UPDATE OF g",
                          wanted.incident.value);
  for (const auto& row : rows)
    ids.push_back(row[0].as<std::int64_t>());
  if (wanted.group && ids.empty())
    return std::nullopt;
  if (wanted.incident &&
      t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", wanted.incident.value)
          .empty())
    return std::nullopt;
  return ids;
}

} // namespace

const char* const hold_select =
    "SELECT h.id, h.incident, h.group_id, h.reason, h.legal_basis, micros(h.placed), p.login, "
    "micros(h.lifted), coalesce(l.login, ''), h.lift_reason FROM legal_hold h JOIN app_user p ON "
    "p.id = h.placed_by LEFT JOIN app_user l ON l.id = h.lifted_by ";

legal_hold hold_of(const pqxx::row& row) {
  legal_hold hold;
  hold.id = {row[0].as<std::int64_t>()};
  hold.incident = {row[1].is_null() ? 0 : row[1].as<std::int64_t>()};
  hold.group = {row[2].is_null() ? 0 : row[2].as<std::int64_t>()};
  hold.reason = row[3].c_str();
  hold.legal_basis = row[4].c_str();
  hold.placed = time_of(row[5]);
  hold.placed_by = row[6].c_str();
  if (!row[7].is_null())
    hold.lifted = time_of(row[7]);
  hold.lifted_by = row[8].c_str();
  hold.lift_reason = row[9].c_str();
  return hold;
}

result<legal_hold> place_hold(pqxx::work& t, const hold_request& wanted, timestamp at) {
  if (auto no = objection(wanted); !no.empty())
    return unexpected{store_error{store_errc::refused, std::move(no)}};
  const auto groups = lock_groups(t, wanted);
  if (!groups)
    return unexpected{store_error{store_errc::not_found, "there is no such incident or group"}};
  const auto made = t.exec_params1(
      "INSERT INTO legal_hold (incident, group_id, reason, legal_basis, placed, placed_by) VALUES "
      "(nullif($1::bigint, 0), nullif($2::bigint, 0), $3, $4, $5, $6) RETURNING id",
      wanted.incident.value, wanted.group.value, wanted.reason, wanted.legal_basis, sql_time(at),
      wanted.by.value);
  keep_all(t, *groups, at);
  auto hold = read_hold(t, made[0].as<std::int64_t>());
  if (hold)
    write(t, journal::kind::hold_placed, *hold, hold->placed_by, at);
  return hold;
}

result<legal_hold> lift_hold(pqxx::work& t, const lifting& wanted, timestamp at) {
  if (auto no = coord::retention::objection_to_reason(wanted.reason); !no.empty())
    return unexpected{store_error{store_errc::refused, std::move(no)}};
  const auto lifted = t.exec_params("UPDATE legal_hold SET lifted = $2, lifted_by = $3, "
                                    "lift_reason = $4 WHERE id = $1 AND lifted IS NULL",
                                    wanted.id.value, sql_time(at), wanted.by.value, wanted.reason);
  auto hold = read_hold(t, wanted.id.value);
  if (!hold)
    return hold;
  if (lifted.affected_rows() == 0)
    return unexpected{store_error{store_errc::refused, "the hold was lifted already"}};
  write(t, journal::kind::hold_lifted, *hold, hold->lifted_by, at);
  return hold;
}

} // namespace cresset::coord::store::retention
