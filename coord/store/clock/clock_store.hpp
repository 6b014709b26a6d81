#pragma once

#include "coord/clock/clock_repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::clock {

/// Clocks and deadlines in PostgreSQL. Any thread.
class clock_store final : public coord::clock::clock_repository {
public:
  /// The pool outlives the store.
  explicit clock_store(connection_pool& pool) : pool_{pool} {}

  incident::result<coord::clock::table_version> table() override;
  incident::result<coord::clock::table_version> table(std::int64_t version) override;
  incident::result<coord::clock::table_version>
  put_table(std::int64_t seen, const std::string& text, std::string_view by, timestamp at) override;
  incident::result<int> read_journal(const coord::clock::deadline_table& table,
                                     std::int64_t version, int limit) override;
  incident::result<int> raise_due(timestamp at, int limit) override;
  incident::result<coord::clock::clock_times> clocks_of(incident::incident_id id) override;
  incident::result<std::vector<coord::clock::kept_deadline>>
  deadlines_of(incident::incident_id id) override;
  incident::result<std::vector<coord::clock::kept_deadline>>
  running(const coord::clock::deadline_query& query) override;
  incident::result<void> stop_clock(incident::incident_id id, coord::clock::clock_kind clock,
                                    timestamp at, const std::string& note,
                                    incident::user_id by) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::clock
