#include "coord/store/indicators/indicator_store.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::indicators {
using incident::result;
using incident::store_errc;
using incident::store_error;
using indicator::indicator_id;
using one_indicator = indicator::indicator;
namespace {

// federation::disposition as the column has it: what it may do here.
constexpr int taken = 0;
constexpr int held = 1;
constexpr int kept = 2;

constexpr const char* columns =
    "id, kind, value, source, object_id, tlp, pap, confidence, comment, micros(expires), "
    "micros(added), added_by, micros(withdrawn), withdrawn_by, withdrawn_why, hits, "
    "micros(last_hit) ";

one_indicator indicator_of(const pqxx::row& row) {
  one_indicator one;
  one.id = {row[0].as<std::int64_t>()};
  one.kind = static_cast<indicator::indicator_kind>(row[1].as<int>());
  one.value = row[2].c_str();
  one.source = row[3].c_str();
  one.object_id = row[4].c_str();
  one.label = static_cast<incident::tlp>(row[5].as<int>());
  one.actions = static_cast<incident::pap>(row[6].as<int>());
  one.confidence = row[7].as<int>();
  one.comment = row[8].c_str();
  one.expires = time_of(row[9]);
  one.added = time_of(row[10]);
  one.added_by = row[11].c_str();
  if (!row[12].is_null())
    one.withdrawn = time_of(row[12]);
  one.withdrawn_by = row[13].c_str();
  one.withdrawn_why = row[14].c_str();
  one.hits = row[15].as<std::int64_t>();
  if (!row[16].is_null())
    one.last_hit = time_of(row[16]);
  return one;
}

unexpected<store_error> refuse(std::string text) {
  return unexpected{store_error{store_errc::refused, std::move(text)}};
}

void write_journal(pqxx::work& t, const one_indicator& what, std::string text,
                   const std::string& by, timestamp at) {
  journal::event event;
  event.kind = journal::kind::indicator_changed;
  event.at = at;
  event.by = by;
  event.text = std::move(text);
  json_writer{event.detail}
      .member("indicator", what.id.value)
      .member("kind", to_string(what.kind))
      .member("value", what.value)
      .member("source", what.source);
  append(t, event);
  t.exec("UPDATE stream_head SET last = last + 1 WHERE name = 'indicator'");
}

result<one_indicator> read_one(pqxx::work& t, indicator_id id, bool locked) {
  const auto rows = t.exec_params(
      fmt::format("SELECT {} FROM indicator WHERE id = $1 {}", columns, locked ? "FOR UPDATE" : ""),
      id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no indicator {}", id.value)}};
  return indicator_of(rows[0]);
}

/// The one in force with that kind, value and source.
std::optional<one_indicator> standing(pqxx::work& t, const indicator::new_indicator& like) {
  const auto rows =
      t.exec_params(fmt::format("SELECT {} FROM indicator WHERE kind = $1 AND md5(value) = md5($2) "
                                "AND value = $2 AND source = $3 AND withdrawn IS NULL FOR UPDATE",
                                columns),
                    static_cast<int>(like.kind), like.value, like.source);
  return rows.empty() ? std::nullopt : std::optional{indicator_of(rows[0])};
}

/// The set is bounded by a count that stops where it has seen enough.
bool is_full(pqxx::work& t) {
  return t.exec_params1("SELECT count(*) FROM (SELECT 1 FROM indicator WHERE withdrawn IS NULL AND "
                        "expires > now() LIMIT $1) x",
                        indicator::indicators_limit)[0]
             .as<std::size_t>() >= indicator::indicators_limit;
}

result<one_indicator> insert(pqxx::work& t, const indicator::new_indicator& what,
                             const std::string& by, timestamp now) {
  const auto form = indicator::normalised(what.kind, what.value);
  if (!form || *form != what.value)
    return refuse(fmt::format("the value {}", form ? "is not in its form" : form.error()));
  if (what.expires <= now || what.expires > now + indicator::lifetime_limit)
    return refuse("an indicator ends in the future, within 366 days");
  if (const auto there = standing(t, what)) {
    t.exec_params("UPDATE indicator SET expires = $2 WHERE id = $1", there->id.value,
                  sql_time(what.expires));
    write_journal(
        t, *there,
        fmt::format("indicator {} ends at {} now", there->value, to_rfc3339_ms(what.expires)), by,
        now);
    return read_one(t, there->id, false);
  }
  if (is_full(t))
    return refuse(fmt::format("{} indicators are in force: withdraw some first",
                              indicator::indicators_limit));
  const auto row = t.exec_params1(
      "INSERT INTO indicator (kind, value, source, object_id, tlp, pap, confidence, comment, "
      "added, "
      "added_by, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
      static_cast<int>(what.kind), what.value, what.source, what.object_id,
      static_cast<int>(what.label), static_cast<int>(what.actions), what.confidence, what.comment,
      sql_time(now), by, sql_time(what.expires));
  auto made = read_one(t, {row[0].as<std::int64_t>()}, false);
  write_journal(t, *made,
                fmt::format("indicator {} of {} added until {}", made->value, made->source,
                            to_rfc3339_ms(made->expires)),
                by, now);
  return made;
}

indicator::offer offer_of(const pqxx::row& row) {
  indicator::offer one;
  one.number = row[0].as<std::int64_t>();
  one.partner = row[1].c_str();
  one.received = time_of(row[2]);
  one.held_because = row[3].c_str();
  const auto bytes = bytes_of(row[4]);
  auto read = indicator::read_offered({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (read)
    one.says = *std::move(read);
  else
    one.unreadable = read.error();
  return one;
}

constexpr const char* offers_select =
    "SELECT position, partner, micros(stored), note, body FROM federation_entry WHERE direction = "
    "1 "
    "AND kind = 'stix:indicator' AND NOT superseded AND disposition = ";

result<indicator::offer> locked_offer(pqxx::work& t, std::int64_t number) {
  const auto rows =
      t.exec_params(fmt::format("{}{} AND position = $1 FOR UPDATE", offers_select, held), number);
  if (rows.empty())
    return unexpected{store_error{store_errc::not_found, "no such offer waits for a decision"}};
  return offer_of(rows[0]);
}

void settle_offer(pqxx::work& t, std::int64_t number, int disposition, const std::string& note) {
  t.exec_params("UPDATE federation_entry SET disposition = $2, note = $3 WHERE position = $1",
                number, disposition, note);
}

} // namespace

result<std::vector<one_indicator>> indicator_store::list(const indicator::list_query& query) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<one_indicator>> {
    std::vector<one_indicator> page;
    for (const auto& row : t.exec_params(
             fmt::format("SELECT {} FROM indicator WHERE ($1::bigint = 0 OR id < $1) AND "
                         "($2::smallint IS NULL OR kind = $2) AND ($3 = '' OR source = $3) {} "
                         "ORDER BY id DESC LIMIT $4",
                         columns, query.ended ? "" : "AND withdrawn IS NULL AND expires > now()"),
             query.before.value,
             query.kind ? std::optional{static_cast<int>(*query.kind)} : std::nullopt, query.source,
             std::clamp(query.limit, 1, incident::page_limit)))
      page.push_back(indicator_of(row));
    return page;
  });
}

result<one_indicator> indicator_store::one(indicator_id id) {
  return pool_.transact([&](pqxx::work& t) { return read_one(t, id, false); });
}

result<one_indicator> indicator_store::add(const indicator::new_indicator& what,
                                           const std::string& by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return insert(t, what, by, now); });
}

