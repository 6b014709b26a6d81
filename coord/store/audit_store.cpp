#include "coord/store/audit_store.hpp"

#include "coord/journal/tombstone.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <algorithm>

namespace cresset::coord::store {
using namespace incident;
namespace {

constexpr int piece = 1000;
constexpr const char* entry_select = "SELECT sequence, at_ns, kind, incident, group_id, salt, "
                                     "body, body_hash, previous, hash FROM journal ";

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

result<audit_store::verdict> audit_store::verify(std::optional<journal::checkpoint> known) {
  journal::verifier reader{std::move(known)};
  for (std::int64_t last = 0;;) {
    const auto read = pool_.transact([&](pqxx::work& t) -> result<std::vector<journal::entry>> {
      std::vector<journal::entry> entries;
      for (const auto& row : t.exec_params(std::string{entry_select} +
                                               "WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                                           last, piece))
        entries.push_back(entry_of(row));
      return entries;
    });
    if (!read)
      return unexpected{read.error()};
    if (read->empty())
      break;
    for (const auto& entry : *read)
      reader.read(entry);
    last = read->back().sequence;
  }
  return verdict{{reader.end()}, reader.finish()};
}

result<void> audit_store::erase(std::int64_t sequence, std::string_view by,
                                std::string_view reason) {
  return pool_.transact([&](pqxx::work& t) -> result<void> {
    const auto found = t.exec_params(
        std::string{entry_select} + "WHERE sequence = $1 AND body IS NOT NULL", sequence);
    if (found.empty())
      return unexpected{store_error{store_errc::not_found,
                                    "the journal has no such entry, or it was erased already"}};
    const auto erased = entry_of(found[0]);
    if (erased.kind == journal::kind::erased)
      return unexpected{store_error{store_errc::refused, "what was erased, and why, stays"}};
    append(t, journal::erasure_of(erased, std::string{by}, std::string{reason}, now()));
    t.exec_params("UPDATE journal SET body = NULL, salt = NULL WHERE sequence = $1", sequence);
    return {};
  });
}

} // namespace cresset::coord::store
