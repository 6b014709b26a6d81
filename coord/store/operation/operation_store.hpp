#pragma once

#include "coord/incident/repository.hpp"
#include "coord/journal/checkpoint.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::operation {

/// How far the database and its readers are. One query of a few index look-ups: for every scrape.
struct progress {
  std::int64_t alerts = 0;        ///< positions allotted
  std::int64_t group_changes = 0; ///< likewise
  std::int64_t journal = 0;
  std::int64_t correlated = 0;        ///< the change the correlator has read last
  std::int64_t bytes = 0;             ///< of the database on its disk
  std::int64_t last_change_age_s = 0; ///< seconds since the newest change was received
};

/// A rule that the stored rows have to obey, and how many do not.
struct integrity_finding {
  std::string rule; ///< in words: "every envelope has the hash that is stored beside it"
  std::int64_t violations = 0;
};

/// PostgreSQL's settings that "acknowledged" depends on.
struct durability {
  bool fsync = false;
  bool synchronous_commit = false;
  bool full_page_writes = false;
  bool holds() const noexcept { return fsync && synchronous_commit && full_page_writes; }
};

/// The operator's questions to a database. Any thread.
class operation_store {
public:
  /// The pool outlives the store.
  explicit operation_store(connection_pool& pool) : pool_{pool} {}

  incident::result<progress> how_far();
  incident::result<durability> settings();
  /// The database's clock.
  incident::result<timestamp> clock();
  /// Every rule with its violations; reads whole tables, so it is no question for a busy hour.
  incident::result<std::vector<integrity_finding>> check_integrity();
  /// The journal in order, entry by entry.
  incident::result<void> read_journal(const std::function<void(const journal::entry&)>& reader);

  /// Where the journal ends now; nothing before its first entry.
  incident::result<std::optional<journal::checkpoint>> journal_end();

  /// In one transaction: a `restored` entry in the journal, and a hold on our stream to each of
  /// `partners` (identity ids), those included that the backup knew no stream to: nothing is signed
  /// for them until their heads were compared with ours (docs/federation.md section 7).
  incident::result<void> note_restore(std::span<const std::string> partners, timestamp at,
                                      std::string_view text);

private:
  connection_pool& pool_;
};

/// A database's url as the variables that PostgreSQL's own programs read ("PGHOST=…"), so that no
/// password stands on a command line. Nothing for a url that libpq does not take.
std::vector<std::string> environment_of(const std::string& url);

} // namespace cresset::coord::store::operation