result<one_indicator> indicator_store::withdraw(indicator_id id, const std::string& why,
                                                const std::string& by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<one_indicator> {
    const auto there = read_one(t, id, true);
    if (!there)
      return there;
    if (there->withdrawn || there->expires <= now)
      return refuse("the indicator has ended already");
    t.exec_params(
        "UPDATE indicator SET withdrawn = $2, withdrawn_by = $3, withdrawn_why = $4 WHERE "
        "id = $1",
        id.value, sql_time(now), by, why);
    write_journal(t, *there, fmt::format("indicator {} withdrawn: {}", there->value, why), by, now);
    return read_one(t, id, false);
  });
}

result<std::vector<one_indicator>> indicator_store::in_force(timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<one_indicator>> {
    std::vector<one_indicator> all;
    for (const auto& row :
         t.exec_params(fmt::format("SELECT {} FROM indicator WHERE withdrawn IS NULL AND expires > "
                                   "$1 ORDER BY id LIMIT $2",
                                   columns),
                       sql_time(now), indicator::indicators_limit))
      all.push_back(indicator_of(row));
    return all;
  });
}

result<std::int64_t> indicator_store::version() {
  return pool_.transact([&](pqxx::work& t) -> result<std::int64_t> {
    return t.exec1("SELECT last FROM stream_head WHERE name = 'indicator'")[0].as<std::int64_t>();
  });
}

result<std::vector<indicator::offer>> indicator_store::offers(std::int64_t after, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<indicator::offer>> {
    std::vector<indicator::offer> page;
    for (const auto& row : t.exec_params(
             fmt::format("{}{} AND position > $1 ORDER BY position LIMIT $2", offers_select, held),
             after, std::clamp(limit, 1, incident::page_limit)))
      page.push_back(offer_of(row));
    return page;
  });
}

result<std::vector<one_indicator>> indicator_store::accept(const indicator::acceptance& what,
                                                           const std::string& by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<one_indicator>> {
    const auto offered = locked_offer(t, what.number);
    if (!offered)
      return unexpected{offered.error()};
    if (!offered->says)
      return refuse("the offer cannot be watched for: it " + offered->unreadable);
    if (offered->says->revoked)
      return refuse("its sender has revoked it: decline it");
    std::vector<one_indicator> made;
    for (const auto& [kind, value] : offered->says->values) {
      indicator::new_indicator one;
      one.kind = kind;
      one.value = value;
      one.source = offered->partner;
      one.object_id = offered->says->object_id;
      one.label = offered->says->label;
      one.confidence = what.confidence.value_or(offered->says->confidence.value_or(50));
      one.comment = what.comment.empty() ? offered->says->name : what.comment;
      one.expires = std::min(what.expires, offered->says->valid_until.value_or(what.expires));
      auto added = insert(t, one, by, now);
      if (!added)
        return unexpected{added.error()};
      made.push_back(*std::move(added));
    }
    settle_offer(t, what.number, taken, "accepted by " + by);
    return made;
  });
}

result<void> indicator_store::decline(std::int64_t number, const std::string& why,
                                      const std::string& by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto offered = locked_offer(t, number);
    if (!offered)
      return unexpected{offered.error()};
    settle_offer(t, number, kept, fmt::format("declined by {}: {}", by, why));
    journal::event event;
    event.kind = journal::kind::indicator_changed;
    event.at = now;
    event.by = by;
    event.text = fmt::format("offer {} of {} declined: {}", number, offered->partner, why);
    json_writer{event.detail}.member("offer", number);
    append(t, event);
    return {};
  });
}

} // namespace cresset::coord::store::indicators
