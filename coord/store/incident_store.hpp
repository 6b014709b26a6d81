#pragma once

#include "coord/incident/repository.hpp"

namespace cresset::coord::store {

class connection_pool;

/// Incidents and their lifecycle in PostgreSQL. Any thread.
class incident_store final : public incident::incident_repository {
public:
  /// The pool outlives the store.
  explicit incident_store(connection_pool& pool) : pool_{pool} {}

  incident::result<std::vector<incident::incident>>
  incidents(const incident::incident_query& query) override;
  incident::result<incident::incident> one(incident::incident_id id) override;
  incident::result<std::vector<incident::alert_group>> groups_of(incident::incident_id id,
                                                                 int limit) override;
  incident::result<std::vector<incident::stored_alert>>
  alerts_of(incident::incident_id id, incident::alert_position before, int limit) override;
  incident::result<std::vector<incident::incident_event>> history(incident::incident_id id,
                                                                  int limit) override;
  incident::result<incident::incident> move(const incident::transition_request& request) override;
  incident::result<incident::incident> edit(incident::incident_id id, std::int64_t seen_version,
                                            const incident::incident_edit& edit,
                                            incident::user_id by) override;
  incident::result<void> note(incident::incident_id id, std::string text,
                              incident::user_id by) override;
  incident::result<incident::incident> mark_released(incident::incident_id id,
                                                     std::int64_t seen_version, std::string partner,
                                                     std::string by) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store
