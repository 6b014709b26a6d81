#include "coord/store/effect_rows.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

namespace cresset::coord::store {
using namespace effect;
using incident::incident_id;
using incident::result;
using incident::store_errc;
using incident::store_error;

const char* const effect_select =
    "SELECT e.id, e.kind, e.incident, e.incident_version, e.partner, e.reason, e.by_name, "
    "micros(e.asked), micros(e.due), e.state, micros(e.ended), e.note, e.object_id, "
    "e.object_version, e.compensates FROM outside_effect e ";

outside_effect effect_of(const pqxx::row& row) {
  outside_effect one;
  one.id = {row[0].as<std::int64_t>()};
  one.kind = std::string_view{row[1].c_str()} == "release" ? effect_kind::release
                                                           : effect_kind::withdrawal;
  one.incident = {row[2].as<std::int64_t>()};
  one.incident_version = row[3].as<std::int64_t>();
  one.partner = row[4].c_str();
  one.reason = row[5].c_str();
  one.by = row[6].c_str();
  one.asked = time_of(row[7]);
  one.due = time_of(row[8]);
  one.state = static_cast<effect_state>(row[9].as<int>());
  if (!row[10].is_null())
    one.ended = time_of(row[10]);
  one.note = row[11].c_str();
  one.object_id = row[12].c_str();
  one.object_version = row[13].c_str();
  one.compensates = id_of<effect_id>(row[14]);
  return one;
}

void tell_effect(pqxx::work& t, const outside_effect& what, std::string text, const std::string& by,
                 timestamp at) {
  journal::event event;
  event.kind = journal::kind::outside_effect;
  event.at = at;
  event.incident = what.incident;
  event.by = by;
  event.text = std::move(text);
  json_writer{event.detail}
      .member("effect", what.id.value)
      .member("kind", to_string(what.kind))
      .member("partner", what.partner)
      .member("version", what.incident_version)
      .member("object", what.object_id);
  append(t, event);
}

result<outside_effect> take_back(pqxx::work& t, const outside_effect& what, const taking_back& why,
                                 timestamp at) {
  if (what.state == effect_state::held) {
    t.exec_params("UPDATE outside_effect SET state = 2, ended = $2, note = $3 WHERE id = $1",
                  what.id.value, sql_time(at), fmt::format("taken back by {}", why.by));
    tell_effect(
        t, what,
        fmt::format("{} to {} taken back before it left", to_string(what.kind), what.partner),
        why.by, at);
    return effect_of(t.exec_params1(std::string{effect_select} + "WHERE e.id = $1", what.id.value));
  }
  if (what.kind != effect_kind::release || what.state != effect_state::done)
    return unexpected{
        store_error{store_errc::refused, fmt::format("a {} that is {} cannot be taken back",
                                                     to_string(what.kind), to_string(what.state))}};
  const auto made = t.exec_params(
      "INSERT INTO outside_effect (kind, incident, incident_version, partner, reason, by_name, "
      "asked, due, object_id, object_version, compensates) VALUES ('withdrawal', $1, $2, $3, $4, "
      "$5, $6, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id",
      what.incident.value, what.incident_version, what.partner, why.reason, why.by, sql_time(at),
      what.object_id, what.object_version, what.id.value);
  if (made.empty())
    return unexpected{store_error{store_errc::refused, "it was withdrawn already"}};
  const auto withdrawal = effect_of(t.exec_params1(std::string{effect_select} + "WHERE e.id = $1",
                                                   made[0][0].as<std::int64_t>()));
  tell_effect(t, withdrawal, fmt::format("{} is told that it was taken back", what.partner), why.by,
              at);
  return withdrawal;
}

void take_back_all(pqxx::work& t, incident_id incident, const taking_back& why, timestamp at) {
  const auto rows = t.exec_params(
      std::string{effect_select} +
          "WHERE e.incident = $1 AND e.kind = 'release' AND (e.state = 0 OR (e.state = 1 AND NOT "
          "EXISTS (SELECT 1 FROM outside_effect w WHERE w.compensates = e.id) AND NOT EXISTS "
          "(SELECT 1 FROM outside_effect l WHERE l.incident = e.incident AND l.partner = e.partner "
          "AND l.kind = 'release' AND l.state = 1 AND l.id > e.id))) ORDER BY e.id FOR UPDATE",
      incident.value);
  for (const auto& row : rows)
    (void)take_back(t, effect_of(row), why, at);
}

} // namespace cresset::coord::store
