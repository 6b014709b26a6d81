#include "coord/store/reports/report_store.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/effect_rows.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::reports {
using incident::decision_kind;
using incident::incident_id;
using incident::incident_state;
using incident::result;
using incident::store_errc;
using incident::store_error;
using namespace report;
using one_report = report::report;
namespace {

constexpr const char* columns =
    "r.id, r.channel, r.reference, r.title, r.body, r.reporter, r.contact, r.rsit_class, "
    "r.rsit_type, r.severity, r.tlp, r.exercise, r.personal_data, ARRAY(SELECT host(x) FROM "
    "unnest(r.victims) x), ARRAY(SELECT host(x) FROM unnest(r.attackers) x), micros(r.occurred), "
    "micros(r.received), r.entered_by, r.state, r.incident, r.version FROM report r ";

std::vector<ip_address> addresses_of(const pqxx::field& texts) {
  std::vector<ip_address> all;
  for (const auto& text : texts_of(texts))
    if (const auto address = ip_address::parse(text))
      all.push_back(*address);
  return all;
}

one_report report_of(const pqxx::row& row) {
  one_report one;
  one.id = {row[0].as<std::int64_t>()};
  one.channel = row[1].c_str();
  one.reference = row[2].c_str();
  one.title = row[3].c_str();
  one.body = row[4].c_str();
  one.reporter = row[5].c_str();
  one.contact = row[6].c_str();
  one.classified = {row[7].c_str(), row[8].c_str()};
  one.severity = row[9].as<int>();
  one.label = static_cast<incident::tlp>(row[10].as<int>());
  one.exercise = row[11].as<bool>();
  one.personal_data = row[12].as<bool>();
  one.victims = addresses_of(row[13]);
  one.attackers = addresses_of(row[14]);
  if (!row[15].is_null())
    one.occurred = time_of(row[15]);
  one.received = time_of(row[16]);
  one.entered_by = row[17].c_str();
  one.state = static_cast<report_state>(row[18].as<int>());
  one.incident = id_of<incident_id>(row[19]);
  one.version = row[20].as<std::int64_t>();
  return one;
}

unexpected<store_error> refuse(std::string text) {
  return unexpected{store_error{store_errc::refused, std::move(text)}};
}

result<one_report> read_one(pqxx::work& t, report_id id, bool locked = false) {
  const auto rows = t.exec_params(
      fmt::format("SELECT {} WHERE r.id = $1 {}", columns, locked ? "FOR UPDATE" : ""), id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no report {}", id.value)}};
  return report_of(rows[0]);
}

std::string list_of(const std::vector<ip_address>& addresses) {
  array_text list;
  for (const auto& address : addresses)
    list.add(address);
  return list.str();
}

/// The journal names the report; who reported stands in the table alone, and can be erased there.
void tell(pqxx::work& t, std::string_view kind, const one_report& about, const std::string& by,
          std::string text, std::string detail, timestamp at) {
  journal::event event;
  event.kind = kind;
  event.at = at;
  event.incident = about.incident.value_or(incident_id{});
  event.by = by;
  event.text = std::move(text);
  json_writer{event.detail, false}.member("report", about.id.value);
  if (!detail.empty())
    event.detail += "," + detail;
  append(t, event);
}

constexpr const char* decision_columns =
    "id, report, kind, by_name, micros(at), reason, code, incident, undoes, undone_by FROM "
    "report_decision ";

report_decision decision_of(const pqxx::row& row) {
  report_decision one;
  one.id = {row[0].as<std::int64_t>()};
  one.report = {row[1].as<std::int64_t>()};
  one.kind = incident::decision_kind_from(row[2].c_str()).value_or(decision_kind::acknowledge);
  one.by = row[3].c_str();
  one.at = time_of(row[4]);
  one.reason = row[5].c_str();
  one.code = row[6].c_str();
  one.incident = id_of<incident_id>(row[7]);
  one.undoes = id_of<report_decision_id>(row[8]);
  one.undone_by = id_of<report_decision_id>(row[9]);
  return one;
}

struct outcome {
  report_state state = report_state::acknowledged;
  std::optional<incident_id> incident;
  bool opened = false;
};

result<outcome> raise(pqxx::work& t, const decision_request& request, const one_report& of,
                      const std::string& by, timestamp at) {
  outcome made{report_state::in_incident, request.into, !request.into};
  if (!request.into) {
    incident_seed seed;
    seed.title = request.title.empty() ? of.title : request.title;
    seed.why = {{"reported",
                 {{"channel", of.channel}, {"report", std::to_string(of.id.value)}, {"by", by}}}};
    if (!request.reason.empty())
      seed.why.push_back({"reason_given", {{"text", request.reason}}});
    seed.severity = of.severity;
    seed.classified = of.classified;
    seed.label = of.label;
    seed.personal_data = of.personal_data;
    seed.exercise = of.exercise;
    seed.by = by;
    made.incident = insert_incident(t, seed, at);
    return made;
  }
  const auto found =
      t.exec_params("SELECT state, exercise FROM incident WHERE id = $1", request.into->value);
  if (found.empty())
    return unexpected{store_error{store_errc::not_found,
                                  fmt::format("there is no incident {}", request.into->value)}};
  if (static_cast<incident_state>(found[0][0].as<int>()) == incident_state::closed)
    return refuse("the incident is closed: reopen it first");
  if (found[0][1].as<bool>() != of.exercise)
    return refuse("an exercise and a real matter never share an incident");
  // As strict as what joins it.
  t.exec_params("UPDATE incident SET tlp = greatest(tlp, $2), personal_data = personal_data OR $3 "
                "WHERE id = $1",
                request.into->value, static_cast<int>(of.label), of.personal_data);
  touch_incident(t, *request.into, at);
  return made;
}

std::string objection(const decision_request& request, const one_report& of) {
  if (of.state == report_state::in_incident)
    return fmt::format("the report is part of incident {}",
                       of.incident.value_or(incident_id{}).value);
  if (request.reason.size() > incident::reason_limit_bytes || request.title.size() > 300)
    return "the reason or title is too long";
  if (request.kind == decision_kind::dismiss && (request.reason.empty() || !request.code))
    return "to dismiss needs a reason and its code";
  return {};
}

result<outcome> carry_out(pqxx::work& t, const decision_request& request, const one_report& of,
                          const std::string& by, timestamp at) {
  if (const auto no = objection(request, of); !no.empty())
    return refuse(no);
  switch (request.kind) {
  case decision_kind::acknowledge: return outcome{report_state::acknowledged, {}, false};
  case decision_kind::dismiss: return outcome{report_state::dismissed, {}, false};
  case decision_kind::raise: return raise(t, request, of, by, at);
  case decision_kind::undo: break;
  }
  return refuse("an undo names a decision");
}

result<report_decision> write_decision(pqxx::work& t, const decision_request& request,
                                       const one_report& before, const outcome& made,
                                       timestamp at) {
  const auto by = login_of(t, request.by);
  t.exec_params("UPDATE report SET state = $2, incident = $3, version = version + 1 WHERE id = $1",
                before.id.value, static_cast<int>(made.state), nullable(made.incident));
  const auto row = t.exec_params1(
      fmt::format(
          "WITH made AS (INSERT INTO report_decision (report, kind, by_name, at, reason, "
          "code, incident, opened_incident, undoes, state_before, incident_before) VALUES "
          "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING *) SELECT {}",
          std::string{decision_columns}.replace(std::string_view{decision_columns}.find("FROM"),
                                                std::string::npos, "FROM made")),
      before.id.value, std::string{to_string(request.kind)}, by, sql_time(at), request.reason,
      request.code ? std::string{to_string(*request.code)} : std::string{}, nullable(made.incident),
      made.opened, nullable(request.undone), static_cast<int>(before.state),
      nullable(before.incident));
  auto told = before;
  told.incident = made.incident ? made.incident : before.incident;
  std::string detail;
  json_writer json{detail};
  json.member("kind", to_string(request.kind));
  if (request.code)
    json.member("code", to_string(*request.code));
  tell(t, journal::kind::report_decision, told, by,
       fmt::format("report {}: {}{}{}", before.id.value, to_string(request.kind),
                   request.reason.empty() ? "" : ": ", request.reason),
       detail, at);
  return decision_of(row);
}

struct standing_decision {
  incident::decision_kind kind = decision_kind::acknowledge;
  std::optional<incident_id> incident;
  bool opened = false;
  report_state before = report_state::open;
};

result<standing_decision> newest(pqxx::work& t, const decision_request& request) {
  const auto found =
      t.exec_params("SELECT id, kind, incident, opened_incident, state_before FROM report_decision "
                    "WHERE report = "
                    "$1 AND undone_by IS NULL AND kind <> 'undo' ORDER BY id DESC LIMIT 1",
                    request.report.value);
  if (!request.undone || found.empty() || found[0][0].as<std::int64_t>() != request.undone->value)
    return refuse("only the newest decision that stands can be undone");
  return standing_decision{
      incident::decision_kind_from(found[0][1].c_str()).value_or(decision_kind::acknowledge),
      id_of<incident_id>(found[0][2]), found[0][3].as<bool>(),
      static_cast<report_state>(found[0][4].as<int>())};
}

result<report_decision> undo(pqxx::work& t, const decision_request& request, const one_report& of,
                             timestamp at) {
  const auto taken = newest(t, request);
  if (!taken)
    return unexpected{taken.error()};
  const auto made = write_decision(t, request, of, {taken->before, {}, false}, at);
  if (!made)
    return made;
  t.exec_params("UPDATE report_decision SET undone_by = $2 WHERE id = $1", request.undone->value,
                made->id.value);
  if (!taken->incident || !taken->opened)
    return made;
  const auto rest = t.exec_params1(
      "SELECT EXISTS (SELECT 1 FROM incident_group WHERE incident = $1) OR EXISTS (SELECT 1 FROM "
      "report WHERE incident = $1) OR (SELECT state = 6 FROM incident WHERE id = $1)",
      taken->incident->value);
  if (rest[0].as<bool>())
    return made;
  const auto by = login_of(t, request.by);
  close_incident(t,
                 {*taken->incident, incident::close_reason::false_positive,
                  "the decision that opened it was undone", by},
                 at);
  take_back_all(t, *taken->incident, {"undone", by}, at);
  return made;
}

/// Locks what the decision touches in the order of docs/database.md, rule 2: incident, then report.
result<one_report> locked(pqxx::work& t, const decision_request& request) {
  const auto there = read_one(t, request.report);
  if (!there)
    return there;
  for (const auto id : {request.into, there->incident})
    if (id)
      t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", id->value);
  auto found = read_one(t, request.report, true);
  if (found && found->version != request.seen_version)
    return unexpected{store_error{
        store_errc::stale,
        fmt::format("the report is at version {} by now: read it again", found->version)}};
  return found;
}

} // namespace

result<std::vector<one_report>> report_store::queue(const queue_query& query) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<one_report>> {
    std::vector<one_report> page;
    const auto after = query.after.value_or(queue_key{});
    for (const auto& row : t.exec_params(
             fmt::format("SELECT {} WHERE r.exercise = $1 AND ($2::smallint IS NULL OR r.state = "
                         "$2) AND ($3::bigint IS NULL OR r.incident = $3) AND (NOT $4::boolean OR "
                         "(r.severity, r.received, r.id) < ($5::smallint, $6::timestamptz, "
                         "$7::bigint)) ORDER BY r.severity DESC, r.received DESC, r.id DESC LIMIT "
                         "$8",
                         columns),
             query.exercise,
             query.state ? std::optional{static_cast<int>(*query.state)} : std::nullopt,
             nullable(query.incident), query.after.has_value(), after.severity,
             sql_time(after.received), after.id.value,
             std::clamp(query.limit, 1, incident::page_limit)))
      page.push_back(report_of(row));
    return page;
  });
}

