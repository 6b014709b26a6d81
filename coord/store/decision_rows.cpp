#include "coord/store/decision_rows.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/incident/asset.hpp"
#include "coord/incident/correlator.hpp"
#include "coord/incident/dismissal.hpp"
#include "coord/store/effect_rows.hpp"
#include "coord/store/group_rows.hpp"
#include "coord/store/incident_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/quality_rows.hpp"
#include "coord/store/sql_text.hpp"
#include "coord/store/standing_rows.hpp"
#include "detect/alert/utf8.hpp"

#include <fmt/format.h>

namespace cresset::coord::store {
using namespace incident;
namespace {

unexpected<store_error> refuse(std::string text) {
  return unexpected{store_error{store_errc::refused, std::move(text)}};
}

/// The group, locked until the commit.
result<alert_group> locked_group(pqxx::work& t, group_id id) {
  const auto rows = t.exec_params(
      fmt::format("SELECT {} FROM alert_group g WHERE g.id = $1 FOR UPDATE OF g", group_columns),
      id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no group {}", id.value)}};
  return group_of(rows[0]);
}

/// The rules of the domain that a request must keep; nothing when it does.
std::optional<store_error> objection(const decision_request& request, const alert_group& group,
                                     timestamp at) {
  const auto no = [](std::string text) {
    return store_error{store_errc::refused, std::move(text)};
  };
  if (request.seen < group.first_alert || request.seen > group.last_alert)
    return no("the position seen is not among the group's alerts");
  if (request.seen < group.handled)
    return store_error{store_errc::stale,
                       "a later decision covers more than was seen: read the group again"};
  if (group.state == group_state::in_incident)
    return no(fmt::format("the group is part of incident {}",
                          group.incident.value_or(incident_id{}).value));
  if (request.reason.size() > reason_limit_bytes || !detect::alert::is_clean_utf8(request.reason) ||
      !detect::alert::is_clean_utf8(request.title))
    return no("the reason is too long or not plain text");
  if (request.kind == decision_kind::dismiss && (request.reason.empty() || !request.code))
    return no("to dismiss needs a reason and its code");
  if (request.kind == decision_kind::raise && !request.into &&
      (request.title.empty() || request.title.size() > 300))
    return no("a new incident needs a title of at most 300 bytes");
  if (request.kind == decision_kind::raise && (request.severity < 0 || request.severity > 100))
    return no("an incident's severity is 0 to 100");
  if (request.stands && request.kind != decision_kind::dismiss)
    return no("only a dismissal can stand");
  if (request.stands &&
      (request.stands->expires <= at || request.stands->expires > at + standing_limit))
    return no("a standing dismissal ends within 30 days");
  return std::nullopt;
}

struct raised {
  incident_id incident;
  bool is_new = false;
};

result<raised> raise(pqxx::work& t, const decision_request& request, const alert_group& group,
                     const rsit_map& classes, timestamp at) {
  const auto by = login_of(t, request.by);
  raised into{request.into.value_or(incident_id{}), !request.into};
  if (into.is_new) {
    incident_seed seed;
    seed.title = request.title;
    seed.why = {{"raised_by", {{"by", by}, {"group", std::to_string(group.id.value)}}},
                {"seen",
                 {{"gid", std::to_string(group.key.gid)},
                  {"sid", std::to_string(group.key.sid)},
                  {"message", group.message},
                  {"severity", std::to_string(group.severity)},
                  {"victim", group.key.victim.to_string()},
                  {"attacker", attacker_text(group.key)}}}};
    if (!request.reason.empty())
      seed.why.push_back({"reason_given", {{"text", request.reason}}});
    seed.severity = request.severity;
    seed.classified = classes.of_category(group.category);
    seed.victim = asset_of(group.place);
    seed.exercise = group.key.exercise;
    seed.by = by;
    into.incident = *insert_incident(t, seed, at);
  } else {
    const auto found = t.exec_params(
        "SELECT state, exercise FROM incident WHERE id = $1 FOR UPDATE", into.incident.value);
    if (found.empty())
      return unexpected{store_error{store_errc::not_found,
                                    fmt::format("there is no incident {}", into.incident.value)}};
    if (static_cast<incident_state>(found[0][0].as<int>()) == incident_state::closed)
      return refuse("the incident is closed: reopen it first");
    if (found[0][1].as<bool>() != group.key.exercise)
      return refuse("an exercise and a real matter never share an incident");
  }
  link_group(t, {into.incident, group.id, by, request.reason, {}}, at);
  return into;
}

std::int64_t insert_decision(pqxx::work& t, const decision_request& request,
                             const alert_group& before, timestamp at,
                             const std::optional<raised>& into) {
  std::optional<int> scope;
  std::optional<std::string> expires;
  if (request.stands) {
    scope = static_cast<int>(request.stands->scope);
    expires = sql_time(request.stands->expires);
  }
  return t
      .exec_params1(
          "INSERT INTO decision (kind, group_id, seen, by_user, at, reason, code, scope, expires, "
          "incident, "
          "opened_incident, undoes, state_before, handled_before, incident_before) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id",
          static_cast<int>(request.kind), before.id.value, request.seen.value, request.by.value,
          sql_time(at), request.reason,
          request.code ? std::optional{static_cast<int>(*request.code)} : std::nullopt, scope,
          expires, into ? std::optional{into->incident.value} : std::nullopt, into && into->is_new,
          nullable(request.undone), static_cast<int>(before.state), before.handled.value,
          nullable(before.incident))[0]
      .as<std::int64_t>();
}

void write_journal(pqxx::work& t, const decision_request& request, std::int64_t id, timestamp at,
                   std::optional<incident_id> incident) {
  journal::event what;
  what.kind = journal::kind::decision;
  what.at = at;
  what.group = request.group;
  what.incident = incident.value_or(incident_id{});
  what.by = login_of(t, request.by);
  what.text = fmt::format("{}{}{}", to_string(request.kind), request.reason.empty() ? "" : ": ",
                          request.reason);
  json_writer json{what.detail};
  json.member("decision", id)
      .member("kind", to_string(request.kind))
      .member("seen", request.seen.value);
  if (request.code)
    json.member("code", to_string(*request.code));
  if (request.stands)
    json.member("scope", to_string(request.stands->scope))
        .member("expires", to_rfc3339_ms(request.stands->expires));
  if (request.undone)
    json.member("undoes", request.undone->value);
  append(t, what);
}

result<decision> read_back(pqxx::work& t, std::int64_t id) {
  return decisions_of(t.exec_params(std::string{decision_select} + "WHERE d.id = $1", id)).front();
}

} // namespace

result<decision> record(pqxx::work& t, const decision_request& request, const rsit_map& classes,
                        timestamp at) {
  auto group = locked_group(t, request.group);
  if (!group)
    return unexpected{group.error()};
  if (auto no = objection(request, *group, at))
    return unexpected{*no};
  // Locks in their order: the incident, the rule's quality, then whatever writes the journal.
  if (request.into)
    t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", request.into->value);
  count_decision(t, group->key, request.kind, request.code, 1, at);
  std::optional<raised> into;
  if (request.kind == decision_kind::raise) {
    auto made = raise(t, request, *group, classes, at);
    if (!made)
      return unexpected{made.error()};
    into = *made;
    t.exec_params("UPDATE alert_group SET handled = $2 WHERE id = $1", group->id.value,
                  request.seen.value);
  } else {
    const bool more_came = group->last_alert > request.seen;
    const auto closed = request.kind == decision_kind::acknowledge ? group_state::acknowledged
                                                                   : group_state::dismissed;
    t.exec_params("UPDATE alert_group SET state = $2, handled = $3, reopened = $4 WHERE id = $1",
                  group->id.value, static_cast<int>(more_came ? group_state::open : closed),
                  request.seen.value, more_came ? "new_alerts" : "");
  }
  const auto id = insert_decision(t, request, *group, at, into);
  if (request.stands)
    if (const auto stands = insert_standing(t, {id}, *group, *request.stands, at); !stands)
      return unexpected{stands.error()};
  write_journal(t, request, id, at, into ? std::optional{into->incident} : std::nullopt);
  return read_back(t, id);
}

namespace {

/// Puts the group back to what it was before the decision; alerts that came since keep it open.
void restore_group(pqxx::work& t, const alert_group& group, group_state before,
                   std::int64_t handled) {
  const bool closed = before == group_state::acknowledged || before == group_state::dismissed;
  const auto state = closed && group.last_alert.value > handled ? group_state::open : before;
  t.exec_params("UPDATE alert_group SET state = $2, handled = $3, reopened = 'undone', incident = "
                "NULL WHERE id = $1",
                group.id.value, static_cast<int>(state), handled);
}

void undo_raise(pqxx::work& t, incident_id incident, const alert_group& group,
                const std::string& by, bool opened_it, timestamp at) {
  unlink_group(t, {incident, group.id, by, "the decision to raise it was undone", {}}, at);
  const bool is_empty =
      t.exec_params1("SELECT NOT EXISTS (SELECT 1 FROM incident_group WHERE incident = $1)",
                     incident.value)[0]
          .as<bool>();
  if (opened_it && is_empty)
    close_incident(
        t, {incident, close_reason::false_positive, "the decision that opened it was undone", by},
        at);
  // What partners were told, or were about to be told, because of it.
  if (opened_it && is_empty)
    take_back_all(t, incident, {"undone", by}, at);
}

} // namespace

result<decision> undo(pqxx::work& t, const decision_request& request, timestamp at) {
  if (!request.undone)
    return refuse("to undo names a decision");
  lock_covered(t, *request.undone);
  const auto group = locked_group(t, request.group);
  if (!group)
    return unexpected{group.error()};
  const auto found = t.exec_params(
      "SELECT kind, incident, opened_incident, undone_by, state_before, handled_before, seen, code "
      "FROM decision WHERE id = $1 AND group_id = $2",
      request.undone->value, request.group.value);
  if (found.empty())
    return unexpected{store_error{store_errc::not_found, "the group has no such decision"}};
  const auto row = found[0];
  const auto newest = t.exec_params1(
      "SELECT max(id) FROM decision WHERE group_id = $1 AND undone_by IS NULL AND kind <> $2",
      request.group.value, static_cast<int>(decision_kind::undo))[0];
  if (!row[3].is_null())
    return refuse("the decision was undone already");
  if (row[0].as<int>() == static_cast<int>(decision_kind::undo))
    return refuse("an undo is not undone: decide again");
  if (newest.as<std::int64_t>() != request.undone->value)
    return refuse("a later decision stands on this one: undo that one first");
  const auto incident = id_of<incident_id>(row[1]);
  if (incident && group->incident != incident)
    return refuse("the group is no longer in that incident, or the incident is closed");
  auto recorded = request;
  recorded.seen = {row[6].as<std::int64_t>()};
  if (incident)
    t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", incident->value);
  count_decision(t, group->key, static_cast<decision_kind>(row[0].as<int>()),
                 row[7].is_null() ? std::nullopt
                                  : std::optional{static_cast<reason_code>(row[7].as<int>())},
                 -1, at);
  restore_group(t, *group, static_cast<group_state>(row[4].as<int>()), row[5].as<std::int64_t>());
  if (incident)
    undo_raise(t, *incident, *group, login_of(t, request.by), row[2].as<bool>(), at);
  open_covered(t, *request.undone);
  t.exec_params("UPDATE standing_dismissal SET active = false, ended = 'undone' WHERE decision = "
                "$1 AND active",
                request.undone->value);
  const auto id = insert_decision(t, recorded, *group, at, std::nullopt);
  t.exec_params("UPDATE decision SET undone_by = $2 WHERE id = $1", request.undone->value, id);
  write_journal(t, recorded, id, at, incident);
  return read_back(t, id);
}

const char* const decision_select =
    "SELECT d.id, d.kind, d.group_id, d.seen, d.by_user, u.login, micros(d.at), d.reason, d.code, "
    "d.scope, "
    "micros(d.expires), d.incident, d.undoes, d.undone_by, coalesce(s.matched, 0) "
    "FROM decision d JOIN app_user u ON u.id = d.by_user LEFT JOIN standing_dismissal s ON "
    "s.decision = d.id ";

std::vector<decision> decisions_of(const pqxx::result& rows) {
  std::vector<decision> decisions;
  for (const auto& row : rows) {
    decision one;
    one.id = {row[0].as<std::int64_t>()};
    one.kind = static_cast<decision_kind>(row[1].as<int>());
    one.group = {row[2].as<std::int64_t>()};
    one.seen = {row[3].as<std::int64_t>()};
    one.by = {row[4].as<std::int64_t>()};
    one.by_name = row[5].c_str();
    one.at = time_of(row[6]);
    one.reason = row[7].c_str();
    if (!row[8].is_null())
      one.code = static_cast<reason_code>(row[8].as<int>());
    if (!row[9].is_null())
      one.stands = standing{static_cast<dismissal_scope>(row[9].as<int>()), time_of(row[10])};
    one.incident = id_of<incident_id>(row[11]);
    one.undoes = id_of<decision_id>(row[12]);
    one.undone_by = id_of<decision_id>(row[13]);
    one.matched = row[14].as<std::int64_t>();
    decisions.push_back(std::move(one));
  }
  return decisions;
}

} // namespace cresset::coord::store
