#include "coord/store/quality/quality_store.hpp"

#include "capture/base/json_writer.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::quality {
using namespace coord::quality;
using incident::result;
using incident::store_errc;
using incident::store_error;
namespace {

// False positives whose groups are looked at for the narrowest offer.
constexpr int groups_looked_at = 200;

constexpr const char* rule_select =
    "SELECT q.gid, q.sid, coalesce(r.message, ''), coalesce(r.classtype, ''), "
    "coalesce(r.revision, 0), coalesce(r.techniques, '{}'), coalesce(r.cves, '{}'), "
    "q.acknowledged, "
    "q.raised, q.false_positive, q.benign, q.duplicate, q.out_of_scope, q.known_activity, "
    "micros(q.changed), (SELECT count(*) FROM suppression s WHERE s.sid = q.sid AND s.gid = q.gid "
    "AND s.withdrawn IS NULL AND s.expires > now()) FROM rule_quality q LEFT JOIN known_rule r ON "
    "r.sid = q.sid AND r.gid = q.gid ";

rule_quality rule_of(const pqxx::row& row) {
  rule_quality one;
  one.gid = row[0].as<std::uint32_t>();
  one.sid = row[1].as<std::uint32_t>();
  one.message = row[2].c_str();
  one.classtype = row[3].c_str();
  one.revision = row[4].as<std::int64_t>();
  one.techniques = texts_of(row[5]);
  one.cves = texts_of(row[6]);
  one.acknowledged = row[7].as<std::int64_t>();
  one.raised = row[8].as<std::int64_t>();
  one.false_positive = row[9].as<std::int64_t>();
  one.benign = row[10].as<std::int64_t>();
  one.duplicate = row[11].as<std::int64_t>();
  one.out_of_scope = row[12].as<std::int64_t>();
  one.known_activity = row[13].as<std::int64_t>();
  one.changed = time_of(row[14]);
  one.suppressions = row[15].as<std::int64_t>();
  return one;
}

result<rule_quality> read_rule(pqxx::work& t, std::uint32_t gid, std::uint32_t sid) {
  const auto rows = t.exec_params(std::string{rule_select} + "WHERE q.sid = $1 AND q.gid = $2",
                                  std::int64_t{sid}, std::int64_t{gid});
  if (rows.empty())
    return unexpected{store_error{store_errc::not_found,
                                  fmt::format("nothing was decided on rule {}:{} yet", gid, sid)}};
  return rule_of(rows[0]);
}

constexpr const char* suppression_columns =
    "s.id, s.gid, s.sid, s.track, coalesce(CASE WHEN masklen(s.prefix) = CASE family(s.prefix) "
    "WHEN "
    "4 THEN 32 ELSE 128 END THEN host(s.prefix) ELSE s.prefix::text END, ''), s.reason, s.owner, "
    "u.login, micros(s.made), micros(s.begins), micros(s.expires), micros(s.withdrawn), "
    "s.withdrawn_by FROM suppression s JOIN app_user u ON u.id = s.owner ";

suppression suppression_of(const pqxx::row& row) {
  suppression one;
  one.id = {row[0].as<std::int64_t>()};
  one.gid = row[1].as<std::uint32_t>();
  one.sid = row[2].as<std::uint32_t>();
  one.track = static_cast<suppression_track>(row[3].as<int>());
  one.prefix = row[4].c_str();
  one.reason = row[5].c_str();
  one.owner = {row[6].as<std::int64_t>()};
  one.owner_name = row[7].c_str();
  one.made = time_of(row[8]);
  one.begins = time_of(row[9]);
  one.expires = time_of(row[10]);
  if (!row[11].is_null())
    one.withdrawn = time_of(row[11]);
  one.withdrawn_by = row[12].c_str();
  return one;
}

result<suppression> read_one(pqxx::work& t, suppression_id id, bool locked) {
  const auto rows = t.exec_params(fmt::format("SELECT {} WHERE s.id = $1 {}", suppression_columns,
                                              locked ? "FOR UPDATE OF s" : ""),
                                  id.value);
  if (rows.empty())
    return unexpected{
        store_error{store_errc::not_found, fmt::format("there is no suppression {}", id.value)}};
  return suppression_of(rows[0]);
}

void tell(pqxx::work& t, const suppression& what, std::string_view verb, const std::string& by,
          timestamp at) {
  journal::event event;
  event.kind = journal::kind::suppression_changed;
  event.at = at;
  event.by = by;
  event.text = fmt::format("suppression {} {}: {} until {}", what.id.value, verb,
                           threshold_line(what), to_rfc3339_ms(what.expires));
  json_writer{event.detail}
      .member("suppression", what.id.value)
      .member("gid", what.gid)
      .member("sid", what.sid)
      .member("reason", what.reason);
  append(t, event);
  t.exec("UPDATE stream_head SET last = last + 1 WHERE name = 'suppression'");
}

} // namespace

result<std::vector<rule_quality>> quality_store::rules(const quality_query& query) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<rule_quality>> {
    std::vector<rule_quality> page;
    const auto after = query.after.value_or(quality_key{});
    for (const auto& row : t.exec_params(
             std::string{rule_select} +
                 "WHERE NOT $1::boolean OR (q.false_positive, q.sid, q.gid) < ($2::bigint, "
                 "$3::bigint, $4::bigint) ORDER BY q.false_positive DESC, q.sid DESC, q.gid DESC "
                 "LIMIT $5",
             query.after.has_value(), after.false_positive, std::int64_t{after.sid},
             std::int64_t{after.gid}, std::clamp(query.limit, 1, incident::page_limit)))
      page.push_back(rule_of(row));
    return page;
  });
}

