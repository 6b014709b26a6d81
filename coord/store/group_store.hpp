#pragma once

#include "coord/incident/repository.hpp"
#include "coord/incident/rsit_map.hpp"

namespace cresset::coord::store {

class connection_pool;

/// Groups and decisions in PostgreSQL. Any thread.
class group_store final : public incident::group_repository {
public:
  /// The pool outlives the store.
  explicit group_store(connection_pool& pool) : pool_{pool} {}

  /// Incidents raised from now on begin with these classes; start-up only.
  void classify_with(incident::rsit_map classes) { classes_ = std::move(classes); }

  incident::result<std::vector<incident::alert_group>>
  queue(const incident::queue_query& query) override;
  incident::result<incident::alert_group> group(incident::group_id id) override;
  incident::result<std::vector<incident::stored_alert>>
  alerts_of_group(incident::group_id id, incident::alert_position before, int limit) override;
  incident::result<std::vector<incident::evidence>>
  evidence_of(incident::alert_position alert) override;
  incident::result<incident::decision> decide(const incident::decision_request& request) override;
  incident::result<std::vector<incident::decision>> decisions_of_group(incident::group_id id,
                                                                       int limit) override;
  incident::result<std::vector<incident::decision>> standing_dismissals(int limit) override;

private:
  connection_pool& pool_;
  incident::rsit_map classes_ = incident::rsit_map::built_in();
};

} // namespace cresset::coord::store
