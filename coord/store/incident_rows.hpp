#pragma once

#include "coord/incident/asset.hpp"
#include "coord/incident/incident.hpp"

#include <pqxx/pqxx>

#include <optional>
#include <string>

namespace cresset::coord::store {

/// What a new incident begins with.
struct incident_seed {
  std::string title;
  incident::explanation why;
  std::string rule;
  /// Unique, so that opening the same one twice is one; nothing for an analyst's.
  std::optional<std::string> correlation;
  int severity = 50;
  incident::rsit classified;
  incident::tlp label = incident::tlp::amber;
  incident::pap actions = incident::pap::amber;
  std::optional<incident::asset> victim;
  bool personal_data = false;
  bool exercise = false;
  std::string by;
};

/// Inserts it with its journal entry; nothing when its correlation is there already.
std::optional<incident::incident_id> insert_incident(pqxx::work& t, const incident_seed& seed,
                                                     timestamp at);
/// The incident of that correlation, or the one it was merged into.
std::optional<incident::incident_id> incident_of_correlation(pqxx::work& t,
                                                             const std::string& correlation);

struct group_link {
  incident::incident_id incident;
  incident::group_id group;
  std::string by;
  std::string why;
  /// The same in codes; may be empty.
  incident::explanation reasons;
};
/// Puts a group, which the caller has locked, into an incident, keeps the evidence of its samples,
/// and writes the journal.
void link_group(pqxx::work& t, const group_link& link, timestamp at);
/// Takes it out again; the caller sets the group's state.
void unlink_group(pqxx::work& t, const group_link& link, timestamp at);

struct closing {
  incident::incident_id incident;
  incident::close_reason reason;
  std::string note;
  std::string by;
};
/// Closes an incident: its groups, which the caller has locked, count as acknowledged up to their
/// last alert.
void close_incident(pqxx::work& t, const closing& what, timestamp at);
/// Puts the groups of a reopened incident back into it.
void reclaim_groups(pqxx::work& t, incident::incident_id id);

/// Raises version and `changed`.
void touch_incident(pqxx::work& t, incident::incident_id id, timestamp at);

/// SELECT … FROM incident i … up to and without WHERE, for `incident_of`.
extern const char* const incident_select;
incident::incident incident_of(const pqxx::row& row);

/// The login of a user; "unknown" for none.
std::string login_of(pqxx::work& t, incident::user_id id);

} // namespace cresset::coord::store