result<rule_quality> quality_store::rule(std::uint32_t gid, std::uint32_t sid) {
  return pool_.transact([&](pqxx::work& t) { return read_rule(t, gid, sid); });
}

result<std::optional<suppression_offer>> quality_store::offer(std::uint32_t gid,
                                                              std::uint32_t sid) {
  return pool_.transact([&](pqxx::work& t) -> result<std::optional<suppression_offer>> {
    const auto of = read_rule(t, gid, sid);
    if (!of)
      return unexpected{of.error()};
    if (!offers_suppression(*of))
      return std::optional<suppression_offer>{};
    // Source and destination of the packets, whichever of them the victim was.
    const auto row = t.exec_params1(
        "SELECT count(*), count(DISTINCT x.src), min(host(x.src)), count(DISTINCT x.dst), "
        "min(host(x.dst)) FROM (SELECT CASE g.direction WHEN 0 THEN g.attacker ELSE g.victim END "
        "AS "
        "src, CASE g.direction WHEN 0 THEN g.victim ELSE g.attacker END AS dst FROM alert_group g "
        "JOIN decision d ON d.group_id = g.id WHERE g.live AND g.sid = $1 AND g.gid = $2 AND "
        "d.code "
        "= 0 AND d.undone_by IS NULL AND g.attacker_level = 0 LIMIT $3) x",
        std::int64_t{sid}, std::int64_t{gid}, groups_looked_at);
    suppression_offer made;
    made.looked_at = row[0].as<std::int64_t>();
    if (row[1].as<int>() == 1) {
      made.track = suppression_track::by_src;
      made.prefix = row[2].c_str();
    } else if (row[3].as<int>() == 1) {
      made.track = suppression_track::by_dst;
      made.prefix = row[4].c_str();
    }
    return std::optional{made};
  });
}

result<std::vector<suppression>> quality_store::suppressions(bool ended, suppression_id before,
                                                             int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<suppression>> {
    std::vector<suppression> page;
    for (const auto& row : t.exec_params(
             fmt::format(
                 "SELECT {} WHERE ($1::bigint = 0 OR s.id < $1) {} ORDER BY s.id DESC LIMIT "
                 "$2",
                 suppression_columns, ended ? "" : "AND s.withdrawn IS NULL AND s.expires > now()"),
             before.value, std::clamp(limit, 1, incident::page_limit)))
      page.push_back(suppression_of(row));
    return page;
  });
}

result<suppression> quality_store::one(suppression_id id) {
  return pool_.transact([&](pqxx::work& t) { return read_one(t, id, false); });
}

result<suppression> quality_store::add(const suppression& what, timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<suppression> {
    if (auto no = objection(what, now); !no.empty())
      return unexpected{store_error{store_errc::refused, std::move(no)}};
    const auto there = t.exec_params1(
        "SELECT count(*) FROM (SELECT 1 FROM suppression WHERE withdrawn IS NULL AND expires > $1 "
        "LIMIT $2) x",
        sql_time(now), suppressions_limit);
    if (there[0].as<std::int64_t>() >= suppressions_limit)
      return unexpected{store_error{
          store_errc::refused,
          fmt::format("{} suppressions are in force: withdraw some first", suppressions_limit)}};
    const suppression_id id{
        t.exec_params1("INSERT INTO suppression (gid, sid, track, prefix, reason, owner, made, "
                       "begins, expires) VALUES ($1, $2, $3, nullif($4, '')::cidr, $5, $6, $7, $8, "
                       "$9) RETURNING id",
                       std::int64_t{what.gid}, std::int64_t{what.sid}, static_cast<int>(what.track),
                       what.prefix, what.reason, what.owner.value, sql_time(now),
                       sql_time(now + suppression_hold), sql_time(what.expires))[0]
            .as<std::int64_t>()};
    auto made = read_one(t, id, false);
    tell(t, *made, "made", made->owner_name, now);
    return made;
  });
}

result<suppression> quality_store::withdraw(suppression_id id, const std::string& by,
                                            timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<suppression> {
    const auto there = read_one(t, id, true);
    if (!there)
      return there;
    if (there->withdrawn || there->expires <= now)
      return unexpected{store_error{store_errc::refused, "the suppression is over already"}};
    t.exec_params("UPDATE suppression SET withdrawn = $2, withdrawn_by = $3 WHERE id = $1",
                  id.value, sql_time(now), by);
    tell(t, *there, "withdrawn", by, now);
    return read_one(t, id, false);
  });
}

result<suppressions_in_force> quality_store::in_force(timestamp now) {
  return pool_.transact([&](pqxx::work& t) -> result<suppressions_in_force> {
    suppressions_in_force made;
    made.number =
        t.exec1("SELECT last FROM stream_head WHERE name = 'suppression'")[0].as<std::int64_t>();
    for (const auto& row : t.exec_params(
             fmt::format("SELECT {} WHERE s.withdrawn IS NULL AND s.expires > $1 ORDER BY "
                         "s.id LIMIT $2",
                         suppression_columns),
             sql_time(now), suppressions_limit)) {
      auto one = suppression_of(row);
      const auto next = one.begins > now ? one.begins : one.expires;
      made.until = std::min(made.until.value_or(next), next);
      if (one.begins <= now)
        made.all.push_back(std::move(one));
    }
    return made;
  });
}

} // namespace cresset::coord::store::quality
