// Pieces are numbered when they are inserted and become visible when their transaction commits, so
// a number below the greatest visible one may still come. Hence two steps: a lock that waits for
// those who are writing and reads the greatest number; then, without it, the seal over all up to
// there. In one step the lock on the journal's head would close a circle with who keeps evidence
// behind a journal entry.
#include "coord/store/retention/evidence_seal.hpp"

#include "coord/journal/event.hpp"
#include "coord/retention/custody.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/journal_writer.hpp"
#include "coord/store/sql_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::retention {
namespace {

using coord::retention::seal_items_limit;
using coord::retention::seal_root;

incident::result<std::int64_t> settled_item(connection_pool& pool) {
  return pool.transact([](pqxx::work& t) -> incident::result<std::int64_t> {
    t.exec("SET LOCAL lock_timeout = '2s'");
    t.exec("LOCK TABLE kept_evidence IN SHARE ROW EXCLUSIVE MODE");
    return t.exec1("SELECT coalesce(max(item), 0) FROM kept_evidence")[0].as<std::int64_t>();
  });
}

std::int64_t journal_seal(pqxx::work& t, const seal_root& root,
                          std::pair<std::int64_t, std::int64_t> items, timestamp at) {
  journal::event what;
  what.kind = journal::kind::evidence_sealed;
  what.at = at;
  what.by = "retention";
  what.text = fmt::format("{} pieces of evidence sealed", root.pieces());
  what.detail = fmt::format("\"first_item\":{},\"last_item\":{},\"root\":\"{}\"", items.first,
                            items.second, root.finish().hex());
  return append(t, what);
}

} // namespace

incident::result<std::int64_t> seal_evidence(connection_pool& pool, timestamp at) {
  const auto last = settled_item(pool);
  if (!last)
    return last;
  return pool.transact([&](pqxx::work& t) -> incident::result<std::int64_t> {
    const auto found = t.exec_params(
        "SELECT item, position, kind, hash FROM kept_evidence WHERE item > coalesce((SELECT "
        "max(last_item) FROM evidence_seal), 0) AND item <= $1 ORDER BY item LIMIT $2",
        *last, seal_items_limit);
    if (found.empty())
      return std::int64_t{0};
    seal_root root;
    for (const auto& row : found) {
      const auto bytes = bytes_of(row[3]);
      signed_::digest hash;
      std::copy_n(bytes.begin(), std::min(bytes.size(), hash.bytes.size()), hash.bytes.begin());
      root.add({row[0].as<std::int64_t>(), row[1].as<std::int64_t>(), row[2].c_str(), hash});
    }
    const std::pair items{found.front()[0].as<std::int64_t>(), found.back()[0].as<std::int64_t>()};
    const auto entry = journal_seal(t, root, items, at);
    t.exec_params("INSERT INTO evidence_seal (last_item, first_item, items, root, at, journal) "
                  "VALUES ($1, $2, $3, $4::bytea, $5, $6)",
                  items.second, items.first, root.pieces(), sql_bytes(root.finish().bytes),
                  sql_time(at), entry);
    return root.pieces();
  });
}

} // namespace cresset::coord::store::retention
