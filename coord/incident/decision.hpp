#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/incident/number_id.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::incident {

enum class decision_kind : std::uint8_t { acknowledge = 0, dismiss = 1, raise = 2, undo = 3 };

/// What a standing dismissal covers besides the group it was made on.
enum class dismissal_scope : std::uint8_t {
  group = 0,         ///< this rule, victim and attacker
  rule_victim = 1,   ///< this rule on this victim, whoever the attacker is
  rule_attacker = 2, ///< this rule from this attacker, on the victims known when it was made
  rule = 3,          ///< this rule, on the victims known when it was made
};

/// Why alerts need no work.
enum class reason_code : std::uint8_t {
  false_positive = 0,
  benign = 1,
  duplicate = 2,
  out_of_scope = 3,
  known_activity = 4,
};

/// A standing dismissal ends by itself after at most so long.
inline constexpr std::chrono::hours standing_limit{30 * 24};
/// Victims a standing dismissal can know; a scope with more is refused.
inline constexpr std::size_t standing_victims_limit = 1000;
/// The longest reason kept, in bytes.
inline constexpr std::size_t reason_limit_bytes = 2000;

/// The part of a dismissal that outlives the alerts already there. It reopens on a higher severity,
/// a new victim or a tenfold rate.
struct standing {
  dismissal_scope scope = dismissal_scope::group;
  timestamp expires;
};

/// What an analyst asks for. It closes alerts up to `seen` and none behind it: alerts that came
/// while the analyst was reading open the group again.
struct decision_request {
  decision_kind kind = decision_kind::acknowledge;
  group_id group;
  /// The group's `last_alert` as the page showed it.
  alert_position seen;
  user_id by;
  /// Needed to dismiss; a sentence.
  std::string reason;
  /// Needed to dismiss.
  std::optional<reason_code> code;
  /// To dismiss and go on dismissing.
  std::optional<standing> stands;
  /// To raise: the title and severity of the new incident, or an incident that is there already.
  std::string title;
  int severity = 50;
  std::optional<incident_id> into;
  /// To undo: the decision that is taken back.
  std::optional<decision_id> undone;
};

/// A decision as it was recorded.
struct decision {
  decision_id id;
  decision_kind kind = decision_kind::acknowledge;
  group_id group;
  alert_position seen;
  user_id by;
  std::string by_name;
  timestamp at;
  std::string reason;
  std::optional<reason_code> code;
  std::optional<standing> stands;
  std::optional<incident_id> incident;
  std::optional<decision_id> undoes;
  std::optional<decision_id> undone_by;
  /// Alerts a standing dismissal has covered since.
  std::int64_t matched = 0;
};

/// The words of the API and the journal.
std::string_view to_string(decision_kind kind) noexcept;
std::string_view to_string(dismissal_scope scope) noexcept;
std::string_view to_string(reason_code code) noexcept;
std::optional<decision_kind> decision_kind_from(std::string_view word) noexcept;
std::optional<dismissal_scope> dismissal_scope_from(std::string_view word) noexcept;
std::optional<reason_code> reason_code_from(std::string_view word) noexcept;

} // namespace cresset::coord::incident
