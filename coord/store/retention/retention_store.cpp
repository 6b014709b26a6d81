#include "coord/store/retention/retention_store.hpp"

#include "coord/journal/tombstone.hpp"
#include "coord/retention/custody.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/retention/hold_rows.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::retention {
using namespace coord::retention;
using incident::result;
using incident::store_errc;
using incident::store_error;
namespace {

unexpected<store_error> refuse(std::string why) {
  return unexpected{store_error{store_errc::refused, std::move(why)}};
}

signed_::digest digest_of(const pqxx::field& bytea) {
  signed_::digest read;
  const auto bytes = bytes_of(bytea);
  std::copy_n(bytes.begin(), std::min(bytes.size(), read.bytes.size()), read.bytes.begin());
  return read;
}

/// Whether the pieces a seal covers still give its root.
bool holds(pqxx::work& t, std::int64_t first, std::int64_t last, const signed_::digest& root) {
  seal_root again;
  for (const auto& row : t.exec_params("SELECT item, position, kind, hash FROM kept_evidence WHERE "
                                       "item BETWEEN $1 AND $2 ORDER BY item LIMIT $3",
                                       first, last, seal_items_limit + 1))
    again.add(
        {row[0].as<std::int64_t>(), row[1].as<std::int64_t>(), row[2].c_str(), digest_of(row[3])});
  return again.finish() == root;
}

custody_record custody_of(pqxx::work& t, const pqxx::row& row) {
  custody_record record;
  record.alert = {row[0].as<std::int64_t>()};
  record.kind = row[1].c_str();
  record.size_bytes = row[2].as<std::int64_t>();
  record.hash = digest_of(row[3]);
  record.kept = time_of(row[4]);
  if (!row[5].is_null())
    record.erased = time_of(row[5]);
  record.is_intact = row[6].as<bool>();
  if (row[7].is_null())
    return record;
  custody_record::seal seal;
  seal.root = digest_of(row[9]);
  seal.at = time_of(row[10]);
  seal.journal = row[11].as<std::int64_t>();
  seal.holds = holds(t, row[7].as<std::int64_t>(), row[8].as<std::int64_t>(), seal.root);
  record.sealed = seal;
  return record;
}

bool is_held(pqxx::work& t, std::int64_t incident, std::int64_t group) {
  return t
      .exec_params1("SELECT EXISTS (SELECT FROM held_group WHERE group_id = $1) OR EXISTS (SELECT "
                    "FROM legal_hold WHERE lifted IS NULL AND incident = $2)",
                    group, incident)[0]
      .as<bool>();
}

} // namespace

result<std::vector<legal_hold>> retention_store::holds(bool standing_only, hold_id before,
                                                       int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<legal_hold>> {
    std::vector<legal_hold> found;
    for (const auto& row :
         t.exec_params(std::string{hold_select} +
                           "WHERE ($1::bigint = 0 OR h.id < $1) AND (NOT $2::boolean OR h.lifted "
                           "IS NULL) ORDER BY h.id DESC LIMIT $3",
                       before.value, standing_only, std::clamp(limit, 1, incident::page_limit)))
      found.push_back(hold_of(row));
    return found;
  });
}

result<legal_hold> retention_store::place(const hold_request& wanted, timestamp at) {
  return pool_.transact(
      [&](pqxx::work& t) -> result<legal_hold> { return place_hold(t, wanted, at); });
}

result<legal_hold> retention_store::lift(hold_id id, const std::string& reason,
                                         incident::user_id by, timestamp at) {
  return pool_.transact([&](pqxx::work& t) -> result<legal_hold> {
    return lift_hold(t, {id, reason, by}, at);
  });
}

result<std::vector<retention_run>> retention_store::runs() {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<retention_run>> {
    std::vector<retention_run> found;
    for (const auto& row : t.exec("SELECT class, micros(at), removed, total FROM retention_run"))
      if (const auto what = data_class_words.value(row[0].c_str()))
        found.push_back(
            {*what, time_of(row[1]), row[2].as<std::int64_t>(), row[3].as<std::int64_t>()});
    std::ranges::sort(found, {}, &retention_run::what);
    return found;
  });
}

