#include "coord/store/effects/effect_store.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/effect_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::effects {
using namespace effect;
using incident::result;
using incident::store_errc;
using incident::store_error;
namespace {

result<outside_effect> read_one(pqxx::work& t, effect_id id, bool locked) {
  const auto rows = t.exec_params(
      fmt::format("{}WHERE e.id = $1 {}", effect_select, locked ? "FOR UPDATE" : ""), id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no effect {}", id.value)}};
  return effect_of(rows[0]);
}

std::vector<outside_effect> effects_of(const pqxx::result& rows) {
  std::vector<outside_effect> all;
  for (const auto& row : rows)
    all.push_back(effect_of(row));
  return all;
}

/// An older version that still waits for the same partner would be old news: it makes room, and
/// what the policy does by itself keeps its place in time.
timestamp supersede(pqxx::work& t, const outside_effect& by) {
  auto due = by.due;
  for (const auto& row : t.exec_params(
           fmt::format("{}WHERE e.incident = $1 AND e.partner = $2 AND e.state = 0 AND e.kind = "
                       "'release' AND e.incident_version < $3 FOR UPDATE",
                       effect_select),
           by.incident.value, by.partner, by.incident_version)) {
    const auto older = effect_of(row);
    if (by.by == older.by)
      due = std::min(due, older.due);
    t.exec_params("UPDATE outside_effect SET state = 2, ended = $2, note = $3 WHERE id = $1",
                  older.id.value, sql_time(by.asked),
                  fmt::format("version {} takes its place", by.incident_version));
  }
  return due;
}

std::string text_of_bytes(const pqxx::field& bytea) {
  const auto bytes = bytes_of(bytea);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void mark_released(pqxx::work& t, const outside_effect& what, timestamp at) {
  t.exec_params(
      "UPDATE incident SET released_version = greatest(released_version, $2) WHERE id = $1",
      what.incident.value, what.incident_version);
  journal::event event;
  event.kind = journal::kind::incident_released;
  event.at = at;
  event.incident = what.incident;
  event.by = what.by;
  event.text = fmt::format("version {} released to {}", what.incident_version, what.partner);
  json_writer{event.detail}
      .member("partner", what.partner)
      .member("version", what.incident_version)
      .member("effect", what.id.value)
      .member("object", what.object_id);
  append(t, event);
}

} // namespace

result<outside_effect> effect_store::hold(const outside_effect& what) {
  return pool_.transact([&](pqxx::work& t) -> result<outside_effect> {
    if (t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", what.incident.value)
            .empty())
      return unexpected{store_error{store_errc::not_found,
                                    fmt::format("there is no incident {}", what.incident.value)}};
    // What goes out by itself is asked for once a version, whatever became of it; a person may ask
    // again for what was taken back or failed.
    const auto there = t.exec_params(
        fmt::format("{}WHERE e.incident = $1 AND e.incident_version = $2 AND e.partner = $3 AND "
                    "e.kind = 'release' AND ((e.state IN (0, 1) AND NOT EXISTS (SELECT 1 FROM "
                    "outside_effect w WHERE w.compensates = e.id)) OR $4 = 'policy') ORDER BY e.id "
                    "DESC LIMIT 1",
                    effect_select),
        what.incident.value, what.incident_version, what.partner, what.by);
    if (!there.empty())
      return effect_of(there[0]);
    const auto due = supersede(t, what);
    const effect_id id{
        t.exec_params1("INSERT INTO outside_effect (kind, incident, incident_version, partner, "
                       "by_name, asked, due, object_id, object_version) VALUES ('release', $1, $2, "
                       "$3, $4, $5, $6, $7, $8) RETURNING id",
                       what.incident.value, what.incident_version, what.partner, what.by,
                       sql_time(what.asked), sql_time(due), what.object_id, what.object_version)[0]
            .as<std::int64_t>()};
    auto made = read_one(t, id, false);
    tell_effect(t, *made,
                fmt::format("release of version {} to {} asked for; it leaves at {}",
                            what.incident_version, what.partner, to_rfc3339_ms(due)),
                what.by, what.asked);
    return made;
  });
}

result<outside_effect> effect_store::one(effect_id id) {
  return pool_.transact([&](pqxx::work& t) { return read_one(t, id, false); });
}

result<std::vector<outside_effect>> effect_store::list(const effect_query& query) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<outside_effect>> {
    return effects_of(t.exec_params(
        fmt::format("{}WHERE ($1::bigint IS NULL OR e.incident = $1) AND ($2::smallint IS NULL OR "
                    "e.state = $2) AND ($3::bigint = 0 OR e.id < $3) ORDER BY e.id DESC LIMIT $4",
                    effect_select),
        nullable(query.incident),
        query.state ? std::optional{static_cast<int>(*query.state)} : std::nullopt,
        query.before.value, std::clamp(query.limit, 1, incident::page_limit)));
  });
}

