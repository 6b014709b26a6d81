#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/incident.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::casework {

using move_id = incident::number_id<struct move_tag>;

enum class move_kind : std::uint8_t { merge = 0, split = 1 };
constexpr std::string_view to_string(move_kind kind) noexcept {
  return kind == move_kind::merge ? "merge" : "split";
}

/// What went from one incident to another, so that it can go back. The evidence of a group goes
/// with the group.
struct incident_move {
  move_id id;
  move_kind kind = move_kind::merge;
  incident::incident_id source;
  incident::incident_id target;
  std::vector<incident::group_id> groups;
  timestamp at;
  std::string by;
  std::optional<timestamp> undone;
  std::string undone_by;
};

/// Everything of `source` goes into `target`; `source` is closed as a duplicate and keeps a link.
struct merge_request {
  incident::incident_id source;
  std::int64_t source_version = 0;
  incident::incident_id target;
  std::int64_t target_version = 0;
  incident::user_id by;
};

/// These groups, tasks and attachments of `source` begin an incident of their own.
struct split_request {
  incident::incident_id source;
  std::int64_t source_version = 0;
  std::string title;
  std::vector<std::int64_t> groups;
  std::vector<std::int64_t> tasks;
  std::vector<std::int64_t> attachments;
  incident::user_id by;
};

/// How two incidents belong together: related, duplicate, led-to, merged, split, same-campaign.
bool is_link_kind(std::string_view word) noexcept;

struct incident_link {
  incident::incident_id from;
  std::string from_name;
  incident::incident_id to;
  std::string to_name;
  std::string kind;
  timestamp made;
  std::string made_by;
};

} // namespace cresset::coord::casework
