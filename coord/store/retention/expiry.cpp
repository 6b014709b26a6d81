#include "coord/store/retention/expiry.hpp"

#include "coord/journal/tombstone.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

namespace cresset::coord::store::retention {
using coord::retention::data_class;
using coord::retention::data_class_words;
using coord::retention::retention_policy;
using incident::result;
namespace {

using count = result<std::int64_t>;

std::int64_t affected(const pqxx::result& done) {
  return static_cast<std::int64_t>(done.affected_rows());
}

std::int64_t take_refused(pqxx::work& t, timestamp oldest, timestamp) {
  return affected(
      t.exec_params("DELETE FROM alert_refused WHERE ctid = ANY (ARRAY(SELECT ctid FROM "
                    "alert_refused WHERE received < $1 LIMIT $2))",
                    sql_time(oldest), expiry_piece));
}

/// The bytes go, the hash stays: the seal over it holds on. Evidence of an incident that is open is
/// at work.
std::int64_t take_kept_evidence(pqxx::work& t, timestamp oldest, timestamp now) {
  return affected(t.exec_params(
      "UPDATE kept_evidence k SET bytes = NULL, erased = $3 WHERE (k.position, k.kind) IN (SELECT "
      "e.position, e.kind FROM kept_evidence e WHERE e.kept < $1 AND e.bytes IS NOT NULL "
      "AND e.group_id NOT IN (SELECT group_id FROM held_group) AND NOT EXISTS (SELECT FROM "
      "incident_group l JOIN incident i ON i.id = l.incident WHERE l.group_id = e.group_id "
      "AND i.state < 6) LIMIT $2)",
      sql_time(oldest), expiry_piece, sql_time(now)));
}

/// One entry stands for the whole range; bodies of what is held stay inside it.
std::int64_t take_journal_bodies(pqxx::work& t, timestamp oldest, timestamp now) {
  const auto found = t.exec_params(
      "SELECT sequence FROM journal j WHERE at_ns < $1 AND body IS NOT NULL "
      "AND kind NOT IN ('erased', 'evidence_sealed', 'hold_placed', 'hold_lifted') "
      "AND NOT EXISTS (SELECT FROM legal_hold h WHERE h.lifted IS NULL AND h.incident = "
      "j.incident) AND j.group_id NOT IN (SELECT group_id FROM held_group) "
      "ORDER BY sequence LIMIT $2",
      to_ns(oldest), expiry_piece);
  if (found.empty())
    return 0;
  array_text sequences;
  for (const auto& row : found)
    sequences.add(row[0].as<std::int64_t>());
  append(t, journal::erasure_of(journal::erased_range{found.front()[0].as<std::int64_t>(),
                                                      found.back()[0].as<std::int64_t>()},
                                "retention", "kept as long as the policy says", now));
  return affected(t.exec_params(
      "UPDATE journal SET body = NULL, salt = NULL WHERE sequence = ANY ($1::bigint[])",
      sequences.str()));
}

/// Generations that ended, that no incident and no hold knows, with their decisions; a dismissal
/// that still stands keeps its group.
std::int64_t take_groups(pqxx::work& t, timestamp oldest, timestamp) {
  array_text ids;
  bool any = false;
  for (const auto& row : t.exec_params(
           "SELECT g.id FROM alert_group g WHERE NOT g.live AND g.last_received < $1 "
           "AND g.id NOT IN (SELECT group_id FROM held_group) "
           "AND NOT EXISTS (SELECT FROM incident_group l WHERE l.group_id = g.id) "
           "AND NOT EXISTS (SELECT FROM decision d JOIN standing_dismissal s ON s.decision = d.id "
           "WHERE d.group_id = g.id AND s.active) ORDER BY g.id LIMIT $2 FOR UPDATE SKIP LOCKED",
           sql_time(oldest), expiry_piece)) {
    ids.add(row[0].as<std::int64_t>());
    any = true;
  }
  if (!any)
    return 0;
  const auto list = ids.str();
  t.exec_params("DELETE FROM standing_victim v USING decision d WHERE v.decision = d.id AND "
                "d.group_id = ANY ($1::bigint[])",
                list);
  t.exec_params("DELETE FROM standing_dismissal s USING decision d WHERE s.decision = d.id AND "
                "d.group_id = ANY ($1::bigint[])",
                list);
  t.exec_params("DELETE FROM decision WHERE group_id = ANY ($1::bigint[])", list);
  return affected(t.exec_params("DELETE FROM alert_group WHERE id = ANY ($1::bigint[])", list));
}

struct task {
  data_class what;
  std::int64_t (*piece)(pqxx::work&, timestamp oldest, timestamp now);
};
constexpr task tasks[] = {{data_class::refused, take_refused},
                          {data_class::kept_evidence, take_kept_evidence},
                          {data_class::journal_bodies, take_journal_bodies},
                          {data_class::groups, take_groups}};

count take(connection_pool& pool, const task& of, timestamp oldest, timestamp now) {
  std::int64_t removed = 0;
  for (int piece = 0; piece < expiry_pieces_limit; ++piece) {
    const auto gone =
        pool.transact([&](pqxx::work& t) -> count { return of.piece(t, oldest, now); });
    if (!gone)
      return gone;
    removed += *gone;
    if (*gone < expiry_piece)
      break;
  }
  return removed;
}

} // namespace

result<void> note_run(connection_pool& pool, data_class what, std::int64_t removed, timestamp now) {
  return pool.transact([&](pqxx::work& t) -> result<void> {
    const std::string word{data_class_words.word(what)};
    t.exec_params("INSERT INTO retention_run (class, at, removed, total) VALUES ($1, $2, $3, $3) "
                  "ON CONFLICT (class) DO UPDATE SET at = excluded.at, removed = "
                  "excluded.removed, total = retention_run.total + excluded.removed",
                  word, sql_time(now), removed);
    if (removed == 0)
      return {};
    journal::event event;
    event.kind = journal::kind::retention_applied;
    event.at = now;
    event.by = "retention";
    event.text = fmt::format("{} of class {} were older than is kept", removed, word);
    event.detail = fmt::format("\"class\":\"{}\",\"removed\":{}", word, removed);
    append(t, event);
    return {};
  });
}

result<void> apply_retention(connection_pool& pool, const retention_policy& policy, timestamp now) {
  for (const auto& one : tasks) {
    const auto oldest = policy.oldest_kept(one.what, now);
    if (!oldest)
      continue;
    const auto removed = take(pool, one, *oldest, now);
    if (!removed)
      return unexpected{removed.error()};
    if (const auto noted = note_run(pool, one.what, *removed, now); !noted)
      return noted;
  }
  return {};
}

} // namespace cresset::coord::store::retention
