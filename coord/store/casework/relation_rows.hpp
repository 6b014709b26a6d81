#pragma once

#include "coord/casework/repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store::casework {

std::vector<coord::casework::watcher> watchers_of(pqxx::work& t, incident::incident_id id);
incident::result<void> set_watching(pqxx::work& t, incident::incident_id id, incident::user_id user,
                                    bool on, timestamp at);
std::vector<incident::incident_id> watched_by(pqxx::work& t, incident::user_id user,
                                              std::int64_t before, int limit);

/// Notes of the journal; an erased one is left out.
std::vector<coord::casework::comment> comments_of(pqxx::work& t, incident::incident_id id,
                                                  std::int64_t after, int limit);

std::vector<coord::casework::incident_link> links_of(pqxx::work& t, incident::incident_id id);
incident::result<void> set_link(pqxx::work& t, const coord::casework::incident_link& what, bool on,
                                incident::user_id by, timestamp at);
/// Without locks, journal and limits: for what moves incidents, and does all that itself.
void write_link(pqxx::work& t, incident::incident_id from, incident::incident_id to,
                std::string_view kind, const std::string& by, timestamp at);
void drop_link(pqxx::work& t, incident::incident_id from, incident::incident_id to,
               std::string_view kind);

} // namespace cresset::coord::store::casework
