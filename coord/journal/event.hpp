#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"
#include "coord/signed/digest.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::journal {

/// Kinds of entries. The word is hashed and stays for ever: new ones are added, none is changed.
namespace kind {
inline constexpr std::string_view incident_opened = "incident_opened";
inline constexpr std::string_view incident_group_added = "incident_group_added";
inline constexpr std::string_view incident_group_removed = "incident_group_removed";
inline constexpr std::string_view incident_state = "incident_state";
inline constexpr std::string_view incident_changed = "incident_changed";
inline constexpr std::string_view incident_note = "incident_note";
inline constexpr std::string_view incident_released = "incident_released";
inline constexpr std::string_view incident_task = "incident_task";
inline constexpr std::string_view incident_happening = "incident_happening";
inline constexpr std::string_view incident_impact = "incident_impact";
inline constexpr std::string_view incident_attachment = "incident_attachment";
inline constexpr std::string_view incident_watcher = "incident_watcher";
inline constexpr std::string_view incident_link = "incident_link";
inline constexpr std::string_view incident_merged = "incident_merged";
inline constexpr std::string_view incident_split = "incident_split";
inline constexpr std::string_view incident_move_undone = "incident_move_undone";
inline constexpr std::string_view incident_exercise = "incident_exercise";
inline constexpr std::string_view outside_effect = "outside_effect";
inline constexpr std::string_view indicator_changed = "indicator_changed";
inline constexpr std::string_view suppression_changed = "suppression_changed";
inline constexpr std::string_view report_entered = "report_entered";
inline constexpr std::string_view report_decision = "report_decision";
inline constexpr std::string_view decision = "decision";
inline constexpr std::string_view dismissal_ended = "dismissal_ended";
inline constexpr std::string_view user_changed = "user_changed";
inline constexpr std::string_view sensor_changed = "sensor_changed";
inline constexpr std::string_view restored = "restored";
inline constexpr std::string_view erased = "erased";
inline constexpr std::string_view clock_stopped = "clock_stopped";
inline constexpr std::string_view deadline_table_changed = "deadline_table_changed";
inline constexpr std::string_view handover_written = "handover_written";
inline constexpr std::string_view handover_accepted = "handover_accepted";
inline constexpr std::string_view alarm_raised = "alarm_raised";
inline constexpr std::string_view alarm_cleared = "alarm_cleared";
inline constexpr std::string_view alarm_acknowledged = "alarm_acknowledged";
inline constexpr std::string_view evidence_sealed = "evidence_sealed";
inline constexpr std::string_view evidence_erased = "evidence_erased";
inline constexpr std::string_view hold_placed = "hold_placed";
inline constexpr std::string_view hold_lifted = "hold_lifted";
inline constexpr std::string_view retention_applied = "retention_applied";
} // namespace kind

/// What happened, before it has a place in the chain. Names of people and free text stand in `text`
/// and `by` alone: both go into the body, which can be erased.
struct event {
  std::string_view kind;
  timestamp at;
  incident::incident_id incident;
  incident::group_id group;
  /// Login of the user, or the part of the server ("correlator").
  std::string by;
  /// One sentence for people.
  std::string text;
  /// Members of a JSON object without its braces, for programs; may be empty.
  std::string detail;
};

using salt = std::array<std::byte, 32>;

/// An entry of the chain. A tombstone has neither salt nor body.
struct entry {
  std::int64_t sequence = 0;
  timestamp at;
  std::string kind;
  incident::incident_id incident;
  incident::group_id group;
  std::optional<journal::salt> salt;
  std::optional<std::string> body;
  signed_::digest body_hash;
  signed_::digest previous;
  signed_::digest hash;
};

} // namespace cresset::coord::journal
