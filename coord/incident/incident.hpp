#pragma once

#include "coord/incident/alert_group.hpp"
#include "coord/incident/explanation.hpp"
#include "coord/incident/incident_state.hpp"
#include "coord/incident/marking.hpp"
#include "coord/incident/rsit.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cresset::coord::incident {

/// One matter that somebody works on and that may be told to a partner.
struct incident {
  incident_id id;
  /// What people call it: "INC-2026-000017", from the year of opening and the id.
  std::string name;
  std::string title;
  /// Why this is an incident, in an English sentence that names the rule of correlation or the
  /// analyst, and the facts; and the codes and values it was made of. Incidents from before the
  /// codes have the sentence alone.
  std::string why;
  explanation reasons;
  /// The rule of correlation that opened it ("severe-attack"); empty when an analyst did.
  std::string rule;

  incident_state state = incident_state::fresh;
  std::optional<close_reason> closed_as;
  std::string close_note;
  /// 0 to 100; each nation has its words for ranges of it.
  int severity = 50;
  rsit classified;
  tlp label = tlp::amber;
  pap actions = pap::amber;
  std::string legal_basis;
  std::string sector;
  /// The organisation whose address was the victim, and how critical that is, 0 (not known) to 100.
  std::string constituent;
  int criticality = 0;
  /// Whether it holds data of persons, and when it is to be erased.
  bool personal_data = false;
  std::optional<timestamp> retain_until;
  /// Words of STIX's incident core; empty: follows from the state.
  std::string determination;
  std::string recoverability;
  /// ATT&CK techniques and CVEs, from its rules' metadata and by hand.
  std::vector<std::string> techniques;
  std::vector<std::string> cves;
  /// The incident this one was merged into.
  std::optional<incident_id> merged_into;
  bool exercise = false;
  /// The user who works on it.
  std::optional<user_id> owner;
  std::string owner_name;

  timestamp opened;
  timestamp changed;
  /// Of its groups' alerts, by the capture clocks.
  timestamp first_seen;
  timestamp last_seen;
  std::int64_t alerts = 0;
  std::vector<group_id> groups;
  /// Distinct victims and attackers of its groups, at most `address_limit` of each.
  std::vector<ip_address> victims;
  std::vector<ip_address> attackers;
  static constexpr std::size_t address_limit = 100;

  /// Rises by one with each change; a change names the version it saw.
  std::int64_t version = 1;
  /// Released to partners in this version; 0 when never.
  std::int64_t released_version = 0;
};

/// One line of an incident's history, computed from the journal's events.
struct incident_event {
  std::int64_t sequence = 0;
  timestamp at;
  /// "opened", "group_added", "state", "changed", "released", "note", …
  std::string kind;
  std::string by;
  std::string text;
};

/// What an analyst may change; an empty optional leaves the value.
struct incident_edit {
  std::optional<std::string> title;
  std::optional<int> severity;
  std::optional<rsit> classified;
  std::optional<tlp> label;
  std::optional<pap> actions;
  std::optional<std::string> legal_basis;
  std::optional<std::string> sector;
  std::optional<std::string> constituent;
  std::optional<bool> personal_data;
  /// The epoch takes it away.
  std::optional<timestamp> retain_until;
  std::optional<std::string> determination;
  std::optional<std::string> recoverability;
  std::optional<std::vector<std::string>> techniques;
  std::optional<std::vector<std::string>> cves;
  /// A user, or nobody (id 0).
  std::optional<user_id> owner;
};

/// Words of STIX's incident core extension for what the matter is held to be, and for how much of
/// what was lost comes back.
bool is_determination(std::string_view word) noexcept;
bool is_recoverability(std::string_view word) noexcept;

struct transition_request {
  incident_id incident;
  std::int64_t seen_version = 0;
  incident_state to = incident_state::triaged;
  std::optional<close_reason> reason;
  std::string note;
  user_id by;
};

/// "INC-2026-000017".
std::string incident_name(incident_id id, timestamp opened);

} // namespace cresset::coord::incident
