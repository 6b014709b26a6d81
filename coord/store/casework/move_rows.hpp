#pragma once

#include "coord/casework/repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store::casework {

incident::result<coord::casework::incident_move>
merge_incidents(pqxx::work& t, const coord::casework::merge_request& request, timestamp at);
incident::result<coord::casework::incident_move>
split_incident(pqxx::work& t, const coord::casework::split_request& request, timestamp at);
incident::result<coord::casework::incident_move>
undo_move(pqxx::work& t, coord::casework::move_id id, incident::user_id by, timestamp at);
/// Newest first.
std::vector<coord::casework::incident_move> moves_of(pqxx::work& t, incident::incident_id id);

incident::result<incident::incident> mark_exercise(pqxx::work& t, incident::incident_id id,
                                                   std::int64_t seen_version, bool exercise,
                                                   incident::user_id by, timestamp at);

} // namespace cresset::coord::store::casework
