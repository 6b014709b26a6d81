#pragma once

#include "coord/casework/repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::casework {

/// The work on incidents in PostgreSQL. Any thread.
class casework_store final : public coord::casework::repository {
public:
  /// The pool outlives the store.
  explicit casework_store(connection_pool& pool) : pool_{pool} {}

  template <typename T>
  using result = incident::result<T>;
  using incident_id = incident::incident_id;
  using user_id = incident::user_id;
  using task = coord::casework::task;
  using task_id = coord::casework::task_id;
  using happening = coord::casework::happening;
  using impact = coord::casework::impact;
  using attachment = coord::casework::attachment;
  using incident_move = coord::casework::incident_move;

  result<std::vector<task>> tasks(incident_id id, task_id after, int limit) override;
  result<std::vector<task>> tasks_of(user_id user, task_id after, int limit) override;
  result<task> add(const task& what, user_id by, timestamp now) override;
  result<task> edit(task_id id, std::int64_t seen_version, const coord::casework::task_edit& edit,
                    user_id by, timestamp now) override;
  result<std::vector<happening>> happenings(incident_id id, coord::casework::happening_id after,
                                            int limit) override;
  result<happening> add(const happening& what, user_id by, timestamp now) override;
  result<std::vector<impact>> impacts(incident_id id, coord::casework::impact_id after,
                                      int limit) override;
  result<impact> add(const impact& what, std::optional<coord::casework::impact_id> supersedes,
                     user_id by, timestamp now) override;
  result<std::vector<attachment>> attachments(incident_id id, coord::casework::attachment_id after,
                                              int limit) override;
  result<attachment> attach(const attachment& what, std::span<const std::byte> bytes, user_id by,
                            timestamp now) override;
  result<content> content_of(coord::casework::attachment_id id) override;
  result<attachment> remove(coord::casework::attachment_id id, const std::string& why, user_id by,
                            timestamp now) override;
  result<std::vector<coord::casework::watcher>> watchers(incident_id id) override;
  result<void> watch(incident_id id, user_id user, bool on, timestamp now) override;
  result<std::vector<incident_id>> watched_by(user_id user, incident_id before, int limit) override;
  result<std::vector<coord::casework::comment>> comments(incident_id id, std::int64_t after,
                                                         int limit) override;
  result<std::vector<coord::casework::incident_link>> links(incident_id id) override;
  result<void> link(const coord::casework::incident_link& what, bool on, user_id by,
                    timestamp now) override;
  result<std::vector<incident_move>> moves(incident_id id) override;
  result<incident_move> merge(const coord::casework::merge_request& request,
                              timestamp now) override;
  result<incident_move> split(const coord::casework::split_request& request,
                              timestamp now) override;
  result<incident_move> undo(coord::casework::move_id id, user_id by, timestamp now) override;
  result<incident::incident> mark_exercise(incident_id id, std::int64_t seen_version, bool exercise,
                                           user_id by, timestamp now) override;
  result<coord::casework::case_content> content_for_sharing(incident_id id) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::casework