result<one_report> report_store::one(report_id id) {
  return pool_.transact([&](pqxx::work& t) { return read_one(t, id); });
}

result<one_report> report_store::enter(const new_report& what, const std::string& by,
                                       timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<one_report> {
    if (auto no = report::objection(what); !no.empty())
      return refuse(std::move(no));
    const auto made = t.exec_params(
        "INSERT INTO report (channel, reference, title, body, reporter, contact, rsit_class, "
        "rsit_type, severity, tlp, exercise, personal_data, victims, attackers, occurred, "
        "received, "
        "entered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::inet[], "
        "$14::inet[], $15, $16, $17) ON CONFLICT (channel, reference) WHERE reference <> '' DO "
        "NOTHING RETURNING id",
        what.channel, what.reference, what.title, what.body, what.reporter, what.contact,
        what.classified.classification, what.classified.type, what.severity,
        static_cast<int>(what.label), what.exercise, what.personal_data, list_of(what.victims),
        list_of(what.attackers),
        what.occurred ? std::optional{sql_time(*what.occurred)} : std::nullopt, sql_time(now), by);
    if (made.empty()) {
      const auto there =
          t.exec_params1("SELECT id FROM report WHERE channel = $1 AND reference = $2",
                         what.channel, what.reference);
      return read_one(t, {there[0].as<std::int64_t>()});
    }
    auto entered = read_one(t, {made[0][0].as<std::int64_t>()});
    std::string detail;
    json_writer{detail}.member("channel", what.channel).member("exercise", what.exercise);
    tell(t, journal::kind::report_entered, *entered, by,
         fmt::format("report {} by {}: {}", entered->id.value, what.channel, what.title), detail,
         now);
    return entered;
  });
}

result<report_decision> report_store::decide(const decision_request& request, timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<report_decision> {
    const auto of = locked(t, request);
    if (!of)
      return unexpected{of.error()};
    if (request.kind == decision_kind::undo)
      return undo(t, request, *of, now);
    const auto made = carry_out(t, request, *of, login_of(t, request.by), now);
    if (!made)
      return unexpected{made.error()};
    return write_decision(t, request, *of, *made, now);
  });
}

result<std::vector<report_decision>> report_store::decisions(report_id id, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<report_decision>> {
    if (const auto there = read_one(t, id); !there)
      return unexpected{there.error()};
    std::vector<report_decision> all;
    for (const auto& row : t.exec_params(
             fmt::format("SELECT {} WHERE report = $1 ORDER BY id DESC LIMIT $2", decision_columns),
             id.value, std::clamp(limit, 1, incident::page_limit)))
      all.push_back(decision_of(row));
    return all;
  });
}

} // namespace cresset::coord::store::reports
