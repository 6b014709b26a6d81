#include "coord/store/journal_writer.hpp"

#include "coord/journal/journal.hpp"
#include "coord/store/sql_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace cresset::coord::store {
namespace {

signed_::digest digest_of(const pqxx::field& bytea) {
  const auto bytes = bytes_of(bytea);
  signed_::digest read;
  if (bytes.size() != read.bytes.size())
    throw std::logic_error{"a hash in the journal has not 32 bytes"};
  std::ranges::copy(bytes, read.bytes.begin());
  return read;
}

} // namespace

std::int64_t append(pqxx::work& t, const journal::event& what) {
  journal::head end;
  end.sequence = t.exec1("SELECT last FROM stream_head WHERE name = 'journal' FOR UPDATE")[0]
                     .as<std::int64_t>();
  if (end.sequence > 0)
    end.hash =
        digest_of(t.exec_params1("SELECT hash FROM journal WHERE sequence = $1", end.sequence)[0]);
  const auto entry = journal::seal(end, what, journal::random_salt());
  t.exec_params(
      "INSERT INTO journal (sequence, at_ns, kind, incident, group_id, salt, body, body_hash, "
      "previous, hash) "
      "VALUES ($1, $2, $3, $4, $5, $6::bytea, $7::bytea, $8::bytea, $9::bytea, $10::bytea)",
      entry.sequence, to_ns(entry.at), entry.kind, entry.incident.value, entry.group.value,
      sql_bytes(*entry.salt), sql_bytes(as_bytes(*entry.body)), sql_bytes(entry.body_hash.bytes),
      sql_bytes(entry.previous.bytes), sql_bytes(entry.hash.bytes));
  t.exec_params("UPDATE stream_head SET last = $1 WHERE name = 'journal'", entry.sequence);
  t.exec("NOTIFY cresset, 'journal'");
  return entry.sequence;
}

} // namespace cresset::coord::store
