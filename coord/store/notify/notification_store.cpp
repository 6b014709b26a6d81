// A notification is sent at least once: the row says `sent` after the relay took the message, and a
// crash in between sends it again under the same Message-ID, by which the receiver's system drops
// the copy. Claims are leases in `next_try`, so that a server that dies gives them back by waiting.
#include "coord/store/notify/notification_store.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/journal/event.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/group_rows.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::notify {
using namespace coord::notify;
using incident::page_limit;
using incident::result;
namespace {

constexpr const char* columns =
    "n.id, n.incident, n.owner, n.contact, n.email, n.language, n.delivery, n.state, "
    "micros(n.created), n.by_name, n.subject, n.sha256, n.message_id, n.attempts, "
    "micros(n.next_try), n.last_error, micros(n.told), micros(n.answer_until), n.tlp ";
constexpr int columns_width = 19;
constexpr const char* long_columns = ", n.body, n.report_json, n.report_csv ";

unexpected<store_error> refuse(std::string text) {
  return unexpected{store_error{store_errc::refused, std::move(text)}};
}

notification notification_of(const pqxx::row& row, bool is_long = false) {
  notification n;
  n.id = {row[0].as<std::int64_t>()};
  n.incident = {row[1].as<std::int64_t>()};
  n.owner = row[2].c_str();
  n.contact = row[3].c_str();
  n.email = row[4].c_str();
  n.language = row[5].c_str();
  n.how = static_cast<coord::segment::delivery>(row[6].as<int>());
  n.state = static_cast<notification_state>(row[7].as<int>());
  n.created = time_of(row[8]);
  n.by = row[9].c_str();
  n.subject = row[10].c_str();
  n.sha256 = row[11].c_str();
  n.message_id = row[12].c_str();
  n.attempts = row[13].as<int>();
  n.next_try = time_of(row[14]);
  n.last_error = row[15].c_str();
  if (!row[16].is_null())
    n.told = time_of(row[16]);
  n.answer_until = time_of(row[17]);
  n.label = static_cast<incident::tlp>(row[18].as<int>());
  if (is_long) {
    n.text = row[columns_width].c_str();
    n.report_json = row[columns_width + 1].c_str();
    n.report_csv = row[columns_width + 2].c_str();
  }
  return n;
}

void write(pqxx::work& t, std::string_view kind, const notification& about, std::string by,
           std::string text, timestamp at, std::string_view more = {}) {
  journal::event what;
  what.kind = kind;
  what.at = at;
  what.incident = about.incident;
  what.by = std::move(by);
  what.text = std::move(text);
  json_writer json{what.detail};
  json.member("notification", about.id.value).member("owner", about.owner);
  what.detail += more;
  append(t, what);
}

/// Who it is for, in words.
std::string addressee(const notification& n) {
  return n.email.empty() ? fmt::format("{} (by link)", n.owner)
                         : fmt::format("{} <{}>", n.owner, n.email);
}

result<notification> locked(pqxx::work& t, notification_id id) {
  const auto rows =
      t.exec_params(fmt::format("SELECT {}{} FROM notification n WHERE n.id = $1 FOR UPDATE",
                                columns, long_columns),
                    id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no notification {}", id.value)}};
  return notification_of(rows[0], true);
}

void read_answers(pqxx::work& t, std::vector<notification>& all) {
  array_text ids;
  for (const auto& n : all)
    ids.add(n.id.value);
  for (const auto& row : t.exec_params(
           "SELECT notification, micros(at), kind, body, peer FROM notification_answer WHERE "
           "notification = ANY ($1::bigint[]) ORDER BY id",
           ids.str())) {
    const notification_id of{row[0].as<std::int64_t>()};
    const auto found = std::ranges::find(all, of, &notification::id);
    if (found != all.end())
      found->answers.push_back({of, time_of(row[1]), static_cast<answer_kind>(row[2].as<int>()),
                                row[3].c_str(), row[4].c_str()});
  }
}

void insert(pqxx::work& t, const notification& n) {
  t.exec_params(
      "INSERT INTO notification (id, incident, owner, contact, email, language, delivery, state, "
      "created, by_name, subject, body, report_json, report_csv, sha256, message_id, next_try, "
      "answer_until, tlp) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
      "$15, "
      "$16, $17, $18, $19)",
      n.id.value, n.incident.value, n.owner, n.contact, n.email, n.language,
      static_cast<int>(n.how), static_cast<int>(n.state), sql_time(n.created), n.by, n.subject,
      n.text, n.report_json, n.report_csv, n.sha256, n.message_id, sql_time(n.next_try),
      sql_time(n.answer_until), static_cast<int>(n.label));
  write(t, journal_kind::queued, n, n.by,
        fmt::format("notification {} for {} ({})", n.id.value, addressee(n),
                    coord::segment::to_string(n.how)),
        n.created);
}

} // namespace

result<std::vector<notification_repository::affected>>
notification_store::owners_of(incident::incident_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<affected>> {
    std::vector<affected> owners;
    for (const auto& row : t.exec_params(
             "SELECT g.owner, count(*), micros((SELECT min(n.told) FROM notification n WHERE "
             "n.incident = $1 AND n.owner = g.owner)) FROM incident_group l JOIN alert_group g ON "
             "g.id = l.group_id WHERE l.incident = $1 AND g.owner <> '' GROUP BY g.owner ORDER BY "
             "count(*) DESC, g.owner LIMIT $2",
             id.value, page_limit))
      owners.push_back({row[0].c_str(), row[1].as<int>(),
                        row[2].is_null() ? std::nullopt : std::optional{time_of(row[2])}});
    return owners;
  });
}

