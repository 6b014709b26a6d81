#pragma once

#include "coord/casework/repository.hpp"

#include <pqxx/pqxx>

#include <string>

namespace cresset::coord::store::casework {

using coord::casework::case_content;
using incident::result;

unexpected<incident::store_error> refuse(std::string text);
unexpected<incident::store_error> not_found(std::string text);

/// Text that people may write: UTF-8 without NUL, `least` to `most` bytes.
bool is_text(const std::string& text, std::size_t least, std::size_t most);

/// Locks the incident for a change to what hangs on it; gives its exercise flag.
result<bool> lock_incident(pqxx::work& t, incident::incident_id id);

/// What is written into the journal of an incident.
struct note {
  std::string_view kind;
  incident::incident_id incident;
  std::string by;
  std::string text;
  std::string detail;
};
/// Raises the incident's version and writes the journal.
void record(pqxx::work& t, const note& what, timestamp at);

/// How many rows of `table` the incident has: for limits, when something is added.
std::int64_t count_of(pqxx::work& t, const char* table, incident::incident_id id);

result<coord::casework::task> add_task(pqxx::work& t, const coord::casework::task& what,
                                       incident::user_id by, timestamp at);
result<coord::casework::task> edit_task(pqxx::work& t, coord::casework::task_id id,
                                        std::int64_t seen_version,
                                        const coord::casework::task_edit& edit,
                                        incident::user_id by, timestamp at);
std::vector<coord::casework::task> tasks_of_incident(pqxx::work& t, incident::incident_id id,
                                                     std::int64_t after, int limit);
std::vector<coord::casework::task> tasks_of_user(pqxx::work& t, incident::user_id user,
                                                 std::int64_t after, int limit);

result<coord::casework::happening> add_happening(pqxx::work& t,
                                                 const coord::casework::happening& what,
                                                 incident::user_id by, timestamp at);
std::vector<coord::casework::happening> happenings_of(pqxx::work& t, incident::incident_id id,
                                                      std::int64_t after, int limit);

result<coord::casework::impact> add_impact(pqxx::work& t, const coord::casework::impact& what,
                                           std::optional<coord::casework::impact_id> supersedes,
                                           incident::user_id by, timestamp at);
std::vector<coord::casework::impact> impacts_of(pqxx::work& t, incident::incident_id id,
                                                std::int64_t after, int limit);

} // namespace cresset::coord::store::casework
