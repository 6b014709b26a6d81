// Each call is one transaction; what it does stands in the *_rows files.
#include "coord/store/casework/casework_store.hpp"

#include "coord/store/casework/attachment_rows.hpp"
#include "coord/store/casework/move_rows.hpp"
#include "coord/store/casework/relation_rows.hpp"
#include "coord/store/casework/work_rows.hpp"
#include "coord/store/connection_pool.hpp"
#include "coord/store/incident_changes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::store::casework {
using namespace coord::casework;
using incident::incident_id;
using incident::result;
using incident::user_id;
namespace {

// What an incident may have of each kind at most, in one piece.
constexpr int everything = 500;

int bounded(int limit) {
  return std::clamp(limit, 1, incident::page_limit);
}

/// An empty list of something that is not there is an error, not an empty list.
result<void> is_there(pqxx::work& t, incident_id id) {
  if (t.exec_params("SELECT 1 FROM incident WHERE id = $1", id.value).empty())
    return not_found(fmt::format("there is no incident {}", id.value));
  return {};
}

} // namespace

result<std::vector<task>> casework_store::tasks(incident_id id, task_id after, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<task>> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return tasks_of_incident(t, id, after.value, bounded(limit));
  });
}

result<std::vector<task>> casework_store::tasks_of(user_id user, task_id after, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<task>> {
    return tasks_of_user(t, user, after.value, bounded(limit));
  });
}

result<task> casework_store::add(const task& what, user_id by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return add_task(t, what, by, now); });
}

result<task> casework_store::edit(task_id id, std::int64_t seen_version, const task_edit& edit,
                                  user_id by, timestamp now) {
  return pool_.transact(
      [&](pqxx::work& t) { return edit_task(t, id, seen_version, edit, by, now); });
}

result<std::vector<happening>> casework_store::happenings(incident_id id, happening_id after,
                                                          int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<happening>> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return happenings_of(t, id, after.value, bounded(limit));
  });
}

result<happening> casework_store::add(const happening& what, user_id by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return add_happening(t, what, by, now); });
}

result<std::vector<impact>> casework_store::impacts(incident_id id, impact_id after, int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<impact>> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return impacts_of(t, id, after.value, bounded(limit));
  });
}

result<impact> casework_store::add(const impact& what, std::optional<impact_id> supersedes,
                                   user_id by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return add_impact(t, what, supersedes, by, now); });
}

result<std::vector<attachment>> casework_store::attachments(incident_id id, attachment_id after,
                                                            int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<attachment>> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return attachments_of(t, id, after.value, bounded(limit));
  });
}

result<attachment> casework_store::attach(const attachment& what, std::span<const std::byte> bytes,
                                          user_id by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return add_attachment(t, what, bytes, by, now); });
}

result<repository::content> casework_store::content_of(attachment_id id) {
  return pool_.transact([&](pqxx::work& t) { return attachment_content(t, id); });
}

result<attachment> casework_store::remove(attachment_id id, const std::string& why, user_id by,
                                          timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return remove_attachment(t, id, why, by, now); });
}

result<std::vector<watcher>> casework_store::watchers(incident_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<watcher>> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return watchers_of(t, id);
  });
}

result<void> casework_store::watch(incident_id id, user_id user, bool on, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return set_watching(t, id, user, on, now); });
}

result<std::vector<incident_id>> casework_store::watched_by(user_id user, incident_id before,
                                                            int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<incident_id>> {
    return casework::watched_by(t, user, before.value, bounded(limit));
  });
}

result<std::vector<comment>> casework_store::comments(incident_id id, std::int64_t after,
                                                      int limit) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<comment>> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return comments_of(t, id, after, bounded(limit));
  });
}

result<std::vector<incident_link>> casework_store::links(incident_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<incident_link>> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return links_of(t, id);
  });
}

result<void> casework_store::link(const incident_link& what, bool on, user_id by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return set_link(t, what, on, by, now); });
}

result<std::vector<incident_move>> casework_store::moves(incident_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<std::vector<incident_move>> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return moves_of(t, id);
  });
}

result<incident_move> casework_store::merge(const merge_request& request, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return merge_incidents(t, request, now); });
}

result<incident_move> casework_store::split(const split_request& request, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return split_incident(t, request, now); });
}

result<incident_move> casework_store::undo(move_id id, user_id by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) { return undo_move(t, id, by, now); });
}

result<incident::incident> casework_store::mark_exercise(incident_id id, std::int64_t seen_version,
                                                         bool exercise, user_id by, timestamp now) {
  return pool_.transact([&](pqxx::work& t) {
    return casework::mark_exercise(t, id, seen_version, exercise, by, now);
  });
}

result<case_content> casework_store::content_for_sharing(incident_id id) {
  return pool_.transact([&](pqxx::work& t) -> result<case_content> {
    if (const auto there = is_there(t, id); !there)
      return unexpected{there.error()};
    return case_content{tasks_of_incident(t, id, 0, everything),
                        happenings_of(t, id, 0, everything), impacts_of(t, id, 0, everything),
                        attachments_of(t, id, 0, everything)};
  });
}

} // namespace cresset::coord::store::casework