result<matter> notification_store::matter_of(incident::incident_id id, const std::string& owner) {
  return pool_.transact([&](pqxx::work& t) -> result<matter> {
    const auto rows = t.exec_params("SELECT name, rsit_class, rsit_type, severity, tlp, exercise "
                                    "FROM incident WHERE id = $1",
                                    id.value);
    if (rows.empty())
      return unexpected{
          store_error{store_errc::not_found, fmt::format("there is no incident {}", id.value)}};
    matter what;
    what.incident = id;
    what.name = rows[0][0].c_str();
    what.classified = {rows[0][1].c_str(), rows[0][2].c_str()};
    what.severity = rows[0][3].as<int>();
    what.label = static_cast<incident::tlp>(rows[0][4].as<int>());
    what.exercise = rows[0][5].as<bool>();
    what.owner.key = owner;
    for (const auto& row : t.exec_params(
             "SELECT g.gid, g.sid, g.victim, g.attacker, g.attacker_level, g.direction, "
             "g.exercise, "
             "g.message, g.alerts, g.first_seen_ns, g.last_seen_ns FROM incident_group l JOIN "
             "alert_group g ON g.id = l.group_id WHERE l.incident = $1 AND g.owner = $2 ORDER BY "
             "g.severity, g.alerts DESC, g.id LIMIT $3",
             id.value, owner, static_cast<int>(observations_limit)))
      what.observations.push_back({key_of(row, 0), row[7].c_str(), row[8].as<std::int64_t>(),
                                   capture_time_of(row[9]), capture_time_of(row[10])});
    if (what.observations.empty())
      return unexpected{store_error{store_errc::not_found,
                                    fmt::format("nothing of {} belongs to {}", what.name, owner)}};
    return what;
  });
}

result<std::vector<notification_id>> notification_store::take_numbers(int count) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<notification_id>> {
    std::vector<notification_id> ids;
    for (const auto& row : t.exec_params("SELECT nextval('notification_id') FROM "
                                         "generate_series(1, $1)",
                                         std::clamp(count, 0, page_limit)))
      ids.push_back({row[0].as<std::int64_t>()});
    return ids;
  });
}

result<void> notification_store::queue(const std::vector<notification>& some) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    for (const auto& n : some) {
      if (t.exec_params("SELECT 1 FROM incident WHERE id = $1 FOR UPDATE", n.incident.value)
              .empty())
        return unexpected{store_error{store_errc::not_found,
                                      fmt::format("there is no incident {}", n.incident.value)}};
      const auto there = t.exec_params1(
          "SELECT (SELECT count(*) FROM notification WHERE incident = $1), (SELECT count(*) FROM "
          "(SELECT 1 FROM notification WHERE state = 0 LIMIT $2) w)",
          n.incident.value, queue_limit);
      if (there[0].as<int>() >= incident_notifications_limit)
        return refuse(
            fmt::format("an incident has at most {} notifications", incident_notifications_limit));
      if (there[1].as<int>() >= queue_limit)
        return refuse(
            fmt::format("{} notifications wait already: see why none goes out", queue_limit));
      insert(t, n);
    }
    return {};
  });
}

result<std::vector<notification>> notification_store::of_incident(incident::incident_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<notification>> {
    std::vector<notification> all;
    for (const auto& row :
         t.exec_params(fmt::format("SELECT {} FROM notification n WHERE n.incident = $1 ORDER BY "
                                   "n.id LIMIT $2",
                                   columns),
                       id.value, incident_notifications_limit))
      all.push_back(notification_of(row));
    read_answers(t, all);
    return all;
  });
}

result<std::vector<notification>> notification_store::list(std::optional<notification_state> state,
                                                           notification_id before, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<notification>> {
    std::vector<notification> all;
    for (const auto& row : t.exec_params(
             fmt::format("SELECT {} FROM notification n WHERE {} n.state = $1 AND ($2::bigint = 0 "
                         "OR n.id < $2) ORDER BY n.id DESC LIMIT $3",
                         columns, state ? "" : "$1 = -1 OR"),
             state ? static_cast<int>(*state) : -1, before.value, std::clamp(limit, 1, page_limit)))
      all.push_back(notification_of(row));
    read_answers(t, all);
    return all;
  });
}

result<notification> notification_store::one(notification_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<notification> {
    auto found = locked(t, id);
    if (!found)
      return found;
    std::vector<notification> all{*std::move(found)};
    read_answers(t, all);
    return std::move(all.front());
  });
}

