#include "coord/store/operation/operation_store.hpp"

#include "coord/journal/journal.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>

namespace cresset::coord::store::operation {
using namespace incident;
namespace {

constexpr int journal_piece = 1000;

struct rule {
  const char* text;
  const char* violations; // a query of one number
};

/// What restoring, a fault of ours or somebody with a SQL prompt could break.
constexpr std::array rules{
    rule{"no alert is stored twice", "SELECT count(*) FROM (SELECT 1 FROM alert GROUP BY cursor, "
                                     "sequence HAVING count(*) > 1) d"},
    rule{"no alert lies beyond what its sensor's cursor has counted",
         "SELECT count(*) FROM (SELECT cursor, max(sequence) AS last FROM alert GROUP BY cursor) a "
         "LEFT JOIN sensor_cursor c ON c.id = a.cursor WHERE c.id IS NULL OR a.last > c.sequence"},
    rule{"a cursor has counted every sequence as stored, refused or dropped",
         "SELECT count(*) FROM sensor_cursor WHERE stored + refused + dropped <> sequence"},
    rule{"no position lies beyond its stream's head",
         "SELECT (SELECT count(*) FROM alert WHERE position > (SELECT last FROM stream_head WHERE "
         "name = 'alert')) + "
         "(SELECT count(*) FROM group_change WHERE position > (SELECT last FROM stream_head WHERE "
         "name = 'group_change')) + "
         "(SELECT count(*) FROM journal WHERE sequence > (SELECT last FROM stream_head WHERE name "
         "= 'journal'))"},
    rule{"the stream of changes has no gap",
         "SELECT coalesce((SELECT last FROM stream_head WHERE name = 'group_change') - "
         "min(position) + 1 - count(*), 0) FROM group_change"},
    rule{"every alert has its group, which has counted it",
         "SELECT count(*) FROM (SELECT group_id, count(*) AS held, max(position) AS last FROM "
         "alert GROUP BY group_id) a "
         "LEFT JOIN alert_group g ON g.id = a.group_id WHERE g.id IS NULL OR a.held > g.alerts OR "
         "a.last > g.last_alert"},
    rule{"kept evidence has the hash that is stored beside it",
         "SELECT count(*) FROM kept_evidence WHERE sha256(bytes) <> hash"},
    rule{"every partner's entry and each of ours has the hash that is stored beside it",
         "SELECT count(*) FROM federation_entry WHERE sha256(envelope) <> hash"},
    rule{"no stream between partners has a gap",
         "SELECT count(*) FROM (SELECT 1 FROM federation_entry GROUP BY partner, direction, epoch "
         "HAVING max(sequence) <> count(*)) gaps"},
    rule{"every stream's head is its last entry",
         "SELECT count(*) FROM federation_stream s JOIN federation_entry e ON (e.partner, "
         "e.direction, e.epoch) = "
         "(s.partner, s.direction, s.head_epoch) AND e.sequence >= s.head_sequence "
         "WHERE e.sequence > s.head_sequence OR e.hash <> s.head_hash"},
    rule{"the journal has every entry up to its head",
         "SELECT last - (SELECT count(*) FROM journal) FROM stream_head WHERE name = 'journal'"},
};

signed_::digest digest_of(const pqxx::field& bytea) {
  signed_::digest read;
  const auto bytes = bytes_of(bytea);
  std::copy_n(bytes.begin(), std::min(bytes.size(), read.bytes.size()), read.bytes.begin());
  return read;
}

journal::entry entry_of(const pqxx::row& row) {
  journal::entry one;
  one.sequence = row[0].as<std::int64_t>();
  one.at = capture_time_of(row[1]);
  one.kind = row[2].c_str();
  one.incident = {row[3].as<std::int64_t>()};
  one.group = {row[4].as<std::int64_t>()};
  if (!row[5].is_null()) {
    const auto bytes = bytes_of(row[5]);
    one.salt.emplace();
    std::copy_n(bytes.begin(), std::min(bytes.size(), one.salt->size()), one.salt->begin());
  }
  if (!row[6].is_null())
    one.body = std::string{as_text(bytes_of(row[6]))};
  one.body_hash = digest_of(row[7]);
  one.previous = digest_of(row[8]);
  one.hash = digest_of(row[9]);
  return one;
}

} // namespace

result<progress> operation_store::how_far() {
  return pool_.transact([](pqxx::work& t) -> result<progress> {
    const auto row = t.exec1(
        "SELECT (SELECT last FROM stream_head WHERE name = 'alert'), "
        "(SELECT last FROM stream_head WHERE name = 'group_change'), "
        "(SELECT last FROM stream_head WHERE name = 'journal'), "
        "coalesce((SELECT position FROM correlator WHERE name = 'correlator'), 0), "
        "pg_database_size(current_database()), "
        "coalesce((SELECT greatest(0, extract(epoch FROM clock_timestamp() - received))::bigint "
        "FROM group_change ORDER BY position DESC LIMIT 1), 0)");
    progress read;
    read.alerts = row[0].as<std::int64_t>();
    read.group_changes = row[1].as<std::int64_t>();
    read.journal = row[2].as<std::int64_t>();
    read.correlated = row[3].as<std::int64_t>();
    read.bytes = row[4].as<std::int64_t>();
    read.last_change_age_s = row[5].as<std::int64_t>();
    return read;
  });
}

result<durability> operation_store::settings() {
  return pool_.transact([](pqxx::work& t) -> result<durability> {
    const auto row = t.exec1("SELECT current_setting('fsync') = 'on', "
                             "current_setting('synchronous_commit') = 'on', "
                             "current_setting('full_page_writes') = 'on'");
    return durability{row[0].as<bool>(), row[1].as<bool>(), row[2].as<bool>()};
  });
}

result<timestamp> operation_store::clock() {
  return pool_.transact([](pqxx::work& t) -> result<timestamp> {
    return time_of(t.exec1("SELECT micros(clock_timestamp())")[0]);
  });
}

result<std::vector<integrity_finding>> operation_store::check_integrity() {
  return pool_.transact([](pqxx::work& t) -> result<std::vector<integrity_finding>> {
    // One moment for all rules, whatever is written meanwhile.
    t.exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
    std::vector<integrity_finding> findings;
    for (const auto& rule : rules)
      findings.push_back({rule.text, t.exec1(rule.violations)[0].as<std::int64_t>()});
    return findings;
  });
}

result<void>
operation_store::read_journal(const std::function<void(const journal::entry&)>& reader) {
  for (std::int64_t last = 0;;) {
    const auto read = pool_.transact([&](pqxx::work& t) -> result<std::vector<journal::entry>> {
      std::vector<journal::entry> entries;
      for (const auto& row : t.exec_params(
               "SELECT sequence, at_ns, kind, incident, group_id, salt, body, body_hash, "
               "previous, hash FROM journal WHERE sequence > $1 ORDER BY sequence LIMIT $2",
               last, journal_piece))
        entries.push_back(entry_of(row));
      return entries;
    });
    if (!read)
      return unexpected{read.error()};
    if (read->empty())
      return {};
    for (const auto& entry : *read)
      reader(entry);
    last = read->back().sequence;
  }
}

result<std::optional<journal::checkpoint>> operation_store::journal_end() {
  return pool_.transact([](pqxx::work& t) -> result<std::optional<journal::checkpoint>> {
    const auto rows = t.exec("SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1");
    if (rows.empty())
      return std::optional<journal::checkpoint>{};
    return std::optional{
        journal::checkpoint{{rows[0][0].as<std::int64_t>(), digest_of(rows[0][1])}}};
  });
}

result<void> operation_store::note_restore(std::span<const std::string> partners, timestamp at,
                                           std::string_view text) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    t.exec("UPDATE federation_stream SET held = true WHERE direction = 0");
    for (const auto& partner : partners)
      t.exec_params("INSERT INTO federation_stream (partner, direction, held) VALUES ($1, 0, true) "
                    "ON CONFLICT (partner, direction) DO NOTHING",
                    partner);
    journal::event what;
    what.kind = journal::kind::restored;
    what.at = at;
    what.by = "command line";
    what.text = text;
    append(t, what);
    return {};
  });
}

std::vector<std::string> environment_of(const std::string& url) {
  std::vector<std::string> variables;
  PQconninfoOption* const options = ::PQconninfoParse(url.c_str(), nullptr);
  if (options == nullptr)
    return variables;
  for (auto* one = options; one->keyword != nullptr; ++one)
    if (one->val != nullptr && one->envvar != nullptr)
      variables.push_back(std::string{one->envvar} + "=" + one->val);
  ::PQconninfoFree(options);
  return variables;
}

} // namespace cresset::coord::store::operation
