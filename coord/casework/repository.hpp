#pragma once

#include "coord/casework/case_content.hpp"
#include "coord/casework/incident_move.hpp"
#include "coord/incident/repository.hpp"

#include <span>

namespace cresset::coord::casework {

using incident::result;

struct watcher {
  incident::user_id user;
  std::string name;
  timestamp since;
};

struct comment {
  std::int64_t sequence = 0;
  timestamp at;
  std::string by;
  std::string text;
};

/// The work on incidents. Each change raises the incident's version and is journalled, in one
/// transaction. Lists go from the oldest, behind `after`. Any thread.
class repository {
public:
  virtual ~repository() = default;

  virtual result<std::vector<task>> tasks(incident::incident_id id, task_id after, int limit) = 0;
  /// Tasks of a user that are not ended, over all incidents.
  virtual result<std::vector<task>> tasks_of(incident::user_id user, task_id after, int limit) = 0;
  virtual result<task> add(const task& what, incident::user_id by, timestamp now) = 0;
  /// `stale` when it changed since `seen_version`.
  virtual result<task> edit(task_id id, std::int64_t seen_version, const task_edit& edit,
                            incident::user_id by, timestamp now) = 0;

  virtual result<std::vector<happening>> happenings(incident::incident_id id, happening_id after,
                                                    int limit) = 0;
  virtual result<happening> add(const happening& what, incident::user_id by, timestamp now) = 0;

  virtual result<std::vector<impact>> impacts(incident::incident_id id, impact_id after,
                                              int limit) = 0;
  /// `supersedes` names the estimate it takes the place of.
  virtual result<impact> add(const impact& what, std::optional<impact_id> supersedes,
                             incident::user_id by, timestamp now) = 0;

  virtual result<std::vector<attachment>> attachments(incident::incident_id id, attachment_id after,
                                                      int limit) = 0;
  virtual result<attachment> attach(const attachment& what, std::span<const std::byte> bytes,
                                    incident::user_id by, timestamp now) = 0;
  struct content {
    attachment what;
    std::vector<std::byte> bytes;
  };
  /// `not_found` when its bytes were removed.
  virtual result<content> content_of(attachment_id id) = 0;
  /// The bytes go, the entry with its hash stays.
  virtual result<attachment> remove(attachment_id id, const std::string& why, incident::user_id by,
                                    timestamp now) = 0;

  virtual result<std::vector<watcher>> watchers(incident::incident_id id) = 0;
  virtual result<void> watch(incident::incident_id id, incident::user_id user, bool on,
                             timestamp now) = 0;
  /// Incidents a user watches, newest first, below `before` (all when 0).
  virtual result<std::vector<incident::incident_id>>
  watched_by(incident::user_id user, incident::incident_id before, int limit) = 0;

  virtual result<std::vector<comment>> comments(incident::incident_id id, std::int64_t after,
                                                int limit) = 0;

  virtual result<std::vector<incident_link>> links(incident::incident_id id) = 0;
  virtual result<void> link(const incident_link& what, bool on, incident::user_id by,
                            timestamp now) = 0;

  virtual result<std::vector<incident_move>> moves(incident::incident_id id) = 0;
  virtual result<incident_move> merge(const merge_request& request, timestamp now) = 0;
  virtual result<incident_move> split(const split_request& request, timestamp now) = 0;
  /// Takes the newest merge or split back: what it moved and is still there goes back.
  virtual result<incident_move> undo(move_id id, incident::user_id by, timestamp now) = 0;

  /// Marks an incident and its groups as an exercise, or takes the mark away. Alerts that come
  /// later are what their sensor says they are.
  virtual result<incident::incident> mark_exercise(incident::incident_id id,
                                                   std::int64_t seen_version, bool exercise,
                                                   incident::user_id by, timestamp now) = 0;

  virtual result<case_content> content_for_sharing(incident::incident_id id) = 0;
};

/// Links an incident may have.
inline constexpr std::int64_t links_limit = 200;
inline constexpr std::int64_t watchers_limit = 200;

} // namespace cresset::coord::casework
