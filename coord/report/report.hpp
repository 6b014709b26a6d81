#pragma once

#include "capture/base/ip_address.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/incident/decision.hpp"
#include "coord/incident/marking.hpp"
#include "coord/incident/number_id.hpp"
#include "coord/incident/rsit.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::report {

using report_id = incident::number_id<struct report_tag>;

/// As a group of alerts: open, acknowledged, dismissed, part of an incident.
enum class report_state : std::uint8_t {
  open = 0,
  acknowledged = 1,
  dismissed = 2,
  in_incident = 3
};
std::string_view to_string(report_state state) noexcept;
std::optional<report_state> report_state_from(std::string_view word) noexcept;

/// Channels a report comes by: "manual", "mail", "form", "eve".
bool is_channel(std::string_view word) noexcept;

inline constexpr std::size_t title_limit_bytes = 300;
inline constexpr std::size_t body_limit_bytes = 64 * 1024;
inline constexpr std::size_t contact_limit_bytes = 500;
inline constexpr std::size_t reference_limit_bytes = 500;
inline constexpr std::size_t addresses_limit = 100;

/// What was reported.
struct new_report {
  std::string channel = "manual";
  /// What names it in its channel for ever (a message id); may be empty.
  std::string reference;
  std::string title;
  std::string body;
  /// Who reported, and how to reach them: data of persons.
  std::string reporter;
  std::string contact;
  incident::rsit classified{"other", "undetermined"};
  /// 0 to 100, as incidents have it.
  int severity = 50;
  incident::tlp label = incident::tlp::amber;
  bool exercise = false;
  bool personal_data = false;
  std::vector<ip_address> victims;
  std::vector<ip_address> attackers;
  /// When it happened, by the reporter's word.
  std::optional<timestamp> occurred;
};

struct report : new_report {
  report_id id;
  timestamp received;
  /// A login, or the part of the server that took it in.
  std::string entered_by;
  report_state state = report_state::open;
  std::optional<incident::incident_id> incident;
  /// Rises with each decision.
  std::int64_t version = 1;
};

/// What is wrong with it in one sentence; empty when nothing is.
std::string objection(const new_report& what);

using report_decision_id = incident::number_id<struct report_decision_tag>;

/// What an analyst decides, on the version that was seen.
struct decision_request {
  report_id report;
  std::int64_t seen_version = 0;
  incident::decision_kind kind = incident::decision_kind::acknowledge;
  std::string reason;
  /// Needed to dismiss.
  std::optional<incident::reason_code> code;
  /// To raise: into this incident, else a new one with this title (the report's when empty).
  std::optional<incident::incident_id> into;
  std::string title;
  /// To undo: the newest decision that stands.
  std::optional<report_decision_id> undone;
  incident::user_id by;
};

struct report_decision {
  report_decision_id id;
  report_id report;
  incident::decision_kind kind = incident::decision_kind::acknowledge;
  std::string by;
  timestamp at;
  std::string reason;
  std::string code;
  std::optional<incident::incident_id> incident;
  std::optional<report_decision_id> undoes;
  std::optional<report_decision_id> undone_by;
};

} // namespace cresset::coord::report
