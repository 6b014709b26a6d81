#pragma once

#include "coord/incident/repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store {

/// Which incident in which version somebody changes.
struct seen_incident {
  incident::incident_id id;
  std::int64_t version = 0;
  incident::user_id by;
};

incident::result<incident::incident> read_incident(pqxx::work& t, incident::incident_id id);
/// The incident in the version that was seen, its groups and itself locked, in that order.
incident::result<incident::incident> locked_incident(pqxx::work& t, const seen_incident& seen);
/// Each of these checks the version, changes the incident and writes the journal.
incident::result<incident::incident>
move_incident(pqxx::work& t, const incident::transition_request& request, timestamp at);
incident::result<incident::incident> edit_incident(pqxx::work& t, const seen_incident& seen,
                                                   const incident::incident_edit& edit,
                                                   timestamp at);
incident::result<void> note_incident(pqxx::work& t, incident::incident_id id,
                                     const std::string& text, incident::user_id by, timestamp at);
incident::result<incident::incident> release_incident(pqxx::work& t, const seen_incident& seen,
                                                      const std::string& partner,
                                                      const std::string& by);

} // namespace cresset::coord::store
