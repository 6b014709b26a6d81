#pragma once

#include "coord/incident/alert_group.hpp"
#include "coord/incident/decision.hpp"

#include <pqxx/pqxx>

#include <optional>

namespace cresset::coord::store {

/// Counts a decision on a group in its rule's quality, or (`times` -1) takes it off again; an
/// exercise does not count. The caller holds the group and the incident and has not written the
/// journal yet: docs/database.md, rule 2.
void count_decision(pqxx::work& t, const incident::group_key& key, incident::decision_kind kind,
                    std::optional<incident::reason_code> code, int times, timestamp at);
/// The same for an incident that was closed as a false positive: once for each of its rules.
void count_false_incident(pqxx::work& t, incident::incident_id id, int times, timestamp at);

} // namespace cresset::coord::store