result<std::vector<outside_effect>> effect_store::due(timestamp now, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<outside_effect>> {
    return effects_of(t.exec_params(
        fmt::format("{}WHERE e.state = 0 AND e.due <= $1 ORDER BY e.due, e.id LIMIT $2",
                    effect_select),
        sql_time(now), limit));
  });
}

result<void> effect_store::end(const effect_ending& what, timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto found = read_one(t, what.id, false);
    if (!found)
      return unexpected{found.error()};
    t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", found->incident.value);
    const auto changed = t.exec_params(
        "UPDATE outside_effect SET state = $2, ended = $3, note = $4 WHERE id = $1 AND state = 0",
        what.id.value, static_cast<int>(what.state), sql_time(now), what.note);
    if (changed.affected_rows() == 0) {
      // Taken back at the very moment it went out: then that has to be told as well.
      const auto now_is = read_one(t, what.id, true);
      if (what.state != effect_state::done || now_is->kind != effect_kind::release ||
          now_is->state != effect_state::cancelled)
        return {};
      t.exec_params("UPDATE outside_effect SET state = 1, note = $2 WHERE id = $1", what.id.value,
                    "it had left when it was taken back");
      mark_released(t, *found, now);
      if (const auto told =
              store::take_back(t, *read_one(t, what.id, true), {"undone", found->by}, now);
          !told)
        return unexpected{told.error()};
      return {};
    }
    if (what.state == effect_state::done && found->kind == effect_kind::release)
      mark_released(t, *found, now);
    else
      tell_effect(t, *found,
                  fmt::format("{} to {}: {} {}", to_string(found->kind), found->partner,
                              to_string(what.state), what.note),
                  found->by, now);
    return {};
  });
}

result<outside_effect> effect_store::take_back(effect_id id, const std::string& reason,
                                               const std::string& by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<outside_effect> {
    const auto found = read_one(t, id, false);
    if (!found)
      return found;
    t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", found->incident.value);
    const auto locked = read_one(t, id, true);
    if (!locked)
      return locked;
    return store::take_back(t, *locked, {reason, by}, now);
  });
}

result<federation::released_object> effect_store::object_of(const outside_effect& what) {
  return pool_.transact([&](pqxx::work& t) -> result<federation::released_object> {
    const auto rows = t.exec_params(
        "SELECT source_version, object_id, micros(created), micros(modified), seal, body FROM "
        "federation_object WHERE source = $1 AND source_version = $2",
        fmt::format("incident/{}", what.incident.value), what.incident_version);
    if (rows.empty())
      return unexpected{store_error{store_errc::not_found, "the object was never made"}};
    const auto row = rows[0];
    return federation::released_object{row[0].as<std::int64_t>(),
                                       row[1].as<std::string>(),
                                       time_of(row[2]),
                                       time_of(row[3]),
                                       {text_of_bytes(row[4]), text_of_bytes(row[5])}};
  });
}

} // namespace cresset::coord::store::effects
