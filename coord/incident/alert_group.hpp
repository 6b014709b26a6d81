#pragma once

#include "capture/base/ip_address.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/incident/address_book.hpp"
#include "coord/incident/number_id.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::incident {

/// How the attacker of a group is told apart: one address, or, when a rule and victim have seen
/// more than `attacker_limit` of them, the prefix (/24 or /48), or, when they have seen as many
/// prefixes, not at all.
enum class attacker_level : std::uint8_t { address = 0, prefix = 1, many = 2 };

/// Addresses (and then prefixes) of attackers a rule and victim may have before the next level
/// holds.
inline constexpr int attacker_limit = 256;
inline constexpr unsigned attacker_prefix_v4_bits = 24;
inline constexpr unsigned attacker_prefix_v6_bits = 48;
/// A generation of a group ends when no alert was received for so long.
inline constexpr std::chrono::hours generation_quiet{24};
/// Alerts whose positions a group keeps as its samples: the first ones of the generation, the last
/// ones, and the one that tells most. With the texts cut, a group's row stays under 1 KB.
inline constexpr std::size_t sample_limit = 4;
inline constexpr std::size_t recent_limit = 3;
inline constexpr std::size_t group_message_limit_bytes = 240;
inline constexpr std::size_t group_category_limit_bytes = 120;
/// Sensors a group names; more of them see it all the same.
inline constexpr std::size_t group_sensors_limit = 16;

/// Whether the alerting packet went towards the victim or came from it.
enum class group_direction : std::uint8_t { to_victim = 0, from_victim = 1 };

/// What makes alerts one group. Nothing correlates pairs of values: each member stands alone.
struct group_key {
  std::uint32_t gid = 1;
  std::uint32_t sid = 0;
  /// The rule's `target`, else the side inside our segment, else the destination.
  ip_address victim;
  attacker_level level = attacker_level::address;
  /// The address, or the prefix's first one; 0.0.0.0 at level `many`.
  ip_address attacker;
  group_direction direction = group_direction::to_victim;
  /// Across our border, by the registry in force when the alert was taken.
  traffic way = traffic::unknown;
  /// Alerts of exercises never share a group with real ones.
  bool exercise = false;

  friend constexpr auto operator<=>(const group_key&, const group_key&) noexcept = default;
};

enum class group_state : std::uint8_t {
  open = 0,         ///< somebody has to look: it stands in the queue
  acknowledged = 1, ///< looked at up to `handled`
  dismissed = 2,    ///< put away up to `handled`, or as long as a standing dismissal covers it
  in_incident = 3,  ///< part of `incident`, which is where its alerts are worked on
};

/// Alerts that are one matter for the analyst; counts are maintained when alerts are written, never
/// computed.
struct alert_group {
  group_id id;
  group_key key;
  /// From 1; a new one begins after `generation_quiet`.
  int generation = 1;
  /// False once the generation has ended; its row stays as history.
  bool live = true;

  /// The rule's priority: 1 (highest) to 255.
  int severity = 3;
  int revision = 0;
  std::string message;
  /// The rule's classtype text ("Attempted Administrator Privilege Gain"); may be empty.
  std::string category;

  std::int64_t alerts = 0;
  alert_position first_alert;
  alert_position last_alert;
  /// By the capture clocks, which lie.
  timestamp first_seen;
  timestamp last_seen;
  /// By this server's clock: the one that generations and order go by.
  timestamp last_received;
  /// The first ones, the one that tells most and the last ones, in their order.
  std::vector<alert_position> samples;
  alert_position most_telling;
  std::vector<std::string> sensors;
  group_place place;

  group_state state = group_state::open;
  /// Alerts up to here are covered by a decision.
  alert_position handled;
  /// Why it stands in the queue again: empty, or "higher_severity", "new_victim", "tenfold_rate",
  /// "new_alerts", "undone", "expired".
  std::string reopened;
  std::optional<incident_id> incident;
};

} // namespace cresset::coord::incident
