#pragma once

#include "coord/incident/repository.hpp"

#include <pqxx/pqxx>

namespace cresset::coord::store {

/// Makes a dismissal of this group stand: with the severity, hourly rate and victims that its scope
/// has at this moment.
incident::result<void> insert_standing(pqxx::work& t, incident::decision_id decision,
                                       const incident::alert_group& group,
                                       const incident::standing& how, timestamp at);

/// Locks the live groups in the scope of a standing dismissal, in the order of their ids; nothing
/// when the decision does not stand.
void lock_covered(pqxx::work& t, incident::decision_id decision);
/// Opens the groups that are closed for no other reason than that it covered their alerts; the
/// caller has locked them.
void open_covered(pqxx::work& t, incident::decision_id decision);

} // namespace cresset::coord::store