result<void> notification_store::retry(notification_id id, const std::string& by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto known = locked(t, id);
    if (!known)
      return unexpected{known.error()};
    if (known->state != notification_state::failed && known->state != notification_state::queued)
      return refuse(fmt::format("the notification is {}: there is nothing to try again",
                                to_string(known->state)));
    t.exec_params("UPDATE notification SET state = 0, attempts = 0, next_try = $2 WHERE id = $1",
                  id.value, sql_time(at));
    write(t, journal_kind::changed, *known, by,
          fmt::format("notification {} for {} is tried again", id.value, addressee(*known)), at);
    return {};
  });
}

result<void> notification_store::cancel(notification_id id, const std::string& by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto known = locked(t, id);
    if (!known)
      return unexpected{known.error()};
    if (known->told)
      return refuse("what was told cannot be taken back");
    t.exec_params("UPDATE notification SET state = $2 WHERE id = $1", id.value,
                  static_cast<int>(notification_state::cancelled));
    write(t, journal_kind::changed, *known, by,
          fmt::format("notification {} for {} cancelled", id.value, addressee(*known)), at);
    return {};
  });
}

result<std::vector<notification>> notification_store::claim(timestamp now,
                                                            std::chrono::seconds lease, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<notification>> {
    std::vector<notification> claimed;
    for (const auto& row : t.exec_params(
             fmt::format("UPDATE notification n SET attempts = attempts + 1, next_try = $2 FROM "
                         "(SELECT id FROM notification WHERE state = 0 AND next_try <= $1 ORDER BY "
                         "next_try, id LIMIT $3 FOR UPDATE SKIP LOCKED) due WHERE n.id = due.id "
                         "RETURNING {}{}",
                         columns, long_columns),
             sql_time(now), sql_time(now + lease), std::clamp(limit, 1, page_limit)))
      claimed.push_back(notification_of(row, true));
    std::ranges::sort(claimed, {}, &notification::id);
    return claimed;
  });
}

result<void> notification_store::settle(const delivery_report& report) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    for (const auto id : report.of) {
      const auto known = locked(t, id);
      if (!known)
        return unexpected{known.error()};
      // Settled, or cancelled, in the meantime.
      if (known->state != notification_state::queued)
        continue;
      if (report.error.empty()) {
        t.exec_params("UPDATE notification SET state = $2, told = $3, sha256 = $4, message_id = "
                      "$5, last_error = '' WHERE id = $1",
                      id.value, static_cast<int>(notification_state::sent), sql_time(report.at),
                      report.sha256, report.message_id);
        std::string proof;
        json_writer{proof, true}
            .member("channel", "mail")
            .member("sha256", report.sha256)
            .member("message_id", report.message_id)
            .member("clock", "owner_notified");
        write(t, journal_kind::told, *known, known->by,
              fmt::format("{} was told by mail (notification {})", addressee(*known), id.value),
              report.at, proof);
        continue;
      }
      const auto state = report.is_final ? notification_state::failed : notification_state::queued;
      t.exec_params("UPDATE notification SET state = $2, next_try = $3, last_error = $4 WHERE id = "
                    "$1",
                    id.value, static_cast<int>(state), sql_time(report.next_try), report.error);
      if (report.is_final)
        write(t, journal_kind::failed, *known, "notify",
              fmt::format("{} could not be told after {} tries: {}", addressee(*known),
                          known->attempts, report.error),
              report.at);
    }
    return {};
  });
}

result<void> notification_store::mark_fetched(notification_id id, const std::string& peer,
                                              timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto known = locked(t, id);
    if (!known)
      return unexpected{known.error()};
    if (known->state != notification_state::offered)
      return {};
    t.exec_params("UPDATE notification SET state = $2, told = $3 WHERE id = $1", id.value,
                  static_cast<int>(notification_state::fetched), sql_time(at));
    std::string proof;
    json_writer{proof, true}
        .member("channel", "download")
        .member("sha256", known->sha256)
        .member("clock", "owner_notified");
    write(t, journal_kind::told, *known, known->by,
          fmt::format("{} fetched the report from {} (notification {})", known->owner, peer,
                      id.value),
          at, proof);
    return {};
  });
}

result<void> notification_store::take(const answer& given) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto known = locked(t, given.of);
    if (!known)
      return unexpected{known.error()};
    const auto counted = t.exec_params("UPDATE notification SET answers = answers + 1 WHERE id = "
                                       "$1 AND answers < $2 RETURNING answers",
                                       given.of.value, answers_limit);
    if (counted.empty())
      return refuse("so many answers were given already that this one is not taken");
    t.exec_params("INSERT INTO notification_answer (notification, at, kind, body, peer) VALUES "
                  "($1, $2, $3, $4, $5)",
                  given.of.value, sql_time(given.at), static_cast<int>(given.kind), given.text,
                  given.peer);
    std::string more;
    json_writer{more, true}.member("answer", to_string(given.kind));
    write(t, journal_kind::answered, *known, fmt::format("owner {}", known->owner),
          fmt::format("{} answered: {}{}{}", known->owner, to_string(given.kind),
                      given.text.empty() ? "" : ": ", given.text),
          given.at, more);
    return {};
  });
}

} // namespace cresset::coord::store::notify