result<std::vector<custody_record>> retention_store::custody(incident::alert_position alert) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<custody_record>> {
    std::vector<custody_record> found;
    for (const auto& row : t.exec_params(
             "SELECT k.position, k.kind, coalesce(length(k.bytes), 0), k.hash, micros(k.kept), "
             "micros(k.erased), k.bytes IS NULL OR sha256(k.bytes) = k.hash, s.first_item, "
             "s.last_item, s.root, micros(s.at), s.journal FROM kept_evidence k LEFT JOIN LATERAL "
             "(SELECT * FROM evidence_seal e WHERE e.last_item >= k.item ORDER BY e.last_item "
             "LIMIT 1) s ON true WHERE k.position = $1 ORDER BY k.kind",
             alert.value))
      found.push_back(custody_of(t, row));
    return found;
  });
}

result<erasure> retention_store::erase_journal_body(std::int64_t sequence,
                                                    const std::string& reason,
                                                    const std::string& by, timestamp at) {
  if (auto no = objection_to_reason(reason); !no.empty())
    return refuse(std::move(no));
  return pool_.transact([&](pqxx::work& t) -> result<erasure> {
    const auto found = t.exec_params(
        "SELECT kind, incident, group_id FROM journal WHERE sequence = $1 AND body IS NOT NULL",
        sequence);
    if (found.empty())
      return unexpected{store_error{store_errc::not_found,
                                    "the journal has no such entry, or it was erased already"}};
    if (found[0][0].c_str() == journal::kind::erased)
      return refuse("what was erased, and why, stays");
    journal::entry entry;
    entry.sequence = sequence;
    entry.incident = {found[0][1].as<std::int64_t>()};
    entry.group = {found[0][2].as<std::int64_t>()};
    if (is_held(t, entry.incident.value, entry.group.value))
      return refuse("a legal hold keeps this entry: lift the hold first");
    erasure done;
    done.journal = append(t, journal::erasure_of(entry, by, reason, at));
    done.pieces = static_cast<std::int64_t>(
        t.exec_params("UPDATE journal SET body = NULL, salt = NULL WHERE sequence = $1", sequence)
            .affected_rows());
    return done;
  });
}

result<erasure> retention_store::erase_evidence(incident::alert_position alert,
                                                const std::string& reason, const std::string& by,
                                                timestamp at) {
  if (auto no = objection_to_reason(reason); !no.empty())
    return refuse(std::move(no));
  return pool_.transact([&](pqxx::work& t) -> result<erasure> {
    const auto of = t.exec_params("SELECT group_id FROM alert WHERE position = $1 UNION SELECT "
                                  "group_id FROM kept_evidence WHERE position = $1",
                                  alert.value);
    for (const auto& row : of)
      if (is_held(t, 0, row[0].as<std::int64_t>()))
        return refuse("a legal hold keeps this evidence: lift the hold first");
    erasure done;
    done.pieces += static_cast<std::int64_t>(
        t.exec_params("UPDATE alert_evidence SET packet = NULL, payload = NULL WHERE position = $1 "
                      "AND (packet IS NOT NULL OR payload IS NOT NULL)",
                      alert.value)
            .affected_rows());
    done.pieces += static_cast<std::int64_t>(
        t.exec_params("UPDATE kept_evidence SET bytes = NULL, erased = $2 WHERE position = $1 AND "
                      "bytes IS NOT NULL",
                      alert.value, sql_time(at))
            .affected_rows());
    if (done.pieces == 0)
      return unexpected{store_error{store_errc::not_found,
                                    "this alert has no evidence, or it was erased already"}};
    journal::event what;
    what.kind = journal::kind::evidence_erased;
    what.at = at;
    what.group = {of.empty() ? 0 : of[0][0].as<std::int64_t>()};
    what.by = by;
    what.text = reason;
    what.detail = fmt::format("\"alert\":{}", alert.value);
    done.journal = append(t, what);
    return done;
  });
}

} // namespace cresset::coord::store::retention
